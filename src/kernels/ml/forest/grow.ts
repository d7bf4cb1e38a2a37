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
  /** Class code of each row; empty for a regression. */
  readonly codes: Int32Array;
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

/** Rows up to which sorting beats a histogram; below 256. */
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
  const { data, outputs, codes, target } = growth;
  const classes = outputs > 1;
  const width = classes ? outputs : 2;
  const histogram = new Float64Array(256 * width);
  const met = new Int32Array(256);
  const offsets = new Int32Array(256);
  const seenBins = new Uint8Array(256);
  const keys = new Int32Array(fewRows);
  const columns = Int32Array.from({ length: data.columns }, (_, k) => k);
  const drawn = new Int32Array(weights.length);
  let drawnRows = 0;
  for (let row = 0; row < weights.length; row++) if (weights[row]! > 0) drawn[drawnRows++] = row;
  const order = drawn.subarray(0, drawnRows);
  const right = new Int32Array(order.length);
  const totals = new Float64Array(width);
  const lefts = new Float64Array(width);
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
    totals.fill(0);
    let weight = 0;
    let pure = true;
    if (classes) {
      const first = codes[order[start]!]!;
      for (let i = start; i < end; i++) {
        const row = order[i]!;
        const code = codes[row]!;
        weight += weights[row]!;
        if (code !== first) pure = false;
        totals[code] = totals[code]! + weights[row]!;
      }
      return { weight, pure };
    }
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
    if (classes) {
      const slot = at + codes[row]!;
      histogram[slot] = histogram[slot]! + w;
    } else {
      histogram[at] = histogram[at]! + w;
      histogram[at + 1] = histogram[at + 1]! + w * target[row]!;
    }
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
    if (classes)
      for (let i = start; i < end; i++) {
        const row = order[i]!;
        const bin = bins[row]!;
        seenBins[bin] = 1;
        const slot = bin * width + codes[row]!;
        histogram[slot] = histogram[slot]! + weights[row]!;
      }
    else
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

  /** Best bin to cut one column after, and its score: Σ over children of Σ count² ÷ weight, or sum² ÷ weight. */
  function scan(entries: number, weight: number): { bin: number; score: number } {
    lefts.fill(0);
    let leftWeight = 0;
    let leftSquares = 0;
    let rightSquares = 0;
    if (classes) for (let c = 0; c < width; c++) rightSquares += totals[c]! * totals[c]!;
    let best = Number.NEGATIVE_INFINITY;
    let at = -1;
    for (let entry = 0; entry < entries - 1; entry++) {
      const from = offsets[entry]!;
      if (classes) {
        for (let c = 0; c < width; c++) {
          const count = histogram[from + c]!;
          if (count === 0) continue;
          const before = lefts[c]!;
          leftSquares += count * (2 * before + count);
          rightSquares -= count * (2 * (totals[c]! - before) - count);
          lefts[c] = before + count;
          leftWeight += count;
        }
      } else {
        leftWeight += histogram[from]!;
        lefts[1] = lefts[1]! + histogram[from + 1]!;
      }
      const rightWeight = weight - leftWeight;
      if (leftWeight < growth.minLeaf) continue;
      if (rightWeight < growth.minLeaf) break;
      const rest = totals[1]! - lefts[1]!;
      const score = classes
        ? leftSquares / leftWeight + rightSquares / rightWeight
        : (lefts[1]! * lefts[1]!) / leftWeight + (rest * rest) / rightWeight;
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
      const entries = fillHistogram(column, start, end);
      if (entries < 2) continue;
      seen++;
      const { bin, score } = scan(entries, weight);
      if (bin >= 0 && (found === undefined || score > found.score)) found = { column, bin, score };
    }
    return found;
  }

  /** Moves rows at or below the bin to the front, keeping their order; returns the middle. */
  function partition(split: Split, start: number, end: number): number {
    const base = split.column * data.rows;
    let middle = start;
    let others = 0;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      if (data.bins[base + row]! <= split.bin) order[middle++] = row;
      else right[others++] = row;
    }
    order.set(right.subarray(0, others), middle);
    return middle;
  }

  open(0, order.length, 0);
  for (let at = work.pop(); at; at = work.pop()) {
    const { node, start, end, depth } = at;
    const { weight, pure } = sumUp(start, end);
    if (classes) for (let c = 0; c < outputs; c++) value[node * outputs + c] = totals[c]! / weight;
    else value[node] = totals[1]! / weight;
    const leaf = pure || depth >= growth.maxDepth || weight < growth.minSplit || weight < 2 * growth.minLeaf;
    const split = leaf ? undefined : bestSplit(start, end, weight);
    if (!split) continue;
    let own = classes ? 0 : (totals[1]! * totals[1]!) / weight;
    if (classes) for (let c = 0; c < outputs; c++) own += (totals[c]! * totals[c]!) / weight;
    importance[split.column] = importance[split.column]! + Math.max(0, split.score - own);
    const middle = partition(split, start, end);
    feature[node] = split.column;
    threshold[node] = data.edges[split.column]![split.bin]!;
    left[node] = feature.length;
    open(start, middle, depth + 1);
    open(middle, end, depth + 1);
  }
  return { feature, threshold, left, value };
}
