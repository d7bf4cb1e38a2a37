import { takeRows } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import { int64FromDoubles } from '../../arrow/words.ts';
import type { Cube, CubePairs, CubeState } from './cube.ts';
import { slicePairs } from './cube-pairs.ts';
import { joinKeys } from './group-rows.ts';
import { codeColumn } from './key-codes.ts';
import type { AggregatePartial, StateData } from './partial.ts';
import { bitmapOf } from './validity.ts';
import { wideFromWords } from './wide-sum.ts';

/** A cube made ready for a moving range. */
export interface OpenCube {
  /**
   * The question's partial for bins `[start, end)`: what `finish` takes. Exact states cost O(groups) (differences of
   * prefix sums); floats are added bin by bin, in order.
   */
  slice(start: number, end: number): AggregatePartial;
}

/** Opens `cube`: sorts its groups and sums its exact cells along the axis, once. */
export function openCube(cube: Cube): OpenCube {
  const { bins } = cube;
  const order = groupOrder(cube);
  const keys = cube.keys.map((key) => takeRows(key, order));
  const rows = prefix(cube.rows, bins);
  const states = cube.states.map((state) => openState(state, cube, rows));
  return {
    slice(start, end) {
      const from = Math.max(0, Math.min(bins, Math.floor(start)));
      const to = Math.max(from, Math.min(bins, Math.floor(end)));
      const range: Range = { from, to, bins, groups: [] };
      const used: number[] = [];
      for (let n = 0; n < order.length; n++) {
        if (difference(rows, bins, order[n]!, from, to) === 0) continue;
        used.push(n);
        range.groups.push(order[n]!);
      }
      return {
        kernel: 'aggregate',
        groups: used.length,
        keys: used.length === order.length ? keys : keys.map((key) => takeRows(key, used)),
        rows: differences(rows, range),
        states: states.map((state) => state(range)),
      };
    },
  };
}

/** Bins `[from, to)` of some groups, in the order wanted. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly bins: number;
  readonly groups: number[];
}

/** Groups ascending by their keys, nulls last, as partials have them. */
function groupOrder(cube: Cube): Int32Array {
  const order = Int32Array.from({ length: cube.groups }, (_, group) => group);
  if (cube.keys.length === 0 || cube.groups === 0) return order;
  const { codes } = joinKeys(
    cube.keys.map((key) => codeColumn(key)),
    cube.groups,
  );
  return order.sort((a, b) => codes[a]! - codes[b]!);
}

/** Sums along the axis: of group `g`, entry `g·(bins + 1) + b` is the sum of its bins before `b`. */
function prefix(cells: ArrayLike<number>, bins: number): Float64Array {
  const groups = cells.length / bins;
  const sums = new Float64Array(groups * (bins + 1));
  for (let group = 0; group < groups; group++) {
    let sum = 0;
    let at = group * (bins + 1);
    for (let bin = 0; bin < bins; bin++) {
      sum += cells[group * bins + bin]!;
      sums[++at] = sum;
    }
  }
  return sums;
}

function difference(sums: Float64Array, bins: number, group: number, from: number, to: number): number {
  const at = group * (bins + 1);
  return sums[at + to]! - sums[at + from]!;
}

function differences(sums: Float64Array, { from, to, bins, groups }: Range): Float64Array {
  const out = new Float64Array(groups.length);
  for (let n = 0; n < out.length; n++) out[n] = difference(sums, bins, groups[n]!, from, to);
  return out;
}

