import type { Dtype } from '../../protocol/array.ts';
import { itemSize, makeValues, type Values } from '../dtype.ts';
import { halfFromNumber, numberFromHalf } from '../half.ts';

/**
 * Elements while they are computed with: as {@link Values}, but `float16` as doubles that halves can hold. One element
 * stands for all.
 */
export type Numbers = Exclude<Values, BigInt64Array | BigUint64Array>;
export type Wholes = Extract<Values, BigInt64Array | BigUint64Array>;
export type Working = Numbers | Wholes;

export function makeWorking(dtype: Dtype, length: number): Working {
  return dtype === 'float16' ? new Float64Array(length) : makeValues(dtype, length);
}

export function isWholes(values: Working): values is Wholes {
  return values instanceof BigInt64Array || values instanceof BigUint64Array;
}

/** Elements as stored, made ready; the same buffer where nothing changes. */
export function working(dtype: Dtype, values: Values): Working {
  if (dtype !== 'float16') return values;
  return Float64Array.from(values as Uint16Array, numberFromHalf);
}

/** Back to how elements are stored. */
export function stored(dtype: Dtype, values: Working): Values {
  if (dtype !== 'float16') return values as Values;
  return Uint16Array.from(values as Float64Array, halfFromNumber);
}

/** A double rounded to a half, as a double. */
export function roundHalf(value: number): number {
  return numberFromHalf(halfFromNumber(value));
}

/** Elements in another type: truncated towards zero and wrapped as C does, rounded, or asked whether they are not zero. */
export function convert(values: Working, from: Dtype, to: Dtype): Working {
  if (from === to) return values;
  const { length } = values;
  const out = makeWorking(to, length);
  if (to === 'bool') {
    const truths = out as Uint8Array;
    for (let i = 0; i < length; i++) {
      const value = values[i]!;
      truths[i] = value === 0 || value === 0n ? 0 : 1;
    }
    return out;
  }
  if (isWholes(out)) {
    if (isWholes(values)) for (let i = 0; i < length; i++) out[i] = values[i]!;
    else
      for (let i = 0; i < length; i++) {
        const value = values[i]!;
        // What C leaves open, x86 answers with the lowest number.
        out[i] = Number.isFinite(value) ? BigInt(Math.trunc(value)) : -(2n ** 63n);
      }
    return out;
  }
  if (isWholes(values)) {
    if (to.startsWith('float')) for (let i = 0; i < length; i++) out[i] = Number(values[i]!);
    else for (let i = 0; i < length; i++) out[i] = Number(BigInt.asIntN(8 * itemSize(to), values[i]!));
  } else for (let i = 0; i < length; i++) out[i] = values[i]!;
  if (to === 'float16') for (let i = 0; i < length; i++) out[i] = roundHalf(out[i] as number);
  return out;
}
