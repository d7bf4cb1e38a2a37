import { ExaError } from '../../../protocol/errors.ts';
import { classSplit } from '../../wasm/class-split.ts';
import { type ClassLabel, classesOf } from '../classes.ts';
import { checkExact, type ExactCost } from '../exact-limit.ts';
import { randomStream } from '../sample/random.ts';
import { checkColumns, checkSamples, checkTarget, type Samples } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { binned } from './bins.ts';
import { type Growth, growTree, type Tree } from './grow.ts';

/** What scikit-learn's `RandomForestClassifier` and `RandomForestRegressor` share. */
export interface ForestParams {
  /** Trees. Default 100. */
  readonly n_estimators?: number;
  /** Columns a split looks at: a whole number, a share of them, or 'sqrt'. Default 'sqrt' for classes, 1.0 for a regression. */
  readonly max_features?: 'sqrt' | number;
  /** Default: no limit. */
  readonly max_depth?: number | null;
  /** Default 2. */
  readonly min_samples_split?: number;
  /** Default 1. */
  readonly min_samples_leaf?: number;
  /** Whether each tree sees its own draw of rows with replacement. Default true. */
  readonly bootstrap?: boolean;
  /** Seed. Default 0. */
  readonly random_state?: number;
}

interface Forest {
  readonly trees: readonly Tree[];
  /** Share of the impurity each column took away, summing to 1. */
  readonly feature_importances_: readonly number[];
  readonly n_features_in_: number;
}

/** A fitted classifier. */
export interface ForestClassifierModel extends Forest {
  readonly estimator: 'RandomForestClassifier';
  readonly classes_: readonly ClassLabel[];
}

/** A fitted regression. */
export interface ForestRegressorModel extends Forest {
  readonly estimator: 'RandomForestRegressor';
}

/** About 80 µs a row for a hundred trees. */
export const forestCost: ExactCost = {
  estimator: 'A random forest',
  mostRows: 500_000,
  seconds: (rows) => 1e-4 * rows,
  bytes: (rows) => 60 * rows,
};

function featuresOf(wanted: 'sqrt' | number, columns: number): number {
  if (wanted === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(columns)));
  const count = Number.isInteger(wanted) && wanted > 1 ? wanted : Math.floor(wanted * columns);
  if (!(wanted > 0 && count <= columns))
    throw new ExaError(
      'invalid',
      `max_features must be 'sqrt', a share, or at most ${columns}; it is ${wanted}.`,
    );
  return Math.max(1, count);
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new ExaError('invalid', `${name} must be a whole number of ${least} or more; it is ${value}.`);
}

/** How often each of `n` rows is drawn when `n` are drawn with replacement. */
function bootstrapWeights(n: number, below: (n: number) => number): Float64Array {
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = below(n);
    weights[row] = weights[row]! + 1;
  }
  return weights;
}

/** All trees: each has its own stream of random numbers, so any worker may grow any of them. */
function* growForest(growth: Growth, params: ForestParams, columns: number): Steps<Forest> {
  const count = wholeNumber('n_estimators', params.n_estimators ?? 100, 1);
  const importances = new Float64Array(columns);
  const trees: Tree[] = [];
  for (let t = 0; t < count; t++) {
    const random = randomStream(params.random_state ?? 0, t);
    const n = growth.data.rows;
    const weights =
      params.bootstrap === false ? new Float64Array(n).fill(1) : bootstrapWeights(n, random.below);
    const own = new Float64Array(columns);
    trees.push(growTree(growth, weights, random, own));
    const total = own.reduce((sum, value) => sum + value, 0);
    if (total > 0) for (let k = 0; k < columns; k++) importances[k] = importances[k]! + own[k]! / total;
    yield { phase: 'grow', done: t + 1, total: count };
  }
  const all = importances.reduce((sum, value) => sum + value, 0);
  return {
    trees,
    feature_importances_: Array.from(importances, (value) => (all > 0 ? value / all : 0)),
    n_features_in_: columns,
  };
}

