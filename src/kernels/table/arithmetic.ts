import type { ColumnData } from '../../arrow/column-data.ts';
import { int64FromDoubles } from '../../arrow/words.ts';
import type { ColumnType } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import { scaleOf } from '../../protocol/formula-type.ts';
import { checked } from './cast.ts';
import { bigintsOf, doublesOf, exactDoubles, maxExact } from './numbers.ts';
import { bitmapOf, bothValid } from './validity.ts';

const dayMs = 86_400_000;

/**
 * `a fn b` of numbers (or of dates and times, for −; a date and days, for + and −) as `type`. Integers and decimals are exact: in doubles while no result
 * passes ±2^53, else in big integers. Throws `invalid` past 64 bits or 18 digits.
 */
export function add(fn: '+' | '-' | '*', a: ColumnData, b: ColumnData, type: ColumnType): ColumnData {
  const { length } = a;
  const validity = bothValid(a.validity, b.validity);
  if (a.kind === 'timestamp' && b.kind === 'timestamp') {
    const values = new Float64Array(length);
    for (let i = 0; i < length; i++) values[i] = (a.values[i]! - b.values[i]!) / dayMs;
    return { kind: 'float64', length, validity, values };
  }
  if (type.kind === 'float64') {
    const values = new Float64Array(length);
    loop(fn, doublesOf(a), doublesOf(b), values);
    return { kind: 'float64', length, validity, values };
  }
  if (type.kind === 'int32' && a.kind === 'date' && b.kind === 'date') {
    const values = new Int32Array(length);
    for (let i = 0; i < length; i++) values[i] = a.values[i]! - b.values[i]!;
    return { kind: 'int32', length, validity, values };
  }
  if (type.kind === 'date') return { kind: 'date', length, validity, values: movedDays(fn, a, b, validity) };
  const values = exact(fn, a, b, type, validity);
  return type.kind === 'decimal'
    ? { ...type, length, validity, values }
    : { kind: 'int64', length, validity, values };
}

function exact(
  fn: '+' | '-' | '*',
  a: ColumnData,
  b: ColumnData,
  type: ColumnType,
  validity: Uint8Array | undefined,
): BigInt64Array {
  const scale = scaleOf(type);
  const scales = fn === '*' ? [ownScale(a), ownScale(b)] : [scale, scale];
  const left = exactDoubles(a, scales[0]!);
  const right = left && exactDoubles(b, scales[1]!);
  if (left && right) {
    const out = new Float64Array(left.length);
    if (loop(fn, left, right, out) <= maxExact) return int64FromDoubles(out);
  }
  const x = bigintsOf(a, scales[0]!);
  const y = bigintsOf(b, scales[1]!);
  const out = x.map((value, i) => (fn === '+' ? value + y[i]! : fn === '-' ? value - y[i]! : value * y[i]!));
  return BigInt64Array.from(checked(out, type, validity));
}

/** Days so many days on or back. Throws `invalid` beyond the calendar's 32 bits. */
function movedDays(
  fn: '+' | '-' | '*',
  a: ColumnData,
  b: ColumnData,
  validity: Uint8Array | undefined,
): Int32Array {
  const days = doublesOf(a);
  const by = doublesOf(b);
  const values = new Int32Array(days.length);
  for (let i = 0; i < values.length; i++) {
    if (validity && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) continue;
    const day = fn === '+' ? days[i]! + by[i]! : days[i]! - by[i]!;
    if (day >= 2 ** 31 || day < -(2 ** 31))
      throw new ExaError('invalid', 'A calculated date lies outside the calendar.', { facts: { row: i } });
    values[i] = day;
  }
  return values;
}

function ownScale(data: ColumnData): number {
  return data.kind === 'decimal' ? data.scale : 0;
}

/** Writes `a fn b` and returns the largest magnitude. */
function loop(fn: '+' | '-' | '*', a: Float64Array, b: Float64Array, out: Float64Array): number {
  let low = 0;
  let high = 0;
  const { length } = out;
  if (fn === '*')
    for (let i = 0; i < length; i++) {
      const value = a[i]! * b[i]!;
      out[i] = value;
      if (value > high) high = value;
      if (value < low) low = value;
    }
  else {
    const sign = fn === '-' ? -1 : 1;
    for (let i = 0; i < length; i++) {
      const value = a[i]! + sign * b[i]!;
      out[i] = value;
      if (value > high) high = value;
      if (value < low) low = value;
    }
  }
  return Math.max(high, -low);
}

/** `a ÷ b` in doubles; null where `b` is 0. */
export function divide(a: ColumnData, b: ColumnData): ColumnData {
  const x = doublesOf(a);
  const y = doublesOf(b);
  const { length } = a;
  const values = new Float64Array(length);
  const present = new Uint8Array(length).fill(1);
  let zeros = 0;
  for (let i = 0; i < length; i++) {
    const divisor = y[i]!;
    if (divisor === 0) {
      present[i] = 0;
      zeros++;
    } else values[i] = x[i]! / divisor;
  }
  const validity = bothValid(a.validity, b.validity);
  return {
    kind: 'float64',
    length,
    values,
    validity: zeros ? bothValid(validity, bitmapOf(present)) : validity,
  };
}

/** `−a` as `type`. */
export function negate(a: ColumnData, type: ColumnType): ColumnData {
  const { length, validity } = a;
  if (type.kind === 'float64') {
    const values = doublesOf(a).slice();
    for (let i = 0; i < length; i++) values[i] = -values[i]!;
    return { kind: 'float64', length, validity, values };
  }
  const scale = scaleOf(type);
  const doubles = exactDoubles(a, scale);
  if (doubles) for (let i = 0; i < length; i++) doubles[i] = 0 - doubles[i]!;
  const values = doubles
    ? int64FromDoubles(doubles)
    : BigInt64Array.from(
        checked(
          bigintsOf(a, scale).map((value) => -value),
          type,
          validity,
        ),
      );
  return type.kind === 'decimal'
    ? { ...type, length, validity, values }
    : { kind: 'int64', length, validity, values };
}
