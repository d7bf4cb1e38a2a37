import { describe, expect, test } from 'vitest';
import { referenceFile, worstDifference } from '../reference-file.testing.ts';
import { randomStream } from '../sample/random.ts';
import { type Samples, samplesOf } from '../samples.ts';
import { finishSteps, runSteps } from '../steps.ts';
import { chiSquaredCdf, chiSquaredQuantileAbove } from './chi-squared.ts';
import {
  ellipticDecision,
  ellipticPredict,
  fitEllipticEnvelope,
  fitMinCovDet,
  mahalanobis,
} from './elliptic-envelope.ts';
import {
  fitIsolationForest,
  isolationDecision,
  isolationPredict,
  isolationScores,
} from './isolation-forest.ts';
import { metricOf, scatterOf, squaredDistances } from './scatter.ts';
import { median, nthSmallest, percentile, smallest } from './smallest.ts';

const reference = referenceFile<{
  readonly X_two_blobs: number[][];
  readonly X_elliptic: number[][];
  readonly grid_axis: number[];
  readonly expected: {
    readonly isolation_forest: { readonly mean: number[]; readonly sd: number[] };
    readonly covariance_estimators: {
      readonly empirical: {
        readonly location: number[];
        readonly covariance: number[][];
        readonly mahalanobis: number[];
      };
    };
    readonly min_cov_det: {
      readonly raw_location: number[];
      readonly raw_covariance_uncorrected: number[][];
      readonly correction_factor: number;
      readonly raw_support: number[];
      readonly location: number[];
      readonly covariance: number[][];
      readonly support: number[];
      readonly dist: number[];
    };
    readonly elliptic_envelope: {
      readonly location: number[];
      readonly offset: number;
      readonly decision_train: number[];
      readonly decision_grid: number[];
      readonly labels: number[];
    };
    readonly min_cov_det_iris_best_of_10_seeds: { readonly X: number[][]; readonly logdets: number[] };
  };
}>('outliers');

function cloud(rows: number, columns: number, seed: number, stretch = 1): Samples {
  const random = randomStream(seed);
  const values = Float64Array.from({ length: rows * columns }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += random.uniform();
    return sum * stretch;
  });
  return { rows, columns, values };
}

