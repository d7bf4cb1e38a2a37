import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classSplit } from '../../wasm/class-split.ts';
import { referenceFile } from '../reference-file.testing.ts';
import { randomStream } from '../sample/random.ts';
import { type Samples, samplesOf } from '../samples.ts';
import { finishSteps, runSteps } from '../steps.ts';
import { binned } from './bins.ts';
import {
  fitForestClassifier,
  fitForestRegressor,
  forestClasses,
  forestPredict,
  forestProbabilities,
} from './forest.ts';
import { growTree } from './grow.ts';

const iris = referenceFile<{ readonly X: number[][]; readonly y: number[] }>('classification_iris');

function cloud(rows: number, columns: number, seed: number): Samples {
  const random = randomStream(seed);
  return {
    rows,
    columns,
    values: Float64Array.from({ length: rows * columns }, () => random.uniform() * 2 - 1),
  };
}

test('bins keep the order of values', () => {
  const x = cloud(3000, 1, 1);
  const { bins, edges } = binned(x);
  expect(edges[0]!.length).toBe(255);
  for (let i = 0; i < 3000; i++) {
    const bin = bins[i]!;
    if (bin < 255) expect(x.values[i]!).toBeLessThanOrEqual(edges[0]![bin]!);
    if (bin > 0) expect(x.values[i]!).toBeGreaterThan(edges[0]![bin - 1]!);
  }
});

/** Lowest weighted impurity over every column and every cut between distinct values. */
function bruteForce(x: Samples, y: Float64Array, classes: number): number {
  const impurity = (rows: number[]) => {
    if (classes === 1) {
      const mean = rows.reduce((sum, i) => sum + y[i]!, 0) / rows.length;
      return rows.reduce((sum, i) => sum + (y[i]! - mean) ** 2, 0);
    }
    const counts = Array.from({ length: classes }, (_, c) => rows.filter((i) => y[i] === c).length);
    return rows.length - counts.reduce((sum, count) => sum + count * count, 0) / rows.length;
  };
  let best = Number.POSITIVE_INFINITY;
  const all = Array.from(y.keys());
  for (let k = 0; k < x.columns; k++)
    for (const cut of all.map((i) => x.values[i * x.columns + k]!)) {
      const left = all.filter((i) => x.values[i * x.columns + k]! <= cut);
      const right = all.filter((i) => x.values[i * x.columns + k]! > cut);
      if (right.length > 0) best = Math.min(best, impurity(left) + impurity(right));
    }
  return best;
}

test('the first split is the best there is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.constantFrom(1, 2, 3), fc.nat(), (n, outputs, seed) => {
      const random = randomStream(seed);
      const x = { rows: n, columns: 2, values: Float64Array.from({ length: 2 * n }, () => random.below(9)) };
      const target = Float64Array.from({ length: n }, () =>
        outputs === 1 ? random.uniform() : random.below(outputs),
      );
      const data = binned(x);
      const codes = Int32Array.from(target);
      const growth = {
        data,
        outputs,
        split:
          outputs > 1
            ? classSplit({ bins: data.bins, rows: n, codes, classes: outputs, least: 1 })
            : undefined,
        target,
        maxFeatures: 2,
        maxDepth: 1,
        minSplit: 2,
        minLeaf: 1,
      };
      const tree = growTree(growth, new Float64Array(n).fill(1), random, new Float64Array(2));
      if (tree.left[0] === 0) return;
      const sides: number[][] = [[], []];
      for (let i = 0; i < n; i++)
        sides[x.values[i * 2 + tree.feature[0]!]! <= tree.threshold[0]! ? 0 : 1]!.push(i);
      const cut = sides.map((rows) => {
        const y = Float64Array.from(rows, (i) => target[i]!);
        if (outputs === 1) {
          const mean = y.reduce((a, b) => a + b, 0) / y.length;
          return y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        }
        const counts = Array.from({ length: outputs }, (_, c) => y.filter((v) => v === c).length);
        return y.length - counts.reduce((sum, count) => sum + count * count, 0) / y.length;
      });
      expect(cut[0]! + cut[1]!).toBeCloseTo(bruteForce(x, target, outputs), 9);
    }),
    { numRuns: 60 },
  );
});

