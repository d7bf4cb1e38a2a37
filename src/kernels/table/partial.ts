import { type ColumnData, byteSize as columnBytes } from '../../arrow/column-data.ts';

/**
 * What a state keeps for each of a partial's groups; arrays are of length `groups`, groups in the partial's order.
 *
 * | state | fields |
 * |---|---|
 * | count | rows whose operand is not null |
 * | sum of int32, int64, decimal | `count`, and the exact 128-bit two's complement sum of (unscaled) integers: `low` is its low 64 bits, `high` its high 64 |
 * | sum of float64 | `count`, `sum`; ordered |
 * | minmax | `min`, `max` of the operand's type, null where every operand was null; any NaN makes both NaN |
 * | moments | `count`, `mean`, `m2` = Σ(x − mean)²; ordered |
 * | distinct, values | a {@link Bag} |
 */
export type StateData =
  | { readonly state: 'rows' }
  | { readonly state: 'count'; readonly count: Float64Array }
  | {
      readonly state: 'exact';
      readonly count: Float64Array;
      readonly low: BigInt64Array;
      readonly high: BigInt64Array;
    }
  | { readonly state: 'float'; readonly count: Float64Array; readonly sum: Float64Array }
  | { readonly state: 'minmax'; readonly min: ColumnData; readonly max: ColumnData }
  | {
      readonly state: 'moments';
      readonly count: Float64Array;
      readonly mean: Float64Array;
      readonly m2: Float64Array;
    }
  | { readonly state: 'bag'; readonly bag: Bag };

/**
 * Sets (`distinct`) or multisets (`values`) of values, one a group: the values of group 0 ascending, then of group 1, …
 * Exact while `level` is 0. Of a set, level `L` keeps the values whose hash ends in `L` zero bits (adaptive sampling:
 * Wegman; Flajolet 1990); of a multiset, level `L` drops the `L` lowest bits of a value's order-preserving integer.
 * A level is the lowest at which all groups together keep at most 2^20 values, so it depends on the data alone.
 */
export interface Bag {
  /** Values kept of each group. */
  readonly sizes: Float64Array;
  readonly values: ColumnData;
  /** Of a multiset: how often each value occurs. */
  readonly counts?: Float64Array;
  readonly level: number;
}

/**
 * Partial of an aggregate: the groups that have matching rows, ascending by their keys (nulls last), so that equal
 * partials are equal bytes. Without keys there is one group, or none when no row matches.
 *
 * | group | key column in a partial |
 * |---|---|
 * | value | the operand's type; −0 is +0, one NaN |
 * | number | float64: the bin's index `floor((x − origin) ÷ width)`, ±∞ or NaN |
 * | time, day and longer | date: the bin's first local day |
 * | time, hour | timestamp: the UTC instant at which the bin starts |
 */
export interface AggregatePartial {
  readonly kernel: 'aggregate';
  readonly groups: number;
  readonly keys: readonly ColumnData[];
  /** Matching rows of each group, at least 1. */
  readonly rows: Float64Array;
  /** One a state of the spec, in its order. */
  readonly states: readonly StateData[];
}

/** Bytes a partial takes in memory. */
export function partialBytes(partial: AggregatePartial): number {
  let bytes = 64 + partial.rows.byteLength;
  for (const key of partial.keys) bytes += columnBytes(key);
  for (const state of partial.states) {
    if (state.state === 'count') bytes += state.count.byteLength;
    else if (state.state === 'exact') bytes += 3 * state.count.byteLength;
    else if (state.state === 'float') bytes += 2 * state.count.byteLength;
    else if (state.state === 'moments') bytes += 3 * state.count.byteLength;
    else if (state.state === 'minmax') bytes += columnBytes(state.min) + columnBytes(state.max);
    else if (state.state === 'bag')
      bytes +=
        state.bag.sizes.byteLength + columnBytes(state.bag.values) + (state.bag.counts?.byteLength ?? 0);
  }
  return bytes;
}