describe.skipIf(reference === undefined)('as scikit-learn has it', () => {
  const grid = () => reference!.grid_axis.flatMap((y) => reference!.grid_axis.map((x) => [x, y]));

  test('plain covariance and its distances', () => {
    const { empirical } = reference!.expected.covariance_estimators;
    const x = samplesOf(reference!.X_elliptic);
    const scatter = scatterOf(x);
    expect(worstDifference(scatter.location, empirical.location)).toBeLessThan(1e-9);
    expect(worstDifference(scatter.covariance, empirical.covariance.flat())).toBeLessThan(1e-9);
    expect(worstDifference(squaredDistances(x, metricOf(scatter)!), empirical.mahalanobis)).toBeLessThan(
      1e-9,
    );
  });

  test.each([0, 1, 2, 3, 4])('minimum covariance determinant, seed %i', (random_state) => {
    const at = reference!.expected.min_cov_det;
    const x = samplesOf(reference!.X_elliptic);
    const model = finishSteps(fitMinCovDet(x, { random_state }));
    expect(model.raw_support_).toEqual(at.raw_support);
    expect(worstDifference(model.raw_location_, at.raw_location)).toBeLessThan(1e-9);
    expect(worstDifference(model.raw_covariance_.flat(), at.raw_covariance_uncorrected.flat())).toBeLessThan(
      1e-9,
    );
    expect(Math.abs(model.correction - at.correction_factor)).toBeLessThan(1e-9);
    expect(worstDifference(model.location_, at.location)).toBeLessThan(1e-9);
    expect(worstDifference(model.covariance_.flat(), at.covariance.flat())).toBeLessThan(1e-9);
    expect(model.support_).toEqual(at.support);
    expect(worstDifference(mahalanobis(model, x), at.dist)).toBeLessThan(1e-9);
  });

  test('elliptic envelope', () => {
    const at = reference!.expected.elliptic_envelope;
    const x = samplesOf(reference!.X_elliptic);
    const model = finishSteps(fitEllipticEnvelope(x, { contamination: 0.2 }));
    expect(Math.abs(model.offset_ - at.offset)).toBeLessThan(1e-9);
    expect(worstDifference(ellipticDecision(model, x), at.decision_train)).toBeLessThan(1e-9);
    expect(worstDifference(ellipticDecision(model, samplesOf(grid())), at.decision_grid)).toBeLessThan(1e-9);
    expect(Array.from(ellipticPredict(model, x))).toEqual(at.labels);
  });

  test('elemental starts find a lower determinant on the same data', () => {
    const at = reference!.expected.min_cov_det;
    const model = finishSteps(fitMinCovDet(samplesOf(reference!.X_elliptic), { starts: 'elemental' }));
    const determinant = (m: readonly (readonly number[])[]) => m[0]![0]! * m[1]![1]! - m[0]![1]! * m[1]![0]!;
    expect(determinant(model.raw_covariance_)).toBeLessThan(determinant(at.raw_covariance_uncorrected));
  });

  test.each(['halves', 'elemental'] as const)('iris, from %s: a determinant among ten seeds’', (starts) => {
    const at = reference!.expected.min_cov_det_iris_best_of_10_seeds;
    const x = samplesOf(at.X);
    const model = finishSteps(fitMinCovDet(x, { starts }));
    const metric = metricOf({
      location: Float64Array.from(model.raw_location_),
      covariance: Float64Array.from(model.raw_covariance_.flat()),
    });
    expect(metric!.logDeterminant).toBeLessThan(
      (starts === 'halves' ? Math.max : Math.min)(...at.logdets) + 1e-9,
    );
  });

  test('isolation forest: within five standard deviations, and without bias over seeds', () => {
    const { mean, sd } = reference!.expected.isolation_forest;
    const train = samplesOf(reference!.X_two_blobs);
    const all = samplesOf([...reference!.X_two_blobs, ...grid()]);
    const totals = new Float64Array(all.rows);
    for (let random_state = 0; random_state < 30; random_state++) {
      const scores = isolationScores(finishSteps(fitIsolationForest(train, { random_state })), all);
      scores.forEach((score, i) => {
        if (random_state === 0) expect(Math.abs(score - mean[i]!) / sd[i]!).toBeLessThan(5);
        totals[i] = totals[i]! + score / 30;
      });
    }
    const z = totals.map((total, i) => (total - mean[i]!) / (sd[i]! * Math.sqrt(2 / 30)));
    expect(Math.max(...z.map(Math.abs))).toBeLessThan(5);
  });
});

test('χ² quantiles', () => {
  expect(chiSquaredQuantileAbove(0.5, 2)).toBeCloseTo(2 * Math.log(2), 12);
  expect(chiSquaredQuantileAbove(0.025, 2)).toBeCloseTo(-2 * Math.log(0.025), 12);
  expect(chiSquaredQuantileAbove(0.05, 1)).toBeCloseTo(3.841458820694124, 11);
  expect(chiSquaredQuantileAbove(0.05, 30)).toBeCloseTo(43.77297182574219, 10);
  expect(chiSquaredCdf(3, 4)).toBeCloseTo(1 - Math.exp(-1.5) * 2.5, 13);
});

test('order statistics against sorting', () => {
  const random = randomStream(1);
  for (let n = 1; n < 60; n++) {
    const values = Float64Array.from({ length: n }, () => random.below(12));
    const sorted = values.slice().sort();
    for (let rank = 0; rank < n; rank++) expect(nthSmallest(values, rank)).toBe(sorted[rank]);
    const count = 1 + random.below(n);
    const picked = smallest(values, count);
    expect(Array.from(picked, (i) => values[i]!).sort((a, b) => a - b)).toEqual(
      Array.from(sorted.slice(0, count)),
    );
    expect(median(values)).toBe(n % 2 ? sorted[n >> 1] : (sorted[n / 2 - 1]! + sorted[n / 2]!) / 2);
    expect(percentile(values, 100)).toBe(sorted[n - 1]);
  }
});

