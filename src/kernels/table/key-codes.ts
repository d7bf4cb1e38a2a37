import { type ColumnData, isValid } from '../../arrow/column-data.ts';
import { doublesFromInt64, int64FromDoubles } from '../../arrow/words.ts';
import { maxExact } from './numbers.ts';
import { type Span, spanOfRows } from './span.ts';
import { dictionaryOrder } from './text-order.ts';
import { bitmapOf } from './validity.ts';

/**
 * A column's values as small integers in their order: `codes[row]` in `[0, size)`, nulls last. Not every code need
 * occur, and rows that were not selected have any. `take` gives the values of codes.
 */
export interface KeyCodes {
  readonly codes: Int32Array;
  readonly size: number;
  take(codes: ArrayLike<number>): ColumnData;
}

/** Positions in a block, ascending; undefined means all. */
export type Selection = Uint16Array | undefined;

/** Integers spread over at most this many values are coded by subtraction alone. */
const maxSpread = 1 << 18;

/** Codes a column's values: −0 is +0, one NaN (after +∞), texts by UTF-8 bytes. */
export function codeColumn(data: ColumnData, rows?: Selection): KeyCodes {
  switch (data.kind) {
    case 'text':
      return codeTexts(data);
    case 'bool':
    case 'int32':
    case 'date':
      return codeInts(data, rows);
    case 'float64':
    case 'timestamp':
      return codeDoubles(data.values, data, rows, (values, validity) => ({
        kind: data.kind,
        length: values.length,
        validity,
        values,
      }));
    default: {
      const doubles = doublesFromInt64(data.values);
      const rebuild = (values: BigInt64Array, validity: Uint8Array | undefined): ColumnData => ({
        ...data,
        length: values.length,
        validity,
        values,
      });
      if (withinExact(doubles))
        return codeDoubles(doubles, data, rows, (values, validity) =>
          rebuild(int64FromDoubles(values), validity),
        );
      return codeBigints(data.values, data, rows, rebuild);
    }
  }
}

function withinExact(values: Float64Array): boolean {
  let low = 0;
  let high = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high < maxExact && low > -maxExact;
}

function codeTexts(data: Extract<ColumnData, { kind: 'text' }>): KeyCodes {
  const { sorted, rank } = dictionaryOrder(data.dictionary);
  const missing = sorted.length;
  let { codes } = data;
  if (rank || data.validity) {
    codes = new Int32Array(data.length);
    for (let i = 0; i < codes.length; i++) {
      const code = data.codes[i]!;
      codes[i] = isValid(data, i) ? (rank ? rank[code]! : code) : missing;
    }
  }
  const take = (wanted: ArrayLike<number>): ColumnData => {
    const placeOf = new Map<number, number>();
    for (const code of Int32Array.from(wanted).sort())
      if (code < missing && !placeOf.has(code)) placeOf.set(code, placeOf.size);
    const taken = new Int32Array(wanted.length);
    for (let i = 0; i < taken.length; i++) taken[i] = placeOf.get(wanted[i]!) ?? 0;
    return {
      kind: 'text',
      length: taken.length,
      validity: presentBelow(wanted, missing),
      codes: taken,
      dictionary: [...placeOf.keys()].map((code) => sorted[code]!),
    };
  };
  return { codes, size: missing + (data.validity ? 1 : 0), take };
}

function presentBelow(codes: ArrayLike<number>, missing: number): Uint8Array | undefined {
  const present = new Uint8Array(codes.length);
  for (let i = 0; i < present.length; i++) present[i] = codes[i]! < missing ? 1 : 0;
  return bitmapOf(present);
}

function codeInts(data: Extract<ColumnData, { kind: 'bool' | 'int32' | 'date' }>, rows: Selection): KeyCodes {
  const { values, validity } = data;
  const count = rows ? rows.length : data.length;
  let { low, high } = spanOfRows(values, rows);
  if (high - low >= maxSpread) ({ low, high } = spanOfPresent(values, validity, rows));
  const spread = high >= low ? high - low + 1 : 0;
  if (spread > maxSpread)
    return codeDoubles(new Float64Array(values), data, rows, (taken, bits) => ({
      kind: data.kind === 'date' ? 'date' : 'int32',
      length: taken.length,
      validity: bits,
      values: Int32Array.from(taken),
    }));
  let codes: Int32Array;
  // Small values are their own codes.
  const origin = spread && low >= 0 && high < 4096 ? 0 : low;
  const size = spread ? high - origin + 1 : 0;
  if (origin === 0 && !validity && values instanceof Int32Array) codes = values;
  else {
    codes = new Int32Array(data.length);
    for (let n = 0; n < count; n++) {
      const i = rows ? rows[n]! : n;
      codes[i] = validity && ((validity[i >> 3]! >> (i & 7)) & 1) === 0 ? size : (values[i]! - origin) | 0;
    }
  }
  const take = (wanted: ArrayLike<number>): ColumnData => {
    const { length } = wanted;
    const bits = presentBelow(wanted, size);
    const taken = data.kind === 'bool' ? new Uint8Array(length) : new Int32Array(length);
    for (let i = 0; i < length; i++) taken[i] = wanted[i]! < size ? wanted[i]! + origin : 0;
    return { kind: data.kind, length, validity: bits, values: taken } as ColumnData;
  };
  return { codes, size: size + (validity ? 1 : 0), take };
}

