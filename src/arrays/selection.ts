import { ExaError } from '../protocol/errors.ts';
import type { Shape } from './shape.ts';

/** One place of an index expression, before it meets a shape. `list` and `mask` select along one axis. */
export type Index =
  | { readonly kind: 'at'; readonly at: bigint }
  | { readonly kind: 'slice'; readonly start?: bigint; readonly stop?: bigint; readonly step?: bigint }
  | { readonly kind: 'list'; readonly at: readonly bigint[] }
  | { readonly kind: 'mask'; readonly mask: readonly boolean[] }
  | { readonly kind: 'newaxis' }
  | { readonly kind: 'ellipsis' };

/** Elements taken along one axis of the array: `start`, `start + step`, … `count` of them, or those listed. */
export type AxisSelection =
  | { readonly kind: 'range'; readonly start: bigint; readonly step: bigint; readonly count: bigint }
  | { readonly kind: 'list'; readonly at: readonly bigint[] };

/** A selection of an array of known shape. */
export interface Selection {
  /** One an axis of the array. */
  readonly axes: readonly AxisSelection[];
  /** Of each axis of the result: the array's axis it walks, or −1 for a new axis of length 1. */
  readonly result: readonly number[];
  /** Shape of the result. */
  readonly shape: Shape;
}

export function lengthOf(axis: AxisSelection): bigint {
  return axis.kind === 'range' ? axis.count : BigInt(axis.at.length);
}

/**
 * An index expression against a shape, as NumPy's basic indexing; integer and boolean lists select along their own axis
 * alone (orthogonal indexing, `oindex` elsewhere), so an axis never moves. Throws `invalid` with one sentence.
 */
export function resolveSelection(indices: readonly Index[], shape: Shape): Selection {
  const given = indices.filter((index) => index.kind !== 'newaxis' && index.kind !== 'ellipsis').length;
  const ellipses = indices.filter((index) => index.kind === 'ellipsis').length;
  if (ellipses > 1) throw new ExaError('invalid', 'An index has at most one ellipsis (…).');
  if (given > shape.length)
    throw new ExaError(
      'invalid',
      `There are ${given} indices for an array of ${shape.length} ${shape.length === 1 ? 'axis' : 'axes'}.`,
    );
  if (indices.filter((index) => index.kind === 'list' || index.kind === 'mask').length > 1)
    throw new ExaError('invalid', 'A list or mask selects along one axis: take the others in a second step.');
  const axes: AxisSelection[] = [];
  const result: number[] = [];
  const whole = (count: number) => {
    for (let i = 0; i < count; i++) {
      result.push(axes.length);
      axes.push({ kind: 'range', start: 0n, step: 1n, count: shape[axes.length]! });
    }
  };
  for (const index of indices) {
    if (index.kind === 'newaxis') result.push(-1);
    else if (index.kind === 'ellipsis') whole(shape.length - given);
    else {
      const axis = axes.length;
      if (index.kind !== 'at') result.push(axis);
      axes.push(resolveAxis(index, shape[axis]!, axis));
    }
  }
  whole(shape.length - axes.length);
  return { axes, result, shape: result.map((axis) => (axis < 0 ? 1n : lengthOf(axes[axis]!))) };
}

function resolveAxis(
  index: Exclude<Index, { kind: 'newaxis' | 'ellipsis' }>,
  size: bigint,
  axis: number,
): AxisSelection {
  switch (index.kind) {
    case 'at':
      return { kind: 'range', start: place(index.at, size, axis), step: 1n, count: 1n };
    case 'slice':
      return slice(index, size);
    case 'list':
      return { kind: 'list', at: index.at.map((at) => place(at, size, axis)) };
    case 'mask': {
      if (BigInt(index.mask.length) !== size)
        throw new ExaError(
          'invalid',
          `The mask of axis ${axis} has ${index.mask.length} values and the axis ${size}: they must be as many.`,
        );
      const at: bigint[] = [];
      for (const [i, chosen] of index.mask.entries()) if (chosen) at.push(BigInt(i));
      return { kind: 'list', at };
    }
  }
}

function place(at: bigint, size: bigint, axis: number): bigint {
  const found = at < 0n ? at + size : at;
  if (found < 0n || found >= size)
    throw new ExaError(
      'invalid',
      size === 0n
        ? `Axis ${axis} is empty: there is no element ${at}.`
        : `There is no element ${at} along axis ${axis}: it has ${size} elements, 0 to ${size - 1n}.`,
    );
  return found;
}

/** Python's slice: ends out of range are cut, negative ones count from the end. */
function slice(
  { start, stop, step = 1n }: { start?: bigint; stop?: bigint; step?: bigint },
  size: bigint,
): AxisSelection {
  if (step === 0n) throw new ExaError('invalid', 'The step of a slice cannot be zero.');
  const low = step > 0n ? 0n : -1n;
  const high = step > 0n ? size : size - 1n;
  const bound = (value: bigint | undefined, otherwise: bigint) => {
    if (value === undefined) return otherwise;
    const from = value < 0n ? value + size : value;
    return from < low ? low : from > high ? high : from;
  };
  const first = bound(start, step > 0n ? low : high);
  const last = bound(stop, step > 0n ? high : low);
  const distance = step > 0n ? last - first : first - last;
  const stride = step > 0n ? step : -step;
  const count = distance <= 0n ? 0n : (distance - 1n) / stride + 1n;
  return { kind: 'range', start: count === 0n ? 0n : first, step, count };
}

/** The selection of all of an array. */
export function wholeSelection(shape: Shape): Selection {
  return resolveSelection([], shape);
}
