import { ExaError } from '../../../protocol/errors.ts';
import { exp } from '../../math/exp.ts';
import { openPoints, rbfSums } from '../../wasm/kernel-rows.ts';
import type { Samples } from '../samples.ts';

/** How two rows are compared, with scikit-learn's names and defaults. */
export interface SvmKernelParams {
  /** rbf: exp(−γ|a−b|²); linear: a·b; poly: (γ a·b + coef0)^degree; sigmoid: tanh(γ a·b + coef0). Default 'rbf'. */
  readonly kernel?: 'rbf' | 'linear' | 'poly' | 'sigmoid';
  /** 'scale' (default): 1 ÷ (columns · variance of all values); 'auto': 1 ÷ columns. */
  readonly gamma?: 'scale' | 'auto' | number;
  /** Of poly, a whole number of 0 or more. Default 3. */
  readonly degree?: number;
  /** Default 0. */
  readonly coef0?: number;
}

/** The same with gamma worked out. */
export interface SvmKernel {
  readonly kernel: 'rbf' | 'linear' | 'poly' | 'sigmoid';
  readonly gamma: number;
  readonly degree: number;
  readonly coef0: number;
}

function gammaScale(x: Samples): number {
  const n = x.values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x.values[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (x.values[i]! - mean) * (x.values[i]! - mean);
  return squares === 0 ? 1 : 1 / ((x.columns * squares) / n);
}

/** The kernel to use on `x`. Throws `invalid` when gamma is not positive or degree is not a whole number. */
export function resolveKernel(params: SvmKernelParams, x: Samples): SvmKernel {
  const given = params.gamma ?? 'scale';
  const gamma = given === 'scale' ? gammaScale(x) : given === 'auto' ? 1 / x.columns : given;
  const degree = params.degree ?? 3;
  if (!(gamma > 0)) throw new ExaError('invalid', `gamma must be above 0; it is ${gamma}.`);
  if (!Number.isInteger(degree) || degree < 0)
    throw new ExaError('invalid', `degree must be a whole number of 0 or more; it is ${degree}.`);
  return { kernel: params.kernel ?? 'rbf', gamma, degree, coef0: params.coef0 ?? 0 };
}

function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

function tanh(x: number): number {
  return 1 - 2 / (exp(2 * x) + 1);
}

/** The kernel's value where the rows' dot product is `dot`; for all kernels but rbf. */
function ofDot(kernel: SvmKernel, dot: number): number {
  if (kernel.kernel === 'linear') return dot;
  const inner = kernel.gamma * dot + kernel.coef0;
  return kernel.kernel === 'poly' ? power(inner, kernel.degree) : tanh(inner);
}

/** Kernel values between the rows of one matrix, made when asked for. */
export interface KernelRows {
  readonly rows: number;
  /** K(i, i), exact in double precision. */
  readonly diagonal: Float64Array;
  /** K(i, ·) in single precision (as libsvm keeps it); valid until the cache gives it up, never overwritten. */
  row(i: number): Float32Array;
}

/**
 * Rows of the kernel matrix of `x`, kept up to `cacheBytes` (oldest unused leave first).
 * Default 200 MB: scikit-learn's `cache_size`.
 */
export function kernelRows(x: Samples, kernel: SvmKernel, cacheBytes = 200e6): KernelRows {
  const { rows: n, columns: d, values } = x;
  const points = openPoints(values, n, d);
  const diagonal = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let dot = 0;
    for (let k = i * d; k < (i + 1) * d; k++) dot += values[k]! * values[k]!;
    diagonal[i] = kernel.kernel === 'rbf' ? 1 : ofDot(kernel, dot);
  }
  const most = Math.max(2, Math.floor(cacheBytes / (4 * n)));
  const kept: (Float32Array | undefined)[] = new Array<Float32Array | undefined>(n).fill(undefined);
  const used = new Uint8Array(n);
  const queue: number[] = [];
  let hand = 0;

  function compute(i: number, into: Float32Array): void {
    const query = values.subarray(i * d, (i + 1) * d);
    if (kernel.kernel === 'rbf') into.set(points.rbfSingle(query, kernel.gamma));
    else {
      const dots = points.dots(query);
      for (let j = 0; j < n; j++) into[j] = ofDot(kernel, dots[j]!);
    }
  }

  /** A row's room: a new one while the budget lasts, else that of the first row not used since the hand passed. */
  function room(i: number): Float32Array {
    if (queue.length < most) {
      queue.push(i);
      return new Float32Array(n);
    }
    while (used[queue[hand]!] === 1) {
      used[queue[hand]!] = 0;
      hand = (hand + 1) % most;
    }
    const leaving = queue[hand]!;
    const buffer = kept[leaving]!;
    kept[leaving] = undefined;
    queue[hand] = i;
    hand = (hand + 1) % most;
    return buffer;
  }

  return {
    rows: n,
    diagonal,
    row(i) {
      const known = kept[i];
      used[i] = 1;
      if (known) return known;
      const row = room(i);
      compute(i, row);
      kept[i] = row;
      return row;
    },
  };
}

/**
 * For each row of `queries`, `outputs` sums Σ_j weights[o·n + j]·K(query, vector_j): what every decision is made of.
 * Result row-major, double precision throughout.
 */
export function kernelSums(
  vectors: Samples,
  kernel: SvmKernel,
  weights: Float64Array,
  outputs: number,
  queries: Samples,
): Float64Array {
  // A tube wide enough for every row, or one value only, needs no vectors.
  if (vectors.rows === 0) return new Float64Array(queries.rows * outputs);
  if (kernel.kernel === 'rbf') return rbfSums(vectors, weights, outputs, kernel.gamma, queries.values);
  const points = openPoints(vectors.values, vectors.rows, vectors.columns);
  const out = new Float64Array(queries.rows * outputs);
  for (let i = 0; i < queries.rows; i++) {
    const dots = points.dots(queries.values.subarray(i * queries.columns, (i + 1) * queries.columns));
    for (let j = 0; j < vectors.rows; j++) {
      const value = ofDot(kernel, dots[j]!);
      for (let o = 0; o < outputs; o++)
        out[i * outputs + o] = out[i * outputs + o]! + weights[o * vectors.rows + j]! * value;
    }
  }
  return out;
}
