import type { ColumnData } from '../../arrow/column-data.ts';
import type { Bag } from './partial.ts';

/** Whether places strictly ascend: then groups stay in order, and no two of a bag become one. */
export function isAscending(places: ArrayLike<number>): boolean {
  for (let g = 1; g < places.length; g++) if (places[g]! <= places[g - 1]!) return false;
  return true;
}

type Values = Extract<ColumnData, { values: unknown }>['values'];

/**
 * Two bags of one level joined in one pass: the values of each group ascend on both sides, and places ascend.
 * Undefined for texts, whose dictionaries must be joined first.
 */
export function joinSorted(
  left: Bag,
  right: Bag,
  places: readonly ArrayLike<number>[],
  size: number,
): Bag | undefined {
  if (left.values.kind === 'text' || right.values.kind === 'text') return undefined;
  const room = left.values.length + right.values.length;
  const out = { values: sameKind(left.values.values, room), counts: left.counts && new Float64Array(room) };
  const sides = [sideOf(left, places[0]!), sideOf(right, places[1]!)] as const;
  const sizes = new Float64Array(size);
  let used = 0;
  for (let group = 0; group < size; group++) {
    const start = used;
    used = joinRuns(sides[0], runOf(sides[0], group), sides[1], runOf(sides[1], group), out, used);
    sizes[group] = used - start;
  }
  const values = { ...left.values, length: used, values: out.values.slice(0, used) } as ColumnData;
  return { sizes, values, counts: out.counts?.slice(0, used), level: left.level };
}

interface Side {
  readonly bag: Bag;
  readonly values: Values;
  readonly places: ArrayLike<number>;
  /** The bag's next group, and where its values begin. */
  group: number;
  at: number;
}

function sideOf(bag: Bag, places: ArrayLike<number>): Side {
  return { bag, values: (bag.values as { values: Values }).values, places, group: 0, at: 0 };
}

/** End of the side's values of a group; they begin at `at`. */
function runOf(side: Side, group: number): number {
  if (side.group >= side.bag.sizes.length || side.places[side.group] !== group) return side.at;
  return side.at + side.bag.sizes[side.group++]!;
}

/** Joins two ascending runs, equal values as one. NaN is last, and equal to itself. Returns the values now used. */
function joinRuns(
  left: Side,
  leftEnd: number,
  right: Side,
  rightEnd: number,
  out: { readonly values: Values; readonly counts: Float64Array | undefined },
  start: number,
): number {
  const { values, counts } = out;
  const l = left.values;
  const r = right.values;
  if (l instanceof Int32Array && r instanceof Int32Array && values instanceof Int32Array && !counts) {
    const used = joinInts(l.subarray(left.at, leftEnd), r.subarray(right.at, rightEnd), values, start);
    left.at = leftEnd;
    right.at = rightEnd;
    return used;
  }
  let used = start;
  while (left.at < leftEnd || right.at < rightEnd) {
    let fromLeft = right.at === rightEnd;
    let fromRight = left.at === leftEnd;
    if (!fromLeft && !fromRight) {
      const a = l[left.at]!;
      const b = r[right.at]!;
      fromLeft = a <= b || Number.isNaN(b);
      fromRight = b <= a || Number.isNaN(a);
    }
    values[used] = (fromLeft ? l[left.at]! : r[right.at]!) as never;
    if (counts) {
      const more = fromRight ? (right.bag.counts?.[right.at] ?? 0) : 0;
      counts[used] = (fromLeft ? (left.bag.counts?.[left.at] ?? 0) : 0) + more;
    }
    if (fromLeft) left.at++;
    if (fromRight) right.at++;
    used++;
  }
  return used;
}

/** Sets of ids are by far the commonest: no test of kind or NaN within the loop. */
function joinInts(left: Int32Array, right: Int32Array, out: Int32Array, start: number): number {
  let used = start;
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const a = left[i]!;
    const b = right[j]!;
    out[used++] = a < b ? a : b;
    if (a <= b) i++;
    if (b <= a) j++;
  }
  const rest = i < left.length ? left.subarray(i) : right.subarray(j);
  out.set(rest, used);
  return used + rest.length;
}

function sameKind(values: Values, length: number): Values {
  if (values instanceof BigInt64Array) return new BigInt64Array(length);
  if (values instanceof Float64Array) return new Float64Array(length);
  return values instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}
