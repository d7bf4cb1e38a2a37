import { describe, expect, test } from 'vitest';
import { symmetricEigen } from '../../math/symmetric-eigen.ts';
import { openSymmetric } from '../../wasm/symmetric-times.ts';
import { referenceFile, worstDifference } from '../reference-file.testing.ts';
import { randomStream } from '../sample/random.ts';
import { type Samples, samplesOf } from '../samples.ts';
import { finishSteps, runSteps } from '../steps.ts';
import { topEigen } from './block-lanczos.ts';
import { estimateBandwidth, fitMeanShift, type MeanShiftParams, meanShiftLabels } from './mean-shift.ts';
import { fitSpectral, type SpectralParams } from './spectral.ts';

interface MeanShiftCase {
  readonly bandwidth: number;
  readonly bin_seeding?: boolean;
  readonly centers: number[][];
  readonly labels: number[];
  readonly n_iter: number;
}
interface SpectralCase extends SpectralParams {
  readonly labels_up_to_permutation: number[];
}
interface Case {
  readonly X: number[][];
  readonly mean_shift?: MeanShiftCase;
  readonly mean_shift_binseed?: MeanShiftCase;
  readonly estimate_bandwidth_q0_2?: number;
  readonly spectral?: SpectralCase;
  readonly spectral_nn?: SpectralCase;
  readonly spectral_rbf?: SpectralCase;
  readonly laplacian_smallest_eigenvalues_rbf_gamma20?: number[];
  readonly laplacian_smallest_eigenvalues_rbf_gamma30?: number[];
}

const reference = referenceFile<{ readonly cases: Record<string, Case> }>('clustering');

/** Whether two labellings are the same up to the names of the clusters. */
function samePartition(a: readonly number[], b: readonly number[]): boolean {
  const [there, back] = [new Map<number, number>(), new Map<number, number>()];
  return a.every((label, i) => {
    if (!there.has(label)) there.set(label, b[i]!);
    if (!back.has(b[i]!)) back.set(b[i]!, label);
    return there.get(label) === b[i] && back.get(b[i]!) === label;
  });
}

describe.skipIf(reference === undefined)('as scikit-learn has it', () => {
  const cases = Object.entries(reference?.cases ?? {});

  for (const [name, at] of cases)
    for (const kind of ['mean_shift', 'mean_shift_binseed'] as const) {
      const expected = at[kind];
      if (!expected) continue;
      test(`${kind} of ${name}`, () => {
        const params: MeanShiftParams = { bandwidth: expected.bandwidth, bin_seeding: expected.bin_seeding };
        const model = finishSteps(fitMeanShift(samplesOf(at.X), params));
        expect(worstDifference(model.cluster_centers_.flat(), expected.centers.flat())).toBeLessThan(1e-9);
        expect(model.labels_).toEqual(expected.labels);
        expect(model.n_iter_).toBe(expected.n_iter);
      });
    }

  test('the bandwidth', () => {
    const at = reference!.cases.blobs!;
    expect(estimateBandwidth(samplesOf(at.X), 0.2)).toBeCloseTo(at.estimate_bandwidth_q0_2!, 10);
  });

  for (const [name, at] of cases)
    for (const kind of ['spectral', 'spectral_nn', 'spectral_rbf'] as const) {
      const expected = at[kind];
      if (!expected) continue;
      test(`${kind} of ${name}`, () => {
        const clusters = new Set(expected.labels_up_to_permutation).size;
        const model = finishSteps(fitSpectral(samplesOf(at.X), { ...expected, n_clusters: clusters }));
        expect(samePartition(model.labels_, expected.labels_up_to_permutation)).toBe(true);
      });
    }

  test.each([
    ['moons', 20],
    ['circles', 30],
  ] as const)('eigenvalues of the Laplacian of %s', (name, gamma) => {
    const at = reference!.cases[name]!;
    const expected =
      gamma === 20
        ? at.laplacian_smallest_eigenvalues_rbf_gamma20!
        : at.laplacian_smallest_eigenvalues_rbf_gamma30!;
    const model = finishSteps(fitSpectral(samplesOf(at.X), { gamma, n_clusters: expected.length }));
    expect(worstDifference(model.eigenvalues, expected)).toBeLessThan(1e-9);
  });
});

