import { ExaError } from '../../../protocol/errors.ts';
import { type ClassLabel, classesOf } from '../classes.ts';
import { checkColumns, checkSamples, checkTarget, type Samples } from '../samples.ts';
import { finishNearest, mapNearest } from './brute.ts';
import { type KdTree, kdTree, type Nearest, nearestInTree } from './kd-tree.ts';

/** What scikit-learn's `KNeighborsClassifier` and `KNeighborsRegressor` share. */
export interface NeighborsParams {
  /** Default 5. */
  readonly n_neighbors?: number;
  /** 'distance' weighs by 1 ÷ distance; rows at distance 0 then decide alone. Default 'uniform'. */
  readonly weights?: 'uniform' | 'distance';
  /** 'auto' (default): a k-d tree up to 15 columns, else every row is compared. */
  readonly algorithm?: 'auto' | 'kd_tree' | 'brute';
}

/** A k-d tree pays up to this many columns. */
const mostTreeColumns = 15;

interface Fitted {
  readonly n_neighbors: number;
  readonly weights: 'uniform' | 'distance';
  readonly algorithm: 'kd_tree' | 'brute';
  /** Row-major: a list a row would be half of the work. */
  readonly X_train_: readonly number[];
  readonly n_features_in_: number;
}

/** A fitted classifier: the rows themselves. */
export interface NeighborsClassifierModel extends Fitted {
  readonly estimator: 'KNeighborsClassifier';
  readonly classes_: readonly ClassLabel[];
  /** Position in `classes_` of each row's class. */
  readonly codes: readonly number[];
}

/** A fitted regression: the rows themselves. */
export interface NeighborsRegressorModel extends Fitted {
  readonly estimator: 'KNeighborsRegressor';
  readonly y_train_: readonly number[];
}

function fitted(x: Samples, params: NeighborsParams, estimator: string): Fitted {
  checkSamples(x, estimator);
  const k = params.n_neighbors ?? 5;
  if (!(Number.isInteger(k) && k >= 1 && k <= x.rows))
    throw new ExaError(
      'invalid',
      `n_neighbors must be a whole number of 1 to ${x.rows} (the rows); it is ${k}.`,
    );
  const wanted = params.algorithm ?? 'auto';
  return {
    n_neighbors: k,
    weights: params.weights ?? 'uniform',
    algorithm: wanted === 'auto' ? (x.columns <= mostTreeColumns ? 'kd_tree' : 'brute') : wanted,
    X_train_: Array.from(x.values),
    n_features_in_: x.columns,
  };
}

/** Fits a nearest-neighbours classifier. Throws `invalid` for bad values, targets and `n_neighbors` above the rows. */
export function fitNeighborsClassifier(
  x: Samples,
  y: ArrayLike<ClassLabel>,
  params: NeighborsParams = {},
): NeighborsClassifierModel {
  const base = fitted(x, params, 'KNeighborsClassifier');
  if (y.length !== x.rows)
    throw new ExaError('invalid', `KNeighborsClassifier has ${x.rows} rows but ${y.length} target values.`);
  const { labels, codes } = classesOf(y, 'KNeighborsClassifier');
  return { estimator: 'KNeighborsClassifier', ...base, classes_: labels, codes: Array.from(codes) };
}

/** Fits a nearest-neighbours regression. Throws `invalid` for bad values and `n_neighbors` above the rows. */
export function fitNeighborsRegressor(
  x: Samples,
  y: ArrayLike<number>,
  params: NeighborsParams = {},
): NeighborsRegressorModel {
  const base = fitted(x, params, 'KNeighborsRegressor');
  checkTarget(y, x, 'KNeighborsRegressor');
  return { estimator: 'KNeighborsRegressor', ...base, y_train_: Array.from(y) };
}

/** A model ready to search: its tree is built once. */
export interface OpenNeighbors {
  nearest(x: Samples): Nearest;
}

function trainOf({ X_train_, n_features_in_ }: Fitted): Samples {
  const rows = X_train_.length / n_features_in_;
  if (!Number.isInteger(rows))
    throw new ExaError(
      'invalid',
      `This model holds ${X_train_.length} numbers, which are no rows of ${n_features_in_}: save it again.`,
    );
  return { rows, columns: n_features_in_, values: Float64Array.from(X_train_) };
}

/** Builds what a search needs. */
export function openNeighbors(model: Fitted & { readonly estimator: string }): OpenNeighbors {
  const train = trainOf(model);
  const tree: KdTree | undefined = model.algorithm === 'kd_tree' ? kdTree(train) : undefined;
  return {
    nearest(x) {
      checkColumns(x, model.n_features_in_, model.estimator);
      if (tree) return nearestInTree(tree, x, model.n_neighbors);
      return finishNearest(mapNearest(train, x, model.n_neighbors));
    },
  };
}

/** Weights of one query's neighbours, from `at` on. */
function weightsOf(nearest: Nearest, at: number, kind: 'uniform' | 'distance', out: Float64Array): void {
  const { k, squared } = nearest;
  if (kind === 'uniform') {
    out.fill(1);
    return;
  }
  const exact = squared[at] === 0;
  for (let i = 0; i < k; i++)
    out[i] = exact ? (squared[at + i] === 0 ? 1 : 0) : 1 / Math.sqrt(squared[at + i]!);
}

/** Shares of the classes among each row's neighbours: row-major, a column a class. */
export function neighborsProbabilities(
  model: NeighborsClassifierModel,
  x: Samples,
  open = openNeighbors(model),
): Float64Array {
  const nearest = open.nearest(x);
  const classes = model.classes_.length;
  const out = new Float64Array(x.rows * classes);
  const weights = new Float64Array(nearest.k);
  for (let i = 0; i < x.rows; i++) {
    weightsOf(nearest, i * nearest.k, model.weights, weights);
    let total = 0;
    for (let j = 0; j < nearest.k; j++) {
      const at = i * classes + model.codes[nearest.rows[i * nearest.k + j]!]!;
      out[at] = out[at]! + weights[j]!;
      total += weights[j]!;
    }
    for (let c = 0; c < classes; c++) out[i * classes + c] = out[i * classes + c]! / total;
  }
  return out;
}

/** Each row's class: the greatest share, the first of equals. */
export function neighborsClasses(
  model: NeighborsClassifierModel,
  x: Samples,
  open = openNeighbors(model),
): ClassLabel[] {
  const shares = neighborsProbabilities(model, x, open);
  const classes = model.classes_.length;
  return Array.from({ length: x.rows }, (_, i) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (shares[i * classes + c]! > shares[i * classes + best]!) best = c;
    return model.classes_[best]!;
  });
}

/** The weighted mean of each row's neighbours' targets. */
export function neighborsPredict(
  model: NeighborsRegressorModel,
  x: Samples,
  open = openNeighbors(model),
): Float64Array {
  const nearest = open.nearest(x);
  const weights = new Float64Array(nearest.k);
  const out = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    weightsOf(nearest, i * nearest.k, model.weights, weights);
    let [sum, total] = [0, 0];
    for (let j = 0; j < nearest.k; j++) {
      sum += weights[j]! * model.y_train_[nearest.rows[i * nearest.k + j]!]!;
      total += weights[j]!;
    }
    out[i] = sum / total;
  }
  return out;
}
