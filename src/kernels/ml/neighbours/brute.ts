import { openPoints } from '../../wasm/kernel-rows.ts';
import type { Samples } from '../samples.ts';
import type { Nearest } from './kd-tree.ts';

/**
 * The nearest rows of each query among those seen so far: a partial of a streamed search. Rows are numbered over the
 * whole data set, so that partials of any blocks merge, in any order, to the same answer.
 */
export interface NearestPartial {
  readonly queries: number;
  readonly k: number;
  /** Squared distances, ascending within a query; +∞ where fewer than `k` rows were seen. */
  readonly squared: Float64Array;
  /** Row numbers as exact doubles; −1 where there is none. */
  readonly rows: Float64Array;
  /** The rows' targets, when given. */
  readonly targets: Float64Array;
}

/** A partial that has seen no row. */
function empty(queries: number, k: number): NearestPartial {
  return {
    queries,
    k,
    squared: new Float64Array(queries * k).fill(Number.POSITIVE_INFINITY),
    rows: new Float64Array(queries * k).fill(-1),
    targets: new Float64Array(queries * k),
  };
}

/**
 * Compares every query with every row of a block; `rowNumber(i)` is the i-th row's number in the data set.
 * Exact; ties go to the lower row.
 */
export function mapNearest(
  block: Samples,
  queries: Samples,
  k: number,
  rowNumber: (i: number) => number = (i) => i,
  targets?: ArrayLike<number>,
): NearestPartial {
  const out = empty(queries.rows, k);
  if (block.rows === 0) return out;
  const points = openPoints(block.values, block.rows, block.columns);
  const d = block.columns;
  for (let q = 0; q < queries.rows; q++) {
    const distances = points.distances(queries.values.subarray(q * d, (q + 1) * d));
    const base = q * k;
    let held = 0;
    let worst = Number.POSITIVE_INFINITY;
    for (let i = 0; i < block.rows; i++) {
      const distance = distances[i]!;
      if (!(distance < worst || held < k)) continue;
      let at = held < k ? held++ : k - 1;
      for (; at > 0 && out.squared[base + at - 1]! > distance; at--) {
        out.squared[base + at] = out.squared[base + at - 1]!;
        out.rows[base + at] = out.rows[base + at - 1]!;
      }
      out.squared[base + at] = distance;
      out.rows[base + at] = i;
      if (held === k) worst = out.squared[base + k - 1]!;
    }
    for (let at = base; at < base + held; at++) {
      const i = out.rows[at]!;
      out.rows[at] = rowNumber(i);
      if (targets) out.targets[at] = targets[i]!;
    }
  }
  return out;
}

/** The nearest of both; changes neither. */
export function mergeNearest(left: NearestPartial, right: NearestPartial): NearestPartial {
  const { queries, k } = left;
  const out = empty(queries, k);
  for (let base = 0; base < queries * k; base += k) {
    let [a, b] = [base, base];
    for (let at = base; at < base + k; at++) {
      const leftFirst =
        left.squared[a]! < right.squared[b]! ||
        (left.squared[a] === right.squared[b] &&
          (right.rows[b]! < 0 || (left.rows[a]! >= 0 && left.rows[a]! < right.rows[b]!)));
      const from = leftFirst ? left : right;
      const position = leftFirst ? a++ : b++;
      out.squared[at] = from.squared[position]!;
      out.rows[at] = from.rows[position]!;
      out.targets[at] = from.targets[position]!;
    }
  }
  return out;
}

/** A finished search in the tree's shape; `k` must not exceed the rows seen. */
export function finishNearest(partial: NearestPartial): Nearest {
  return { k: partial.k, squared: partial.squared, rows: Int32Array.from(partial.rows) };
}
