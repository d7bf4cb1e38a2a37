import { laneSumInSlab } from '../../kernels/wasm/slab.ts';
import type { Dtype } from '../../protocol/array.ts';
import type { ReduceOp } from '../../protocol/array-expression.ts';
import { ExaError } from '../../protocol/errors.ts';
import { isFloat, isTime, notATime, rangeOf, type Values } from '../dtype.ts';
import { isWholes, makeWorking, type Numbers, stored, type Working } from './numbers.ts';

/**
 * What a reduction knows of some elements, for each of the places it keeps (one, when it keeps no axis). `seen`: elements
 * gone through for each place.
 */
export interface ReducePartial {
  readonly seen: bigint;
  /** Sums of floats, or the extremes themselves, or truths. */
  readonly values?: Working;
  /** Exact sums, counts, or the position of an extreme in C order. */
  readonly wholes?: bigint[];
  /** Sums of squared distances from the mean. */
  readonly m2?: Float64Array;
}

/** A box of elements in C order: `n` reduced ones for each of `outer × inner` kept. */
export interface ReduceShape {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
}

const isExtreme = (by: ReduceOp) => by === 'min' || by === 'max' || by === 'argmin' || by === 'argmax';

/** Sums of a whole box go in eight lanes, by position modulo 8, joined ((0+1)+(2+3))+((4+5)+(6+7)). */
function laneSum(values: Numbers): number {
  const inPlace = values instanceof Float64Array ? laneSumInSlab(values) : undefined;
  if (inPlace !== undefined) return inPlace;
  const { length } = values;
  const whole = length - (length % 8);
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < whole; i += 8) {
    a += values[i]!;
    b += values[i + 1]!;
    c += values[i + 2]!;
    d += values[i + 3]!;
    e += values[i + 4]!;
    f += values[i + 5]!;
    g += values[i + 6]!;
    h += values[i + 7]!;
  }
  const lanes = [a, b, c, d, e, f, g, h];
  for (let i = whole; i < length; i++) lanes[i - whole]! += values[i]!;
  return lanes[0]! + lanes[1]! + (lanes[2]! + lanes[3]!) + (lanes[4]! + lanes[5]! + (lanes[6]! + lanes[7]!));
}

/** Exact sum of whole numbers: words apart in doubles, a million at a time. */
function exactSum(values: Working, start: number, step: number, n: number): bigint {
  let total = 0n;
  const block = 2 ** 20;
  if (isWholes(values)) {
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
    const isSigned = values instanceof BigInt64Array;
    for (let from = 0; from < n; from += block) {
      let low = 0;
      let high = 0;
      for (let i = from; i < Math.min(n, from + block); i++) {
        const at = 2 * (start + i * step);
        low += words[at]!;
        high += isSigned ? words[at + 1]! | 0 : words[at + 1]!;
      }
      total += BigInt(low) + (BigInt(high) << 32n);
    }
    return total;
  }
  for (let from = 0; from < n; from += block) {
    let sum = 0;
    for (let i = from; i < Math.min(n, from + block); i++) sum += values[start + i * step]!;
    total += BigInt(sum);
  }
  return total;
}

/**
 * The partial of a box. `position`: of each element in C order of the whole expression, for arguments of extremes.
 * Floats along an axis are summed in plain order.
 */
