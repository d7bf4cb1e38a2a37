import { concatColumns } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import { comparePositions, orderKeyOf } from './order-key.ts';

/** Two ascending lists of distinct keys as one. */
export interface Union {
  /** Of each side's keys: their places in the union, ascending. */
  readonly places: readonly [Int32Array, Int32Array];
  /** Of each key of the union: where it comes from, left ones `[0, left)`, right ones after them. */
  readonly from: Int32Array;
}

/** Negative, 0 or positive for two positions of a column. */
type Compare = (a: number, b: number) => number;

/**
 * The union of two partials' groups, whose keys ascend on both sides (nulls last, NaN before them). One pass: what
 * merging costs is what there is to merge.
 */
export function unionOf(left: readonly ColumnData[], right: readonly ColumnData[]): Union {
  const split = left[0]?.length ?? 0;
  const end = split + (right[0]?.length ?? 0);
  const compare = comparerOf(left.map((column, k) => concatColumns([column, right[k]!])));
  const places: [Int32Array, Int32Array] = [new Int32Array(split), new Int32Array(end - split)];
  const from = new Int32Array(end);
  let l = 0;
  let r = split;
  let used = 0;
  while (l < split || r < end) {
    const order = r === end ? -1 : l === split ? 1 : compare(l, r);
    from[used] = order <= 0 ? l : r;
    if (order <= 0) places[0][l++] = used;
    if (order >= 0) places[1][r++ - split] = used;
    used++;
  }
  return { places, from: from.subarray(0, used) };
}

/** Plain integers are compared as they are; any other key by the words rows are ordered by. */
function comparerOf(columns: readonly ColumnData[]): Compare {
  const [first] = columns;
  if (columns.length === 1 && first && !first.validity && first.kind !== 'text') {
    const { values } = first;
    if (values instanceof Int32Array || values instanceof Uint8Array)
      return (a, b) => values[a]! - values[b]!;
  }
  const keys = columns.map((column) => orderKeyOf(column, false));
  return (a, b) => comparePositions(keys, a, b);
}
