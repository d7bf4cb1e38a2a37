import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf, farthest, haveReferences, reference } from '../reference.testing.ts';
import { samplesOf } from '../samples.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { fitBlocks } from '../stream/pass.ts';
import { fitKMeans, type KMeansModel, miniBatch, predictMeans } from './k-means.ts';
import { labelled } from './labelled.ts';
import { meansKernel } from './means-kernel.ts';
import { fitMiniBatchKMeans } from './mini-batch.ts';
import { plusPlus } from './plus-plus.ts';
import { randomState } from './random-state.ts';

interface KMeansReference {
  k: number;
  init: number[][];
  inertia: number;
  n_iter: number;
  labels: number[];
  centers: number[][];
  inertia_after_iteration: number[];
}

interface Case {
  X: number[][];
  kmeans?: KMeansReference;
  kmeans_k3?: KMeansReference;
  minibatch?: { batch: number; centers_after_each_batch: number[][][] };
}

describe.skipIf(!haveReferences)('k-means, against scikit-learn', () => {
  if (!haveReferences) return;
  const { cases } = reference<{ cases: Record<string, Case> }>('clustering');
  for (const [name, { X, kmeans, kmeans_k3, minibatch }] of Object.entries(cases)) {
    const columns = columnsOf(X);
    const reader = { columns: Object.keys(columns).map((column) => ({ column })) };
    const blocks = blocksOf(columns, 37);
    for (const want of [kmeans, kmeans_k3])
      if (want)
        test(`${name}, k = ${want.k}`, () => {
          const model = fitBlocks(fitKMeans(reader, { init: want.init, tol: 0 }), blocks);
          expect(farthest(model.cluster_centers_.flat(), want.centers.flat())).toBeLessThan(1e-9);
          expect(model.n_iter_).toBe(want.n_iter);
          expect(model.inertia_ / want.inertia).toBeCloseTo(1, 11);
          const labels = predictMeans(model.cluster_centers_, Object.values(columns), X.length);
          expect([...labels]).toEqual(want.labels);
          want.inertia_after_iteration.forEach((inertia, i) => {
            const part = fitBlocks(fitKMeans(reader, { init: want.init, tol: 0, max_iter: i + 1 }), blocks);
            expect(part.inertia_ / inertia).toBeCloseTo(1, 10);
          });
        });
    if (minibatch && kmeans)
      test(`${name}, mini-batches`, () => {
        const k = minibatch.centers_after_each_batch[0]!.length;
        let state = {
          centers: kmeans.init as readonly (readonly number[])[],
          seen: new Array<number>(k).fill(0) as readonly number[],
        };
        minibatch.centers_after_each_batch.forEach((centers, b) => {
          state = miniBatch(state, samplesOf(X.slice(b * minibatch.batch, (b + 1) * minibatch.batch)));
          expect(farthest(state.centers.flat(), centers.flat())).toBeLessThan(1e-9);
        });
      });
  }

  interface Draws {
    seed: number;
    random_sample: number[];
    randn: number[];
    randint_0_100: number[];
    permutation10: number[];
    choice_20_5_no_replace: number[];
    uint32: number[];
  }
  test('numpy’s legacy generator', () => {
    for (const want of reference<{ cases: Draws[] }>('numpy_randomstate').cases) {
      const draw = <T>(list: readonly T[], next: (random: ReturnType<typeof randomState>) => T): T[] => {
        const random = randomState(want.seed);
        return list.map(() => next(random));
      };
      expect(draw(want.uint32, (random) => random.uint32())).toEqual(want.uint32);
      expect(
        farthest(
          draw(want.random_sample, (random) => random.uniform()),
          want.random_sample,
        ),
      ).toBeLessThan(1e-11);
      expect(
        farthest(
          draw(want.randn, (random) => random.normal()),
          want.randn,
        ),
      ).toBeLessThan(1e-11);
      expect(draw(want.randint_0_100, (random) => random.randint(100))).toEqual(want.randint_0_100);
      expect([...randomState(want.seed).permutation(10)]).toEqual(want.permutation10);
      expect([...randomState(want.seed).permutation(20).slice(0, 5)]).toEqual(want.choice_20_5_no_replace);
    }
  });
});

const points = fc.array(
  fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 900, max: 910, noNaN: true })),
  {
    minLength: 6,
    maxLength: 120,
  },
);

