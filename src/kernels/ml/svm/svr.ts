import { ExaError } from '../../../protocol/errors.ts';
import { checkExact, type ExactCost } from '../exact-limit.ts';
import {
  checkColumns,
  checkSamples,
  checkTarget,
  rowsAt,
  type Samples,
  samplesOf,
  toRows,
} from '../samples.ts';
import type { Steps } from '../steps.ts';
import { solveSmo } from './smo.ts';
import { kernelRows, kernelSums, resolveKernel, type SvmKernel, type SvmKernelParams } from './svm-kernel.ts';

/** scikit-learn's `SVR`. */
export interface SvrParams extends SvmKernelParams {
  /** Cost of a unit of error beyond epsilon, above 0. Default 1. */
  readonly C?: number;
  /** Half width of the tube that costs nothing, 0 or more. Default 0.1. */
  readonly epsilon?: number;
  /** Default 1e-3. */
  readonly tol?: number;
  /** −1 (default): no limit. */
  readonly max_iter?: number;
}

/** A fitted regression. */
export interface SvrModel {
  readonly estimator: 'SVR';
  readonly kernel: SvmKernel;
  readonly support_: readonly number[];
  readonly support_vectors_: readonly (readonly number[])[];
  readonly dual_coef_: readonly number[];
  readonly intercept_: number;
  /** Of the linear kernel: one coefficient a column. */
  readonly coef_?: readonly number[];
  readonly n_features_in_: number;
  readonly n_iter_: number;
  readonly converged: boolean;
}

/** Seconds from 5 000 rows in 0.6 s, growing with the square. */
export const svrCost: ExactCost = {
  estimator: 'SVR',
  mostRows: 20_000,
  seconds: (rows) => 2.5e-8 * rows * rows,
  bytes: (rows) => Math.min(200e6, 4 * rows * rows) + 300 * rows,
};

/**
 * Fits epsilon support vector regression (libsvm's ε-SVR: two variables a row).
 * Throws `invalid` for bad values and parameters, `refused` above {@link svrCost}'s rows.
 */
export function* fitSvr(x: Samples, y: ArrayLike<number>, params: SvrParams = {}): Steps<SvrModel> {
  checkSamples(x, 'SVR');
  checkTarget(y, x, 'SVR');
  checkExact(svrCost, x.rows);
  const cost = params.C ?? 1;
  const epsilon = params.epsilon ?? 0.1;
  if (!(cost > 0)) throw new ExaError('invalid', `C must be above 0; it is ${cost}.`);
  if (!(epsilon >= 0)) throw new ExaError('invalid', `epsilon must be 0 or more; it is ${epsilon}.`);
  const n = x.rows;
  const kernel = resolveKernel(params, x);
  const linear = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    linear[i] = epsilon - y[i]!;
    linear[n + i] = epsilon + y[i]!;
  }
  const { alpha, rho, iterations, converged } = yield* solveSmo({
    kernel: kernelRows(x, kernel),
    copies: 2,
    signs: new Int8Array(2 * n).fill(1, 0, n).fill(-1, n),
    linear,
    upper: new Float64Array(2 * n).fill(cost),
    alpha: new Float64Array(2 * n),
    tol: params.tol ?? 1e-3,
    maxIter: params.max_iter ?? -1,
  });
  const coefs = Float64Array.from({ length: n }, (_, i) => alpha[i]! - alpha[n + i]!);
  const support = Array.from(coefs.keys()).filter((i) => coefs[i] !== 0);
  const vectors = rowsAt(x, support);
  const dual = support.map((i) => coefs[i]!);
  return {
    estimator: 'SVR',
    kernel,
    support_: support,
    support_vectors_: toRows(vectors),
    dual_coef_: dual,
    intercept_: -rho,
    ...(kernel.kernel === 'linear' ? { coef_: linearCoefficients(vectors, dual) } : {}),
    n_features_in_: x.columns,
    n_iter_: iterations,
    converged,
  };
}

function linearCoefficients(vectors: Samples, dual: readonly number[]): number[] {
  const coef = new Array<number>(vectors.columns).fill(0);
  dual.forEach((weight, i) => {
    for (let k = 0; k < vectors.columns; k++)
      coef[k] = coef[k]! + weight * vectors.values[i * vectors.columns + k]!;
  });
  return coef;
}

/** The regression at each row. */
export function svrPredict(model: SvrModel, x: Samples): Float64Array {
  checkColumns(x, model.n_features_in_, 'SVR');
  const out = kernelSums(
    samplesOf(model.support_vectors_),
    model.kernel,
    Float64Array.from(model.dual_coef_),
    1,
    x,
  );
  for (let i = 0; i < out.length; i++) out[i] = out[i]! + model.intercept_;
  return out;
}
