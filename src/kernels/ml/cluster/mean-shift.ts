import { ExaError } from '../../../protocol/errors.ts';
import { openPoints } from '../../wasm/kernel-rows.ts';
import { checkExact, type ExactCost } from '../exact-limit.ts';
import { randomState } from '../means/random-state.ts';
import { type KdTree, kdTree, nearestInTree } from '../neighbours/kd-tree.ts';
import { nthSmallest } from '../outliers/smallest.ts';
import { checkColumns, checkSamples, rowsAt, type Samples, samplesOf } from '../samples.ts';
import type { Steps } from '../steps.ts';

/** scikit-learn's `MeanShift`. */
export interface MeanShiftParams {
  /** Radius of the flat kernel, above 0. Default: {@link estimateBandwidth}'s. */
  readonly bandwidth?: number | null;
  /** Start from the corners of a grid of one bandwidth that have rows, instead of from every row. Default false. */
  readonly bin_seeding?: boolean;
  /** Rows a grid cell needs to be a start. Default 1. */
  readonly min_bin_freq?: number;
  /** Give rows farther than a bandwidth from every centre a cluster too; else they get −1. Default true. */
  readonly cluster_all?: boolean;
  /** Default 300. */
  readonly max_iter?: number;
}

/** A fitted mean shift. */
export interface MeanShiftModel {
  readonly estimator: 'MeanShift';
  readonly cluster_centers_: readonly (readonly number[])[];
  readonly labels_: readonly number[];
  readonly bandwidth: number;
  readonly cluster_all: boolean;
  readonly n_iter_: number;
  readonly n_features_in_: number;
}

/** Every row climbs through its neighbourhood: the square of the rows. */
export const meanShiftCost: ExactCost = {
  estimator: 'MeanShift',
  mostRows: 20_000,
  seconds: (rows) => 2e-8 * rows * rows,
  bytes: (rows) => 100 * rows,
};

/**
 * Mean distance to the neighbour at `quantile` of the rows (a row is its own first neighbour): scikit-learn's
 * `estimate_bandwidth`. `sample` (its `n_samples`) takes that many rows, drawn by `seed` as numpy does.
 */
export function estimateBandwidth(x: Samples, quantile = 0.3, sample?: number, seed = 0): number {
  checkSamples(x, 'estimate_bandwidth');
  if (!(quantile >= 0 && quantile <= 1))
    throw new ExaError('invalid', `quantile must be in 0 … 1; it is ${quantile}.`);
  const used = sample === undefined ? x : rowsAt(x, randomState(seed).permutation(x.rows).slice(0, sample));
  checkExact({ ...meanShiftCost, estimator: 'estimate_bandwidth' }, used.rows);
  const rank = Math.max(1, Math.floor(used.rows * quantile)) - 1;
  const points = openPoints(used.values, used.rows, used.columns);
  let sum = 0;
  for (let i = 0; i < used.rows; i++) {
    const query = used.values.subarray(i * used.columns, (i + 1) * used.columns);
    sum += Math.sqrt(nthSmallest(points.distances(query), rank));
  }
  return sum / used.rows;
}

/** The nearest whole number, halves to the even one (numpy's `round`). */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function binSeeds(x: Samples, size: number, least: number): Samples {
  const counts = new Map<string, { count: number; at: number[] }>();
  for (let i = 0; i < x.rows; i++) {
    const at = Array.from(x.values.subarray(i * x.columns, (i + 1) * x.columns), (value) =>
      roundHalfEven(value / size),
    );
    const known = counts.get(at.join());
    if (known) known.count++;
    else counts.set(at.join(), { count: 1, at });
  }
  const seeds = [...counts.values()].filter(({ count }) => count >= least);
  if (seeds.length === x.rows) return x;
  return samplesOf(seeds.map(({ at }) => at.map((corner) => corner * size)));
}

/** Adds the rows within `radius` of `query` to `sum`; returns how many. */
function sumWithin(
  tree: KdTree,
  query: Float64Array,
  radius: number,
  sum: Float64Array,
  stack: Int32Array,
): number {
  const { columns: d, values, start, end, axis, cut } = tree;
  const limit = radius * radius;
  let count = 0;
  let depth = 0;
  stack[depth++] = 0;
  sum.fill(0);
  while (depth > 0) {
    const node = stack[--depth]!;
    const k = axis[node]!;
    if (k >= 0) {
      const offset = query[k]! - cut[node]!;
      if (offset >= -radius) stack[depth++] = 2 * node + 2;
      if (offset <= radius) stack[depth++] = 2 * node + 1;
      continue;
    }
    for (let i = start[node]! * d, to = end[node]! * d; i < to; i += d) {
      let squared = 0;
      for (let m = 0; m < d; m++) {
        const difference = values[i + m]! - query[m]!;
        squared += difference * difference;
      }
      if (squared > limit) continue;
      for (let m = 0; m < d; m++) sum[m] = sum[m]! + values[i + m]!;
      count++;
    }
  }
  return count;
}