export function reduceBox(
  by: ReduceOp,
  dtype: Dtype,
  values: Working,
  { outer, n, inner }: ReduceShape,
  position: (i: number) => bigint,
): ReducePartial {
  const kept = outer * inner;
  const seen = BigInt(n);
  const starts = (place: number) => Math.floor(place / inner) * n * inner + (place % inner);
  const constant = values.length === 1 && kept * n > 1;
  const at = constant ? () => 0 : (place: number, i: number) => starts(place) + i * inner;
  if (by === 'sum' || by === 'mean' || by === 'var' || by === 'std') {
    if (!isFloat(dtype) && (by === 'sum' || by === 'mean')) {
      const wholes = Array.from({ length: kept }, (_, place) =>
        constant ? BigInt(values[0]!) * seen : exactSum(values, starts(place), inner, n),
      );
      return { seen, wholes };
    }
    const sums = new Float64Array(kept);
    const m2 = new Float64Array(kept);
    const needsSquares = by === 'var' || by === 'std';
    if (kept === 1 && !constant && !isWholes(values)) sums[0] = laneSum(values as Numbers);
    else
      for (let place = 0; place < kept; place++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += Number(values[at(place, i)]!);
        sums[place] = sum;
      }
    if (needsSquares)
      for (let place = 0; place < kept; place++) {
        const mean = sums[place]! / n;
        let squares = 0;
        for (let i = 0; i < n; i++) {
          const apart = Number(values[at(place, i)]!) - mean;
          squares += apart * apart;
        }
        m2[place] = squares;
      }
    return needsSquares ? { seen, values: sums, m2 } : { seen, values: sums };
  }
  if (by === 'count') {
    const wholes = Array.from({ length: kept }, (_, place) => {
      let numbers = 0;
      for (let i = 0; i < n; i++) if (!isMissing(values[at(place, i)]!, dtype)) numbers++;
      return BigInt(numbers);
    });
    return { seen, wholes };
  }
  if (by === 'any' || by === 'all') {
    const truths = new Uint8Array(kept);
    for (let place = 0; place < kept; place++) {
      let truth = by === 'all';
      for (let i = 0; i < n && truth === (by === 'all'); i++) {
        const value = values[at(place, i)]!;
        truth = value !== 0 && value !== 0n;
      }
      truths[place] = truth ? 1 : 0;
    }
    return { seen, values: truths };
  }
  const best = makeWorking(dtype, kept);
  const found: bigint[] = [];
  for (let place = 0; place < kept; place++) {
    let where = 0;
    let top = values[at(place, 0)]!;
    for (let i = 1; i < n && !isMissing(top, dtype); i++) {
      const value = values[at(place, i)]!;
      if (isMissing(value, dtype) || (by === 'min' || by === 'argmin' ? value < top : value > top)) {
        top = value;
        where = i;
      }
    }
    (best as Numbers)[place] = top as number;
    if (by === 'argmin' || by === 'argmax') found.push(position(starts(place) + where * inner));
  }
  return found.length > 0 ? { seen, values: best, wholes: found } : { seen, values: best };
}

function isMissing(value: number | bigint, dtype: Dtype): boolean {
  return Number.isNaN(value) || (value === notATime && isTime(dtype));
}

/** Two partials of the same places, the earlier one first. */
export function mergeReduced(
  by: ReduceOp,
  dtype: Dtype,
  left: ReducePartial,
  right: ReducePartial,
): ReducePartial {
  const seen = left.seen + right.seen;
  if (isExtreme(by)) {
    const a = left.values!;
    const b = right.values!;
    const values = a.slice() as Working;
    const wholes = left.wholes && [...left.wholes];
    for (let i = 0; i < a.length; i++) {
      const isNaNLeft = isMissing(a[i]!, dtype);
      const isNaNRight = isMissing(b[i]!, dtype);
      const isTie = isNaNLeft ? isNaNRight : !isNaNRight && a[i] === b[i];
      const isRight = isTie
        ? wholes !== undefined && right.wholes![i]! < wholes[i]!
        : !isNaNLeft && (isNaNRight || (by === 'min' || by === 'argmin' ? b[i]! < a[i]! : b[i]! > a[i]!));
      if (!isRight) continue;
      (values as Numbers)[i] = b[i] as number;
      if (wholes) wholes[i] = right.wholes![i]!;
    }
    return wholes ? { seen, values, wholes } : { seen, values };
  }
  if (by === 'any' || by === 'all') {
    const a = left.values as Uint8Array;
    const b = right.values as Uint8Array;
    return { seen, values: Uint8Array.from(a, (value, i) => (by === 'any' ? value | b[i]! : value & b[i]!)) };
  }
  if (left.wholes) return { seen, wholes: left.wholes.map((sum, i) => sum + right.wholes![i]!) };
  const a = left.values as Float64Array;
  const b = right.values as Float64Array;
  const values = a.map((sum, i) => sum + b[i]!);
  if (!left.m2) return { seen, values };
  // Chan, Golub and LeVeque (1979), eq. 2.1b.
  const [na, nb] = [Number(left.seen), Number(right.seen)];
  const m2 = left.m2.map((squares, i) => {
    const apart = b[i]! / nb - a[i]! / na;
    return squares + right.m2![i]! + apart * apart * ((na * nb) / (na + nb));
  });
  return { seen, values, m2 };
}

