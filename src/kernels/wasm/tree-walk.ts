import { apartStart, loadApart } from './load-apart.ts';
import { bytes } from './tree-walk.as.ts?wasm';

interface Exports {
  walk(x: number, p: number, rows: number, nodes: number, out: number): void;
}

/** A tree in arrays: a leaf has `left` 0 and its value as `threshold`; smaller or equal goes left, else to `left + 1`. */
export interface WalkedTree {
  readonly feature: ArrayLike<number>;
  readonly threshold: ArrayLike<number>;
  readonly left: ArrayLike<number>;
}

/** Rows a pass over the trees takes at a time, so that they stay in the processor's cache. */
const rowsAPass = 2048;

/**
 * Sum over the trees, in their order, of the value each row (row-major, `p` columns) ends at. NaN goes right. The bits
 * are those of {@link walkTreesPlain}.
 */
export function walkTrees(trees: readonly WalkedTree[], values: Float64Array, p: number): Float64Array {
  const nodes = trees.reduce((sum, tree) => sum + tree.left.length, 0);
  const loaded = loadApart<Exports>(bytes, 16 * nodes + 8 * rowsAPass * (p + 1));
  if (loaded === undefined) return walkTreesPlain(trees, values, p);
  const { exports, memory } = loaded;
  const doubles = new Float64Array(memory.buffer, apartStart, 2 * nodes);
  const words = new Int32Array(memory.buffer, apartStart, 4 * nodes);
  const starts: number[] = [];
  let at = 0;
  for (const tree of trees) {
    starts.push(apartStart + 16 * at);
    for (let i = 0; i < tree.left.length; i++, at++) {
      doubles[2 * at] = tree.threshold[i]!;
      words[4 * at + 2] = tree.feature[i]!;
      words[4 * at + 3] = tree.left[i]!;
    }
  }
  const outAt = apartStart + 16 * nodes;
  const rowsAt = outAt + 8 * rowsAPass;
  const out = new Float64Array(memory.buffer, outAt, rowsAPass);
  const rowView = new Float64Array(memory.buffer, rowsAt, rowsAPass * p);
  const rows = values.length / p;
  const sums = new Float64Array(rows);
  for (let start = 0; start < rows; start += rowsAPass) {
    const count = Math.min(rowsAPass, rows - start);
    rowView.set(values.subarray(start * p, (start + count) * p));
    out.fill(0);
    for (const tree of starts) exports.walk(rowsAt, p, count, tree, outAt);
    sums.set(out.subarray(0, count), start);
  }
  return sums;
}

/** The TypeScript twin of {@link walkTrees}. */
export function walkTreesPlain(trees: readonly WalkedTree[], values: Float64Array, p: number): Float64Array {
  const sums = new Float64Array(values.length / p);
  for (const { feature, threshold, left } of trees)
    for (let i = 0; i < sums.length; i++) {
      let node = 0;
      for (let child = left[0]!; child !== 0; child = left[node]!)
        node = values[i * p + feature[node]!]! <= threshold[node]! ? child : child + 1;
      sums[i] = sums[i]! + threshold[node]!;
    }
  return sums;
}
