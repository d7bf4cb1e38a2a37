import { ExaError } from '../../../protocol/errors.ts';
import { log } from '../../math/log.ts';
import { exp10, pow } from '../../math/pow.ts';
import { descents } from '../../wasm/descent.ts';
import { type Gram, normalEquations } from '../gram/gram.ts';
import { interceptOf } from './ridge.ts';

/** scikit-learn's parameters of the lasso and elastic-net paths, with its defaults. */
export interface PathParams {
  /** Share of the ℓ1 penalty, in (0, 1]; 1 (the default) is the lasso. */
  readonly l1_ratio?: number;
  /** Smallest ÷ largest alpha (1e-3). */
  readonly eps?: number;
  /** Number of alphas (100). */
  readonly n_alphas?: number;
  /** The alphas themselves instead, used in descending order. */
  readonly alphas?: readonly number[];
  readonly fit_intercept?: boolean;
  /** 1e-4. */
  readonly tol?: number;
  /** 1000. */
  readonly max_iter?: number;
  /** No coefficient below 0 (false). */
  readonly positive?: boolean;
}

/** Coefficients along descending alphas: `coefs[k]` belongs to `alphas[k]`. */
export interface LinearPath {
  readonly alphas: readonly number[];
  readonly coefs: readonly Float64Array[];
  readonly intercepts: readonly number[];
  readonly dual_gaps: readonly number[];
  readonly n_iters: readonly number[];
  readonly converged: boolean;
}

/** The least alpha at which every coefficient is 0: max |X'y| ÷ (n · l1_ratio). Throws `invalid` for l1_ratio 0. */
export function largestAlpha(gram: Gram, l1Ratio = 1, fitIntercept = true): number {
  if (!(l1Ratio > 0 && l1Ratio <= 1))
    throw new ExaError(
      'invalid',
      `l1_ratio must be above 0 and at most 1 to choose alphas; it is ${l1Ratio}.`,
    );
  const { xy } = normalEquations(gram, fitIntercept);
  return xy.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / (gram.n * l1Ratio);
}

/** Alphas from the largest down to `eps` of it, evenly spaced in their logarithm. */
export function alphaGrid(gram: Gram, params: PathParams = {}): number[] {
  const { l1_ratio = 1, eps = 1e-3, n_alphas = 100, fit_intercept = true } = params;
  const largest = largestAlpha(gram, l1_ratio, fit_intercept);
  if (largest <= 2.220446049250313e-16) return new Array(n_alphas).fill(2.220446049250313e-16);
  if (n_alphas === 1) return [largest];
  const high = log(largest) / log(10);
  const low = log(largest * eps) / log(10);
  return Array.from({ length: n_alphas }, (_, k) =>
    k === 0 ? largest : exp10(high + (k * (low - high)) / (n_alphas - 1)),
  );
}

/**
 * The path of ½‖y − Xw‖² ÷ n + alpha · (l1_ratio·‖w‖₁ + ½(1 − l1_ratio)·‖w‖²) from one Gram, each alpha starting where
 * the one before ended. Duality gaps are of this objective.
 */
export function pathOf(gram: Gram, params: PathParams = {}): LinearPath {
  const { l1_ratio = 1, fit_intercept = true, tol = 1e-4, max_iter = 1000, positive = false } = params;
  const alphas = params.alphas ? [...params.alphas].sort((a, b) => b - a) : alphaGrid(gram, params);
  const quadratic = normalEquations(gram, fit_intercept);
  const { coefs, ends } = descents(
    quadratic,
    alphas.map((alpha) => ({ l1: alpha * l1_ratio * gram.n, l2: alpha * (1 - l1_ratio) * gram.n })),
    { tol, maxIter: max_iter, positive },
  );
  return {
    alphas,
    coefs,
    intercepts: coefs.map((coef) => (fit_intercept ? interceptOf(gram, coef) : 0)),
    dual_gaps: ends.map((end) => end.gap / gram.n),
    n_iters: ends.map((end) => end.iterations),
    converged: ends.every((end) => end.converged),
  };
}

/** Numbers evenly spaced in their logarithm from 10^`from` to 10^`to`: the alphas people try. */
export function logSpace(from: number, to: number, count: number): number[] {
  if (count === 1) return [exp10(from)];
  return Array.from({ length: count }, (_, k) => pow(10, from + (k * (to - from)) / (count - 1)));
}