function openState(state: CubeState, cube: Cube, rows: Float64Array): (range: Range) => StateData {
  const { bins } = cube;
  const counts = (count: Int32Array | undefined) => (count ? prefix(count, bins) : rows);
  switch (state.state) {
    case 'rows':
      return () => ({ state: 'rows' });
    case 'count': {
      const count = counts(state.count);
      return (range) => ({ state: 'count', count: differences(count, range) });
    }
    case 'exact': {
      const count = counts(state.count);
      const low = prefix(state.low, bins);
      const high = state.high && prefix(state.high, bins);
      return (range) => ({
        state: 'exact',
        count: differences(count, range),
        ...wideFromWords(
          high ? differences(high, range) : new Float64Array(range.groups.length),
          differences(low, range),
        ),
      });
    }
    case 'float': {
      const count = counts(state.count);
      const { sum } = state;
      return (range) => ({ state: 'float', count: differences(count, range), sum: sumBins(sum, range) });
    }
    case 'extremes': {
      const count = counts(state.count);
      return (range) => {
        const validity = bitmapOf(Uint8Array.from(differences(count, range), Math.sign));
        return {
          state: 'minmax',
          min: storedColumn(state.type, foldBins(state.min, range, Math.min), validity),
          max: storedColumn(state.type, foldBins(state.max, range, Math.max), validity),
        };
      };
    }
    case 'moments':
      return (range) => ({ state: 'moments', ...joinMoments(state, range) });
    case 'pairs':
      return openPairs(state, cube);
  }
}

function sumBins(cells: Float64Array, { from, to, bins, groups }: Range): Float64Array {
  const sums = new Float64Array(groups.length);
  for (let n = 0; n < sums.length; n++) {
    const start = groups[n]! * bins;
    let sum = 0;
    for (let cell = start + from; cell < start + to; cell++) sum += cells[cell]!;
    sums[n] = sum;
  }
  return sums;
}

function foldBins(
  cells: Float64Array,
  { from, to, bins, groups }: Range,
  pick: (a: number, b: number) => number,
): Float64Array {
  const picked = new Float64Array(groups.length);
  for (let n = 0; n < picked.length; n++) {
    const start = groups[n]! * bins;
    let value = cells[start + from]!;
    for (let cell = start + from + 1; cell < start + to; cell++) value = pick(value, cells[cell]!);
    picked[n] = value;
  }
  return picked;
}

/** Doubles as a column of `type`; 0 where `validity` says there is none. */
function storedColumn(type: ColumnData, doubles: Float64Array, validity: Uint8Array | undefined): ColumnData {
  const { length } = doubles;
  if (validity)
    for (let i = 0; i < length; i++) if (((validity[i >> 3]! >> (i & 7)) & 1) === 0) doubles[i] = 0;
  const shape = { ...type, length, validity };
  if (type.kind === 'bool') return { ...shape, values: Uint8Array.from(doubles) } as ColumnData;
  if (type.kind === 'int32' || type.kind === 'date')
    return { ...shape, values: Int32Array.from(doubles) } as ColumnData;
  if (type.kind === 'int64' || type.kind === 'decimal')
    return { ...shape, values: int64FromDoubles(doubles) } as ColumnData;
  return { ...shape, values: doubles } as ColumnData;
}

/** Bins joined left to right (Chan, Golub, LeVeque 1979). */
function joinMoments(
  state: Extract<CubeState, { state: 'moments' }>,
  { from, to, bins, groups }: Range,
): { count: Float64Array; mean: Float64Array; m2: Float64Array } {
  const count = new Float64Array(groups.length);
  const mean = new Float64Array(groups.length);
  const m2 = new Float64Array(groups.length);
  for (let n = 0; n < groups.length; n++) {
    const start = groups[n]! * bins;
    for (let cell = start + from; cell < start + to; cell++) {
      const more = state.count[cell]!;
      if (more === 0) continue;
      const before = count[n]!;
      const total = before + more;
      const apart = state.mean[cell]! - mean[n]!;
      count[n] = total;
      mean[n]! += (apart * more) / total;
      m2[n]! += state.m2[cell]! + (apart * apart * before * more) / total;
    }
  }
  return { count, mean, m2 };
}

function openPairs(state: CubePairs, { bins, groups }: Cube): (range: Range) => StateData {
  const slice = slicePairs(state, bins, groups);
  if (state.keep === 'minmax') return (range) => extremes(slice, range);
  return (range) => ({ state: 'bag', bag: slice.bag(range) });
}

function extremes(slice: ReturnType<typeof slicePairs>, range: Range): StateData {
  const { least, greatest, present } = slice.extremes(range);
  const validity = bitmapOf(present);
  const withValidity = (data: ColumnData) => ({ ...data, validity }) as ColumnData;
  return { state: 'minmax', min: withValidity(least), max: withValidity(greatest) };
}
