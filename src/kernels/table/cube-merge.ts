import { ExaError } from '../../protocol/errors.ts';
import type { Cube, CubePairs, CubeState } from './cube.ts';
import { carry } from './cube-cells.ts';
import { maxExact } from './numbers.ts';
import { valueIndex } from './value-index.ts';

/** Cubes of the same question over different blocks as one; the left one's groups come first. Changes neither. */
export function mergeCubes(left: Cube, right: Cube): Cube {
  if (right.groups === 0) return left;
  if (left.groups === 0) return right;
  const { bins } = left;
  const index = valueIndex();
  const plain = left.keys.length === 0;
  if (!plain) index.place(left.keys);
  const places = plain ? Int32Array.of(0) : index.place(right.keys);
  const groups = plain ? 1 : index.size;
  const joint: Joint = { left, right, places, bins, size: groups * bins };
  return {
    bins,
    groups,
    keys: index.columns() ?? left.keys,
    rows: addInts(joint, left.rows, right.rows),
    states: left.states.map((state, s) => mergeStates(joint, state, right.states[s]!)),
  };
}

interface Joint {
  readonly left: Cube;
  readonly right: Cube;
  /** The merged group of each of the right cube's. */
  readonly places: Int32Array;
  readonly bins: number;
  readonly size: number;
}

function mergeStates(joint: Joint, left: CubeState, right: CubeState): CubeState {
  if (left.state === 'rows' && right.state === 'rows') return left;
  if (left.state === 'count' && right.state === 'count')
    return { state: 'count', count: addCounts(joint, left.count, right.count) };
  if (left.state === 'float' && right.state === 'float')
    return {
      state: 'float',
      count: addCounts(joint, left.count, right.count),
      sum: addDoubles(joint, left.sum, right.sum),
    };
  if (left.state === 'exact' && right.state === 'exact') return mergeExact(joint, left, right);
  if (left.state === 'extremes' && right.state === 'extremes') {
    const min = spread(joint, left.min, Number.POSITIVE_INFINITY);
    const max = spread(joint, left.max, Number.NEGATIVE_INFINITY);
    eachCell(joint, (from, to) => {
      min[to] = Math.min(min[to]!, right.min[from]!);
      max[to] = Math.max(max[to]!, right.max[from]!);
    });
    const count = addCounts(joint, left.count, right.count);
    return { state: 'extremes', count, min, max, type: left.type };
  }
  if (left.state === 'moments' && right.state === 'moments') return mergeMoments(joint, left, right);
  if (left.state === 'pairs' && right.state === 'pairs') return mergePairs(joint, left, right);
  throw new ExaError('broken', 'Two cubes of different questions were merged.');
}

function eachCell({ places, bins }: Joint, join: (from: number, to: number) => void): void {
  for (let group = 0; group < places.length; group++)
    for (let bin = 0; bin < bins; bin++) join(group * bins + bin, places[group]! * bins + bin);
}

function spread(joint: Joint, cells: Float64Array, rest: number): Float64Array {
  const wide = new Float64Array(joint.size).fill(rest, cells.length);
  wide.set(cells);
  return wide;
}

function addInts(joint: Joint, left: Int32Array, right: Int32Array): Int32Array {
  const sums = new Int32Array(joint.size);
  sums.set(left);
  eachCell(joint, (from, to) => {
    sums[to]! += right[from]!;
  });
  return sums;
}

function addDoubles(joint: Joint, left: Float64Array, right: Float64Array): Float64Array {
  const sums = spread(joint, left, 0);
  eachCell(joint, (from, to) => {
    sums[to]! += right[from]!;
  });
  return sums;
}

function addCounts(
  joint: Joint,
  left: Int32Array | undefined,
  right: Int32Array | undefined,
): Int32Array | undefined {
  if (!left && !right) return undefined;
  return addInts(joint, left ?? joint.left.rows, right ?? joint.right.rows);
}

type Exact = Extract<CubeState, { state: 'exact' }>;

function mergeExact(joint: Joint, left: Exact, right: Exact): Exact {
  const fits = left.bound + right.bound <= maxExact;
  const [l, r] = fits ? [left, right] : [carried(left, joint.bins), carried(right, joint.bins)];
  const none = new Float64Array(0);
  const high =
    l.high || r.high
      ? addDoubles(joint, l.high ?? none, r.high ?? new Float64Array(right.low.length))
      : undefined;
  return {
    state: 'exact',
    count: addCounts(joint, left.count, right.count),
    low: addDoubles(joint, l.low, r.low),
    high,
    bound: l.bound + r.bound,
  };
}

function carried(state: Exact, bins: number): Exact {
  const low = state.low.slice();
  const high = state.high?.slice() ?? new Float64Array(low.length);
  carry(low, high);
  return { ...state, low, high, bound: bins * 2 ** 32 };
}

type Moments = Extract<CubeState, { state: 'moments' }>;

/** Cells joined pairwise (Chan, Golub, LeVeque 1979). */
function mergeMoments(joint: Joint, left: Moments, right: Moments): Moments {
  const count = addInts(joint, left.count, new Int32Array(right.count.length));
  const mean = spread(joint, left.mean, 0);
  const m2 = spread(joint, left.m2, 0);
  eachCell(joint, (from, to) => {
    const more = right.count[from]!;
    if (more === 0) return;
    const before = count[to]!;
    const total = before + more;
    const apart = right.mean[from]! - mean[to]!;
    count[to] = total;
    mean[to]! += (apart * more) / total;
    m2[to]! += right.m2[from]! + (apart * apart * before * more) / total;
  });
  return { state: 'moments', count, mean, m2 };
}

function mergePairs({ places, bins }: Joint, left: CubePairs, right: CubePairs): CubePairs {
  const index = valueIndex();
  index.place([left.values]);
  const entryOf = index.place([right.values]);
  const known = new Map<number, number>();
  const cells: number[] = [...left.cells];
  const entries: number[] = [...left.entries];
  const counts = left.counts && [...left.counts];
  const name = (cell: number, entry: number) => cell * 2 ** 30 + entry;
  for (let p = 0; p < left.cells.length; p++) known.set(name(left.cells[p]!, left.entries[p]!), p);
  for (let p = 0; p < right.cells.length; p++) {
    const group = Math.floor(right.cells[p]! / bins);
    const cell = places[group]! * bins + (right.cells[p]! - group * bins);
    const entry = entryOf[right.entries[p]!]!;
    const at = known.get(name(cell, entry));
    if (at === undefined) {
      cells.push(cell);
      entries.push(entry);
      counts?.push(right.counts?.[p] ?? 1);
    } else if (counts) counts[at]! += right.counts?.[p] ?? 1;
  }
  return {
    ...left,
    values: index.columns()?.[0] ?? left.values,
    cells: Int32Array.from(cells),
    entries: Int32Array.from(entries),
    counts: counts && Float64Array.from(counts),
  };
}