test('many rows: outliers do not move the estimate, whatever the seed', () => {
  const good = cloud(2400, 3, 5);
  const values = Float64Array.from([...good.values, ...cloud(600, 3, 6, 0.5).values.map((v) => v + 12)]);
  const x = { rows: 3000, columns: 3, values };
  const models = [1, 2].map((random_state) => finishSteps(fitMinCovDet(x, { random_state })));
  for (const model of models) {
    expect(Math.max(...model.location_.map(Math.abs))).toBeLessThan(0.15);
    expect(model.support_.every((row) => row < 2400)).toBe(true);
  }
  expect(finishSteps(fitMinCovDet(x, { random_state: 1 }))).toEqual(models[0]);
});

test('one column: the shortest half', () => {
  const x = samplesOf([[0], [1], [1.1], [1.2], [1.3], [9], [20]]);
  const model = finishSteps(fitMinCovDet(x));
  expect(model.raw_support_).toEqual([0, 1, 2, 3, 4]);
});

test('isolation forest: outliers found, seeded, JSON', () => {
  const good = cloud(300, 2, 9);
  const x = { rows: 302, columns: 2, values: Float64Array.from([...good.values, 9, 9, -9, 8]) };
  const model = finishSteps(fitIsolationForest(x, { contamination: 0.02 }));
  expect(Array.from(isolationPredict(model, x).slice(300))).toEqual([-1, -1]);
  expect(isolationPredict(model, x).filter((label) => label < 0).length).toBeLessThan(8);
  expect(finishSteps(fitIsolationForest(x, { contamination: 0.02 }))).toEqual(model);
  expect(isolationDecision(JSON.parse(JSON.stringify(model)), x)).toEqual(isolationDecision(model, x));
});

describe('bad input', () => {
  test('singular, too few, NaN, parameters, other columns', () => {
    const flat = samplesOf(Array.from({ length: 40 }, (_, i) => [i % 7, 2 * (i % 7)]));
    expect(() => finishSteps(fitMinCovDet(flat))).toThrow('covariance is singular');
    const constant = samplesOf(Array.from({ length: 40 }, (_, i) => [i, 3]));
    expect(() => finishSteps(fitEllipticEnvelope(constant))).toThrow('covariance is singular');
    expect(() => finishSteps(fitMinCovDet(samplesOf([[1, 2]])))).toThrow('at least 4 rows');
    const x = cloud(50, 2, 1);
    expect(() => finishSteps(fitEllipticEnvelope(x, { contamination: 0.7 }))).toThrow('contamination');
    expect(() => finishSteps(fitIsolationForest(x, { n_estimators: 0 }))).toThrow('n_estimators');
    expect(() => finishSteps(fitIsolationForest({ ...x, values: x.values.with(3, Number.NaN) }))).toThrow(
      'row 1, column 1',
    );
    expect(() => isolationScores(finishSteps(fitIsolationForest(x)), cloud(3, 3, 1))).toThrow(
      'fitted on 2 columns',
    );
  });

  test('all rows alike: nothing is an outlier', () => {
    const same = samplesOf(Array.from({ length: 20 }, () => [1, 1]));
    const scores = isolationScores(finishSteps(fitIsolationForest(same)), same);
    expect(new Set(scores).size).toBe(1);
  });

  test('cancelled between steps', async () => {
    const control = new AbortController();
    const run = runSteps(fitMinCovDet(cloud(2000, 2, 3)), {
      progress: () => control.abort(),
      signal: control.signal,
    });
    await expect(run).rejects.toMatchObject({ tag: 'cancelled' });
  });
});
