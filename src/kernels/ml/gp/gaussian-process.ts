import { ExaError } from '../../../protocol/errors.ts';
import { log } from '../../math/log.ts';
import { openSpd } from '../../wasm/spd.ts';
import { checkExact, type ExactCost } from '../exact-limit.ts';
import { randomStream } from '../sample/random.ts';
import { checkSamples, checkTarget, rowsAt, type Samples, toRows } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { checkKernel, type GpKernel, hyperparameters, thetaOf, withTheta } from './gp-kernel.ts';
import { type Likelihood, likelihoodOf } from './likelihood.ts';
import { type Minimum, minimizeInBox, type ValueAndGradient } from './minimize.ts';
import { pairsWithin } from './pairs.ts';

/** scikit-learn's `GaussianProcessRegressor`. */
export interface GpParams {
  /** Default: constant 1 (fixed) · RBF of length 1 (fixed). */
  readonly kernel?: GpKernel;
  /** Added to the kernel matrix's diagonal. Default 1e-10. */
  readonly alpha?: number;
  /** null: keep the hyperparameters as given. Default: optimise them. */
  readonly optimizer?: 'fmin_l_bfgs_b' | null;
  /** Further starts drawn log-uniformly within the bounds. Default 0. */
  readonly n_restarts_optimizer?: number;
  /** Fit (y − mean) ÷ standard deviation. Default false. */
  readonly normalize_y?: boolean;
  /** Seed of the further starts. Default 0. */
  readonly random_state?: number;
}

/** A fitted Gaussian process: what predictions are made of. The factor of its matrix is made again when opened. */
export interface GpModel {
  readonly estimator: 'GaussianProcessRegressor';
  readonly kernel_: GpKernel;
  readonly alpha: number;
  readonly X_train_: readonly (readonly number[])[];
  /** K⁻¹·y of the centred and scaled targets. */
  readonly alpha_: readonly number[];
  readonly y_mean: number;
  readonly y_std: number;
  readonly log_marginal_likelihood_value_: number;
  /** Times the likelihood of all rows was worked out. */
  readonly evaluations: number;
  /** False when the search was stopped by its limit of iterations. */
  readonly converged: boolean;
  /** Hyperparameters that ended at a bound: widen it, or the answer is the bound's. */
  readonly at_bounds: readonly string[];
}

/** Exact to about 1 500 rows: time grows with the cube, about 1.2 s at 1 000 rows with twenty evaluations. */
export const gpCost: ExactCost = {
  estimator: 'GaussianProcessRegressor',
  mostRows: 1500,
  seconds: (rows) => 1.3e-9 * rows * rows * rows,
  bytes: (rows) => 40 * rows * rows,
};

const defaultKernel: GpKernel = {
  kernel: 'product',
  k1: { kernel: 'constant', constant_value: 1, constant_value_bounds: 'fixed' },
  k2: { kernel: 'rbf', length_scale: 1, length_scale_bounds: 'fixed' },
};

function moments(y: Float64Array): { mean: number; std: number } {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += y[i]!;
  const mean = sum / y.length;
  let squares = 0;
  for (let i = 0; i < y.length; i++) squares += (y[i]! - mean) * (y[i]! - mean);
  const std = Math.sqrt(squares / y.length);
  return { mean, std: std === 0 ? 1 : std };
}

/** Rows from which a quarter of them looks for the hyperparameters first, at a 64th of the cost. */
const leastCoarse = 256;

function likelihoodOver(x: Samples, targets: Float64Array, jitter: number): (kernel: GpKernel) => Likelihood {
  const pairs = pairsWithin(x);
  const room = openSpd(x.rows);
  return (kernel) => likelihoodOf(kernel, pairs, targets, jitter, room);
}

/** The likelihood of every fourth row. */
function fewerOf(x: Samples, targets: Float64Array, jitter: number): (kernel: GpKernel) => Likelihood {
  const rows = Int32Array.from({ length: x.rows >> 2 }, (_, i) => 4 * i);
  const own = Float64Array.from(rows, (row) => targets[row]!);
  return likelihoodOver(rowsAt(x, rows), own, jitter);
}

function lossOf(found: Likelihood): ValueAndGradient {
  return { value: -found.value, gradient: () => found.gradient().map((slope) => -slope) };
}

/**
 * The minimum over all rows, sought from where a few rows have theirs; from `start` when that is at a bound (too few
 * rows say so: all noise, or none) or no better there.
 */