/** Least and greatest of the selected values that are not null. */
function spanOfPresent(
  values: Int32Array | Uint8Array,
  validity: Uint8Array | undefined,
  rows: Selection,
): Span {
  const count = rows ? rows.length : values.length;
  let low = 2 ** 31;
  let high = -(2 ** 31) - 1;
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    if (validity && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) continue;
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** Codes doubles; `rebuild` turns taken values into a column of the right kind. */
export function codeDoubles(
  values: Float64Array,
  data: Pick<ColumnData, 'length' | 'validity'>,
  rows: Selection,
  rebuild: (values: Float64Array, validity: Uint8Array | undefined) => ColumnData,
): KeyCodes {
  const { validity } = data;
  const codes = new Int32Array(data.length);
  const count = rows ? rows.length : data.length;
  const places = hashPlaces(values, codes, count, rows, validity);
  const sorted = places.values.slice().sort();
  const missing = sorted.length;
  const rank = new Int32Array(missing);
  for (let place = 0; place < missing; place++) rank[places.placeOf(sorted[place]!)] = place;
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    const place = codes[i]!;
    codes[i] = place < 0 ? missing : rank[place]!;
  }
  const take = (wanted: ArrayLike<number>): ColumnData => {
    const taken = new Float64Array(wanted.length);
    for (let i = 0; i < taken.length; i++) taken[i] = sorted[wanted[i]!] ?? 0;
    return rebuild(taken, presentBelow(wanted, missing));
  };
  return { codes, size: missing + (validity ? 1 : 0), take };
}

/** Places of distinct values in order of appearance by open addressing; −1 for nulls. */
function hashPlaces(
  values: Float64Array,
  codes: Int32Array,
  count: number,
  rows: Selection,
  validity: Uint8Array | undefined,
): { values: Float64Array; placeOf(value: number): number } {
  let bits = 10;
  let table = new Int32Array(1 << bits);
  let seen = new Float64Array(1 << (bits - 1));
  let used = 0;
  const word = new Float64Array(1);
  const words = new Int32Array(word.buffer);
  const slotOf = (value: number): number => {
    word[0] = value;
    let hash = Math.imul(words[0]!, 0x85ebca6b) ^ Math.imul(words[1]!, 0xc2b2ae35);
    hash ^= hash >>> 15;
    return Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
  };
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    if (validity && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) {
      codes[i] = -1;
      continue;
    }
    // + 0 turns −0 into +0; every NaN becomes the one constant.
    const raw = values[i]! + 0;
    const value = Number.isNaN(raw) ? Number.NaN : raw;
    let slot = slotOf(value);
    for (;;) {
      const place = table[slot]! - 1;
      if (place < 0) {
        if (used === seen.length) {
          bits++;
          const grown = new Float64Array(1 << (bits - 1));
          grown.set(seen);
          seen = grown;
          table = new Int32Array(1 << bits);
          for (let p = 0; p < used; p++) {
            let at = slotOf(seen[p]!);
            while (table[at]) at = (at + 1) & (table.length - 1);
            table[at] = p + 1;
          }
          slot = slotOf(value);
          while (table[slot]) slot = (slot + 1) & (table.length - 1);
        }
        seen[used] = value;
        table[slot] = ++used;
        codes[i] = used - 1;
        break;
      }
      if (Object.is(seen[place], value)) {
        codes[i] = place;
        break;
      }
      slot = (slot + 1) & (table.length - 1);
    }
  }
  const placeOf = (value: number): number => {
    let slot = slotOf(value);
    while (!Object.is(seen[table[slot]! - 1], value)) slot = (slot + 1) & (table.length - 1);
    return table[slot]! - 1;
  };
  return { values: seen.subarray(0, used), placeOf };
}

function codeBigints(
  values: BigInt64Array,
  data: Pick<ColumnData, 'length' | 'validity'> & ColumnData,
  rows: Selection,
  rebuild: (values: BigInt64Array, validity: Uint8Array | undefined) => ColumnData,
): KeyCodes {
  const count = rows ? rows.length : data.length;
  const distinct = new Set<bigint>();
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    if (isValid(data, i)) distinct.add(values[i]!);
  }
  const sorted = BigInt64Array.from(distinct).sort();
  const missing = sorted.length;
  const rankOf = new Map<bigint, number>();
  for (let place = 0; place < missing; place++) rankOf.set(sorted[place]!, place);
  const codes = new Int32Array(data.length);
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    codes[i] = isValid(data, i) ? rankOf.get(values[i]!)! : missing;
  }
  const take = (wanted: ArrayLike<number>): ColumnData => {
    const taken = new BigInt64Array(wanted.length);
    for (let i = 0; i < taken.length; i++) taken[i] = sorted[wanted[i]!] ?? 0n;
    return rebuild(taken, presentBelow(wanted, missing));
  };
  return { codes, size: missing + (data.validity ? 1 : 0), take };
}