function cloud(rows: number, seed: number, at: readonly number[] = [0, 0]): number[][] {
  const random = randomStream(seed);
  return Array.from({ length: rows }, () =>
    at.map((middle) => middle + random.uniform() + random.uniform() - 1),
  );
}

const blobs: Samples = samplesOf([...cloud(60, 1), ...cloud(50, 2, [6, 0]), ...cloud(40, 3, [0, 7])]);
const truth = Array.from({ length: 150 }, (_, i) => (i < 60 ? 0 : i < 110 ? 1 : 2));

test('block Lanczos against the dense solver, multiple eigenvalues included', () => {
  const n = 70;
  const random = randomStream(5);
  const matrix = openSymmetric(n, 5);
  // Two equal halves: every eigenvalue is double.
  const half = new Float64Array(35 * 35);
  for (let i = 0; i < 35; i++)
    for (let j = 0; j <= i; j++) half[i * 35 + j] = half[j * 35 + i] = random.uniform() - 0.5;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      if (i < 35 === j < 35) matrix.values[i * matrix.stride + j] = half[(i % 35) * 35 + (j % 35)]!;
  const found = finishSteps(topEigen(matrix, 4, 1));
  const dense = symmetricEigen(half, 35).values;
  expect(worstDifference(found.values, [dense[0]!, dense[0]!, dense[1]!, dense[1]!])).toBeLessThan(1e-10);
  for (let k = 0; k < 4; k++)
    for (let m = 0; m <= k; m++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += found.vectors[k * n + i]! * found.vectors[m * n + i]!;
      expect(dot).toBeCloseTo(k === m ? 1 : 0, 9);
    }
});

test('blobs: both find them, seeded, JSON', () => {
  const shift = finishSteps(fitMeanShift(blobs, { bandwidth: 2 }));
  expect(samePartition(shift.labels_, truth)).toBe(true);
  expect(Array.from(meanShiftLabels(JSON.parse(JSON.stringify(shift)), blobs))).toEqual(shift.labels_);
  for (const affinity of ['rbf', 'nearest_neighbors'] as const) {
    const model = finishSteps(fitSpectral(blobs, { n_clusters: 3, affinity }));
    expect(samePartition(model.labels_, truth)).toBe(true);
    expect(finishSteps(fitSpectral(blobs, { n_clusters: 3, affinity }))).toEqual(model);
  }
  const default_ = finishSteps(fitMeanShift(blobs));
  expect(default_.cluster_centers_.length).toBeGreaterThan(1);
});

test('rows far from every centre', () => {
  const x = samplesOf([...cloud(40, 1), [50, 50]]);
  const model = finishSteps(
    fitMeanShift(x, { bandwidth: 2, bin_seeding: true, min_bin_freq: 3, cluster_all: false }),
  );
  expect(model.labels_[40]).toBe(-1);
  expect(new Set(model.labels_.slice(0, 40))).toEqual(new Set([0]));
});

describe('bad input', () => {
  test('parameters, NaN, rows alike, too many rows', () => {
    expect(() => finishSteps(fitMeanShift(blobs, { bandwidth: -1 }))).toThrow('bandwidth must be above 0');
    const same = samplesOf(Array.from({ length: 9 }, () => [1]));
    expect(() => finishSteps(fitMeanShift(same))).toThrow('are most rows alike');
    expect(() => finishSteps(fitSpectral(blobs, { n_clusters: 151 }))).toThrow('1 to 150');
    expect(() => finishSteps(fitSpectral({ ...blobs, values: blobs.values.with(1, Number.NaN) }))).toThrow(
      'column 1',
    );
    const many = { rows: 30_000, columns: 1, values: new Float64Array(30_000) };
    expect(() => finishSteps(fitSpectral(many))).toThrow('sample of 5000 rows');
    expect(() => finishSteps(fitMeanShift(many))).toThrow('sample of 20000 rows');
    expect(() => meanShiftLabels(finishSteps(fitMeanShift(blobs)), same)).toThrow('fitted on 2 columns');
  });

  test('cancelled between steps', async () => {
    for (const steps of [fitMeanShift(blobs, { bandwidth: 2 }), fitSpectral(blobs)]) {
      const control = new AbortController();
      const run = runSteps<unknown>(steps, { progress: () => control.abort(), signal: control.signal });
      await expect(run).rejects.toMatchObject({ tag: 'cancelled' });
    }
  });
});