function* minimizeFromFew(
  loss: (at: Float64Array) => ValueAndGradient,
  fewLoss: typeof loss | undefined,
  start: Float64Array,
  low: Float64Array,
  high: Float64Array,
): Steps<Minimum> {
  const near = fewLoss && (yield* minimizeInBox(fewLoss, start, low, high));
  const inside = near?.at.every((value, i) => value > low[i]! && value < high[i]!);
  if (!near || !inside) return yield* minimizeInBox(loss, start, low, high);
  const before = loss(start).value;
  const first = loss(near.at);
  if (!(first.value < before)) return yield* minimizeInBox(loss, start, low, high);
  const curvature = near.inverse?.map((value) => value / 4);
  return yield* minimizeInBox(loss, near.at, low, high, { first, curvature });
}

/**
 * Fits a Gaussian process, its hyperparameters by the gradient of the log marginal likelihood.
 * Throws `invalid` for bad values and kernels, and when the kernel matrix is not positive definite (the sentence says
 * what helps); `refused` above {@link gpCost}'s rows.
 */
export function* fitGaussianProcess(x: Samples, y: ArrayLike<number>, params: GpParams = {}): Steps<GpModel> {
  const name = 'GaussianProcessRegressor';
  checkSamples(x, name);
  checkTarget(y, x, name);
  checkExact(gpCost, x.rows);
  const given = params.kernel ?? defaultKernel;
  checkKernel(given, x.columns);
  const jitter = params.alpha ?? 1e-10;
  if (!(jitter >= 0)) throw new ExaError('invalid', `alpha must be 0 or more; it is ${jitter}.`);
  const targets = Float64Array.from(y);
  const { mean, std } = params.normalize_y ? moments(targets) : { mean: 0, std: 1 };
  for (let i = 0; i < targets.length; i++) targets[i] = (targets[i]! - mean) / std;

  const at = likelihoodOver(x, targets, jitter);
  const free = hyperparameters(given);
  let kernel = given;
  let evaluations = 0;
  let converged = true;
  let highest: { readonly theta: Float64Array; readonly found: Likelihood } | undefined;
  let theta: Float64Array | undefined;
  if (params.optimizer !== null && free.length > 0) {
    const low = Float64Array.from(free, (parameter) => log(parameter.low));
    const high = Float64Array.from(free, (parameter) => log(parameter.high));
    const loss = (theta: Float64Array): ValueAndGradient => {
      const found = at(withTheta(given, theta));
      evaluations++;
      if (highest === undefined || found.value > highest.found.value) highest = { theta, found };
      return lossOf(found);
    };
    const fewer = x.rows < leastCoarse ? undefined : fewerOf(x, targets, jitter);
    const fewLoss = fewer && ((theta: Float64Array) => lossOf(fewer(withTheta(given, theta))));
    const random = randomStream(params.random_state ?? 0);
    let best: { value: number; theta: Float64Array; converged: boolean } | undefined;
    for (let start = 0; start <= (params.n_restarts_optimizer ?? 0); start++) {
      const from =
        start === 0
          ? thetaOf(given)
          : low.map((bottom, i) => bottom + random.uniform() * (high[i]! - bottom));
      const found = yield* minimizeFromFew(loss, fewLoss, from, low, high);
      if (best === undefined || found.value < best.value)
        best = { value: found.value, theta: found.at, converged: found.converged };
    }
    theta = best!.theta;
    kernel = withTheta(given, theta);
    converged = best!.converged;
  }
  const fitted = theta && highest?.theta === theta ? highest.found : at(kernel);
  if (fitted.value === Number.NEGATIVE_INFINITY)
    throw new ExaError(
      'invalid',
      `The kernel matrix of ${x.rows} rows is not positive definite: raise alpha (now ${jitter}), add a white kernel, or leave out duplicate rows.`,
      { facts: { rows: x.rows, alpha: jitter } },
    );
  return {
    estimator: 'GaussianProcessRegressor',
    kernel_: kernel,
    alpha: jitter,
    X_train_: toRows(x),
    alpha_: Array.from(fitted.alpha),
    y_mean: mean,
    y_std: std,
    log_marginal_likelihood_value_: fitted.value,
    evaluations,
    converged,
    at_bounds: hyperparameters(kernel)
      .filter(({ value, low, high }) => value <= low * (1 + 1e-5) || value >= high * (1 - 1e-5))
      .map((parameter) => parameter.name),
  };
}
