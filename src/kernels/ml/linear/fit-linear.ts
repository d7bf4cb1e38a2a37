import { ExaError } from '../../../protocol/errors.ts';
import { type Gram, type GramPartial, mergeAll } from '../gram/gram.ts';
import { fitGram } from '../gram/gram-kernel.ts';
import { withKFold } from '../stream/count-kernel.ts';
import type { Fit } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { crossValidatedPath, crossValidatedRidge } from './cross-validated-path.ts';
import { fitLeaveOneOut } from './left-out.ts';
import type { LinearModel } from './linear-model.ts';
import { type PathParams, pathOf } from './path.ts';
import { type LinearFit, ridgeOf } from './ridge.ts';

/** Ordinary least squares, of least norm when columns are collinear (and then it says so). One pass. */
export function* fitLinearRegression(
  reader: Reader,
  params: { readonly fit_intercept?: boolean } = {},
): Fit<LinearModel> {
  const { fit_intercept = true } = params;
  const partial = yield* fitGram(needTarget(reader));
  const fit = ridgeOf(mergeAll(partial.folds), 0, fit_intercept);
  return modelOf('LinearRegression', { fit_intercept }, reader, partial, fit);
}

/** Ridge regression. One pass, whatever alpha: its Gram serves every other. */
export function* fitRidge(
  reader: Reader,
  params: { readonly alpha?: number; readonly fit_intercept?: boolean } = {},
): Fit<LinearModel> {
  const { alpha = 1, fit_intercept = true } = params;
  const partial = yield* fitGram(needTarget(reader));
  const fit = ridgeOf(mergeAll(partial.folds), alpha, fit_intercept);
  return modelOf('Ridge', { alpha, fit_intercept }, reader, partial, fit);
}

/** Parameters of {@link fitElasticNet}, with scikit-learn's defaults: alpha 1, l1_ratio 0.5. */
export interface ElasticNetParams extends PathParams {
  readonly alpha?: number;
}

/** Lasso: {@link fitElasticNet} with l1_ratio 1. */
export function* fitLasso(reader: Reader, params: Omit<ElasticNetParams, 'l1_ratio'> = {}): Fit<LinearModel> {
  const model = yield* fitElasticNet(reader, { ...params, l1_ratio: 1 });
  const { l1_ratio: _, ...rest } = model.params;
  return { ...model, method: 'Lasso', params: rest };
}

/** Elastic net by coordinate descent on the Gram. One pass. alpha 0 is least squares. */
export function* fitElasticNet(reader: Reader, params: ElasticNetParams = {}): Fit<LinearModel> {
  const {
    alpha = 1,
    l1_ratio = 0.5,
    fit_intercept = true,
    tol = 1e-4,
    max_iter = 1000,
    positive = false,
  } = params;
  if (!(alpha >= 0) || !(l1_ratio >= 0 && l1_ratio <= 1))
    throw new ExaError(
      'invalid',
      `alpha must be 0 or more and l1_ratio from 0 to 1; they are ${alpha} and ${l1_ratio}.`,
    );
  const partial = yield* fitGram(needTarget(reader));
  const options = { alphas: [alpha], l1_ratio, fit_intercept, tol, max_iter, positive };
  const { coefs, intercepts, converged } = pathOf(mergeAll(partial.folds), options);
  const fit = { coef: coefs[0]!, intercept: intercepts[0]!, collinear: [] };
  const shown = { alpha, l1_ratio, fit_intercept, tol, max_iter, positive };
  return modelOf('ElasticNet', shown, reader, partial, fit, converged ? [] : [unconverged(max_iter)]);
}

/** Lasso with alpha chosen by `cv` contiguous folds (5): {@link fitElasticNetCV} with l1_ratio 1. */
export function* fitLassoCV(
  reader: Reader,
  params: PathParams & { readonly cv?: number } = {},
): Fit<LinearModel & CrossValidated> {
  const model = yield* fitElasticNetCV(reader, { ...params, l1_ratio: 1 });
  return { ...model, method: 'LassoCV' };
}

/** What cross-validation found: `mse_path_[k][f]` at `alphas_[k]` on fold f. */
export interface CrossValidated {
  readonly alpha_: number;
  readonly l1_ratio_?: number;
  readonly alphas_: readonly number[];
  readonly mse_path_: readonly (readonly number[])[];
}

