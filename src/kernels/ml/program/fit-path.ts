import { mergeAll } from '../gram/gram.ts';
import { fitGram } from '../gram/gram-kernel.ts';
import { crossValidatedPath } from '../linear/cross-validated-path.ts';
import { modelOf } from '../linear/fit-linear.ts';
import type { LinearModel } from '../linear/linear-model.ts';
import { type PathParams, pathOf } from '../linear/path.ts';
import { r2Of } from '../linear/ridge.ts';
import { withKFold } from '../stream/count-kernel.ts';
import type { Fit } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';

/** A lasso or elastic net with its whole path and the errors of cross-validation. */
export interface PathModel extends LinearModel {
  readonly alpha_: number;
  readonly l1_ratio_: number;
  readonly r2: number;
  readonly path: {
    readonly alphas: readonly number[];
    /** `coefs[k]` at `alphas[k]`. */
    readonly coefs: readonly (readonly number[])[];
    /** `errors[k][f]`: mean squared error on fold f. */
    readonly errors: readonly (readonly number[])[];
  };
}

export type PathName = 'Lasso' | 'LassoCV' | 'ElasticNet' | 'ElasticNetCV';

/**
 * A count, then one pass: its Gram a fold gives the path, its cross-validation, and the fit at `alpha` (of a method
 * that searches: at the alpha of least error).
 */
export function* fitPath(
  method: PathName,
  reader: Reader,
  params: PathParams & {
    readonly alpha?: number;
    readonly cv?: number;
    readonly l1_ratios?: readonly number[];
  },
): Fit<PathModel> {
  const { cv = 5, tol = 1e-4, max_iter = 1000, fit_intercept = true, positive = false } = params;
  const ratio = method.startsWith('Lasso') ? 1 : (params.l1_ratio ?? 0.5);
  const partial = yield* fitGram(yield* withKFold(reader, cv));
  const whole = mergeAll(partial.folds);
  const options = { ...params, tol, max_iter, fit_intercept, positive };
  const found = crossValidatedPath(partial.folds, { ...options, l1_ratio: ratio });
  const alpha = method.endsWith('CV') ? found.alpha : (params.alpha ?? 1);
  const own = { ...options, l1_ratio: found.l1_ratio };
  const path = pathOf(whole, { ...own, alphas: found.alphas });
  const chosen = pathOf(whole, { ...own, alphas: [alpha] });
  const fit = { coef: chosen.coefs[0]!, intercept: chosen.intercepts[0]!, collinear: [] };
  const model = modelOf(
    method,
    { alpha, l1_ratio: found.l1_ratio, fit_intercept, tol, max_iter, positive },
    reader,
    partial,
    fit,
    chosen.converged
      ? []
      : [`The coefficients had not settled after ${max_iter} rounds: raise max_iter or alpha.`],
  );
  return {
    ...model,
    alpha_: alpha,
    l1_ratio_: found.l1_ratio,
    r2: r2Of(whole, fit.coef, fit.intercept),
    path: {
      alphas: found.alphas,
      coefs: path.coefs.map((coef) => Array.from(coef)),
      errors: found.mse_path,
    },
  };
}
