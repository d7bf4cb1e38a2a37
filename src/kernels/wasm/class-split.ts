import { bytes } from './class-split.as.ts?wasm';
import { apartStart, loadApart } from './load-apart.ts';

interface ClassSplitModule {
  sum(codes: number, weights: number, start: number, end: number, classes: number, totals: number): number;
  look(
    bins: number,
    order: number,
    codes: number,
    weights: number,
    start: number,
    end: number,
    weight: number,
    classes: number,
    least: number,
    few: number,
    totals: number,
    lefts: number,
    keys: number,
    histogram: number,
    score: number,
  ): number;
  part(
    bins: number,
    order: number,
    codes: number,
    weights: number,
    start: number,
    end: number,
    bin: number,
    spare: number,
  ): number;
}

/** Rows up to which sorting beats a histogram; below 256. */
const fewRows = 32;

/**
 * Rows of a tree in its order, with the class and weight of each, and where to cut them. Weights are whole numbers, so
 * that every sum is exact.
 */
export interface ClassSplit {
  /** Takes the rows with a weight above 0, in order; how many. */
  begin(weights: Float64Array): number;
  /** Σ of weights by class at positions `[start, end)`, for {@link look} too; whether all are of one class. */
  sum(start: number, end: number): boolean;
  readonly totals: Float64Array;
  /**
   * Best bin of a column to cut positions `[start, end)` after, together of `weight` (as summed up last): −2 when all are
   * in one bin, −1 when no cut leaves the least weight on both sides. `score`: Σ over both sides of Σ count² ÷ weight.
   */
  look(column: number, start: number, end: number, weight: number): number;
  readonly score: number;
  /** Moves positions whose bin is at most `bin` to the front, all keeping their order; the first of the others. */
  part(column: number, start: number, end: number, bin: number): number;
}

/** What is cut: `bins` column-major, a class code a row, and the least weight of a side. */
export interface ClassRows {
  readonly bins: Uint8Array;
  readonly rows: number;
  readonly codes: Int32Array;
  readonly classes: number;
  readonly least: number;
}

/** Rows held in a memory of their own. The bits are those of {@link classSplitPlain}. */
export function classSplit(data: ClassRows): ClassSplit {
  const { bins, rows, codes: codeOf, classes, least } = data;
  let next = apartStart;
  const room = (size: number) => {
    const at = next;
    next += 16 * Math.ceil(size / 16);
    return at;
  };
  const [binsAt, orderAt, codesAt] = [room(bins.length), room(4 * rows), room(4 * rows)];
  const [weightsAt, spareAt, keysAt] = [room(8 * rows), room(16 * rows), room(4 * fewRows)];
  const [totalsAt, leftsAt, histogramAt] = [room(8 * classes), room(8 * classes), room(2048 * classes)];
  const scoreAt = room(8);
  const loaded = loadApart<ClassSplitModule>(bytes, next - apartStart);
  if (!loaded) return classSplitPlain(data);
  const { exports, memory } = loaded;
  new Uint8Array(memory.buffer, binsAt, bins.length).set(bins);
  const order = new Int32Array(memory.buffer, orderAt, rows);
  const codes = new Int32Array(memory.buffer, codesAt, rows);
  const held = new Float64Array(memory.buffer, weightsAt, rows);
  const score = new Float64Array(memory.buffer, scoreAt, 1);
  return {
    totals: new Float64Array(memory.buffer, totalsAt, classes),
    begin: (weights) => fill(weights, codeOf, order, codes, held),
    sum: (start, end) => exports.sum(codesAt, weightsAt, start, end, classes, totalsAt) !== 0,
    look: (column, start, end, weight) =>
      exports.look(
        binsAt + column * rows,
        orderAt,
        codesAt,
        weightsAt,
        start,
        end,
        weight,
        classes,
        least,
        fewRows,
        totalsAt,
        leftsAt,
        keysAt,
        histogramAt,
        scoreAt,
      ),
    get score() {
      return score[0]!;
    },
    part: (column, start, end, bin) =>
      exports.part(binsAt + column * rows, orderAt, codesAt, weightsAt, start, end, bin, spareAt),
  };
}

function fill(
  weights: Float64Array,
  codeOf: Int32Array,
  order: Int32Array,
  codes: Int32Array,
  held: Float64Array,
): number {
  let count = 0;
  for (let row = 0; row < weights.length; row++) {
    if (weights[row]! <= 0) continue;
    order[count] = row;
    codes[count] = codeOf[row]!;
    held[count++] = weights[row]!;
  }
  return count;
}

/** The TypeScript twin of {@link classSplit}. */
export function classSplitPlain({ bins, rows, codes: codeOf, classes, least }: ClassRows): ClassSplit {
  const order = new Int32Array(rows);
  const codes = new Int32Array(rows);
  const held = new Float64Array(rows);
  const totals = new Float64Array(classes);
  const histogram = new Float64Array(256 * classes);
  let score = Number.NEGATIVE_INFINITY;
  return {
    totals,
    begin: (weights) => fill(weights, codeOf, order, codes, held),
    sum(start, end) {
      totals.fill(0);
      for (let i = start; i < end; i++) totals[codes[i]!]! += held[i]!;
      return codes.subarray(start, end).every((code) => code === codes[start]);
    },
    look(column, start, end, weight) {
      histogram.fill(0);
      const filled = new Uint8Array(256);
      for (let i = start; i < end; i++) {
        const bin = bins[column * rows + order[i]!]!;
        filled[bin] = 1;
        histogram[bin * classes + codes[i]!]! += held[i]!;
      }
      const [lowest, highest] = [filled.indexOf(1), filled.lastIndexOf(1)];
      const lefts = new Float64Array(classes);
      let leftWeight = 0;
      let best = -1;
      score = Number.NEGATIVE_INFINITY;
      for (let bin = lowest; bin < highest; bin++) {
        if (filled[bin] === 0) continue;
        let [leftSquares, rightSquares] = [0, 0];
        for (let c = 0; c < classes; c++) {
          const w = histogram[bin * classes + c]!;
          leftWeight += w;
          lefts[c]! += w;
          leftSquares += lefts[c]! * lefts[c]!;
          rightSquares += (totals[c]! - lefts[c]!) ** 2;
        }
        const rightWeight = weight - leftWeight;
        if (leftWeight < least || rightWeight < least) continue;
        const found = leftSquares / leftWeight + rightSquares / rightWeight;
        if (found > score) {
          score = found;
          best = bin;
        }
      }
      return lowest === highest ? -2 : best;
    },
    get score() {
      return score;
    },
    part(column, start, end, bin) {
      const at = Array.from({ length: end - start }, (_, i) => start + i);
      const isLeft = (i: number) => bins[column * rows + order[i]!]! <= bin;
      const now = [...at.filter(isLeft), ...at.filter((i) => !isLeft(i))].map(
        (i) => [order[i]!, codes[i]!, held[i]!] as const,
      );
      const middle = start + at.filter(isLeft).length;
      now.forEach(([row, code, w], i) => {
        order[start + i] = row;
        codes[start + i] = code;
        held[start + i] = w;
      });
      return middle;
    },
  };
}
