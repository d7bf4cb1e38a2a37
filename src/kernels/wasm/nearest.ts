import { lazily, reserve, scratchStart } from './load.ts';
import { bytes } from './nearest.as.ts?wasm';

interface NearestModule {
  shift(x: number, columns: number, stride: number, rows: number, origin: number): void;
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
    scores: number,
  ): void;
  accumulate(
    x: number,
    columns: number,
    stride: number,
    rows: number,
    labels: number,
    sums: number,
    width: number,
    counts: number,
  ): void;
}

/** The module of {@link nearestCenters}. */
export const nearestModule = lazily<NearestModule>(bytes);

/** Rows copied into the module's memory at a time. */
const chunkRows = 2048;

/** Doubles from a column to the next: off a power of two, so that columns do not share cache lines' places. */
const columnStep = chunkRows + 8;

/** Sums (row-major `k × columns`) of rows less the origin, counts, and each row's centre. */
export interface Assignment {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly labels: Int32Array;
}

/** Centres prepared for the inner loop: |c|², and −2c in groups of four, filled up with centres infinitely far. */
function prepared(
  centers: readonly (readonly number[])[],
  origin: readonly number[],
): { groups: number; norms: Float64Array; doubled: Float64Array } {
  const d = origin.length;
  const groups = Math.ceil(centers.length / 4);
  const norms = new Float64Array(4 * groups).fill(Number.POSITIVE_INFINITY);
  const doubled = new Float64Array(4 * groups * d);
  centers.forEach((center, k) => {
    let norm = 0;
    for (let j = 0; j < d; j++) {
      const c = center[j]! - origin[j]!;
      norm += c * c;
      doubled[(k >> 2) * 4 * d + 4 * j + (k & 3)] = -2 * c;
    }
    norms[k] = norm;
  });
  return { groups, norms, doubled };
}

/**
 * Assigns the first `rows` rows of `columns` to their nearest centres (of equals the first) and sums them up in row
 * order. Distances are compared as |c|² − 2x·c after `origin` (near the mean of all rows) is taken off both, so that
 * no digits are lost; `centers` are given with the origin, `sums` come without it. The bits are those of {@link nearestCentersPlain}.
 */
export function nearestCenters(
  columns: readonly Float64Array[],
  rows: number,
  centers: readonly (readonly number[])[],
  origin: readonly number[],
): Assignment {
  const loaded = nearestModule();
  if (loaded === undefined) return nearestCentersPlain(columns, rows, centers, origin);
  const { exports, memory } = loaded;
  const d = columns.length;
  const k = centers.length;
  const { groups, norms, doubled } = prepared(centers, origin);
  const width = d + (d & 1);
  const x = scratchStart;
  const stride = 8 * columnStep;
  const scores = x + d * stride;
  const labelsAt = scores + 8 * chunkRows;
  const sums = labelsAt + 4 * chunkRows;
  const counts = sums + 8 * k * width;
  const normsAt = counts + 8 * k;
  const centersAt = normsAt + norms.byteLength;
  const originAt = centersAt + doubled.byteLength;
  const end = originAt + 8 * d;
  reserve(memory, end - scratchStart);
  const view = new Float64Array(memory.buffer, 0, end / 8);
  view.fill(0, sums / 8, normsAt / 8);
  view.set(norms, normsAt / 8);
  view.set(doubled, centersAt / 8);
  view.set(origin, originAt / 8);
  const labels = new Int32Array(rows);
  const made = new Int32Array(memory.buffer, labelsAt, chunkRows);
  for (let from = 0; from < rows; from += chunkRows) {
    const count = Math.min(chunkRows, rows - from);
    for (let j = 0; j < d; j++) view.set(columns[j]!.subarray(from, from + count), (x + j * stride) / 8);
    exports.shift(x, d, stride, (count + 1) & ~1, originAt);
    exports.nearest(
      x,
      d,
      stride,
      (count + 3) & ~3,
      centersAt,
      normsAt,
      groups,
      k % 4 === 1 || k % 4 === 2,
      labelsAt,
      scores,
    );
    exports.accumulate(x, d, stride, count, labelsAt, sums, width, counts);
    labels.set(count === chunkRows ? made : made.subarray(0, count), from);
  }
  const out = new Float64Array(k * d);
  for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) out[c * d + j] = view[sums / 8 + c * width + j]!;
  return { sums: out, counts: view.slice(counts / 8, counts / 8 + k), labels };
}

/** The TypeScript twin of {@link nearestCenters}. */
export function nearestCentersPlain(
  columns: readonly Float64Array[],
  rows: number,
  centers: readonly (readonly number[])[],
  origin: readonly number[],
): Assignment {
  const d = columns.length;
  const k = centers.length;
  const { norms, doubled } = prepared(centers, origin);
  const sums = new Float64Array(k * d);
  const counts = new Float64Array(k);
  const labels = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let [best, label] = [Number.POSITIVE_INFINITY, 0];
    for (let c = 0; c < k; c++) {
      let score = 0;
      const start = (c >> 2) * 4 * d + (c & 3);
      for (let j = 0; j < d; j++) score += (columns[j]![i]! - origin[j]!) * doubled[start + 4 * j]!;
      score += norms[c]!;
      if (score < best) {
        best = score;
        label = c;
      }
    }
    labels[i] = label;
    counts[label]!++;
    for (let j = 0; j < d; j++) sums[label * d + j]! += columns[j]![i]! - origin[j]!;
  }
  return { sums, counts, labels };
}
