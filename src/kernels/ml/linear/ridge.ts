import { ExaError } from '../../../protocol/errors.ts';
import { type Gram, normalEquations } from '../gram/gram.ts';
import { type Solution, solveNormal } from './solve.ts';

/** Coefficients and intercept of one fit. */
export interface LinearFit extends Solution {
  readonly intercept: number;
}

/**
 * Ridge regression from a Gram whose last column is the target: (X'X + alpha·1) w = X'y, the intercept free.
 * alpha 0 is ordinary least squares, of least norm when columns are collinear. Throws `invalid` for alpha below 0.
 */
export function ridgeOf(gram: Gram, alpha: number, fitIntercept = true): LinearFit {
  if (!(alpha >= 0)) throw new ExaError('invalid', `alpha must be 0 or more; it is ${alpha}.`);
  const { p, xx, xy } = normalEquations(gram, fitIntercept);
  for (let j = 0; j < p; j++) xx[j * p + j]! += alpha;
  const solution = solveNormal(xx, xy, p);
  return { ...solution, intercept: fitIntercept ? interceptOf(gram, solution.coef) : 0 };
}

/** Mean of the target minus the means of the features times `coef`. */
export function interceptOf(gram: Gram, coef: ArrayLike<number>): number {
  const p = gram.q - 1;
  let value = gram.mean[p]!;
  for (let j = 0; j < p; j++) value -= gram.mean[j]! * coef[j]!;
  return value;
}

/** Σ(y − Xw − b)² over the rows of a Gram, not below 0. */
export function squaredError(gram: Gram, coef: ArrayLike<number>, intercept: number): number {
  const { q, n, centred, mean } = gram;
  const p = q - 1;
  let quadratic = centred[p * q + p]!;
  let offset = mean[p]! - intercept;
  for (let i = 0; i < p; i++) {
    const w = coef[i]!;
    if (w === 0) continue;
    offset -= mean[i]! * w;
    let sum = -2 * centred[i * q + p]!;
    for (let j = 0; j < p; j++) sum += centred[i * q + j]! * coef[j]!;
    quadratic += w * sum;
  }
  return Math.max(0, quadratic) + n * offset * offset;
}

/** 1 − Σ(y − ŷ)² ÷ Σ(y − ȳ)²; as scikit-learn, 1 for a constant target met exactly and 0 for one missed. */
export function r2Of(gram: Gram, coef: ArrayLike<number>, intercept: number): number {
  const error = squaredError(gram, coef, intercept);
  const total = gram.centred[gram.q * gram.q - 1]!;
  if (total === 0) return error === 0 ? 1 : 0;
  return 1 - error / total;
}
