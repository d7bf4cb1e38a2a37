import { ExaError } from '../../../protocol/errors.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import { walkTrees } from '../../wasm/tree-walk.ts';
import { type RandomStream, randomStream, samplerOf } from '../sample/random.ts';
import { checkColumns, checkSamples, type Samples } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { percentile } from './smallest.ts';

/** scikit-learn's `IsolationForest`. */
export interface IsolationForestParams {
  /** Trees. Default 100. */
  readonly n_estimators?: number;
  /** Rows a tree; 'auto' (default): 256, or all when there are fewer. */
  readonly max_samples?: 'auto' | number;
  /** 'auto' (default): offset −0.5, as in the paper; else the share of outliers, in (0, ½]. */
  readonly contamination?: 'auto' | number;
  /** Seed. Default 0. */
  readonly random_state?: number;
}

/**
 * A tree in arrays. Node i splits on `feature[i]` at `threshold[i]` (smaller or equal goes to `left[i]`, else to
 * `left[i] + 1`); a leaf has `left[i]` 0 and its expected path length as `threshold[i]`.
 */
export interface IsolationTree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly left: readonly number[];
}

/** A fitted isolation forest. */
export interface IsolationForestModel {
  readonly estimator: 'IsolationForest';
  readonly trees: readonly IsolationTree[];
  /** Rows a tree was grown on. */
  readonly max_samples_: number;
  readonly offset_: number;
  readonly n_features_in_: number;
}

const euler = 0.5772156649015329;

/** Expected path length of an unsuccessful search among `n` rows (equation 1 of the paper). */
export function averagePath(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (log(n - 1) + euler) - (2 * (n - 1)) / n;
}

/** Grows one tree on the rows listed in `order` (reordered in place), to depth `deepest`. */
function grow(x: Samples, order: Int32Array, deepest: number, random: RandomStream): IsolationTree {
  const { columns: p, values } = x;
  const feature: number[] = [0];
  const threshold: number[] = [0];
  const left: number[] = [0];
  const work: { node: number; start: number; end: number; depth: number }[] = [
    { node: 0, start: 0, end: order.length, depth: 0 },
  ];
  const range = (k: number, start: number, end: number): [number, number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = start; i < end; i++) {
      const value = values[order[i]! * p + k]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high];
  };
  for (let at = work.pop(); at; at = work.pop()) {
    const { node, start, end, depth } = at;
    const split =
      end - start > 1 && depth < deepest ? chooseSplit(p, random, (k) => range(k, start, end)) : undefined;
    if (!split) {
      threshold[node] = depth + averagePath(end - start);
      continue;
    }
    let middle = start;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      if (values[row * p + split.feature]! > split.threshold) continue;
      order[i] = order[middle]!;
      order[middle++] = row;
    }
    const child = feature.length;
    feature.push(0, 0);
    threshold.push(0, 0);
    left.push(0, 0);
    feature[node] = split.feature;
    threshold[node] = split.threshold;
    left[node] = child;
    work.push({ node: child + 1, start: middle, end, depth: depth + 1 });
    work.push({ node: child, start, end: middle, depth: depth + 1 });
  }
  return { feature, threshold, left };
}

/** A column that is not constant here, and a threshold uniform between its ends; undefined when all are constant. */
function chooseSplit(
  p: number,
  random: RandomStream,
  range: (k: number) => [number, number],
): { feature: number; threshold: number } | undefined {
  const first = random.below(p);
  let [low, high] = range(first);
  let feature = first;
  if (!(high > low)) {
    const candidates: [number, number, number][] = [];
    for (let k = 0; k < p; k++) {
      [low, high] = range(k);
      if (high > low) candidates.push([k, low, high]);
    }
    if (candidates.length === 0) return undefined;
    [feature, low, high] = candidates[random.below(candidates.length)]!;
  }
  const threshold = low + random.uniform() * (high - low);
  return { feature, threshold: threshold < high ? threshold : low };
}

/**
 * Fits F. T. Liu, K. M. Ting, Z.-H. Zhou, "Isolation forest" (2008). Each tree has a stream of random numbers of its
 * own, so the model depends on the seed alone. A sample of `max_samples` rows a tree is all it needs: out of core, one
 * reservoir of `n_estimators · max_samples` rows serves. Throws `invalid` for bad values and parameters.
 */
export function* fitIsolationForest(
  x: Samples,
  params: IsolationForestParams = {},
): Steps<IsolationForestModel> {
  checkSamples(x, 'IsolationForest');
  const count = params.n_estimators ?? 100;
  const wanted = params.max_samples ?? 'auto';
  const contamination = params.contamination ?? 'auto';
  if (!(Number.isInteger(count) && count >= 1))
    throw new ExaError('invalid', `n_estimators must be a whole number of 1 or more; it is ${count}.`);
  if (contamination !== 'auto' && !(contamination > 0 && contamination <= 0.5))
    throw new ExaError('invalid', `contamination must be above 0 and at most 0.5; it is ${contamination}.`);
  const rows = Math.min(x.rows, wanted === 'auto' ? 256 : wanted);
  if (!(Number.isInteger(rows) && rows >= 1))
    throw new ExaError('invalid', `max_samples must be a whole number of 1 or more; it is ${wanted}.`);
  let deepest = 0;
  while (2 ** deepest < Math.max(rows, 2)) deepest++;
  const trees: IsolationTree[] = [];
  const sample = samplerOf(x.rows);
  for (let t = 0; t < count; t++) {
    const random = randomStream(params.random_state ?? 0, t);
    trees.push(grow(x, sample(random, rows), deepest, random));
    if (t % 16 === 15) yield { phase: 'grow', done: t + 1, total: count };
  }
  const model: IsolationForestModel = {
    estimator: 'IsolationForest',
    trees,
    max_samples_: rows,
    offset_: -0.5,
    n_features_in_: x.columns,
  };
  if (contamination === 'auto') return model;
  return { ...model, offset_: percentile(isolationScores(model, x), 100 * contamination) };
}

/** Scores of rows, in [−1, 0): the lower, the sooner isolated (−2^(−mean path ÷ expected path)). */
export function isolationScores(model: IsolationForestModel, x: Samples): Float64Array {
  checkColumns(x, model.n_features_in_, 'IsolationForest');
  const paths = walkTrees(model.trees, x.values, x.columns);
  const expected = averagePath(model.max_samples_) * model.trees.length;
  return paths.map((path) => (expected === 0 ? -0.5 : -exp((-Math.LN2 * path) / expected)));
}

/** Positive for ordinary rows, negative for outliers. */
export function isolationDecision(model: IsolationForestModel, x: Samples): Float64Array {
  return isolationScores(model, x).map((score) => score - model.offset_);
}

/** 1 for ordinary rows, −1 for outliers. */
export function isolationPredict(model: IsolationForestModel, x: Samples): Int8Array {
  return Int8Array.from(isolationDecision(model, x), (value) => (value >= 0 ? 1 : -1));
}