test.skipIf(iris === undefined)('iris: the other half is nearly all right, by petals', () => {
  const half = (odd: number) => iris!.X.map((_, i) => i).filter((i) => i % 2 === odd);
  const [train, out] = [half(0), half(1)];
  const model = finishSteps(
    fitForestClassifier(
      samplesOf(train.map((i) => iris!.X[i]!)),
      train.map((i) => iris!.y[i]!),
    ),
  );
  const labels = forestClasses(model, samplesOf(out.map((i) => iris!.X[i]!)));
  expect(labels.filter((label, i) => label === iris!.y[out[i]!]).length / out.length).toBeGreaterThan(0.9);
  expect(model.feature_importances_[2]! + model.feature_importances_[3]!).toBeGreaterThan(0.7);
  expect(model.feature_importances_.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
});

test('classes on generated data: right, seeded, JSON, probabilities sum to one', () => {
  const x = cloud(1200, 4, 3);
  const label = (i: number) => (x.values[i * 4]! * x.values[i * 4 + 1]! > 0 ? 'same' : 'other');
  const y = Array.from({ length: 1200 }, (_, i) => label(i));
  const train = { ...x, rows: 800, values: x.values.subarray(0, 3200) };
  const rest = { ...x, rows: 400, values: x.values.subarray(3200) };
  const fitted = (random_state: number) =>
    finishSteps(fitForestClassifier(train, y.slice(0, 800), { n_estimators: 40, random_state }));
  const model = fitted(1);
  const found = forestClasses(model, rest);
  expect(found.filter((value, i) => value === label(800 + i)).length).toBeGreaterThan(370);
  expect(fitted(1)).toEqual(model);
  expect(fitted(2)).not.toEqual(model);
  const shares = forestProbabilities(JSON.parse(JSON.stringify(model)), rest);
  expect(shares).toEqual(forestProbabilities(model, rest));
  expect(shares[0]! + shares[1]!).toBeCloseTo(1, 12);
});

test('a regression follows its target, and its leaves obey their limits', () => {
  const x = cloud(1500, 3, 4);
  const y = Float64Array.from({ length: 1500 }, (_, i) => 3 * x.values[i * 3]! + x.values[i * 3 + 1]! ** 2);
  const model = finishSteps(fitForestRegressor(x, y, { n_estimators: 30, min_samples_leaf: 3 }));
  const found = forestPredict(model, x);
  const error = y.reduce((sum, value, i) => sum + (value - found[i]!) ** 2, 0);
  const mean = y.reduce((sum, value) => sum + value, 0) / 1500;
  const spread = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  expect(1 - error / spread).toBeGreaterThan(0.97);
  const exact = finishSteps(fitForestRegressor(x, y, { n_estimators: 1, bootstrap: false }));
  const own = forestPredict(exact, x);
  expect(Math.sqrt(own.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0) / 1500)).toBeLessThan(0.01);
});

describe('bad input', () => {
  const x = cloud(20, 2, 1);
  const y = Array.from({ length: 20 }, (_, i) => i % 2);

  test('parameters, targets, other columns, too many rows', () => {
    expect(() => finishSteps(fitForestClassifier(x, y, { n_estimators: 0 }))).toThrow('n_estimators');
    expect(() => finishSteps(fitForestClassifier(x, y, { max_features: 7 }))).toThrow('max_features');
    expect(() =>
      finishSteps(
        fitForestClassifier(
          x,
          y.map(() => 1),
        ),
      ),
    ).toThrow('at least two classes');
    expect(() =>
      finishSteps(
        fitForestRegressor(
          x,
          y.map(() => Number.NaN),
        ),
      ),
    ).toThrow('target NaN');
    const model = finishSteps(fitForestClassifier(x, y, { n_estimators: 2 }));
    expect(() => forestClasses(model, cloud(2, 3, 1))).toThrow('fitted on 2 columns');
    const many = { rows: 600_000, columns: 1, values: new Float64Array(600_000) };
    expect(() => finishSteps(fitForestRegressor(many, many.values))).toThrow('sample of 500000 rows');
  });

  test('constant columns: one leaf', () => {
    const flat = { rows: 20, columns: 2, values: new Float64Array(40).fill(1) };
    const model = finishSteps(fitForestClassifier(flat, y, { n_estimators: 3, bootstrap: false }));
    expect(forestProbabilities(model, flat).subarray(0, 2)).toEqual(Float64Array.of(0.5, 0.5));
    expect(model.feature_importances_).toEqual([0, 0]);
  });

  test('cancelled between trees', async () => {
    const control = new AbortController();
    const run = runSteps(fitForestClassifier(x, y), {
      progress: () => control.abort(),
      signal: control.signal,
    });
    await expect(run).rejects.toMatchObject({ tag: 'cancelled' });
  });
});
