import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsv, sharedData } from '../workbench.ts';

/** One line of an invoice, read by this test alone. Money in thousandths. */
export interface Line {
  readonly invoice: string;
  readonly quantity: number;
  /** `yyyy-mm-dd hh:mm:ss` as the file has it. */
  readonly at: string;
  readonly client: string;
  readonly country: string;
  readonly revenue: number;
}

/** A file as a person has it, and its lines. */
export interface Retail {
  readonly name: string;
  readonly file: Buffer;
  readonly lines: readonly Line[];
}

/** Online Retail where it lies beside the checkout, if `full`; else a made-up shop of the same columns. */
export function retail(full: boolean): Retail {
  const path = join(sharedData, 'online-retail', 'online_retail.csv.gz');
  if (!full || !existsSync(path)) return madeUp();
  const rows = readCsv(path);
  return { name: 'online_retail.csv.gz', file: readFileSync(path), lines: rows.map(lineOf) };
}

function lineOf(row: Record<string, string>): Line {
  const quantity = Number(row.Quantity);
  return {
    invoice: row.InvoiceNo ?? '',
    quantity,
    at: row.InvoiceDate ?? '',
    client: (row.CustomerID ?? '').replace(/\.0$/, ''),
    country: row.Country ?? '',
    revenue: quantity * Math.round(Number(row.UnitPrice) * 1000),
  };
}

const countries = [
  'United Kingdom',
  'Germany',
  'France',
  'EIRE',
  'Spain',
  'Netherlands',
  'Belgium',
  'Switzerland',
  'Portugal',
  'Australia',
  'Norway',
  'Italy',
  'Finland',
  'Japan',
];

/** A year of a shop from a fixed seed: cancellations, clients without a number, an order far larger than all others and taken back. */
function madeUp(count = 12_000): Retail {
  let seed = 11;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const begin = Date.UTC(2010, 11, 1, 8);
  const text = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'];
  for (let i = 0; i < count; i++) {
    const isCancelled = random() < 0.04;
    const units = 1 + Math.floor(24 * random() ** 2);
    const isFar = i === 4000 || i === 4001;
    const quantity = isFar ? 80_995 * (i === 4000 ? 1 : -1) : isCancelled ? -units : units;
    const minutes = Math.floor(((i + random()) / count) * 373 * 24 * 60);
    const at = new Date(begin + minutes * 60_000).toISOString().replace('T', ' ').slice(0, 19);
    const anyPrice = ((40 + Math.floor(random() * 960)) / 100).toFixed(2);
    const price = isFar ? '2.08' : anyPrice;
    const client = random() < 0.2 ? '' : String(12_346 + Math.floor(random() * 240));
    const anyCountry = countries[Math.floor(random() ** 2.4 * countries.length)];
    const country = isFar ? countries[0] : anyCountry;
    const invoice = `${isCancelled || i === 4001 ? 'C' : ''}${536_365 + Math.floor(i / 4)}`;
    text.push(`${invoice},S${i % 90},Lamp ${i % 90},${quantity},${at},${price},${client},${country}`);
  }
  const file = Buffer.from(`${text.join('\n')}\n`);
  const [, ...rest] = text;
  const lines = rest.map((line) => {
    const [InvoiceNo, , , Quantity, InvoiceDate, UnitPrice, CustomerID, Country] = line.split(',');
    return lineOf({
      InvoiceNo: InvoiceNo!,
      Quantity: Quantity!,
      InvoiceDate: InvoiceDate!,
      UnitPrice: UnitPrice!,
      CustomerID: CustomerID!,
      Country: Country!,
    });
  });
  return { name: 'online_retail.csv', file, lines };
}

/** Sums of `value` by `key`. */
export function sums(
  lines: readonly Line[],
  key: (line: Line) => string,
  value: (line: Line) => number,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of lines) found.set(key(line), (found.get(key(line)) ?? 0) + value(line));
  return found;
}

/** `2011-11` as the page says it: "Nov 2011". */
export function monthWord(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-GB', {
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
