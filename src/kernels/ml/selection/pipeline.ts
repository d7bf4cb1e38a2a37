import { ExaError } from '../../../protocol/errors.ts';
import type { BlockInput } from '../../block.ts';
import { fitPca, type PcaModel, type PcaParams, pcaStep } from '../decomposition/pca.ts';
import {
  type ElasticNetParams,
  fitElasticNet,
  fitElasticNetCV,
  fitLasso,
  fitLassoCV,
  fitLinearRegression,
  fitRidge,
  fitRidgeCV,
} from '../linear/fit-linear.ts';
import { type LinearModel, predictLinear } from '../linear/linear-model.ts';
import {
  fitLogisticRegression,
  type LogisticModel,
  type LogisticParams,
  predictLogistic,
} from '../linear/logistic.ts';
import type { PathParams } from '../linear/path.ts';
import { fitKMeans, type KMeansModel, type KMeansParams, predictMeans } from '../means/k-means.ts';
import { fitMiniBatchKMeans, type MiniBatchParams } from '../means/mini-batch.ts';
import { widthAfter } from '../preprocessing/apply-step.ts';
import {
  fitOneHotEncoder,
  fitOrdinalEncoder,
  fitSimpleImputer,
  polynomialStep,
} from '../preprocessing/encoders.ts';
import {
  fitMaxAbsScaler,
  fitMinMaxScaler,
  fitRobustScaler,
  fitStandardScaler,
} from '../preprocessing/scalers.ts';
import type { Step } from '../preprocessing/step.ts';
import { type Matrix, readMatrix } from '../stream/matrix.ts';
import type { Fit } from '../stream/pass.ts';
import type { ReadColumn, Reader } from '../stream/reader.ts';

/** A transformer of a pipeline and its parameters, under scikit-learn's names. */
export type Transformer =
  | {
      readonly method: 'StandardScaler';
      readonly params?: { readonly with_mean?: boolean; readonly with_std?: boolean };
    }
  | {
      readonly method: 'MinMaxScaler';
      readonly params?: { readonly feature_range?: readonly [number, number] };
    }
  | { readonly method: 'MaxAbsScaler' }
  | {
      readonly method: 'RobustScaler';
      readonly params?: { readonly quantile_range?: readonly [number, number] };
    }
  | { readonly method: 'Normalizer'; readonly params?: { readonly norm?: 'l1' | 'l2' | 'max' } }
  | {
      readonly method: 'SimpleImputer';
      readonly params?: {
        readonly strategy?: 'mean' | 'median' | 'most_frequent' | 'constant';
        readonly fill_value?: number;
      };
    }
  | {
      readonly method: 'PolynomialFeatures';
      readonly params?: {
        readonly degree?: number;
        readonly interaction_only?: boolean;
        readonly include_bias?: boolean;
      };
    }
  | { readonly method: 'PCA'; readonly params?: PcaParams };

/** What a pipeline ends in; left out, it only transforms. */
export type Estimator =
  | { readonly method: 'LinearRegression'; readonly params?: { readonly fit_intercept?: boolean } }
  | {
      readonly method: 'Ridge';
      readonly params?: { readonly alpha?: number; readonly fit_intercept?: boolean };
    }
  | {
      readonly method: 'RidgeCV';
      readonly params?: { readonly alphas?: readonly number[]; readonly cv?: number };
    }
  | { readonly method: 'Lasso'; readonly params?: Omit<ElasticNetParams, 'l1_ratio'> }
  | { readonly method: 'LassoCV'; readonly params?: PathParams & { readonly cv?: number } }
  | { readonly method: 'ElasticNet'; readonly params?: ElasticNetParams }
  | {
      readonly method: 'ElasticNetCV';
      readonly params?: PathParams & { readonly cv?: number; readonly l1_ratios?: readonly number[] };
    }
  | { readonly method: 'LogisticRegression'; readonly params?: LogisticParams }
  | { readonly method: 'KMeans'; readonly params?: KMeansParams }
  | { readonly method: 'MiniBatchKMeans'; readonly params?: MiniBatchParams };

/**
 * A pipeline as plain JSON. `numeric` columns are read as they are; `categorical` ones become 0 and 1 a category and
 * come after them; `steps` see all. The classes of a classifier’s target are found by a pass of their own.
 */
export interface Pipeline {
  readonly numeric: readonly string[];
  readonly categorical?: readonly string[];
  readonly target?: string;
  readonly where?: Reader['where'];
  readonly types?: Reader['types'];
  readonly steps: readonly Transformer[];
  readonly estimator?: Estimator;
}

export type FittedEstimator = LinearModel | LogisticModel | KMeansModel;

/** A fitted pipeline as plain JSON: how rows are read and changed, and the model. `reader` has no target. */
export interface PipelineModel {
  readonly pipeline: Pipeline;
  readonly reader: Reader;
  readonly model?: FittedEstimator;
}

