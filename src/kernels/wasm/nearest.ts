import { lazily, reserve, scratchStart } from './load.ts';
import { bytes } from './nearest.as.ts?wasm';

/** What the module offers; `resident.ts` uses the rest of it. */
export interface NearestModule {
  shift(x: number, columns: number, stride: number, rows: number, origin: number, squares: number): void;
  nearest(
    x: number,
    columns: number,
    stride: number,
    rows: number,
    centers: number,
    norms: number,
    groups: number,
    half: boolean,
    labels: number,
    gaps: number,
  ): void;
  move(
    x: number,
    pairs: number,
    stride: number,
    rows: number,
    from: number,
    to: number,
    cuts: number,
    high: number,
    low: number,
    counts: number,
  ): void;
  distances(
    x: number,
    columns: number,
    stride: number,
    rows: number,
    labels: number,
    centers: number,
    count: number,
    out: number,
  ): void;
}

/** The module of {@link assignRows}. */
export const nearestModule = lazily<NearestModule>(bytes);

/** Rows copied into the module's memory at a time. */
export const chunkRows = 2048;

/** Doubles from a column to the next: off a power of two, so that columns do not share cache lines' places. */
export const columnStep = chunkRows + 8;

/** What rows are compared with. */
export interface Compared {
  readonly centers: readonly (readonly number[])[];
  /** Near the mean of all rows: taken off rows and centres, so that no digits are lost. */
  readonly origin: readonly number[];
  /** For each column a number no smaller than any |value − origin|. */
  readonly reach: readonly number[];
}

/**
 * Sums of rows less the origin by their nearest centre: a centre's column c at `centre · width + c`. A sum is
 * `high + low`, both exact, so that it does not depend on the order in which rows came and went.
 */
export interface Tally {
  /** Columns, rounded up to even. */
  readonly width: number;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly counts: Float64Array;
}

/** A tally of no row yet. */
export function emptyTally({ centers, origin }: Compared): Tally {
  const width = origin.length + (origin.length & 1);
  return {
    width,
    high: new Float64Array(centers.length * width),
    low: new Float64Array(centers.length * width),
    counts: new Float64Array(centers.length),
  };
}

/** Centres as the inner loop reads them: |c|², and −2c in groups of four, filled up with centres infinitely far. */
export interface Prepared {
  readonly groups: number;
  /** Of the last group only two are centres. */
  readonly half: boolean;
  readonly norms: Float64Array;
  readonly doubled: Float64Array;
  /**
   * Numbers that, added and taken off again, round to multiples of 2^(e − 36), and what is left to 2^(e − 72), where
   * 2^e is above the column's reach: 65 536 such multiples add up without rounding (Demmel and Nguyen 2013). For every
   * pair of columns both larger ones, then both smaller ones.
   */
  readonly cuts: Float64Array;
}

export function prepared({ centers, origin, reach }: Compared): Prepared {
  const d = origin.length;
  const k = centers.length;
  const groups = Math.ceil(k / 4);
  const norms = new Float64Array(4 * groups).fill(Number.POSITIVE_INFINITY);
  const doubled = new Float64Array(4 * groups * d);
  centers.forEach((center, c) => {
    let norm = 0;
    for (let j = 0; j < d; j++) {
      const off = center[j]! - origin[j]!;
      norm += off * off;
      doubled[(c >> 2) * 4 * d + 4 * j + (c & 3)] = -2 * off;
    }
    norms[c] = norm;
  });
  const cuts = new Float64Array(4 * Math.ceil(d / 2));
  const word = new DataView(new ArrayBuffer(8));
  reach.forEach((most, j) => {
    word.setFloat64(0, most);
    const exponent = Math.min(1000, Math.max(-900, ((word.getUint32(0) >>> 20) & 0x7ff) - 1022));
    const at = 4 * (j >> 1) + (j & 1);
    cuts[at] = 1.5 * powerOfTwo(exponent + 16);
    cuts[at + 2] = 1.5 * powerOfTwo(exponent - 20);
  });
  return { groups, half: k % 4 === 1 || k % 4 === 2, norms, doubled, cuts };
}

/** 2 to a whole power of −1022 … 1023. */
function powerOfTwo(exponent: number): number {
  return new Float64Array(BigInt64Array.of(BigInt(exponent + 1023) << 52n).buffer)[0]!;
}

/**
 * Gives the first `rows` (at most 65 536) rows of `columns` their nearest centres, of equals the first: `labels`; and
 * adds them to the tally. Distances are compared as |c|² − 2x·c. The bits are those of {@link assignRowsPlain}.
 */
