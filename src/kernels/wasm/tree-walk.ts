import { apartStart, loadApart } from './load-apart.ts';
import { bytes } from './tree-walk.as.ts?wasm';

interface Exports {
  walk(x: number, p: number, rows: number, nodes: number, values: number, out: number): void;
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
  const loaded = loadApart<Exports>(bytes, 24 * nodes + 8 * rowsAPass * (p + 1));
  if (loaded === undefined) return walkTreesPlain(trees, values, p);
  const { exports, memory } = loaded;
  const doubles = new Float64Array(memory.buffer, apartStart, 2 * nodes);
  const words = new Int32Array(memory.buffer, apartStart, 4 * nodes);
  const valuesAt = apartStart + 16 * nodes;
  const leaves = new Float64Array(memory.buffer, valuesAt, nodes);
  const starts: number[] = [];
  let at = 0;
  for (const tree of trees) {
    starts.push(at);
    for (let i = 0; i < tree.left.length; i++, at++) {
      const isLeaf = tree.left[i] === 0;
      doubles[2 * at] = isLeaf ? Number.NaN : tree.threshold[i]!;
      words[4 * at + 2] = isLeaf ? 0 : tree.feature[i]!;
      words[4 * at + 3] = isLeaf ? i - 1 : tree.left[i]!;
      leaves[at] = tree.threshold[i]!;
    }
  }
  const outAt = valuesAt + 8 * nodes;
  const rowsAt = outAt + 8 * rowsAPass;
  const out = new Float64Array(memory.buffer, outAt, rowsAPass);
  const rowView = new Float64Array(memory.buffer, rowsAt, rowsAPass * p);
  const rows = values.length / p;
  const sums = new Float64Array(rows);
  for (let from = 0; from < rows; from += rowsAPass) {
    const count = Math.min(rowsAPass, rows - from);
    rowView.set(values.subarray(from * p, (from + count) * p));
    out.fill(0);
    for (const start of starts)
      exports.walk(rowsAt, p, count, apartStart + 16 * start, valuesAt + 8 * start, outAt);
    sums.set(out.subarray(0, count), from);
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
