import { type ColumnDef, writeXlsxStream } from 'hucre/xlsx';
import { type ColumnData, isValid } from '../arrow/column-data.ts';
import { joined } from '../arrow/joined.ts';
import { printDecimal } from '../arrow/literal.ts';
import type { Bytes, Encoder, EncoderOptions } from './encoder.ts';

type Cell = string | number | boolean | null;

/** Characters Excel allows in a cell. */
const maxCellLength = 32_767;
/** Digits Excel keeps of a number. */
const maxDigits = 15;
/** Days from Excel's first day to 1970-01-01, and the first day whose serial number it agrees on (1 March 1900). */
const epochDays = 25_569;
const firstDay = -25_508;
const dayMs = 86_400_000;

/**
 * An Excel workbook: a sheet a million rows, its header repeated. Numbers with more than 15 digits are texts, as Excel would
 * round them; times are UTC and their header says so; dates before March 1900 are texts. Texts are never formulas.
 */
export function workbookEncoder({ columns, sheet }: EncoderOptions): Encoder {
  const parts: Uint8Array[] = [];
  let cut = 0;
  let batch: readonly ColumnData[] | undefined;
  let isLast = false;
  let wake: () => void = () => {};
  let consumed: () => void = () => {};

  async function* rows(): AsyncGenerator<Cell[]> {
    for (;;) {
      while (!batch && !isLast)
        await new Promise<void>((resolve) => {
          wake = resolve;
          consumed();
        });
      if (!batch) return;
      const cells = batch.map((column) => cellsOf(column, () => cut++));
      const { length } = batch[0] ?? { length: 0 };
      for (let row = 0; row < length; row++) yield cells.map((cell) => cell(row));
      batch = undefined;
    }
  }

  const stream = writeXlsxStream(rows(), {
    name: sheet,
    columns: columns.map(({ name, like }) => definitionOf(name, like)),
    freezePane: { rows: 1 },
    zip64: false,
  });
  const pumping = (async () => {
    const reader = stream.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parts.push(value);
    }
  })();
  pumping.catch(() => {});

  return {
    get cut() {
      return cut;
    },
    async append(next) {
      batch = next;
      const idle = new Promise<void>((resolve) => {
        consumed = resolve;
      });
      wake();
      await Promise.race([idle, pumping]);
      return joined(parts.splice(0));
    },
    async finish(): Promise<Bytes> {
      isLast = true;
      wake();
      await pumping;
      return joined(parts.splice(0));
    },
  };
}

function definitionOf(name: string, like: ColumnData): ColumnDef {
  switch (like.kind) {
    case 'date':
      return { header: name, numFmt: 'yyyy-mm-dd', width: 12 };
    case 'timestamp':
      return { header: `${name} (UTC)`, numFmt: 'yyyy-mm-dd hh:mm:ss.000', width: 24 };
    case 'int32':
    case 'int64':
      return { header: name, numFmt: '0' };
    case 'decimal':
      return { header: name, numFmt: like.scale === 0 ? '0' : `0.${'0'.repeat(like.scale)}` };
    default:
      return { header: name };
  }
}

function cellsOf(column: ColumnData, onCut: () => void): (row: number) => Cell {
  const present = presentCells(column, onCut);
  return column.validity === undefined ? present : (row) => (isValid(column, row) ? present(row) : null);
}

function presentCells(column: ColumnData, onCut: () => void): (row: number) => Cell {
  switch (column.kind) {
    case 'text': {
      const { codes, dictionary } = column;
      return (row) => {
        const text = dictionary[codes[row]!]!;
        if (text.length <= maxCellLength) return text;
        onCut();
        return text.slice(0, maxCellLength);
      };
    }
    case 'bool':
      return (row) => column.values[row] !== 0;
    case 'int32':
      return (row) => column.values[row]!;
    case 'float64':
      return (row) => {
        const value = column.values[row]!;
        return Number.isFinite(value) ? value : String(value);
      };
    case 'date':
      return (row) => serial(column.values[row]!);
    case 'timestamp':
      return (row) => serial(column.values[row]! / dayMs, () => new Date(column.values[row]!).toISOString());
    case 'int64':
      return (row) => exactCell(column.values[row]!, `${column.values[row]}`);
    case 'decimal':
      return (row) => exactCell(column.values[row]!, printDecimal(column.values[row]!, column.scale));
  }
}

function exactCell(unscaled: bigint, text: string): Cell {
  const digits = unscaled < 0n ? -unscaled : unscaled;
  return digits < 10n ** BigInt(maxDigits) ? Number(text) : text;
}

/** A day as Excel counts; its ISO text where Excel has no such day. */
function serial(days: number, text = () => new Date(days * dayMs).toISOString().slice(0, -14)): Cell {
  return days >= firstDay && days < 2_932_897 ? days + epochDays : text();
}