export function assignRows(
  columns: readonly Float64Array[],
  rows: number,
  what: Compared,
  labels: Int32Array,
  tally: Tally,
): void {
  const loaded = nearestModule();
  if (loaded === undefined) {
    assignRowsPlain(columns, rows, what, labels, tally);
    return;
  }
  const { exports, memory } = loaded;
  const d = columns.length;
  const { groups, half, norms, doubled, cuts } = prepared(what);
  const { width, high, low, counts } = tally;
  const x = scratchStart;
  const stride = 8 * columnStep;
  let next = x + width * stride;
  const room = (size: number) => {
    const at = next;
    next += 16 * Math.ceil(size / 16);
    return at;
  };
  const [gapsAt, fromAt, toAt] = [room(8 * chunkRows), room(4 * chunkRows), room(4 * chunkRows)];
  const inputs = [norms, doubled, what.origin, cuts, high, low, counts] as const;
  const places = inputs.map((values) => room(8 * values.length));
  const [normsAt, centersAt, originAt, cutsAt, highAt, lowAt, countsAt] = places as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  reserve(memory, next - scratchStart);
  const view = new Float64Array(memory.buffer, 0, next / 8);
  inputs.forEach((values, i) => {
    view.set(values, places[i]! / 8);
  });
  new Int32Array(memory.buffer, fromAt, chunkRows).fill(-1);
  const to = new Int32Array(memory.buffer, toAt, chunkRows);
  for (let start = 0; start < rows; start += chunkRows) {
    const count = Math.min(chunkRows, rows - start);
    for (let j = 0; j < d; j++) view.set(columns[j]!.subarray(start, start + count), x / 8 + j * columnStep);
    const full = (count + 3) & ~3;
    exports.shift(x, d, stride, full, originAt, gapsAt);
    exports.nearest(x, d, stride, full, centersAt, normsAt, groups, half, toAt, gapsAt);
    exports.move(x, width / 2, stride, count, fromAt, toAt, cutsAt, highAt, lowAt, countsAt);
    labels.set(count === chunkRows ? to : to.subarray(0, count), start);
  }
  high.set(view.subarray(highAt / 8, highAt / 8 + high.length));
  low.set(view.subarray(lowAt / 8, lowAt / 8 + low.length));
  counts.set(view.subarray(countsAt / 8, countsAt / 8 + counts.length));
}

/** The TypeScript twin of {@link assignRows}. */
export function assignRowsPlain(
  columns: readonly Float64Array[],
  rows: number,
  what: Compared,
  labels: Int32Array,
  tally: Tally,
): void {
  const { centers, origin } = what;
  const d = columns.length;
  const { norms, doubled, cuts } = prepared(what);
  const { width, high, low, counts } = tally;
  const point = new Float64Array(d);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < d; j++) point[j] = columns[j]![i]! - origin[j]!;
    let [best, label] = [Number.POSITIVE_INFINITY, 0];
    for (let c = 0; c < centers.length; c++) {
      let score = 0;
      const start = (c >> 2) * 4 * d + (c & 3);
      for (let j = 0; j < d; j++) score += point[j]! * doubled[start + 4 * j]!;
      score += norms[c]!;
      if (score < best) {
        best = score;
        label = c;
      }
    }
    labels[i] = label;
    counts[label]!++;
    for (let j = 0; j < d; j++) {
      const cut = 4 * (j >> 1) + (j & 1);
      const a = point[j]! + cuts[cut]! - cuts[cut]!;
      high[label * width + j]! += a;
      low[label * width + j]! += point[j]! - a + cuts[cut + 2]! - cuts[cut + 2]!;
    }
  }
}

/** Σ over `labels.length` rows of the squared distance to their centres, added in row order. */
export function squaredDistance(
  columns: readonly Float64Array[],
  centers: readonly (readonly number[])[],
  labels: Int32Array,
): number {
  const loaded = nearestModule();
  if (loaded === undefined) return squaredDistancePlain(columns, centers, labels);
  const { exports, memory } = loaded;
  const [d, k] = [columns.length, centers.length];
  const x = scratchStart;
  const stride = 8 * columnStep;
  const outAt = x + d * stride;
  const labelsAt = outAt + 8 * chunkRows;
  const centersAt = labelsAt + 4 * chunkRows;
  const end = centersAt + 8 * d * k;
  reserve(memory, end - scratchStart);
  const view = new Float64Array(memory.buffer, 0, end / 8);
  for (let j = 0; j < d; j++)
    view.set(
      centers.map((center) => center[j]!),
      centersAt / 8 + j * k,
    );
  const out = new Float64Array(memory.buffer, outAt, chunkRows);
  let total = 0;
  for (let start = 0; start < labels.length; start += chunkRows) {
    const count = Math.min(chunkRows, labels.length - start);
    for (let j = 0; j < d; j++) view.set(columns[j]!.subarray(start, start + count), x / 8 + j * columnStep);
    new Int32Array(memory.buffer, labelsAt, count).set(labels.subarray(start, start + count));
    exports.distances(x, d, stride, count, labelsAt, centersAt, k, outAt);
    for (let i = 0; i < count; i++) total += out[i]!;
  }
  return total;
}

/** The TypeScript twin of {@link squaredDistance}. */
export function squaredDistancePlain(
  columns: readonly Float64Array[],
  centers: readonly (readonly number[])[],
  labels: Int32Array,
): number {
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    const center = centers[labels[i]!]!;
    let square = 0;
    for (let j = 0; j < columns.length; j++) square += (columns[j]![i]! - center[j]!) ** 2;
    total += square;
  }
  return total;
}
