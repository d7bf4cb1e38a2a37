import { type Gram, gramWithout, mergeAll } from '../gram/gram.ts';
import { alphaGrid, type LinearPath, type PathParams, pathOf } from './path.ts';
import { type LinearFit, ridgeOf, squaredError } from './ridge.ts';

/** Errors of every alpha on every fold, and the fit on all rows at the best. */
export interface CrossValidatedPath {
  readonly alphas: readonly number[];
  readonly l1_ratio: number;
  /** `mse_path[k][f]`: mean squared error on fold f at alphas[k]. */
  readonly mse_path: readonly (readonly number[])[];
  readonly alpha: number;
  readonly coef: Float64Array;
  readonly intercept: number;
  readonly converged: boolean;
}

/**
 * Lasso or elastic net with its alpha (and l1_ratio, when several are given) chosen by the folds of one pass: every
 * training Gram merges the other folds', every error is read off the fold's own. Ties go to the larger alpha.
 */
export function crossValidatedPath(
  folds: readonly Gram[],
  params: PathParams & { readonly l1_ratios?: readonly number[] } = {},
): CrossValidatedPath {
  const whole = mergeAll(folds);
  const training = folds.map((_, f) => gramWithout(folds, f));
  let best:
    | { error: number; alpha: number; ratio: number; alphas: number[]; mse: number[][]; paths: LinearPath[] }
    | undefined;
  for (const ratio of params.l1_ratios ?? [params.l1_ratio ?? 1]) {
    const alphas = params.alphas
      ? [...params.alphas].sort((a, b) => b - a)
      : alphaGrid(whole, { ...params, l1_ratio: ratio });
    const paths = training.map((gram) => pathOf(gram, { ...params, l1_ratio: ratio, alphas }));
    const mse = alphas.map((_, k) =>
      paths.map((path, f) => squaredError(folds[f]!, path.coefs[k]!, path.intercepts[k]!) / folds[f]!.n),
    );
    mse.forEach((errors, k) => {
      const error = mean(errors);
      if (!best || error < best.error) best = { error, alpha: alphas[k]!, ratio, alphas, mse, paths };
    });
  }
  if (!best) throw new RangeError('A path needs at least one alpha.');
  const chosen = pathOf(whole, { ...params, l1_ratio: best.ratio, alphas: [best.alpha] });
  return {
    alphas: best.alphas,
    l1_ratio: best.ratio,
    mse_path: best.mse,
    alpha: best.alpha,
    coef: chosen.coefs[0]!,
    intercept: chosen.intercepts[0]!,
    converged: chosen.converged && best.paths.every((path) => path.converged),
  };
}

/** Ridge with its alpha chosen by the folds of one pass: mean squared error averaged over folds, ties to the first. */
export function crossValidatedRidge(
  folds: readonly Gram[],
  alphas: readonly number[],
  fitIntercept = true,
): { alpha: number; mse_path: number[][]; fit: LinearFit } {
  const training = folds.map((_, f) => gramWithout(folds, f));
  const mse = alphas.map((alpha) =>
    training.map((gram, f) => {
      const { coef, intercept } = ridgeOf(gram, alpha, fitIntercept);
      return squaredError(folds[f]!, coef, intercept) / folds[f]!.n;
    }),
  );
  let best = 0;
  for (let k = 1; k < alphas.length; k++) if (mean(mse[k]!) < mean(mse[best]!)) best = k;
  const alpha = alphas[best]!;
  return { alpha, mse_path: mse, fit: ridgeOf(mergeAll(folds), alpha, fitIntercept) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
