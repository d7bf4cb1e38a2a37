import { exp } from '../math/exp.ts';
import { bytes } from './kernel-rows.as.ts?wasm';
import { apartStart, loadApart } from './load-apart.ts';

interface Exports {
  rbf(points: number, stride: number, d: number, query: number, gamma: number, out: number): void;
  distances(points: number, stride: number, d: number, query: number, out: number): void;
  dots(points: number, stride: number, d: number, query: number, out: number): void;
  narrow(from: number, to: number, count: number): void;
  rbfSums(
    points: number,
    stride: number,
    d: number,
    queries: number,
    m: number,
    gamma: number,
    weights: number,
    outputs: number,
    values: number,
    out: number,
  ): void;
}

/**
 * A set of points that many queries are compared with. Query values are `d` doubles; results are views that the next
 * call overwrites, one value a point.
 */
export interface PointSet {
  /** exp(−gamma·|q − x|²). */
  rbf(query: Float64Array, gamma: number): Float64Array;
  /** The same rounded to single precision. */
  rbfSingle(query: Float64Array, gamma: number): Float32Array;
  /** |q − x|². */
  distances(query: Float64Array): Float64Array;
  /** q·x. */
  dots(query: Float64Array): Float64Array;
}

/** Rows row-major as columns of `stride` values, zeros after the last. */
function columnsOf(points: Float64Array, n: number, d: number, stride: number, into: Float64Array): void {
  for (let j = 0; j < n; j++) for (let k = 0; k < d; k++) into[k * stride + j] = points[j * d + k]!;
}

function paddedCount(n: number): number {
  return Math.ceil(n / 8) * 8;
}

/** `n` points of `d` values, row-major, ready to be compared; the bits are those of {@link plainPoints}. */
export function openPoints(points: Float64Array, n: number, d: number): PointSet {
  const stride = paddedCount(n);
  const loaded = loadApart<Exports>(bytes, 8 * (stride * d + d + 1 + stride) + 4 * stride);
  if (loaded === undefined) return plainPoints(points, n, d);
  const { exports, memory } = loaded;
  const queryAt = apartStart + 8 * stride * d;
  const outAt = queryAt + 8 * (d + (d % 2));
  const singleAt = outAt + 8 * stride;
  columnsOf(points, n, d, stride, new Float64Array(memory.buffer, apartStart, stride * d));
  const queryView = new Float64Array(memory.buffer, queryAt, d);
  const outView = new Float64Array(memory.buffer, outAt, n);
  const singleView = new Float32Array(memory.buffer, singleAt, n);
  return {
    rbf(query, gamma) {
      queryView.set(query);
      exports.rbf(apartStart, stride, d, queryAt, gamma, outAt);
      return outView;
    },
    rbfSingle(query, gamma) {
      queryView.set(query);
      exports.rbf(apartStart, stride, d, queryAt, gamma, outAt);
      exports.narrow(outAt, singleAt, stride);
      return singleView;
    },
    distances(query) {
      queryView.set(query);
      exports.distances(apartStart, stride, d, queryAt, outAt);
      return outView;
    },
    dots(query) {
      queryView.set(query);
      exports.dots(apartStart, stride, d, queryAt, outAt);
      return outView;
    },
  };
}

/** The TypeScript twin of {@link openPoints}. */
export function plainPoints(points: Float64Array, n: number, d: number): PointSet {
  const out = new Float64Array(n);
  const single = new Float32Array(n);
  function distances(query: Float64Array): Float64Array {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) {
        const difference = points[j * d + k]! - query[k]!;
        sum += difference * difference;
      }
      out[j] = sum;
    }
    return out;
  }
  function rbf(query: Float64Array, gamma: number): Float64Array {
    distances(query);
    for (let j = 0; j < n; j++) out[j] = exp(out[j]! * -gamma);
    return out;
  }
  return {
    rbf,
    rbfSingle(query, gamma) {
      single.set(rbf(query, gamma));
      return single;
    },
    distances,
    dots(query) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < d; k++) sum += points[j * d + k]! * query[k]!;
        out[j] = sum;
      }
      return out;
    },
  };
}

/** Queries a call of the module takes at a time. */
const queryChunk = 4096;

/**
 * For each of `m` queries (row-major, `d` values each), `outputs` sums Σ_j weights[o·n + j]·exp(−gamma·|q − x_j|²).
 * Result: `m · outputs` values, row-major. The bits are those of {@link rbfSumsPlain}.
 */
export function rbfSums(
  points: { readonly values: Float64Array; readonly rows: number; readonly columns: number },
  weights: Float64Array,
  outputs: number,
  gamma: number,
  queries: Float64Array,
): Float64Array {
  const { rows: n, columns: d } = points;
  const m = queries.length / d;
  const stride = paddedCount(n);
  const chunk = Math.min(queryChunk, m);
  const loaded = loadApart<Exports>(
    bytes,
    8 * (stride * d + stride * outputs + stride + chunk * (d + outputs) + 8),
  );
  if (loaded === undefined) return rbfSumsPlain(points, weights, outputs, gamma, queries);
  const { exports, memory } = loaded;
  const weightsAt = apartStart + 8 * stride * d;
  const valuesAt = weightsAt + 8 * stride * outputs;
  const queriesAt = valuesAt + 8 * stride;
  const outAt = queriesAt + 8 * chunk * d;
  columnsOf(points.values, n, d, stride, new Float64Array(memory.buffer, apartStart, stride * d));
  const weightView = new Float64Array(memory.buffer, weightsAt, stride * outputs);
  for (let o = 0; o < outputs; o++) weightView.set(weights.subarray(o * n, (o + 1) * n), o * stride);
  const queryView = new Float64Array(memory.buffer, queriesAt, chunk * d);
  const outView = new Float64Array(memory.buffer, outAt, chunk * outputs);
  const result = new Float64Array(m * outputs);
  for (let start = 0; start < m; start += chunk) {
    const count = Math.min(chunk, m - start);
    queryView.set(queries.subarray(start * d, (start + count) * d));
    exports.rbfSums(apartStart, stride, d, queriesAt, count, gamma, weightsAt, outputs, valuesAt, outAt);
    result.set(outView.subarray(0, count * outputs), start * outputs);
  }
  return result;
}

/** The TypeScript twin of {@link rbfSums}: eight lanes, joined ((0+1)+(2+3))+((4+5)+(6+7)). */
export function rbfSumsPlain(
  points: { readonly values: Float64Array; readonly rows: number; readonly columns: number },
  weights: Float64Array,
  outputs: number,
  gamma: number,
  queries: Float64Array,
): Float64Array {
  const { rows: n, columns: d } = points;
  const m = queries.length / d;
  const set = plainPoints(points.values, n, d);
  const result = new Float64Array(m * outputs);
  const lanes = new Float64Array(8);
  for (let i = 0; i < m; i++) {
    const values = set.rbf(queries.subarray(i * d, (i + 1) * d), gamma);
    for (let o = 0; o < outputs; o++) {
      lanes.fill(0);
      for (let j = 0; j < n; j++) lanes[j & 7] = lanes[j & 7]! + values[j]! * weights[o * n + j]!;
      const [a = 0, b = 0, c = 0, e = 0, f = 0, g = 0, h = 0, k = 0] = lanes;
      result[i * outputs + o] = a + b + (c + e) + (f + g + (h + k));
    }
  }
  return result;
}