function growthOf(
  x: Samples,
  { codes, target, outputs }: Pick<Growth, 'target' | 'outputs'> & { readonly codes?: Int32Array },
  params: ForestParams,
  maxFeatures: 'sqrt' | number,
): Growth {
  const data = binned(x);
  const least = wholeNumber('min_samples_leaf', params.min_samples_leaf ?? 1, 1);
  return {
    data,
    outputs,
    split: codes && classSplit({ bins: data.bins, rows: data.rows, codes, classes: outputs, least }),
    target,
    maxFeatures: featuresOf(maxFeatures, x.columns),
    maxDepth:
      params.max_depth == null ? Number.POSITIVE_INFINITY : wholeNumber('max_depth', params.max_depth, 1),
    minSplit: wholeNumber('min_samples_split', params.min_samples_split ?? 2, 2),
    minLeaf: least,
  };
}

/**
 * Fits L. Breiman, "Random forests" (2001), splits found over 256 bins a column. The model depends on the seed alone.
 * Throws `invalid` for bad values, parameters and targets; `refused` above {@link forestCost}'s rows.
 */
export function* fitForestClassifier(
  x: Samples,
  y: ArrayLike<ClassLabel>,
  params: ForestParams = {},
): Steps<ForestClassifierModel> {
  checkSamples(x, 'RandomForestClassifier');
  checkExact(forestCost, x.rows);
  if (y.length !== x.rows)
    throw new ExaError('invalid', `RandomForestClassifier has ${x.rows} rows but ${y.length} target values.`);
  const { labels, codes } = classesOf(y, 'RandomForestClassifier');
  const growth = growthOf(
    x,
    { codes, target: new Float64Array(0), outputs: labels.length },
    params,
    params.max_features ?? 'sqrt',
  );
  const forest = yield* growForest(growth, params, x.columns);
  return { estimator: 'RandomForestClassifier', classes_: labels, ...forest };
}

/** Fits a regression forest; see {@link fitForestClassifier}. */
export function* fitForestRegressor(
  x: Samples,
  y: ArrayLike<number>,
  params: ForestParams = {},
): Steps<ForestRegressorModel> {
  checkSamples(x, 'RandomForestRegressor');
  checkTarget(y, x, 'RandomForestRegressor');
  checkExact(forestCost, x.rows);
  const growth = growthOf(x, { target: Float64Array.from(y), outputs: 1 }, params, params.max_features ?? 1);
  const forest = yield* growForest(growth, params, x.columns);
  return { estimator: 'RandomForestRegressor', ...forest };
}

/** Mean over the trees of each row's leaf values: row-major, `outputs` a row. */
function meanValues(forest: Forest, outputs: number, x: Samples, name: string): Float64Array {
  checkColumns(x, forest.n_features_in_, name);
  const { columns: p, values } = x;
  const out = new Float64Array(x.rows * outputs);
  for (const tree of forest.trees) {
    const feature = Int32Array.from(tree.feature);
    const threshold = Float64Array.from(tree.threshold);
    const left = Int32Array.from(tree.left);
    const value = Float64Array.from(tree.value);
    for (let i = 0; i < x.rows; i++) {
      let node = 0;
      for (let child = left[0]!; child !== 0; child = left[node]!)
        node = values[i * p + feature[node]!]! <= threshold[node]! ? child : child + 1;
      for (let o = 0; o < outputs; o++)
        out[i * outputs + o] = out[i * outputs + o]! + value[node * outputs + o]!;
    }
  }
  for (let at = 0; at < out.length; at++) out[at] = out[at]! / forest.trees.length;
  return out;
}

/** Shares of the classes: row-major, a column a class. */
export function forestProbabilities(model: ForestClassifierModel, x: Samples): Float64Array {
  return meanValues(model, model.classes_.length, x, model.estimator);
}

/** Each row's class: the greatest share, the first of equals. */
export function forestClasses(model: ForestClassifierModel, x: Samples): ClassLabel[] {
  const k = model.classes_.length;
  const shares = forestProbabilities(model, x);
  return Array.from({ length: x.rows }, (_, i) => {
    let best = 0;
    for (let c = 1; c < k; c++) if (shares[i * k + c]! > shares[i * k + best]!) best = c;
    return model.classes_[best]!;
  });
}

/** The regression at each row. */
export function forestPredict(model: ForestRegressorModel, x: Samples): Float64Array {
  return meanValues(model, 1, x, model.estimator);
}