/**
 * Fits a pipeline: each transformer on what the ones before it make, then the estimator. Scalers, encoders and PCA
 * cost a pass each, Robust and median imputers seven; Normalizer and PolynomialFeatures none.
 * Throws `invalid` for no columns.
 */
export function* fitPipeline(pipeline: Pipeline): Fit<PipelineModel> {
  const { numeric, categorical = [], where, types } = pipeline;
  if (numeric.length + categorical.length === 0)
    throw new ExaError('invalid', 'A pipeline needs at least one column to read.');
  let columns: readonly ReadColumn[] = numeric.map((column) => ({ column }));
  const steps: Step[] = [];
  if (categorical.length) {
    const encoder = yield* fitOneHotEncoder(categorical, { unknown: 'ignore' });
    columns = [...columns, ...encoder.columns];
    steps.push({ step: 'onehot', sizes: [...numeric.map(() => 0), ...encoder.step.sizes] });
  }
  for (const transformer of pipeline.steps) {
    const reader: Reader = { columns, steps, where, types };
    const width = steps.reduce(widthAfter, columns.length);
    steps.push(yield* fitTransformer(transformer, reader, width));
  }
  const reader: Reader = { columns, steps, where, types };
  if (!pipeline.estimator) return { pipeline, reader };
  const target =
    pipeline.target === undefined ? undefined : yield* targetOf(pipeline.target, pipeline.estimator);
  const model = yield* fitEstimator(pipeline.estimator, { ...reader, target });
  return { pipeline, reader, model };
}

function* targetOf(column: string, estimator: Estimator): Fit<ReadColumn> {
  if (estimator.method !== 'LogisticRegression') return { column };
  const [read] = yield* fitOrdinalEncoder([column], { limit: 1000 });
  return read!;
}

/** Fits one transformer on what `reader` reads, `width` columns. */
export function* fitTransformer(transformer: Transformer, reader: Reader, width: number): Fit<Step> {
  switch (transformer.method) {
    case 'StandardScaler':
      return (yield* fitStandardScaler(reader, transformer.params)).step;
    case 'MinMaxScaler':
      return (yield* fitMinMaxScaler(reader, transformer.params)).step;
    case 'MaxAbsScaler':
      return (yield* fitMaxAbsScaler(reader)).step;
    case 'RobustScaler':
      return (yield* fitRobustScaler(reader, transformer.params)).step;
    case 'Normalizer':
      return { step: 'normalize', norm: transformer.params?.norm ?? 'l2' };
    case 'SimpleImputer':
      return yield* fitSimpleImputer(reader, transformer.params);
    case 'PolynomialFeatures':
      return polynomialStep(width, transformer.params);
    case 'PCA': {
      const model: PcaModel = yield* fitPca(reader, transformer.params);
      return pcaStep(model);
    }
  }
}

function* fitEstimator(estimator: Estimator, reader: Reader): Fit<FittedEstimator> {
  switch (estimator.method) {
    case 'LinearRegression':
      return yield* fitLinearRegression(reader, estimator.params);
    case 'Ridge':
      return yield* fitRidge(reader, estimator.params);
    case 'RidgeCV':
      return yield* fitRidgeCV(reader, estimator.params);
    case 'Lasso':
      return yield* fitLasso(reader, estimator.params);
    case 'LassoCV':
      return yield* fitLassoCV(reader, estimator.params);
    case 'ElasticNet':
      return yield* fitElasticNet(reader, estimator.params);
    case 'ElasticNetCV':
      return yield* fitElasticNetCV(reader, estimator.params);
    case 'LogisticRegression':
      return yield* fitLogisticRegression(reader, estimator.params);
    case 'KMeans':
      return yield* fitKMeans(reader, estimator.params);
    case 'MiniBatchKMeans':
      return yield* fitMiniBatchKMeans(reader, estimator.params);
  }
}

/** Predictions for the rows of a block that can be read; `positions` says which (undefined: all). */
export interface Predictions {
  /** Numbers, class positions among `classes_`, or cluster numbers. */
  readonly values: Float64Array | Int32Array;
  readonly positions?: Int32Array;
}

/** Scores a block with a fitted pipeline. Throws `invalid`, naming the column, for data of another schema. */
export function predictPipeline({ reader, model }: PipelineModel, input: BlockInput): Predictions {
  if (!model)
    throw new ExaError('invalid', 'This pipeline only transforms: it has no model to predict with.');
  const { columns, rows, positions } = readMatrix(input, reader);
  if ('cluster_centers_' in model)
    return { values: predictMeans(model.cluster_centers_, columns, rows), positions };
  if (model.method === 'LogisticRegression')
    return { values: predictLogistic(model, columns, rows), positions };
  return { values: predictLinear(model, columns, rows), positions };
}

/** What a fitted pipeline makes of a block. */
export function transformPipeline({ reader }: PipelineModel, input: BlockInput): Matrix {
  return readMatrix(input, reader);
}
