import { ExaError } from '../../protocol/errors.ts';

/** Exact 128-bit sums, two's complement: `low` holds the low 64 bits, `high` the high 64. */
export interface WideSums {
  readonly low: BigInt64Array;
  readonly high: BigInt64Array;
}

const two32 = 4_294_967_296;

/**
 * Sums of a block's integers kept as two doubles each: `highs` of their high (signed) 32-bit words, `lows` of their
 * low (unsigned) ones. Both are exact: 65 536 words of 32 bits stay below 2^48.
 */
export function wideFromWords(highs: Float64Array, lows: Float64Array): WideSums {
  const sums = emptyWide(lows.length);
  const low = new Uint32Array(sums.low.buffer);
  const high = new Int32Array(sums.high.buffer);
  for (let i = 0; i < lows.length; i++) {
    const carry = Math.floor(lows[i]! / two32);
    const upper = highs[i]! + carry;
    low[2 * i] = lows[i]! - carry * two32;
    low[2 * i + 1] = upper - Math.floor(upper / two32) * two32;
    const top = Math.floor(upper / two32);
    high[2 * i] = top;
    high[2 * i + 1] = top < 0 ? -1 : 0;
  }
  return sums;
}

/** Exact doubles (|x| ≤ 2^53) as wide sums. */
export function wideFromDoubles(values: Float64Array): WideSums {
  const highs = new Float64Array(values.length);
  const lows = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    highs[i] = Math.floor(values[i]! / two32);
    lows[i] = values[i]! - highs[i]! * two32;
  }
  return wideFromWords(highs, lows);
}

/** `length` zeros. */
export function emptyWide(length: number): WideSums {
  return { low: new BigInt64Array(length), high: new BigInt64Array(length) };
}

/** Adds `source[i]` to `target[places[i]]`. Throws `invalid` when a sum passes 128 bits. */
export function addWide(target: WideSums, source: WideSums, places: ArrayLike<number>): void {
  const tl = new Uint32Array(target.low.buffer, target.low.byteOffset);
  const th = new Uint32Array(target.high.buffer, target.high.byteOffset);
  const count = source.low.length;
  const sl = new Uint32Array(source.low.buffer, source.low.byteOffset, 2 * count);
  const sh = new Uint32Array(source.high.buffer, source.high.byteOffset, 2 * count);
  for (let i = 0; i < count; i++) {
    const at = 2 * places[i]!;
    const from = 2 * i;
    const a = tl[at]! + sl[from]!;
    tl[at] = a;
    const b = tl[at + 1]! + sl[from + 1]! + (a >= two32 ? 1 : 0);
    tl[at + 1] = b;
    const before = th[at + 1]!;
    const c = th[at]! + sh[from]! + (b >= two32 ? 1 : 0);
    th[at] = c;
    th[at + 1] = before + sh[from + 1]! + (c >= two32 ? 1 : 0);
    const sign = sh[from + 1]! >>> 31;
    if (before >>> 31 === sign && th[at + 1]! >>> 31 !== sign)
      throw new ExaError('invalid', 'A sum passes 128 bits: narrow the question.');
  }
}

/** Sum `index` as one integer. */
export function wideAt(sums: WideSums, index: number): bigint {
  return (sums.high[index]! << 64n) | BigInt.asUintN(64, sums.low[index]!);
}
