import type { EstimatorName } from '../../../protocol/estimators.ts';
import { fitMeanShift, type MeanShiftModel } from '../cluster/mean-shift.ts';
import { fitSpectral, type SpectralModel } from '../cluster/spectral.ts';
import { fitPca, type PcaModel } from '../decomposition/pca.ts';
import {
  type ForestClassifierModel,
  type ForestRegressorModel,
  fitForestClassifier,
  fitForestRegressor,
} from '../forest/forest.ts';
import { fitGaussianProcess, type GpModel } from '../gp/gaussian-process.ts';
import { type CrossValidated, fitLinearRegression, fitRidge, fitRidgeCV } from '../linear/fit-linear.ts';
import type { LinearModel } from '../linear/linear-model.ts';
import { fitLogisticRegression, type LogisticModel } from '../linear/logistic.ts';
import { fitKMeans, type KMeansModel } from '../means/k-means.ts';
import { fitMiniBatchKMeans } from '../means/mini-batch.ts';
import {
  fitNeighborsClassifier,
  fitNeighborsRegressor,
  type NeighborsClassifierModel,
  type NeighborsRegressorModel,
} from '../neighbours/neighbours.ts';
import { type EllipticEnvelopeModel, fitEllipticEnvelope } from '../outliers/elliptic-envelope.ts';
import { fitIsolationForest, type IsolationForestModel } from '../outliers/isolation-forest.ts';
import { columnsOf, type Samples } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { type Fit, fitBlocks } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { fitOneClassSvm, type OneClassSvmModel } from '../svm/one-class.ts';
import { fitSvc, type SvcModel } from '../svm/svc.ts';
import { fitSvr, type SvrModel } from '../svm/svr.ts';
import { fitPath, type PathModel } from './fit-path.ts';

/** A fitted estimator as plain JSON. Classes are positions in the plan's list. */
export type EstimatorModel =
  | LinearModel
  | (LinearModel & CrossValidated)
  | PathModel
  | LogisticModel
  | KMeansModel
  | PcaModel
  | GpModel
  | SvcModel
  | SvrModel
  | NeighborsClassifierModel
  | NeighborsRegressorModel
  | ForestClassifierModel
  | ForestRegressorModel
  | OneClassSvmModel
  | EllipticEnvelopeModel
  | IsolationForestModel
  | SpectralModel
  | MeanShiftModel;

/** Parameters that {@link readParams} has read, and a seed for methods that draw. */
export type ReadParams = Readonly<Record<string, unknown>>;

/** A streamed method's fit; undefined for one that holds its rows in memory. */
export function streamedFit(
  method: EstimatorName,
  reader: Reader,
  params: ReadParams,
): Fit<EstimatorModel> | undefined {
  switch (method) {
    case 'LinearRegression':
      return fitLinearRegression(reader, params);
    case 'Ridge':
      return fitRidge(reader, params);
    case 'RidgeCV':
      return fitRidgeCV(reader, params);
    case 'Lasso':
    case 'LassoCV':
    case 'ElasticNet':
    case 'ElasticNetCV':
      return fitPath(method, reader, params);
    case 'LogisticRegression':
      return fitLogisticRegression(reader, params);
    case 'KMeans':
      return fitKMeans(reader, params);
    case 'MiniBatchKMeans':
      return fitMiniBatchKMeans(reader, params);
    case 'PCA':
      return fitPca(reader, params);
    default:
      return undefined;
  }
}

/** Fits any method on rows in memory. `y`: numbers, or positions of classes (`classes` in all). */
export function* fitRows(
  method: EstimatorName,
  x: Samples,
  y: Float64Array | undefined,
  classes: number,
  params: ReadParams,
): Steps<EstimatorModel> {
  const target = y ?? new Float64Array(0);
  switch (method) {
    case 'SVR':
      return yield* fitSvr(x, target, params);
    case 'KNeighborsRegressor':
      return fitNeighborsRegressor(x, target, params);
    case 'RandomForestRegressor':
      return yield* fitForestRegressor(x, target, params);
    case 'GaussianProcessRegressor':
      return yield* fitGaussianProcess(x, target, params);
    case 'SVC':
      return yield* fitSvc(x, target, params);
    case 'KNeighborsClassifier':
      return fitNeighborsClassifier(x, target, params);
    case 'RandomForestClassifier':
      return yield* fitForestClassifier(x, target, params);
    case 'OneClassSVM':
      return yield* fitOneClassSvm(x, params);
    case 'EllipticEnvelope':
      return yield* fitEllipticEnvelope(x, params);
    case 'IsolationForest':
      return yield* fitIsolationForest(x, params);
    case 'SpectralClustering':
      return yield* fitSpectral(x, params);
    case 'MeanShift':
      return yield* fitMeanShift(x, params);
    default: {
      yield { phase: 'Fitting', done: 0, total: 1 };
      const columns = namedColumns(x);
      const reader: Reader = {
        columns: Object.keys(columns).map((column) => ({ column })),
        ...(y && {
          target: classes
            ? { column: '@', categories: Array.from({ length: classes }, (_, code) => code) }
            : { column: '@' },
        }),
      };
      return fitBlocks(streamedFit(method, reader, params)!, blocksOf(y ? { ...columns, '@': y } : columns));
    }
  }
}

function namedColumns(x: Samples): Record<string, Float64Array> {
  return Object.fromEntries(columnsOf(x).map((column, j) => [String(j), column]));
}
