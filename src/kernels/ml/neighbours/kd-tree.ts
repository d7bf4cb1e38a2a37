import { type SearchedTree, slack, treeSearch } from '../../wasm/kd-search.ts';
import type { Samples } from '../samples.ts';

/** Rows a leaf holds at most. */
const leafRows = 16;

/** J. H. Friedman, J. L. Bentley, R. A. Finkel (1977). */
export type KdTree = SearchedTree;

/** Builds the tree: splits at the median of the widest column. */
export function kdTree(x: Samples): KdTree {
  const { rows: n, columns: d, values } = x;
  let depth = 0;
  while (n / 2 ** depth > leafRows) depth++;
  const nodes = 2 ** (depth + 1) - 1;
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const start = new Int32Array(nodes);
  const end = new Int32Array(nodes);
  const axis = new Int32Array(nodes).fill(-1);
  const cut = new Float64Array(nodes);
  end[0] = n;
  const firstLeaf = 2 ** depth - 1;
  const keys = new Float64Array(n);
  for (let node = 0; node < firstLeaf; node++) {
    const [from, to] = [start[node]!, end[node]!];
    const middle = (from + to) >> 1;
    const k = widest(values, d, order, from, to);
    for (let i = from; i < to; i++) keys[i] = values[order[i]! * d + k]!;
    selectAt(keys, order, from, to - 1, middle);
    axis[node] = k;
    cut[node] = keys[middle]!;
    start[2 * node + 1] = from;
    end[2 * node + 1] = middle;
    start[2 * node + 2] = middle;
    end[2 * node + 2] = to;
  }
  const sorted = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) sorted[i * d + k] = values[order[i]! * d + k]!;
  return { rows: n, columns: d, values: sorted, order, start, end, axis, cut };
}

function widest(values: Float64Array, d: number, order: Int32Array, from: number, to: number): number {
  let best = 0;
  let width = -1;
  for (let k = 0; k < d; k++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = from; i < to; i++) {
      const value = values[order[i]! * d + k]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > width) {
      width = high - low;
      best = k;
    }
  }
  return best;
}

/** Quickselect over keys[from … to], `order` moved along: afterwards no key before `at` is above keys[at]. */
function selectAt(keys: Float64Array, order: Int32Array, from: number, to: number, at: number): void {
  let low = from;
  let high = to;
  while (low < high) {
    const [a, b, c] = [keys[low]!, keys[(low + high) >> 1]!, keys[high]!];
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = low;
    let j = high;
    while (i <= j) {
      while (keys[i]! < pivot) i++;
      while (keys[j]! > pivot) j--;
      if (i <= j) {
        const [key, row] = [keys[i]!, order[i]!];
        keys[i] = keys[j]!;
        order[i++] = order[j]!;
        keys[j] = key;
        order[j--] = row;
      }
    }
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else return;
  }
}

/** The `k` nearest rows of each query, nearest first: squared distances and rows, `k` a query. */
export interface Nearest {
  readonly k: number;
  readonly squared: Float64Array;
  readonly rows: Int32Array;
}

/**
 * Finds the `k` (at most `tree.rows`) nearest rows of each query exactly; of equally near ones those of lower row
 * numbers.
 */
export function nearestInTree(tree: KdTree, queries: Samples, k: number): Nearest {
  return { k, ...treeSearch(tree, k)(queries.values, queries.rows) };
}

/** Rows within `radius` of `query` (inclusive), told to `visit` by their position in the tree, in tree order. */
export function withinRadius(
  tree: KdTree,
  query: Float64Array,
  radius: number,
  visit: (position: number) => void,
): void {
  const { columns: d, values, start, end, axis, cut } = tree;
  const limit = radius * radius;
  function walk(node: number): void {
    const k = axis[node]!;
    if (k >= 0) {
      const offset = query[k]! - cut[node]!;
      if (offset <= radius * slack) walk(2 * node + 1);
      if (offset >= -radius * slack) walk(2 * node + 2);
      return;
    }
    for (let i = start[node]!; i < end[node]!; i++) {
      let sum = 0;
      for (let m = 0; m < d; m++) {
        const difference = values[i * d + m]! - query[m]!;
        sum += difference * difference;
      }
      if (sum <= limit) visit(i);
    }
  }
  walk(0);
}