interface Peak {
  readonly at: number[];
  readonly rows: number;
}

/** More rows first; of equal ones the greater coordinates first. */
function byHeight(a: Peak, b: Peak): number {
  if (a.rows !== b.rows) return b.rows - a.rows;
  for (let k = 0; k < a.at.length; k++) if (a.at[k] !== b.at[k]) return b.at[k]! - a.at[k]!;
  return 0;
}

/**
 * Fits D. Comaniciu, P. Meer, "Mean shift" (2002) with a flat kernel.
 * Throws `invalid` for bad values and parameters, `refused` above {@link meanShiftCost}'s rows without bins.
 */
export function* fitMeanShift(x: Samples, params: MeanShiftParams = {}): Steps<MeanShiftModel> {
  checkSamples(x, 'MeanShift');
  if (!params.bin_seeding) checkExact(meanShiftCost, x.rows);
  const bandwidth = params.bandwidth ?? estimateBandwidth(x);
  if (!(bandwidth > 0))
    throw new ExaError('invalid', `bandwidth must be above 0; it is ${bandwidth} (are most rows alike?).`);
  const d = x.columns;
  const seeds = params.bin_seeding ? binSeeds(x, bandwidth, params.min_bin_freq ?? 1) : x;
  const tree = kdTree(x);
  const stack = new Int32Array(128);
  const mean = new Float64Array(d);
  const sum = new Float64Array(d);
  const peaks = new Map<string, Peak>();
  let mostIterations = 0;
  for (let s = 0; s < seeds.rows; s++) {
    mean.set(seeds.values.subarray(s * d, (s + 1) * d));
    let iterations = 0;
    let rows = sumWithin(tree, mean, bandwidth, sum, stack);
    for (; rows > 0; rows = sumWithin(tree, mean, bandwidth, sum, stack)) {
      let moved = 0;
      for (let m = 0; m < d; m++) {
        const next = sum[m]! / rows;
        moved += (next - mean[m]!) * (next - mean[m]!);
        mean[m] = next;
      }
      if (Math.sqrt(moved) < 1e-3 * bandwidth || iterations === (params.max_iter ?? 300)) break;
      iterations++;
    }
    mostIterations = Math.max(mostIterations, iterations);
    if (rows > 0) peaks.set(mean.join(), { at: Array.from(mean), rows });
    if (s % 64 === 63) yield { phase: 'climb', done: s + 1, total: seeds.rows };
  }
  if (peaks.size === 0)
    throw new ExaError('invalid', `No row is within ${bandwidth} of any start: raise the bandwidth.`);
  const centers: Peak[] = [];
  for (const peak of [...peaks.values()].sort(byHeight)) {
    const near = centers.some(({ at }) => {
      let squared = 0;
      for (let m = 0; m < d; m++) squared += (at[m]! - peak.at[m]!) * (at[m]! - peak.at[m]!);
      return squared <= bandwidth * bandwidth;
    });
    if (!near) centers.push(peak);
  }
  const model: MeanShiftModel = {
    estimator: 'MeanShift',
    cluster_centers_: centers.map((peak) => peak.at),
    labels_: [],
    bandwidth,
    cluster_all: params.cluster_all ?? true,
    n_iter_: mostIterations,
    n_features_in_: d,
  };
  return { ...model, labels_: Array.from(meanShiftLabels(model, x)) };
}

/** Each row's nearest centre; −1 past a bandwidth where `cluster_all` is false. */
export function meanShiftLabels(model: MeanShiftModel, x: Samples): Int32Array {
  checkColumns(x, model.n_features_in_, model.estimator);
  const { rows, squared } = nearestInTree(kdTree(samplesOf(model.cluster_centers_)), x, 1);
  if (!model.cluster_all)
    for (let i = 0; i < rows.length; i++) if (Math.sqrt(squared[i]!) > model.bandwidth) rows[i] = -1;
  return rows;
}