/** Elastic net with alpha (and of several l1_ratios one) chosen by exact contiguous folds: a count, then one pass. */
export function* fitElasticNetCV(
  reader: Reader,
  params: PathParams & { readonly cv?: number; readonly l1_ratios?: readonly number[] } = {},
): Fit<LinearModel & CrossValidated> {
  const {
    cv = 5,
    l1_ratio = 0.5,
    fit_intercept = true,
    tol = 1e-4,
    max_iter = 1000,
    positive = false,
  } = params;
  const partial = yield* fitGram(yield* withKFold(needTarget(reader), cv));
  const found = crossValidatedPath(partial.folds, { ...params, l1_ratio });
  const fit = { coef: found.coef, intercept: found.intercept, collinear: [] };
  const shown = { cv, fit_intercept, tol, max_iter, positive };
  const warnings = found.converged ? [] : [unconverged(max_iter)];
  return {
    ...modelOf('ElasticNetCV', shown, reader, partial, fit, warnings),
    alpha_: found.alpha,
    l1_ratio_: found.l1_ratio,
    alphas_: found.alphas,
    mse_path_: found.mse_path,
  };
}

/**
 * Ridge with alpha chosen among `alphas` (0.1, 1, 10): by leave-one-out errors in closed form (two passes,
 * `mse_path_[k]` then holds their one mean), or with `cv` by that many contiguous folds in one pass after a count.
 */
export function* fitRidgeCV(
  reader: Reader,
  params: {
    readonly alphas?: readonly number[];
    readonly cv?: number;
    readonly fit_intercept?: boolean;
  } = {},
): Fit<LinearModel & CrossValidated> {
  const { alphas = [0.1, 1, 10], cv, fit_intercept = true } = params;
  if (!alphas.length || alphas.some((alpha) => !(alpha > 0)))
    throw new ExaError('invalid', 'The alphas to choose from must all be above 0.');
  const folded = cv === undefined ? needTarget(reader) : yield* withKFold(needTarget(reader), cv);
  const partial = yield* fitGram(folded);
  const shown = { cv: cv ?? null, fit_intercept };
  if (cv !== undefined) {
    const { alpha, mse_path, fit } = crossValidatedRidge(partial.folds, alphas, fit_intercept);
    return {
      ...modelOf('RidgeCV', shown, reader, partial, fit),
      alpha_: alpha,
      alphas_: alphas,
      mse_path_: mse_path,
    };
  }
  const gram = mergeAll(partial.folds);
  const errors = yield* fitLeaveOneOut(folded, gram, alphas, fit_intercept);
  let best = 0;
  for (let k = 1; k < alphas.length; k++) if (errors[k]! < errors[best]!) best = k;
  const fit = ridgeOf(gram, alphas[best]!, fit_intercept);
  return {
    ...modelOf('RidgeCV', shown, reader, partial, fit),
    alpha_: alphas[best]!,
    alphas_: alphas,
    mse_path_: Array.from(errors, (error) => [error]),
  };
}

function needTarget(reader: Reader): Reader {
  if (!reader.target)
    throw new ExaError('invalid', 'A regression needs a target column: choose what to predict.');
  if (reader.target.categories)
    throw new ExaError(
      'invalid',
      `The target “${reader.target.column}” is a text: a regression needs a number. Choose another target, or a classifier.`,
      { facts: { column: reader.target.column } },
    );
  if (reader.columns.length === 0)
    throw new ExaError('invalid', 'A regression needs at least one column to predict from.');
  return reader;
}

function unconverged(maxIter: number): string {
  return `The coefficients had not settled after ${maxIter} rounds: raise max_iter or alpha.`;
}

/** A linear fit as its JSON. */
export function modelOf(
  method: LinearModel['method'],
  params: LinearModel['params'],
  reader: Reader,
  partial: GramPartial,
  fit: LinearFit,
  warnings: readonly string[] = [],
): LinearModel {
  const gram = mergeAll(partial.folds);
  return {
    method,
    params,
    reader: { ...reader, folds: undefined, keep: undefined },
    coef_: Array.from(fit.coef),
    intercept_: fit.intercept,
    rows: gram.n,
    missing: partial.missing,
    infinite: partial.infinite,
    warnings: [...warnings, ...remarks(gram, fit, reader)],
  };
}

function remarks(gram: Gram, fit: LinearFit, reader: Reader): string[] {
  const p = gram.q - 1;
  const named = (j: number) => (reader.steps?.length ? `number ${j + 1}` : `“${reader.columns[j]!.column}”`);
  const constant = Array.from({ length: p }, (_, j) => j).filter((j) => gram.centred[j * gram.q + j] === 0);
  const collinear = fit.collinear.filter((j) => !constant.includes(j));
  const said: string[] = [];
  if (constant.length) said.push(`Constant, so without effect: ${constant.map(named).join(', ')}.`);
  if (collinear.length)
    said.push(
      `Follows from the other columns: ${collinear.map(named).join(', ')}. The coefficients are those of least norm among the equally good.`,
    );
  if (gram.n <= p) said.push(`There are ${p} columns but only ${gram.n} rows.`);
  return said;
}
