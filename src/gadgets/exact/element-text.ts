import type { Dtype } from '../../protocol/array.ts';
import type { ElementValues } from '../../protocol/array-client.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Formats } from '../format.ts';
import { isoDay, isoInstant, parseInstant } from './instant.ts';

const unitNanos: Readonly<Record<string, bigint>> = {
  D: 86_400_000_000_000n,
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  ns: 1n,
};

/** Lowest int64: what a time is that is none. */
const notATime = -(2n ** 63n);

/** Whether elements of a type are whole numbers. */
export function isWhole(dtype: Dtype): boolean {
  return /^u?int/.test(dtype);
}

/** Whether a double cannot hold every element of a type. */
export function isWide(dtype: Dtype): boolean {
  return dtype === 'int64' || dtype === 'uint64' || dtype.startsWith('datetime64');
}

/** An element, exactly, as a number or bigint: float16 out of its bits. */
export function elementOf(values: ElementValues, dtype: Dtype, i: number): number | bigint {
  const value = values[i] ?? Number.NaN;
  return dtype === 'float16' ? halfValue(Number(value)) : value;
}

/** An element in words: all its digits, ISO for times; a double that stands for a wide integer is rounded, and marked ≈. */
export function elementText(value: number | bigint, dtype: Dtype, formats: Formats): string {
  if (dtype === 'bool') return Number(value) === 1 ? 'true' : 'false';
  const unit = /^datetime64\[(\w+)\]$/.exec(dtype)?.[1];
  if (unit !== undefined) {
    if (typeof value === 'number' && !Number.isFinite(value)) return 'NaT';
    const count = typeof value === 'bigint' ? value : BigInt(Math.round(value));
    if (count === notATime) return 'NaT';
    return unit === 'D' ? isoDay(count) : isoInstant(count * (unitNanos[unit] ?? 1n));
  }
  if (typeof value === 'bigint') return formats.number(value);
  if (!Number.isFinite(value)) return String(value).replace('-', '−').replace('Infinity', '∞');
  const size = Math.abs(value);
  const short = dtype === 'float32' ? shortest(value, Math.fround) : value;
  if (size !== 0 && (size >= 1e21 || size < 1e-6)) return String(short).replace('-', '−');
  return formats.number(short);
}

/** A number at a glance, for axes and summaries: up to five significant digits, K, M and so on from 10,000. */
export function shortNumber(value: number, formats: Formats): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value).replace('-', '−').replace('Infinity', '∞');
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) return value.toPrecision(3).replace('-', '−');
  if (size >= 10_000) return formats.compact(value);
  return formats.number(Number(value.toPrecision(5)));
}

/** The shortest decimal that rounds to the same narrow float. */
function shortest(value: number, round: (value: number) => number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (round(short) === value) return short;
  }
  return value;
}

/** IEEE 754 binary16 by its bits. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The bits of the nearest binary16, ties to even. */
function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const unit = 2 ** (exponent - 10);
  const whole = size / unit;
  const floor = Math.floor(whole);
  const rest = whole - floor;
  const count = floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0);
  // A count of 2048 carries into the exponent by itself, as one of 1024 does out of the subnormal numbers.
  return sign | (size < 2 ** -14 ? count : ((exponent + 15) << 10) + count - 1024);
}

const bounds: Readonly<Record<string, readonly [bigint, bigint]>> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => [
    [`int${bits}`, [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]],
    [`uint${bits}`, [0n, 2n ** BigInt(bits) - 1n]],
  ]),
);

/** One element of a type from what a person wrote. Throws {@link ExaError} `invalid` with a sentence. */
export function parseElement(text: string, dtype: Dtype): ElementValues {
  const plain = text.trim().replace('−', '-');
  const wrong = (what: string): never => {
    throw new ExaError('invalid', `“${text.trim()}” is ${what}: this array holds ${dtype}.`);
  };
  if (dtype === 'bool') {
    if (/^(true|1|yes)$/i.test(plain)) return Uint8Array.of(1);
    return /^(false|0|no)$/i.test(plain) ? Uint8Array.of(0) : wrong('neither true nor false');
  }
  const range = bounds[dtype];
  if (range) {
    const digits = plain.replace(/[_,\s]/g, '');
    if (!/^[+-]?\d{1,20}$/.test(digits)) return wrong('no whole number');
    const value = BigInt(digits.replace(/^\+/, ''));
    if (value < range[0] || value > range[1]) return wrong('too large or too small');
    return wholeValues(dtype, value);
  }
  const unit = /^datetime64\[(\w+)\]$/.exec(dtype)?.[1];
  if (unit !== undefined) {
    if (/^nat$/i.test(plain)) return BigInt64Array.of(notATime);
    const nanos = parseInstant(plain);
    if (nanos === undefined) return wrong('no time; write 2026-03-14T12:34:56Z');
    return BigInt64Array.of(nanos / (unitNanos[unit] ?? 1n));
  }
  const named = /^([+-]?)(nan|inf(?:inity)?|∞)$/i.exec(plain);
  const sign = named?.[1] === '-' ? -1 : 1;
  const value = named
    ? /^n/i.test(named[2]!)
      ? Number.NaN
      : sign * Infinity
    : Number(plain.replaceAll('_', ''));
  if (!named && (plain === '' || Number.isNaN(value))) return wrong('no number');
  if (dtype === 'float16') return Uint16Array.of(halfBits(value));
  return dtype === 'float32' ? Float32Array.of(value) : Float64Array.of(value);
}

function wholeValues(dtype: Dtype, value: bigint): ElementValues {
  switch (dtype) {
    case 'int8':
      return Int8Array.of(Number(value));
    case 'int16':
      return Int16Array.of(Number(value));
    case 'int32':
      return Int32Array.of(Number(value));
    case 'int64':
      return BigInt64Array.of(value);
    case 'uint8':
      return Uint8Array.of(Number(value));
    case 'uint16':
      return Uint16Array.of(Number(value));
    case 'uint32':
      return Uint32Array.of(Number(value));
    default:
      return BigUint64Array.of(value);
  }
}
