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
  /** Class code of each row, or its target. */
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
  const { data, outputs, target } = growth;
  const classes = outputs > 1;
  const width = classes ? outputs : 2;
  const histogram = new Float64Array(256 * width);
  const columns = Int32Array.from({ length: data.columns }, (_, k) => k);
  const order = Int32Array.from(Array.from(weights.keys()).filter((i) => weights[i]! > 0));
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
    const first = target[order[start]!]!;
    let weight = 0;
    let pure = true;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      const w = weights[row]!;
      const y = target[row]!;
      weight += w;
      if (y !== first) pure = false;
      if (classes) totals[y] = totals[y]! + w;
      else totals[1] = totals[1]! + w * y;
    }
    if (!classes) totals[0] = weight;
    return { weight, pure };
  }

  /** Adds rows to the histogram of one column; returns the lowest and highest bin met. */
  function fillHistogram(column: number, start: number, end: number): [number, number] {
    const { bins, rows } = data;
    const base = column * rows;
    let [low, high] = [255, 0];
    for (let i = start; i < end; i++) {
      const bin = bins[base + order[i]!]!;
      if (bin < low) low = bin;
      if (bin > high) high = bin;
    }
    if (low >= high) return [low, high];
    histogram.fill(0, low * width, (high + 1) * width);
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      const at = bins[base + row]! * width;
      const w = weights[row]!;
      if (classes) histogram[at + target[row]!] = histogram[at + target[row]!]! + w;
      else {
        histogram[at] = histogram[at]! + w;
        histogram[at + 1] = histogram[at + 1]! + w * target[row]!;
      }
    }
    return [low, high];
  }

  /** Best bin to cut one column after, and its score: Σ over children of Σ count² ÷ weight, or sum² ÷ weight. */
  function scan(low: number, high: number, weight: number): { bin: number; score: number } {
    lefts.fill(0);
    let leftWeight = 0;
    let leftSquares = 0;
    let rightSquares = 0;
    if (classes) for (let c = 0; c < width; c++) rightSquares += totals[c]! * totals[c]!;
    let best = Number.NEGATIVE_INFINITY;
    let at = -1;
    for (let bin = low; bin < high; bin++) {
      let here = 0;
      if (classes) {
        for (let c = 0; c < width; c++) {
          const count = histogram[bin * width + c]!;
          if (count === 0) continue;
          const before = lefts[c]!;
          const rest = totals[c]! - before;
          leftSquares += count * (2 * before + count);
          rightSquares -= count * (2 * rest - count);
          lefts[c] = before + count;
          here += count;
        }
      } else {
        here = histogram[bin * 2]!;
        lefts[1] = lefts[1]! + histogram[bin * 2 + 1]!;
      }
      if (here === 0) continue;
      leftWeight += here;
      const rightWeight = weight - leftWeight;
      if (leftWeight < growth.minLeaf) continue;
      if (rightWeight < growth.minLeaf) break;
      const rest = totals[1]! - lefts[1]!;
      const score = classes
        ? leftSquares / leftWeight + rightSquares / rightWeight
        : (lefts[1]! * lefts[1]!) / leftWeight + (rest * rest) / rightWeight;
      if (score > best) {
        best = score;
        at = bin;
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
      const [low, high] = fillHistogram(column, start, end);
      if (low >= high) continue;
      seen++;
      const { bin, score } = scan(low, high, weight);
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
