import type { ColumnData } from '../../arrow/column-data.ts';
import type { Formula } from '../../protocol/formula.ts';

/** The axis a pointer moves over: bin `k` is `[from + k·width, from + (k + 1)·width)` of a numeric or time operand. */
export interface CubeAxis {
  readonly operand: Formula;
  /** A number, UTC milliseconds or days, as the operand is. */
  readonly from: number;
  /** Above 0. */
  readonly width: number;
  readonly bins: number;
}

/** Cells a cube may have; a screen of 500 bins × 200 groups has a hundred thousand. */
export const maxCells = 2 ** 23;

/** Bins an axis may have: more than any screen is wide. */
export const maxBins = 65_536;

/** Groups a cube may have. */
export const maxCubeGroups = 65_536;

/** Different (cell, value) pairs that a count of distinct values, or a quantile, may keep. */
export const maxPairs = 2 ** 21;

/**
 * What a state keeps of each cell `group·bins + bin`. A `count` left out is the cube's `rows`: nothing was null.
 * Unlike a partial's, float states are added in the order in which blocks came.
 */
export type CubeState =
  | { readonly state: 'rows' }
  | { readonly state: 'count'; count: Int32Array | undefined }
  /** The sum is `high·2^32 + low`; sums of |low| along a group's axis stay within `bound`, at most 2^53. */
  | {
      readonly state: 'exact';
      count: Int32Array | undefined;
      low: Float64Array;
      high: Float64Array | undefined;
      bound: number;
    }
  | { readonly state: 'float'; count: Int32Array | undefined; sum: Float64Array }
  /** Where a cell has no value, +∞ and −∞; `type` is an empty column of the operand's type. */
  | {
      readonly state: 'extremes';
      count: Int32Array | undefined;
      min: Float64Array;
      max: Float64Array;
      type: ColumnData;
    }
  | { readonly state: 'moments'; count: Int32Array; mean: Float64Array; m2: Float64Array }
  | CubePairs;

/** The different values of each cell: `values[entries[p]]` occurs in `cells[p]`, `counts[p]` times where that matters. */
export interface CubePairs {
  readonly state: 'pairs';
  /** What the pairs are kept for. */
  readonly keep: 'distinct' | 'values' | 'minmax';
  readonly values: ColumnData;
  readonly cells: Int32Array;
  readonly entries: Int32Array;
  readonly counts: Float64Array | undefined;
}

/** Every cell of a question under a brush; memory-only, plain data. Groups are in order of appearance. */
export interface Cube {
  readonly bins: number;
  readonly groups: number;
  /** One a part of the spec's `groupBy`, as in `AggregatePartial`. */
  readonly keys: readonly ColumnData[];
  /** Matching rows of each cell, fewer than 2^31 in all. */
  readonly rows: Int32Array;
  /** One a state of the spec, in its order. */
  readonly states: readonly CubeState[];
}