test('no step of Lloyd raises the inertia; the bits do not depend on the order of blocks', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), (rows, size, k) => {
      const columns = columnsOf(rows.map((row) => [...row]));
      const reader = { columns: [{ column: 'x0' }, { column: 'x1' }] };
      const blocks = blocksOf(columns, size);
      const upTo = (max_iter: number, inputs = blocks): KMeansModel =>
        fitBlocks(fitKMeans(reader, { n_clusters: k, max_iter }), inputs);
      const steps = [1, 2, 3, 10].map((max) => upTo(max).inertia_);
      for (let i = 1; i < steps.length; i++)
        expect(steps[i]!).toBeLessThanOrEqual(steps[i - 1]! * (1 + 1e-12) + 1e-12);
      expect(upTo(10, [...blocks].reverse())).toEqual(upTo(10));
      const kernel = meansKernel({
        kernel: 'means',
        reader,
        origin: [0, 0],
        centers: [[0, 900]],
        inertia: true,
      });
      const bytes = kernel.encode(kernel.map(blocks[0]!));
      expect(kernel.encode(kernel.decode(bytes))).toEqual(bytes);
    }),
    { numRuns: 40 },
  );
});

test('empty clusters move to the farthest rows; fewer different rows than clusters is said', () => {
  const reader = { columns: [{ column: 'x0' }] };
  const blocks = blocksOf(columnsOf([[0], [1], [2], [50]]), 3);
  const moved = fitBlocks(fitKMeans(reader, { init: [[1], [1000]] }), blocks);
  expect(moved.cluster_centers_.map(([x]) => x)).toEqual([1, 50]);
  const same = fitBlocks(fitKMeans(reader, { init: [[0], [1]] }), blocksOf(columnsOf([[4], [4], [4]])));
  expect(same.warnings.join()).toMatch(/1 of 2 clusters are empty/);
  expect(() => fitBlocks(fitKMeans(reader, { n_clusters: 5 }), blocks)).toThrow(/5 clusters need/);
});

test('missing values are left out, the same with and without other rows', () => {
  const reader = { columns: [{ column: 'x0' }, { column: 'x1' }] };
  const rows = [
    [1, 2],
    [Number.NaN, 3],
    [2, 2],
    [8, 9],
    [9, Number.POSITIVE_INFINITY],
    [9, 9],
  ];
  const clean = rows.filter((row) => row.every(Number.isFinite));
  const init = [
    [0, 0],
    [10, 10],
  ];
  const got = () => fitBlocks(fitKMeans(reader, { init }), blocksOf(columnsOf(rows), 4));
  expect([got().missing, got().infinite]).toEqual([1, 1]);
  expect(got().cluster_centers_).toEqual(
    fitBlocks(fitKMeans(reader, { init }), blocksOf(columnsOf(clean), 4)).cluster_centers_,
  );
});

test('mini-batches find well-separated clusters; k-means++ takes different rows', () => {
  const rows = Array.from({ length: 600 }, (_, i) => [(i % 3) * 100 + ((i * 37) % 11) / 10, (i % 3) * -50]);
  const reader = { columns: [{ column: 'x0' }, { column: 'x1' }] };
  const model = fitBlocks(
    fitMiniBatchKMeans(reader, { n_clusters: 3, batch_size: 60, steps: 8 }),
    blocksOf(columnsOf(rows), 100),
  );
  const centers = model.cluster_centers_.map((center) => Math.round(center[1]!)).sort((a, b) => a - b);
  expect(centers).toEqual([-100, -50, -0]);
  expect(new Set(plusPlus(samplesOf(rows), 3, randomState(1))).size).toBe(3);
});

test('labels and sums are the same bits whether rows are held between steps or not', () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 1, max: 2500 }),
        d: fc.integer({ min: 1, max: 5 }),
        k: fc.integer({ min: 1, max: 9 }),
        seed: fc.nat({ max: 2 ** 31 }),
        scale: fc.constantFrom(1e-9, 1, 1e6),
        ties: fc.boolean(),
      }),
      ({ rows, d, k, seed, scale, ties }) => {
        const random = randomState(seed);
        const value = () => (ties ? Math.floor(random.uniform() * 8) : random.uniform()) * scale;
        const columns = Array.from({ length: d }, () => Float64Array.from({ length: rows }, value));
        const origin = columns.map((x) => x.reduce((sum, v) => sum + v, 0) / rows);
        let centers = Array.from({ length: k }, (_, c) => columns.map((x) => x[(c * 7) % rows]!));
        for (let step = 0; step < 9; step++) {
          const again = labelled(columns, rows, centers, origin, step === 8);
          const fresh = labelled(
            columns.map((x) => x.slice()),
            rows,
            centers,
            origin,
            true,
          );
          expect(again.labels.findIndex((label, i) => label !== fresh.labels[i])).toBe(-1);
          expect(again.counts).toEqual(fresh.counts);
          expect(new BigInt64Array(again.sums.buffer)).toEqual(new BigInt64Array(fresh.sums.buffer));
          centers = centers.map((center, c) =>
            fresh.counts[c]! > 0
              ? origin.map((o, j) => o + fresh.sums[c * d + j]! / fresh.counts[c]!)
              : center.map((v) => v + value()),
          );
        }
      },
    ),
    { numRuns: 25 },
  );
});
