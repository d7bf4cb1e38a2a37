import { type Dtype, dtypes, type ElementLiteral } from '../protocol/array.ts';
import { ExaError } from '../protocol/errors.ts';
import { halfFromNumber, numberFromHalf } from './half.ts';

/** Elements in memory: `bool` as 0 or 1 in bytes, `float16` as its bits, `datetime64` as int64. */
export type Values =
  | Int8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** "Not a time" of datetime64: −2^63 (NumPy's NaT). */
export const notATime = -(2n ** 63n);

const makers = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  datetime: BigInt64Array,
} as const;

function makerOf(dtype: Dtype) {
  return makers[isTime(dtype) ? 'datetime' : (dtype as Exclude<Dtype, `datetime64${string}`>)];
}

export function isTime(dtype: Dtype): boolean {
  return dtype.startsWith('datetime64');
}

/** Whether values have a NaN. */
export function isFloat(dtype: Dtype): boolean {
  return dtype === 'float16' || dtype === 'float32' || dtype === 'float64';
}

/** Narrows a text to a {@link Dtype}. Throws `invalid` naming those there are. */
export function parseDtype(text: unknown): Dtype {
  const found = dtypes.find((one) => one === text);
  if (found) return found;
  throw new ExaError(
    'invalid',
    `There is no element type ${JSON.stringify(text)} here: it is one of ${dtypes.join(', ')}.`,
  );
}

/** Bytes of an element: 1, 2, 4 or 8. */
export function itemSize(dtype: Dtype): number {
  return makerOf(dtype).BYTES_PER_ELEMENT;
}

/** `length` elements, all zero. Throws `refused` when they do not fit in memory. */
export function makeValues(dtype: Dtype, length: number): Values {
  try {
    return new (makerOf(dtype))(length);
  } catch (cause) {
    throw new ExaError(
      'refused',
      `${length} elements of ${dtype} do not fit in memory at once: take a smaller part.`,
      {
        cause,
      },
    );
  }
}

/** The elements stored little-endian in `bytes`, copied only where they are not aligned. Throws `corrupt` on a part of an element. */
export function valuesOf(dtype: Dtype, bytes: Uint8Array): Values {
  const size = itemSize(dtype);
  if (bytes.byteLength % size !== 0)
    throw new ExaError('corrupt', `${bytes.byteLength} bytes are not whole elements of ${dtype}.`);
  const aligned =
    bytes.byteOffset % size === 0 && bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
  return new (makerOf(dtype))(aligned.buffer as ArrayBuffer, aligned.byteOffset, bytes.byteLength / size);
}

/** The bytes behind elements; a view, little-endian as every machine this runs on. */
export function bytesOf(values: Values): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Element `i` as a double: rounded where an integer is past 2^53, NaN for "not a time". */
export function numberAt(dtype: Dtype, values: Values, i: number): number {
  const value = values[i]!;
  if (typeof value === 'bigint') return isTime(dtype) && value === notATime ? Number.NaN : Number(value);
  return dtype === 'float16' ? numberFromHalf(value) : value;
}

/** Element `i` as it goes into JSON. */
export function literalOf(dtype: Dtype, values: Values, i: number): ElementLiteral {
  const value = values[i]!;
  if (dtype === 'bool') return value !== 0;
  if (typeof value === 'bigint') {
    if (isTime(dtype) && value === notATime) return 'NaT';
    const near = Number(value);
    return Number.isSafeInteger(near) ? near : String(value);
  }
  const number = dtype === 'float16' ? numberFromHalf(value) : value;
  if (Number.isFinite(number)) return Object.is(number, -0) ? '-0' : number;
  return String(number);
}

/** Sets element `i` from JSON or a text. Throws `invalid` when `dtype` cannot hold it exactly (floats are rounded). */
export function setLiteral(dtype: Dtype, values: Values, i: number, literal: ElementLiteral | bigint): void {
  const refuse = () =>
    new ExaError(
      'invalid',
      `${typeof literal === 'string' ? `“${literal}”` : String(literal)} is not a value of ${dtype}.`,
    );
  if (dtype === 'bool') {
    const yes = literal === true || literal === 1 || literal === 'true' || literal === '1' || literal === 1n;
    if (
      !yes &&
      literal !== false &&
      literal !== 0 &&
      literal !== 'false' &&
      literal !== '0' &&
      literal !== 0n
    )
      throw refuse();
    values[i] = yes ? 1 : 0;
    return;
  }
  if (typeof literal === 'boolean') throw refuse();
  if (isFloat(dtype)) {
    const number = typeof literal === 'string' ? floatOf(literal) : Number(literal);
    if (number === undefined) throw refuse();
    values[i] = dtype === 'float16' ? halfFromNumber(number) : number;
    return;
  }
  const whole = isTime(dtype) && literal === 'NaT' ? notATime : wholeOf(literal);
  const [low, high] = rangeOf(dtype);
  if (whole === undefined || whole < low || whole > high) throw refuse();
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[i] = whole;
  else values[i] = Number(whole);
}

function floatOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(inf|infinity)$/i.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(trimmed)) return Number.NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}

function wholeOf(literal: number | string | bigint): bigint | undefined {
  if (typeof literal === 'bigint') return literal;
  if (typeof literal === 'number') return Number.isInteger(literal) ? BigInt(literal) : undefined;
  return /^\s*[+-]?\d+\s*$/.test(literal) ? BigInt(literal.trim().replace(/^\+/, '')) : undefined;
}

/** Lowest and highest value of an integer or time type, both inclusive. */
export function rangeOf(dtype: Dtype): readonly [bigint, bigint] {
  const bits = BigInt(8 * itemSize(dtype));
  return dtype.startsWith('uint') ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

/** One element holding `fill`; zero (or false) when it is left out. Throws `invalid`. */
export function fillValues(dtype: Dtype, fill: ElementLiteral | undefined): Values {
  const one = makeValues(dtype, 1);
  if (fill !== undefined && fill !== null) setLiteral(dtype, one, 0, fill);
  return one;
}

/** `length` elements, all equal to the one in `fill`. */
export function filled(dtype: Dtype, length: number, fill: Values): Values {
  const values = makeValues(dtype, length);
  const value = fill[0]!;
  if (value !== 0n && !Object.is(value, 0)) fillRange(values, fill, 0, length);
  return values;
}

/** Sets elements `[start, end)` to the one in `fill`. */
export function fillRange(values: Values, fill: Values, start: number, end: number): void {
  const value = fill[0]!;
  if (value === 0 && !Object.is(value, -0)) values.fill(0 as never, start, end);
  else values.fill(value as never, start, end);
}
