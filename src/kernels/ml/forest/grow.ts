import type { ClassSplit } from '../../wasm/class-split.ts';
import type { RandomStream } from '../sample/random.ts';
import type { Binned } from './bins.ts';

/**
 * A tree in arrays. Node i splits on `feature[i]` at `threshold[i]` (smaller or equal goes to `left[i]`, else to
 * `left[i] + 1`); a leaf has `left[i]` 0. `value` holds `outputs` numbers a node.
 */
export interface Tree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly value: readonly number[];
}

/** What a tree is grown for: `outputs` is the number of classes, or 1 for a regression. */
export interface Growth {
  readonly data: Binned;
  readonly outputs: number;
  /** Rows of classes and where to cut them; undefined for a regression. */
  readonly split: ClassSplit | undefined;
  /** Target of each row; empty for classes. */
  readonly target: Float64Array;
  readonly maxFeatures: number;
  readonly maxDepth: number;
  readonly minSplit: number;
  readonly minLeaf: number;
}

interface Split {
  readonly column: number;
  readonly bin: number;
  /** What the children's scores sum to; compare with the node's own. */
  readonly score: number;
}

/** Rows of a regression up to which sorting beats a histogram; below 256. */
const fewRows = 40;

/**
 * Grows a tree on rows with weights (how often the bootstrap drew them; 0: not at all), by Gini impurity for classes
 * and squared error for a regression (Breiman et al. 1984) over histograms. `importance` gains each column's
 * decrease, weighted by rows.
 */
