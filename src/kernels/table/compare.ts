import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import { bigintsOf, doublesOf, exactDoubles } from './numbers.ts';
import { compareText } from './text-order.ts';
import { bothValid } from './validity.ts';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/**
 * `a fn b` of two columns of comparable types: exact between integers and decimals, in doubles beside a float64,
 * texts by UTF-8 bytes. −0 equals +0; NaN equals itself and comes after +∞ (as DuckDB and PostgreSQL have it).
 */
export function compare(fn: Comparison, a: ColumnData, b: ColumnData): ColumnData {
  const { length } = a;
  const validity = bothValid(a.validity, b.validity);
  // x > y is y < x, and the other three are the contraries of these.
  const swapped = fn === '>' || fn === '<=';
  const contrary = fn === '<>' || fn === '<=' || fn === '>=';
  const [x, y] = swapped ? [b, a] : [a, b];
  const equality = fn === '=' || fn === '<>';
  const values = new Uint8Array(length);
  if (x.kind === 'text' && y.kind === 'text') texts(equality, x, y, values);
  else {
    const scale = Math.max(ownScale(x), ownScale(y));
    const float = x.kind === 'float64' || y.kind === 'float64' || x.kind === 'timestamp';
    const left = float ? doublesOf(x) : exactDoubles(x, scale);
    const right = float ? doublesOf(y) : exactDoubles(y, scale);
    if (left && right) (equality ? equal : less)(left, right, values);
    else (equality ? equalBig : lessBig)(bigintsOf(x, scale), bigintsOf(y, scale), values);
  }
  if (contrary) for (let i = 0; i < length; i++) values[i]! ^= 1;
  return { kind: 'bool', length, validity, values };
}

function ownScale(data: ColumnData): number {
  return data.kind === 'decimal' ? data.scale : 0;
}

function less(a: Float64Array, b: Float64Array, out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    out[i] = +(x < y) | (+Number.isNaN(y) & +!Number.isNaN(x));
  }
}

function equal(a: Float64Array, b: Float64Array, out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    out[i] = +(x === y) | (+Number.isNaN(x) & +Number.isNaN(y));
  }
}

function lessBig(a: readonly bigint[], b: readonly bigint[], out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! < b[i]! ? 1 : 0;
}

function equalBig(a: readonly bigint[], b: readonly bigint[], out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] === b[i] ? 1 : 0;
}

type Text = Extract<ColumnData, { kind: 'text' }>;

function texts(equality: boolean, a: Text, b: Text, out: Uint8Array): void {
  const test = equality ? (x: string, y: string) => x === y : (x: string, y: string) => compareText(x, y) < 0;
  pairwise(a, b, test, out);
}

/** A test of two texts in every row: once a dictionary entry where one side is constant. */
function pairwise(a: Text, b: Text, test: (x: string, y: string) => boolean, out: Uint8Array): void {
  const [x] = a.dictionary;
  const [y] = b.dictionary;
  if (x === undefined || y === undefined) return;
  if (b.dictionary.length === 1) {
    const table = Uint8Array.from(a.dictionary, (text) => (test(text, y) ? 1 : 0));
    for (let i = 0; i < out.length; i++) out[i] = table[a.codes[i]!] ?? 0;
  } else if (a.dictionary.length === 1) {
    const table = Uint8Array.from(b.dictionary, (text) => (test(x, text) ? 1 : 0));
    for (let i = 0; i < out.length; i++) out[i] = table[b.codes[i]!] ?? 0;
  } else
    for (let i = 0; i < out.length; i++)
      out[i] = test(a.dictionary[a.codes[i]!] ?? '', b.dictionary[b.codes[i]!] ?? '') ? 1 : 0;
}

/** Lower case by Unicode's own mapping, in no language: what `contains` compares. */
export function foldCase(text: string): string {
  return text.toLowerCase();
}

/** Whether a text begins or ends with another (as written), or contains it (case folded). */
export function textTest(
  fn: 'startswith' | 'endswith' | 'contains',
  a: ColumnData,
  b: ColumnData,
): ColumnData {
  if (a.kind !== 'text' || b.kind !== 'text') throw new ExaError('invalid', `“${fn}” looks into texts.`);
  const values = new Uint8Array(a.length);
  const test =
    fn === 'startswith'
      ? (x: string, y: string) => x.startsWith(y)
      : fn === 'endswith'
        ? (x: string, y: string) => x.endsWith(y)
        : (x: string, y: string) => foldCase(x).includes(foldCase(y));
  pairwise(a, b, test, values);
  return { kind: 'bool', length: a.length, validity: bothValid(a.validity, b.validity), values };
}
