import { ExaError } from '../../../protocol/errors.ts';
import { symmetricEigen } from '../../math/symmetric-eigen.ts';
import { type Gram, mergeAll } from '../gram/gram.ts';
import { fitGram } from '../gram/gram-kernel.ts';
import { applyStep } from '../preprocessing/apply-step.ts';
import type { Step } from '../preprocessing/step.ts';
import type { Fit } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';

/** scikit-learn's parameters of `PCA`. */
export interface PcaParams {
  /** How many components, or below 1 the share of variance they must explain; all when left out. */
  readonly n_components?: number;
  /** Scores of unit variance (false). */
  readonly whiten?: boolean;
}

/** Fitted principal components as plain JSON; `components_` has a row a component. */
export interface PcaModel {
  readonly method: 'PCA';
  readonly params: PcaParams;
  readonly reader: Reader;
  readonly mean_: readonly number[];
  readonly components_: readonly (readonly number[])[];
  readonly explained_variance_: readonly number[];
  readonly explained_variance_ratio_: readonly number[];
  readonly singular_values_: readonly number[];
  readonly noise_variance_: number;
  readonly rows: number;
  readonly missing: number;
  readonly infinite: number;
  readonly warnings: readonly string[];
}

/** Principal components of the features. One pass. */
export function* fitPca(reader: Reader, params: PcaParams = {}): Fit<PcaModel> {
  const plain: Reader = { ...reader, target: undefined };
  const partial = yield* fitGram(plain, 'Covariances');
  const gram = mergeAll(partial.folds);
  const found = pcaOf(gram, params);
  const constant = plain.columns.filter((_, j) => !plain.steps?.length && gram.centred[j * gram.q + j] === 0);
  return {
    method: 'PCA',
    params,
    reader: { ...plain, folds: undefined, keep: undefined },
    ...found,
    rows: gram.n,
    missing: partial.missing,
    infinite: partial.infinite,
    warnings: constant.length
      ? [`Constant, so without effect: ${constant.map((read) => `“${read.column}”`).join(', ')}.`]
      : [],
  };
}

/**
 * Principal components from a Gram of features: eigenvectors of the covariance matrix (as scikit-learn's
 * `covariance_eigh`). Of each component the loading of largest magnitude is positive, the sign rule since 1.5.
 * Throws `invalid` for fewer than two rows, or more components than columns or rows.
 */
export function pcaOf(
  gram: Gram,
  params: PcaParams = {},
): Pick<
  PcaModel,
  | 'mean_'
  | 'components_'
  | 'explained_variance_'
  | 'explained_variance_ratio_'
  | 'singular_values_'
  | 'noise_variance_'
> {
  const { q, n, mean, centred } = gram;
  if (n < 2) throw new ExaError('invalid', `Principal components need at least two rows; there are ${n}.`);
  const most = Math.min(q, n);
  const { values, vectors } = symmetricEigen(centred, q);
  const variances = Array.from(values, (value) => Math.max(0, value) / (n - 1));
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  const count = componentCount(params.n_components, variances, total, most);
  const rest = variances.slice(count, most);
  return {
    mean_: Array.from(mean),
    components_: Array.from({ length: count }, (_, k) => signed(vectors.subarray(k * q, k * q + q))),
    explained_variance_: variances.slice(0, count),
    explained_variance_ratio_: variances
      .slice(0, count)
      .map((variance) => (total > 0 ? variance / total : 0)),
    singular_values_: variances.slice(0, count).map((variance) => Math.sqrt(variance * (n - 1))),
    noise_variance_: rest.length ? rest.reduce((sum, variance) => sum + variance, 0) / rest.length : 0,
  };
}

function componentCount(
  asked: number | undefined,
  variances: readonly number[],
  total: number,
  most: number,
): number {
  if (asked === undefined) return most;
  if (asked > 0 && asked < 1) {
    let [sum, count] = [0, 0];
    while (count < most && !(sum > asked * total)) sum += variances[count++]!;
    return Math.max(1, count);
  }
  if (!Number.isInteger(asked) || asked < 1 || asked > most)
    throw new ExaError(
      'invalid',
      `There can be from 1 to ${most} components here; ${asked} were asked for.`,
      {
        facts: { asked, most },
      },
    );
  return asked;
}

function signed(vector: Float64Array): number[] {
  let at = 0;
  for (let j = 1; j < vector.length; j++) if (Math.abs(vector[j]!) > Math.abs(vector[at]!)) at = j;
  return Array.from(vector, vector[at]! < 0 ? (v) => -v : (v) => v);
}

/** The step a fitted PCA is in a pipeline: scores, whitened where it was fitted so. */
export function pcaStep(model: PcaModel): Step {
  return {
    step: 'project',
    mean: model.mean_,
    components: model.components_,
    scale: model.params.whiten
      ? model.explained_variance_.map((variance) => (variance > 0 ? Math.sqrt(variance) : 1))
      : undefined,
  };
}

/** Scores of rows, a column a component. */
export function transformPca(
  model: PcaModel,
  columns: readonly Float64Array[],
  rows: number,
): Float64Array[] {
  if (columns.length !== model.mean_.length)
    throw new ExaError(
      'invalid',
      `These components were fitted on ${model.mean_.length} columns and cannot score data of ${columns.length}.`,
    );
  return applyStep(columns, rows, pcaStep(model));
}
