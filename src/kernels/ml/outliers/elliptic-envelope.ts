import { ExaError } from '../../../protocol/errors.ts';
import { checkColumns, checkSamples, type Samples } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { chiSquaredQuantileAbove } from './chi-squared.ts';
import { fastMcd, type McdStarts } from './fast-mcd.ts';
import { metricOf, scatterOf, squaredDistances } from './scatter.ts';
import { median, percentile } from './smallest.ts';

/** scikit-learn's `MinCovDet`. */
export interface MinCovDetParams {
  /** Share of the rows kept, in (½, 1]. Default: ⌈(n + p + 1)/2⌉ rows. */
  readonly support_fraction?: number | null;
  /** Seed. Default 0. */
  readonly random_state?: number;
  /** Ours: what the search starts from. Default 'halves', as scikit-learn's does. */
  readonly starts?: McdStarts;
}

/** A robust location and covariance. */
export interface MinCovDetModel {
  readonly estimator: 'MinCovDet';
  readonly raw_location_: readonly number[];
  /** Of the h rows as they are: uncorrected. */
  readonly raw_covariance_: readonly (readonly number[])[];
  readonly raw_support_: readonly number[];
  readonly correction: number;
  readonly location_: readonly number[];
  readonly covariance_: readonly (readonly number[])[];
  /** Rows the reweighted estimate is made of. */
  readonly support_: readonly number[];
  readonly n_features_in_: number;
}

function nested(matrix: Float64Array, p: number): number[][] {
  return Array.from({ length: p }, (_, i) => Array.from(matrix.subarray(i * p, (i + 1) * p)));
}

/**
 * Fits the minimum covariance determinant with its correction for normal data and one reweighting step.
 * Throws `invalid` for bad values, too few rows for the columns, or a singular covariance (constant, duplicate or
 * dependent columns).
 */
export function* fitMinCovDet(x: Samples, params: MinCovDetParams = {}): Steps<MinCovDetModel> {
  checkSamples(x, 'MinCovDet', x.columns + 2);
  const { rows: n, columns: p } = x;
  const share = params.support_fraction ?? null;
  if (share !== null && !(share > 0 && share <= 1))
    throw new ExaError('invalid', `support_fraction must be above 0 and at most 1; it is ${share}.`);
  const h = share === null ? Math.ceil(0.5 * (n + p + 1)) : Math.max(p + 1, Math.floor(share * n));
  const raw = yield* fastMcd(x, Math.min(n, h), params.random_state ?? 0, params.starts);
  const correction = median(raw.distances) / chiSquaredQuantileAbove(0.5, p);
  const limit = chiSquaredQuantileAbove(0.025, p);
  const support: number[] = [];
  for (let i = 0; i < n; i++) if (raw.distances[i]! / correction < limit) support.push(i);
  const scatter = scatterOf(x, support);
  return {
    estimator: 'MinCovDet',
    raw_location_: Array.from(raw.location),
    raw_covariance_: nested(raw.covariance, p),
    raw_support_: Array.from(raw.support),
    correction,
    location_: Array.from(scatter.location),
    covariance_: nested(scatter.covariance, p),
    support_: support,
    n_features_in_: p,
  };
}

/** Squared Mahalanobis distances of rows under a fitted robust covariance. */
export function mahalanobis(model: MinCovDetModel, x: Samples): Float64Array {
  checkColumns(x, model.n_features_in_, model.estimator);
  const metric = metricOf({
    location: Float64Array.from(model.location_),
    covariance: Float64Array.from(model.covariance_.flat()),
  });
  if (!metric) throw new ExaError('invalid', 'The covariance of this model is singular.');
  return squaredDistances(x, metric);
}

/** scikit-learn's `EllipticEnvelope`. */
export interface EllipticEnvelopeParams extends MinCovDetParams {
  /** Share of outliers among the fitted rows, in (0, ½]. Default 0.1. */
  readonly contamination?: number;
}

/** A fitted envelope. */
export interface EllipticEnvelopeModel {
  readonly estimator: 'EllipticEnvelope';
  readonly covariance: MinCovDetModel;
  /** decision = −distance² − offset. */
  readonly offset_: number;
}

/** Fits a robust ellipse that leaves `contamination` of the rows outside. Throws as {@link fitMinCovDet}. */
export function* fitEllipticEnvelope(
  x: Samples,
  params: EllipticEnvelopeParams = {},
): Steps<EllipticEnvelopeModel> {
  const contamination = params.contamination ?? 0.1;
  if (!(contamination > 0 && contamination <= 0.5))
    throw new ExaError('invalid', `contamination must be above 0 and at most 0.5; it is ${contamination}.`);
  const covariance = yield* fitMinCovDet(x, params);
  const scores = mahalanobis(covariance, x).map((distance) => -distance);
  return { estimator: 'EllipticEnvelope', covariance, offset_: percentile(scores, 100 * contamination) };
}

/** Positive inside the envelope, negative outside; for a grid, give its points as rows. */
export function ellipticDecision(model: EllipticEnvelopeModel, x: Samples): Float64Array {
  return mahalanobis(model.covariance, x).map((distance) => -distance - model.offset_);
}

/** 1 for rows inside the envelope, −1 for outliers. */
export function ellipticPredict(model: EllipticEnvelopeModel, x: Samples): Int8Array {
  return Int8Array.from(ellipticDecision(model, x), (value) => (value >= 0 ? 1 : -1));
}