/** `n` elements that are all the same, by arithmetic; `position` is that of the first. */
export function reduceConstant(
  by: ReduceOp,
  dtype: Dtype,
  value: Working,
  n: bigint,
  kept: number,
  position: (place: number) => bigint,
): ReducePartial {
  const one = value[0]!;
  const each = <T>(make: (place: number) => T): T[] =>
    Array.from({ length: kept }, (_, place) => make(place));
  if (by === 'count') return { seen: n, wholes: each(() => (isMissing(one, dtype) ? 0n : n)) };
  if (by === 'any' || by === 'all')
    return { seen: n, values: new Uint8Array(kept).fill(one === 0 || one === 0n ? 0 : 1) };
  if (isExtreme(by)) {
    const values = makeWorking(dtype, kept);
    (values as Numbers).fill(one as number);
    return by === 'min' || by === 'max' ? { seen: n, values } : { seen: n, values, wholes: each(position) };
  }
  if (!isFloat(dtype) && (by === 'sum' || by === 'mean'))
    return { seen: n, wholes: each(() => BigInt(one) * n) };
  const values = new Float64Array(kept).fill(Number(one) * Number(n));
  return by === 'sum' || by === 'mean'
    ? { seen: n, values }
    : { seen: n, values, m2: new Float64Array(kept).fill(Number.isFinite(Number(one)) ? 0 : Number.NaN) };
}

/** The type a reduction has, as NumPy's. */
export function reducedType(by: ReduceOp, dtype: Dtype): Dtype {
  switch (by) {
    case 'sum':
      return isFloat(dtype) ? dtype : dtype.startsWith('uint') ? 'uint64' : 'int64';
    case 'mean':
    case 'var':
    case 'std':
      return isFloat(dtype) ? dtype : 'float64';
    case 'count':
    case 'argmin':
    case 'argmax':
      return 'int64';
    case 'any':
    case 'all':
      return 'bool';
    default:
      return dtype;
  }
}

/** Throws `invalid` for the extreme of nothing and a sum that does not fit its type. */
export function finishReduced(
  by: ReduceOp,
  dtype: Dtype,
  partial: ReducePartial | undefined,
  kept: number,
  ddof: number,
): { readonly dtype: Dtype; readonly values: Values } {
  const type = reducedType(by, dtype);
  if (!partial) {
    if (isExtreme(by)) throw new ExaError('invalid', `There is no ${by} of no elements.`);
    const none = makeWorking(type, kept);
    if (by === 'all') (none as Uint8Array).fill(1);
    if (by === 'mean' || by === 'var' || by === 'std') (none as Float64Array).fill(Number.NaN);
    return { dtype: type, values: stored(type, none) };
  }
  const n = Number(partial.seen);
  const out = makeWorking(type, kept);
  for (let i = 0; i < kept; i++) {
    const whole = partial.wholes?.[i];
    if (by === 'mean')
      (out as Numbers)[i] = (whole === undefined ? (partial.values![i] as number) : Number(whole)) / n;
    else if (by === 'var' || by === 'std') {
      const variance = partial.m2![i]! / (n - ddof);
      (out as Numbers)[i] = by === 'std' ? Math.sqrt(variance) : variance;
    } else if (whole === undefined) (out as Numbers)[i] = partial.values![i] as number;
    else {
      const [low, high] = rangeOf(type);
      if (whole < low || whole > high)
        throw new ExaError(
          'invalid',
          `The ${by} is ${whole}: it does not fit ${type}. Make it float64 with astype first.`,
        );
      (out as BigInt64Array)[i] = whole;
    }
  }
  return { dtype: type, values: stored(type, out) };
}
