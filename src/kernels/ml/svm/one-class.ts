import { ExaError } from '../../../protocol/errors.ts';
import { checkExact, type ExactCost } from '../exact-limit.ts';
import { checkColumns, checkSamples, rowsAt, type Samples, samplesOf, toRows } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { solveSmo } from './smo.ts';
import { kernelRows, kernelSums, resolveKernel, type SvmKernel, type SvmKernelParams } from './svm-kernel.ts';

/** scikit-learn's `OneClassSVM`. */
export interface OneClassSvmParams extends SvmKernelParams {
  /** Upper bound of the share of outliers, in (0, 1]. Default 0.5. */
  readonly nu?: number;
  /** Default 1e-3. */
  readonly tol?: number;
  /** −1 (default): no limit. */
  readonly max_iter?: number;
}

/** A fitted one-class support vector machine. */
export interface OneClassSvmModel {
  readonly estimator: 'OneClassSVM';
  readonly kernel: SvmKernel;
  /** Rows that are support vectors, ascending. */
  readonly support_: readonly number[];
  readonly support_vectors_: readonly (readonly number[])[];
  readonly dual_coef_: readonly number[];
  readonly intercept_: number;
  /** decision = score − offset. */
  readonly offset_: number;
  readonly n_features_in_: number;
  readonly n_iter_: number;
  readonly converged: boolean;
}

/** Seconds from 1.2e-9 s a kernel value kept or made, and about three iterations a support vector. */
export const oneClassCost: ExactCost = {
  estimator: 'OneClassSVM',
  mostRows: 20_000,
  seconds: (rows) => 1.5e-9 * rows * rows + 1e-3,
  bytes: (rows) => Math.min(200e6, 4 * rows * rows) + 200 * rows,
};

/**
 * Fits B. Schölkopf et al., "Estimating the support of a high-dimensional distribution" (2001), as libsvm states it.
 * Throws `invalid` for bad values and parameters, `refused` above {@link oneClassCost}'s rows.
 */
export function* fitOneClassSvm(x: Samples, params: OneClassSvmParams = {}): Steps<OneClassSvmModel> {
  checkSamples(x, 'OneClassSVM');
  checkExact(oneClassCost, x.rows);
  const nu = params.nu ?? 0.5;
  if (!(nu > 0 && nu <= 1)) throw new ExaError('invalid', `nu must be above 0 and at most 1; it is ${nu}.`);
  const n = x.rows;
  const kernel = resolveKernel(params, x);
  const alpha = new Float64Array(n);
  const full = Math.min(n, Math.floor(nu * n));
  alpha.fill(1, 0, full);
  if (full < n) alpha[full] = nu * n - full;
  const solution = yield* solveSmo({
    kernel: kernelRows(x, kernel),
    copies: 1,
    signs: new Int8Array(n).fill(1),
    linear: new Float64Array(n),
    upper: new Float64Array(n).fill(1),
    alpha,
    tol: params.tol ?? 1e-3,
    maxIter: params.max_iter ?? -1,
  });
  const support = Array.from(alpha.keys()).filter((i) => alpha[i]! > 0);
  return {
    estimator: 'OneClassSVM',
    kernel,
    support_: support,
    support_vectors_: toRows(rowsAt(x, support)),
    dual_coef_: support.map((i) => alpha[i]!),
    intercept_: -solution.rho,
    offset_: solution.rho,
    n_features_in_: x.columns,
    n_iter_: solution.iterations,
    converged: solution.converged,
  };
}

/** Signed distance to the boundary, positive inside; for a grid, give its points as rows. */
export function oneClassDecision(model: OneClassSvmModel, x: Samples): Float64Array {
  const scores = oneClassScores(model, x);
  for (let i = 0; i < scores.length; i++) scores[i] = scores[i]! - model.offset_;
  return scores;
}

/** The decision before the offset is taken off. */
export function oneClassScores(model: OneClassSvmModel, x: Samples): Float64Array {
  checkColumns(x, model.n_features_in_, 'OneClassSVM');
  const vectors = samplesOf(model.support_vectors_);
  return kernelSums(vectors, model.kernel, Float64Array.from(model.dual_coef_), 1, x);
}

/** 1 for rows inside the boundary, −1 for outliers. */
export function oneClassPredict(model: OneClassSvmModel, x: Samples): Int8Array {
  return Int8Array.from(oneClassDecision(model, x), (value) => (value > 0 ? 1 : -1));
}
