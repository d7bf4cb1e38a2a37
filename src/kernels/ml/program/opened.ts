import { ExaError } from '../../../protocol/errors.ts';
import { meanShiftLabels } from '../cluster/mean-shift.ts';
import { transformPca } from '../decomposition/pca.ts';
import { forestPredict, forestProbabilities } from '../forest/forest.ts';
import { type GpPosterior, openPosterior } from '../gp/posterior.ts';
import { predictLinear } from '../linear/linear-model.ts';
import { predictProbabilities } from '../linear/logistic.ts';
import { predictMeans } from '../means/k-means.ts';
import { neighborsPredict, neighborsProbabilities, openNeighbors } from '../neighbours/neighbours.ts';
import { ellipticDecision } from '../outliers/elliptic-envelope.ts';
import { isolationDecision } from '../outliers/isolation-forest.ts';
import { columnsOf, type Samples } from '../samples.ts';
import { oneClassDecision } from '../svm/one-class.ts';
import { svcDecision, svcPredictCodes } from '../svm/svc.ts';
import { svrPredict } from '../svm/svr.ts';
import type { EstimatorModel } from './fit-rows.ts';

/** A fitted model ready to say something of rows; what takes time to prepare is prepared once. */
export interface Opened {
  /** A number, a class's position, a cluster (−1: none), or an outlier's decision (below 0). */
  predict(x: Samples): Float64Array;
  /** Shares of the classes, row-major. */
  readonly shares?: (x: Samples) => Float64Array;
  /** Where there are no shares: the greater the likelier; row-major, a column a class (of two, the second only). */
  readonly decide?: (x: Samples) => Float64Array;
  readonly posterior?: GpPosterior;
  /** Coordinates in the components, a column a component. */
  readonly project?: (x: Samples) => Float64Array[];
  readonly coefficients?: { readonly values: Float64Array; readonly intercept: number };
  readonly importances?: Float64Array;
}

/** Opens a model. `classes`: how many the plan's target has; shares and decisions are spread over all of them. */
export function openModel(model: EstimatorModel, classes: number): Opened {
  if ('method' in model)
    switch (model.method) {
      case 'LogisticRegression': {
        const shares = (x: Samples) => rowMajor(predictProbabilities(model, columnsOf(x), x.rows), x.rows);
        const weights = model.coef_[0]!.map((_, j) =>
          Math.sqrt(model.coef_.reduce((sum, coef) => sum + coef[j]! ** 2, 0) / model.coef_.length),
        );
        return {
          predict: (x) => greatest(shares(x), x.rows, classes),
          shares,
          importances: Float64Array.from(weights),
        };
      }
      case 'KMeans':
      case 'MiniBatchKMeans':
        return {
          predict: (x) => Float64Array.from(predictMeans(model.cluster_centers_, columnsOf(x), x.rows)),
        };
      case 'PCA':
        return {
          predict: (x) => transformPca(model, columnsOf(x), x.rows)[0]!,
          project: (x) => transformPca(model, columnsOf(x), x.rows),
        };
      default:
        return {
          predict: (x) => predictLinear(model, columnsOf(x), x.rows),
          coefficients: { values: Float64Array.from(model.coef_), intercept: model.intercept_ },
        };
    }
  switch (model.estimator) {
    case 'GaussianProcessRegressor': {
      const posterior = openPosterior(model);
      return { predict: (x) => posterior.mean(x), posterior };
    }
    case 'SVC': {
      const codes = model.classes_.map(Number);
      return {
        predict: (x) => Float64Array.from(svcPredictCodes(model, x), (code) => codes[code]!),
        decide: (x) =>
          codes.length === 2 && classes === 2
            ? svcDecision(model, x)
            : spread(
                codes.length === 2 ? bothSides(svcDecision(model, x)) : svcDecision(model, x),
                x.rows,
                codes,
                classes,
              ),
      };
    }
    case 'SVR':
      return { predict: (x) => svrPredict(model, x) };
    case 'KNeighborsClassifier': {
      const open = openNeighbors(model);
      const codes = model.classes_.map(Number);
      const shares = (x: Samples) =>
        spread(neighborsProbabilities(model, x, open), x.rows, codes, classes, 0);
      return { predict: (x) => greatest(shares(x), x.rows, classes), shares };
    }
    case 'KNeighborsRegressor': {
      const open = openNeighbors(model);
      return { predict: (x) => neighborsPredict(model, x, open) };
    }
    case 'RandomForestClassifier': {
      const codes = model.classes_.map(Number);
      const shares = (x: Samples) => spread(forestProbabilities(model, x), x.rows, codes, classes, 0);
      return {
        predict: (x) => greatest(shares(x), x.rows, classes),
        shares,
        importances: Float64Array.from(model.feature_importances_),
      };
    }
    case 'RandomForestRegressor':
      return {
        predict: (x) => forestPredict(model, x),
        importances: Float64Array.from(model.feature_importances_),
      };
    case 'OneClassSVM':
      return { predict: (x) => oneClassDecision(model, x) };
    case 'EllipticEnvelope':
      return { predict: (x) => ellipticDecision(model, x) };
    case 'IsolationForest':
      return { predict: (x) => isolationDecision(model, x) };
    case 'MeanShift':
      return { predict: (x) => Float64Array.from(meanShiftLabels(model, x)) };
    case 'SpectralClustering':
      return {
        predict() {
          throw new ExaError(
            'invalid',
            'Spectral clustering has no rule for rows it was not fitted on: use k-means to score others.',
          );
        },
      };
  }
}

function rowMajor(columns: readonly Float64Array[], rows: number): Float64Array {
  const out = new Float64Array(rows * columns.length);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) out[i * columns.length + j] = column[i]!;
  });
  return out;
}

function bothSides(decision: Float64Array): Float64Array {
  return Float64Array.from(
    { length: 2 * decision.length },
    (_, at) => (at % 2 ? 1 : -1) * decision[at >> 1]!,
  );
}

/** Values of the classes a model knows, at their positions among all. */
function spread(
  values: Float64Array,
  rows: number,
  codes: readonly number[],
  classes: number,
  absent = Number.NEGATIVE_INFINITY,
): Float64Array {
  if (codes.length === classes) return values;
  const out = new Float64Array(rows * classes).fill(absent);
  for (let i = 0; i < rows; i++)
    codes.forEach((code, k) => {
      out[i * classes + code] = values[i * codes.length + k]!;
    });
  return out;
}

function greatest(shares: Float64Array, rows: number, classes: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    let best = 0;
    for (let k = 1; k < classes; k++) if (shares[i * classes + k]! > shares[i * classes + best]!) best = k;
    return best;
  });
}