export function growTree(
  growth: Growth,
  weights: Float64Array,
  random: RandomStream,
  importance: Float64Array,
): Tree {
  const { data, outputs, split, target } = growth;
  const width = 2;
  const histogram = new Float64Array(256 * width);
  const met = new Int32Array(256);
  const offsets = new Int32Array(256);
  const seenBins = new Uint8Array(256);
  const keys = new Int32Array(fewRows);
  const columns = Int32Array.from({ length: data.columns }, (_, k) => k);
  const order = split ? new Int32Array() : Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
  const drawnRows = split ? split.begin(weights) : order.length;
  const right = new Int32Array(order.length);
  const totals = split?.totals ?? new Float64Array(width);
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const value: number[] = [];
  const work: { node: number; start: number; end: number; depth: number }[] = [];

  function open(start: number, end: number, depth: number): void {
    work.push({ node: feature.length, start, end, depth });
    feature.push(0);
    threshold.push(0);
    left.push(0);
    for (let o = 0; o < outputs; o++) value.push(0);
  }

  /** Fills `totals` with the node's sums; returns its weight, and whether all targets are alike. */
  function sumUp(start: number, end: number): { weight: number; pure: boolean } {
    if (split) {
      const pure = split.sum(start, end);
      let weight = 0;
      for (let c = 0; c < outputs; c++) weight += totals[c]!;
      return { weight, pure };
    }
    totals.fill(0);
    let weight = 0;
    let pure = true;
    const first = target[order[start]!]!;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      const w = weights[row]!;
      weight += w;
      if (target[row]! !== first) pure = false;
      totals[1] = totals[1]! + w * target[row]!;
    }
    totals[0] = weight;
    return { weight, pure };
  }

  /** Adds one row to the histogram. */
  function add(row: number, at: number): void {
    const w = weights[row]!;
    histogram[at] = histogram[at]! + w;
    histogram[at + 1] = histogram[at + 1]! + w * target[row]!;
  }

  /**
   * Histogram of one column over the node's rows: `met` gets the bins met, ascending, `offsets` where each one's
   * counts begin. Returns how many. Few rows are sorted, many are counted.
   */
  function fillHistogram(column: number, start: number, end: number): number {
    const bins = data.bins.subarray(column * data.rows, (column + 1) * data.rows);
    const count = end - start;
    if (count <= fewRows) {
      for (let i = 0; i < count; i++) {
        const key = (bins[order[start + i]!]! << 8) | i;
        let at = i;
        for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
        keys[at] = key;
      }
      let entries = 0;
      for (let i = 0; i < count; i++) {
        const bin = keys[i]! >> 8;
        if (entries === 0 || met[entries - 1] !== bin) {
          met[entries] = bin;
          offsets[entries] = entries * width;
          for (let o = entries * width; o < (entries + 1) * width; o++) histogram[o] = 0;
          entries++;
        }
        add(order[start + (keys[i]! & 255)]!, (entries - 1) * width);
      }
      return entries;
    }
    histogram.fill(0);
    seenBins.fill(0);
    for (let i = start; i < end; i++) {
      const bin = bins[order[i]!]!;
      seenBins[bin] = 1;
      add(order[i]!, bin * width);
    }
    let entries = 0;
    for (let bin = 0; bin < 256; bin++) {
      if (seenBins[bin] === 0) continue;
      offsets[entries] = bin * width;
      met[entries++] = bin;
    }
    return entries;
  }

  /** Best bin to cut one column after, and its score: Σ over children of sum² ÷ weight. */
  function scan(entries: number, weight: number): { bin: number; score: number } {
    let leftWeight = 0;
    let leftSum = 0;
    let best = Number.NEGATIVE_INFINITY;
    let at = -1;
    for (let entry = 0; entry < entries - 1; entry++) {
      const from = offsets[entry]!;
      leftWeight += histogram[from]!;
      leftSum += histogram[from + 1]!;
      const rightWeight = weight - leftWeight;
      if (leftWeight < growth.minLeaf) continue;
      if (rightWeight < growth.minLeaf) break;
      const rest = totals[1]! - leftSum;
      const score = (leftSum * leftSum) / leftWeight + (rest * rest) / rightWeight;
      if (score > best) {
        best = score;
        at = met[entry]!;
      }
    }
    return { bin: at, score: best };
  }

  /** Looks at random columns until `maxFeatures` that are not constant here have been seen. */
  function bestSplit(start: number, end: number, weight: number): Split | undefined {
    let found: Split | undefined;
    let seen = 0;
    for (let drawn = 0; drawn < columns.length && seen < growth.maxFeatures; drawn++) {
      const pick = drawn + random.below(columns.length - drawn);
      const column = columns[pick]!;
      columns[pick] = columns[drawn]!;
      columns[drawn] = column;
      if (split) {
        const bin = split.look(column, start, end, weight);
        if (bin === -2) continue;
        seen++;
        const { score } = split;
        if (bin >= 0 && (found === undefined || score > found.score)) found = { column, bin, score };
        continue;
      }
      const entries = fillHistogram(column, start, end);
      if (entries < 2) continue;
      seen++;
      const { bin, score } = scan(entries, weight);
      if (bin >= 0 && (found === undefined || score > found.score)) found = { column, bin, score };
    }
    return found;
  }

  /** Moves rows at or below the bin to the front, keeping their order; returns the middle. */
  function partition({ column, bin }: Split, start: number, end: number): number {
    if (split) return split.part(column, start, end, bin);
    const base = column * data.rows;
    let middle = start;
    let others = 0;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      if (data.bins[base + row]! <= bin) order[middle++] = row;
      else right[others++] = row;
    }
    order.set(right.subarray(0, others), middle);
    return middle;
  }

  open(0, drawnRows, 0);
  for (let at = work.pop(); at; at = work.pop()) {
    const { node, start, end, depth } = at;
    const { weight, pure } = sumUp(start, end);
    if (split) for (let c = 0; c < outputs; c++) value[node * outputs + c] = totals[c]! / weight;
    else value[node] = totals[1]! / weight;
    const leaf = pure || depth >= growth.maxDepth || weight < growth.minSplit || weight < 2 * growth.minLeaf;
    const cut = leaf ? undefined : bestSplit(start, end, weight);
    if (!cut) continue;
    let own = split ? 0 : (totals[1]! * totals[1]!) / weight;
    if (split) for (let c = 0; c < outputs; c++) own += (totals[c]! * totals[c]!) / weight;
    importance[cut.column] = importance[cut.column]! + Math.max(0, cut.score - own);
    const middle = partition(cut, start, end);
    feature[node] = cut.column;
    threshold[node] = data.edges[cut.column]![cut.bin]!;
    left[node] = feature.length;
    open(start, middle, depth + 1);
    open(middle, end, depth + 1);
  }
  return { feature, threshold, left, value };
}
