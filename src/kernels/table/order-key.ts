import type { ColumnData } from '../../arrow/column-data.ts';
import { compareText, dictionaryOrder } from './text-order.ts';

/**
 * An operand's values as what rows are ordered by: each value as a pair of unsigned words, high then low, that compare
 * like the values do (−0 before +0, NaN after +∞, texts by UTF-8 bytes). Nulls are last in either direction.
 */
export interface OrderKey {
  readonly kind: 'byte' | 'int' | 'double' | 'long' | 'rank';
  readonly descending: boolean;
  readonly validity: Uint8Array | undefined;
  /** The column's own memory as integers; two a value for `double` and `long`. Of `rank`: places in `sorted`. */
  readonly words: Int32Array | Uint8Array;
  /** Of `rank`: the block's texts in order. */
  readonly sorted?: readonly string[];
}

/** The key of `data`; nothing is copied but the ranks of texts. */
export function orderKeyOf(data: ColumnData, descending: boolean): OrderKey {
  const { validity } = data;
  if (data.kind === 'text') {
    const { sorted, rank } = dictionaryOrder(data.dictionary);
    const words = rank ? data.codes.map((code) => rank[code] ?? 0) : data.codes;
    return { kind: 'rank', descending, validity, words, sorted };
  }
  if (data.kind === 'bool') return { kind: 'byte', descending, validity, words: data.values };
  if (data.kind === 'int32' || data.kind === 'date')
    return { kind: 'int', descending, validity, words: data.values };
  const { buffer, byteOffset, length } = data.values;
  const kind = data.kind === 'float64' || data.kind === 'timestamp' ? 'double' : 'long';
  return { kind, descending, validity, words: new Int32Array(buffer, byteOffset, length * 2) };
}

/** Whether a key's low words matter: they are all 0 otherwise. */
export function isWide(key: OrderKey): boolean {
  return key.kind === 'double' || key.kind === 'long';
}

/** The high word of the value at `position`, direction not applied; of a rank twice the place, and one. */
export function highWord(key: OrderKey, position: number): number {
  const { words } = key;
  switch (key.kind) {
    case 'byte':
      return words[position]!;
    case 'int':
      return (words[position]! ^ 0x80000000) >>> 0;
    case 'long':
      return (words[2 * position + 1]! ^ 0x80000000) >>> 0;
    case 'rank':
      return 2 * words[position]! + 1;
    case 'double': {
      const high = words[2 * position + 1]!;
      if (isNaNWords(high, words[2 * position]!)) return 0xfff80000;
      return (high < 0 ? ~high : high ^ 0x80000000) >>> 0;
    }
  }
}

/** The low word of the value at `position`, direction not applied. */
export function lowWord(key: OrderKey, position: number): number {
  if (key.kind === 'long') return key.words[2 * position]! >>> 0;
  if (key.kind !== 'double') return 0;
  const low = key.words[2 * position]!;
  const high = key.words[2 * position + 1]!;
  if (isNaNWords(high, low)) return 0;
  return (high < 0 ? ~low : low) >>> 0;
}

function isNaNWords(high: number, low: number): boolean {
  const magnitude = high & 0x7fffffff;
  return magnitude > 0x7ff00000 || (magnitude === 0x7ff00000 && low !== 0);
}

export function isMissing(key: OrderKey, position: number): boolean {
  return key.validity !== undefined && ((key.validity[position >> 3]! >> (position & 7)) & 1) === 0;
}

/** Order of two positions by several keys: negative, 0 or positive; ties are the caller's. */
export function comparePositions(keys: readonly OrderKey[], a: number, b: number): number {
  for (const key of keys) {
    const aMissing = isMissing(key, a);
    if (aMissing !== isMissing(key, b)) return aMissing ? 1 : -1;
    if (aMissing) continue;
    const difference = highWord(key, a) - highWord(key, b) || lowWord(key, a) - lowWord(key, b);
    if (difference !== 0) return key.descending ? -difference : difference;
  }
  return 0;
}

/** A row's place in an order, comparable with the rows of any block. Plain data: it crosses threads. */
export interface Pivot {
  readonly block: number;
  readonly position: number;
  /** One a key; undefined for a null. */
  readonly values: readonly (PivotValue | undefined)[];
}

/** A value as its words, or as its text. */
export type PivotValue = string | { readonly high: number; readonly low: number };

/** The row at `position` as a pivot. */
export function pivotOf(block: number, keys: readonly OrderKey[], position: number): Pivot {
  const values = keys.map((key) => {
    if (isMissing(key, position)) return undefined;
    if (key.sorted) return key.sorted[key.words[position]!] ?? '';
    return { high: highWord(key, position), low: lowWord(key, position) };
  });
  return { block, position, values };
}

/** A pivot's value as the words of one block's key: a text that the block does not have falls between its neighbours. */
export function localWords(key: OrderKey, value: PivotValue): { high: number; low: number } {
  if (typeof value !== 'string') return value;
  const sorted = key.sorted ?? [];
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareText(sorted[middle]!, value) < 0) low = middle + 1;
    else high = middle;
  }
  return { high: 2 * low + (sorted[low] === value ? 1 : 0), low: 0 };
}
