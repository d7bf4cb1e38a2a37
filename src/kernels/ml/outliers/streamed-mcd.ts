import { ExaError } from '../../../protocol/errors.ts';
import { sampleRows } from '../sample/sample-fit.ts';
import { finishSteps } from '../steps.ts';
import { type Fit, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { chiSquaredQuantileAbove } from './chi-squared.ts';
import { distanceCountsKernel, nearScatterKernel } from './distance-kernels.ts';
import { fitMinCovDet, type MinCovDetModel, type MinCovDetParams } from './elliptic-envelope.ts';
import { type Metric, metricOf, type Scatter } from './scatter.ts';

/** A robust covariance of data of any size. */
export interface StreamedMcd extends Omit<MinCovDetModel, 'raw_support_' | 'support_'> {
  /** Rows used, of which `sampled` chose the start. */
  readonly rows: number;
  readonly sampled: number;
}

const bins = 4096;

function singular(): ExaError {
  return new ExaError(
    'invalid',
    'Too many rows lie in a plane: their covariance is singular. Leave out constant, duplicate or dependent columns.',
  );
}

function metricFrom(scatter: Scatter): Metric {
  const metric = metricOf(scatter);
  if (!metric) throw singular();
  return metric;
}

/** The squared distance that `wanted` rows do not pass, to a relative 1e-7, by counting within ever finer bins. */
function* distanceAt(reader: Reader, metric: Metric, wanted: number, guess: number): Fit<number> {
  const at = { reader, location: Array.from(metric.location), whiten: Array.from(metric.whiten) };
  let [low, high] = [0, guess];
  for (let pass = 0; ; ) {
    const counts = yield* onePass(
      distanceCountsKernel({ kernel: 'distance-counts', ...at, low, high, bins }),
      'rank distances',
    );
    if (!counts) return 0;
    let below = counts[0]!;
    let bin = 1;
    while (bin <= bins && below + counts[bin]! < wanted) below += counts[bin++]!;
    if (bin > bins) {
      [low, high] = [high, high * 16];
      if (!Number.isFinite(high)) throw singular();
      continue;
    }
    const width = (high - low) / bins;
    [low, high] = [low + (bin - 1) * width, low + bin * width];
    if (++pass === 2) return high;
  }
}

/** Mean and covariance of the rows within `limit`, and how many they are. */
function* nearScatter(reader: Reader, metric: Metric, limit: number): Fit<Scatter & { rows: number }> {
  const sums = yield* onePass(
    nearScatterKernel({
      kernel: 'near-scatter',
      reader,
      location: Array.from(metric.location),
      whiten: Array.from(metric.whiten),
      limit,
    }),
    'concentrate',
  );
  const rows = sums?.[0] ?? 0;
  if (!sums || rows < 2) throw singular();
  const p = metric.location.length;
  const off = sums.subarray(1, 1 + p);
  const covariance = new Float64Array(p * p);
  for (let k = 0; k < p; k++)
    for (let m = 0; m <= k; m++) {
      const value = (sums[1 + p + k * p + m]! - (off[k]! * off[m]!) / rows) / rows;
      covariance[k * p + m] = value;
      covariance[m * p + k] = value;
    }
  return { location: metric.location.map((value, k) => value + off[k]! / rows), covariance, rows };
}

/**
 * {@link fitMinCovDet} over data of any size: FastMCD on a sample of `sampleSize` rows, then `steps` C-steps, the
 * correction and the reweighting over all rows, each as passes that map and merge. Distances at the cut are ranked to
 * a relative 1e-7, so that a few rows more or fewer than h may be kept. Throws as {@link fitMinCovDet}.
 */
export function* fitStreamedMcd(
  reader: Reader,
  params: MinCovDetParams & { readonly sampleSize?: number; readonly steps?: number } = {},
): Fit<StreamedMcd> {
  const { x, seen } = yield* sampleRows(reader, params.sampleSize ?? 5000, params.random_state ?? 0);
  const start = finishSteps(fitMinCovDet(x, params));
  const p = x.columns;
  const h =
    params.support_fraction == null
      ? Math.ceil(0.5 * (seen + p + 1))
      : Math.floor(params.support_fraction * seen);
  let scatter: Scatter = {
    location: Float64Array.from(start.raw_location_),
    covariance: Float64Array.from(start.raw_covariance_.flat()),
  };
  for (let step = 0; step < (params.steps ?? 3); step++) {
    const metric = metricFrom(scatter);
    const limit = yield* distanceAt(reader, metric, h, 16 * p);
    scatter = yield* nearScatter(reader, metric, limit);
  }
  const metric = metricFrom(scatter);
  const middle = yield* distanceAt(reader, metric, Math.ceil(seen / 2), 16 * p);
  const correction = middle / chiSquaredQuantileAbove(0.5, p);
  const final = yield* nearScatter(reader, metric, correction * chiSquaredQuantileAbove(0.025, p));
  const rowsOf = (matrix: Float64Array) =>
    Array.from({ length: p }, (_, i) => Array.from(matrix.subarray(i * p, (i + 1) * p)));
  return {
    estimator: 'MinCovDet',
    raw_location_: Array.from(scatter.location),
    raw_covariance_: rowsOf(scatter.covariance),
    correction,
    location_: Array.from(final.location),
    covariance_: rowsOf(final.covariance),
    n_features_in_: p,
    rows: seen,
    sampled: x.rows,
  };
}
