import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitLasso, fitLassoCV, fitLinearRegression, fitRidge, fitRidgeCV } from '../linear/fit-linear.ts';
import { fitLogisticRegression } from '../linear/logistic.ts';
import { fitKMeans } from '../means/k-means.ts';
import { fitNeighborsClassifier, neighborsClasses } from '../neighbours/neighbours.ts';
import { fitOrdinalEncoder } from '../preprocessing/encoders.ts';
import { fitRobustScaler } from '../preprocessing/scalers.ts';
import { columnsOf, farthest, haveReferences, reference } from '../reference.testing.ts';
import { rowsAt, samplesOf } from '../samples.ts';
import { finishSteps } from '../steps.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { fitKernelOf } from '../stream/fit-kernel-of.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { type Fit, fitBlocks } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { fitSvc, svcPredict } from '../svm/svc.ts';
import { crossValScore, gridSearchFit } from './cross-validate.ts';
import { choicesOf, gridSearch, learningCurve } from './grid-search.ts';
import { groupKFold, kFold, type Split, stratifiedKFold, timeSeriesSplit, trainTestSplit } from './splits.ts';

const lists = (splits: readonly Split[]) => splits.map(({ test: rows }) => [...rows]);

interface Iris {
  X: number[][];
  y: number[];
  expected: {
    splits: {
      kfold5_test_indices_n13: number[][];
      stratified5_test_indices_iris: number[][];
      time_series_split3_n10: [number[], number[]][];
      group_kfold3: { groups: number[]; test: number[][] };
      train_test_split_rs0_n10: { train: number[]; test: number[] };
    };
    grid_search_svc_stratified5: {
      params: { C: number; gamma: number }[];
      mean_test_score: number[];
      split_scores: number[][];
      best: { C: number; gamma: number };
    };
    learning_curve_knn5_stratified5: { train_sizes_abs: number[]; train: number[][]; test: number[][] };
  };
}

interface Diabetes {
  X: number[][];
  y: number[];
  expected: {
    cross_val_score_kfold5: Record<'ols' | 'ridge_alpha_0_1' | 'lasso_alpha_0_1', { r2: number[] }>;
  };
}

describe.skipIf(!haveReferences)('against scikit-learn', () => {
  if (!haveReferences) return;
  const { X, y, expected } = reference<Iris>('classification_iris');
  const x = samplesOf(X);
  const right = (got: ArrayLike<unknown>, rows: Int32Array) =>
    rows.filter((row, i) => got[i] === y[row]).length / rows.length;
  const labels = (rows: Int32Array) => Array.from(rows, (row) => y[row]!);

  test('splits', () => {
    const want = expected.splits;
    expect(lists(kFold(13, 5))).toEqual(want.kfold5_test_indices_n13);
    expect(lists(stratifiedKFold(y, 5))).toEqual(want.stratified5_test_indices_iris);
    expect(timeSeriesSplit(10, 3).map(({ train, test: rows }) => [[...train], [...rows]])).toEqual(
      want.time_series_split3_n10,
    );
    expect(lists(groupKFold(want.group_kfold3.groups, 3))).toEqual(want.group_kfold3.test);
    const split = trainTestSplit(10, 0.3, 0);
    expect([[...split.train], [...split.test]]).toEqual([
      want.train_test_split_rs0_n10.train,
      want.train_test_split_rs0_n10.test,
    ]);
  });

  test('grid search of a support-vector classifier', () => {
    const want = expected.grid_search_svc_stratified5;
    const grid = {
      C: [...new Set(want.params.map((p) => p.C))],
      gamma: [...new Set(want.params.map((p) => p.gamma))],
    };
    expect(choicesOf(grid)).toEqual(want.params);
    const found = finishSteps(
      gridSearch(grid, stratifiedKFold(y, 5), (choice, { train, test: rows }) => {
        const params = { C: Number(choice.C), gamma: Number(choice.gamma) };
        const model = finishSteps(fitSvc(rowsAt(x, train), labels(train), params));
        return right(svcPredict(model, rowsAt(x, rows)), rows);
      }),
    );
    expect(farthest(found.split_scores.flat(), want.split_scores.flat())).toBeLessThan(1e-9);
    expect(farthest(found.mean_test_score, want.mean_test_score)).toBeLessThan(1e-9);
    expect(found.best_params).toEqual(want.best);
  });

  test('learning curve of nearest neighbours', () => {
    const want = expected.learning_curve_knn5_stratified5;
    const curve = finishSteps(
      learningCurve([0.3, 0.6, 1], stratifiedKFold(y, 5), (train, rows) => {
        // One class only is no classifier here; scikit-learn's answers that class.
        if (new Set(labels(train)).size === 1) return right(new Array(rows.length).fill(y[train[0]!]), rows);
        const model = fitNeighborsClassifier(rowsAt(x, train), labels(train), { n_neighbors: 5 });
        return right(neighborsClasses(model, rowsAt(x, rows)), rows);
      }),
    );
    expect(curve.train_sizes_abs).toEqual(want.train_sizes_abs);
    expect(farthest(curve.train.flat(), want.train.flat())).toBeLessThan(1e-9);
    expect(farthest(curve.test.flat(), want.test.flat())).toBeLessThan(1e-9);
  });

  test('cross_val_score, streamed', () => {
    const data = reference<Diabetes>('linear_diabetes');
    const blocks = blocksOf(columnsOf(data.X, data.y), 50);
    const reader: Reader = {
      columns: data.X[0]!.map((_, j) => ({ column: `x${j}` })),
      target: { column: 'y' },
    };
    const want = data.expected.cross_val_score_kfold5;
    const check = (fitOn: Parameters<typeof crossValScore>[1], r2: number[]) =>
      expect(farthest(fitBlocks(crossValScore(reader, fitOn), blocks), r2)).toBeLessThan(1e-8);
    check((own) => fitLinearRegression(own), want.ols.r2);
    check((own) => fitRidge(own, { alpha: 0.1 }), want.ridge_alpha_0_1.r2);
    check((own) => fitLasso(own, { alpha: 0.1, tol: 1e-12, max_iter: 100_000 }), want.lasso_alpha_0_1.r2);
  });
});

/** Columns a, b, y (numbers) and k (classes 0, 1), one row without a. */
function data(rows: number) {
  const a = Float64Array.from({ length: rows }, (_, i) => Math.fround(((i * 7919) % 101) / 7));
  const b = Float64Array.from({ length: rows }, (_, i) => Math.fround(((i * 104729) % 97) / 5));
  const y = a.map((value, i) => 2 * value - b[i]! + ((i * 31) % 11));
  const k = a.map((value, i) => (value > 7 !== (i % 9 === 0) ? 1 : 0));
  a[17] = Number.NaN;
  return { a, b, y, k };
}

const numbers: Reader = { columns: [{ column: 'a' }, { column: 'b' }], target: { column: 'y' } };
const labelled: Reader = { ...numbers, target: { column: 'k', categories: [0, 1] } };

test('streamed folds leave out the same rows as copies without them', () => {
  const columns = data(103);
  const scores = fitBlocks(
    crossValScore(numbers, (own) => fitRidge(own), 4),
    blocksOf(columns, 10),
  );
  const used = Array.from({ length: 103 }, (_, i) => i).filter((i) => i !== 17);
  kFold(102, 4).forEach(({ train, test: rows }, f) => {
    const pick = (list: Int32Array) =>
      Object.fromEntries(
        Object.entries(columns).map(([name, x]) => [name, Float64Array.from(list, (i) => x[used[i]!]!)]),
      );
    const model = fitBlocks(fitRidge(numbers), blocksOf(pick(train)));
    const own = pick(rows);
    const mean = own.y!.reduce((sum, v) => sum + v, 0) / rows.length;
    let [error, total] = [0, 0];
    own.y!.forEach((v, i) => {
      error += (v - model.intercept_ - model.coef_[0]! * own.a![i]! - model.coef_[1]! * own.b![i]!) ** 2;
      total += (v - mean) ** 2;
    });
    expect(scores[f]).toBeCloseTo(1 - error / total, 9);
  });
  const found = fitBlocks(
    gridSearchFit(
      labelled,
      { C: [0.01, 1] },
      (own, { C }) => fitLogisticRegression(own, { C: Number(C) }),
      3,
    ),
    blocksOf(columns, 20),
  );
  expect(found.best_score).toBeGreaterThan(0.8);
});

/** The fit with every kernel rebuilt from its spec's JSON, as a worker does, and every partial through its bytes. */
function* remote<M>(fit: Fit<M>): Fit<M> {
  let next = fit.next();
  while (!next.done) {
    const { kernel, phase } = next.value;
    const twin = fitKernelOf(JSON.parse(JSON.stringify(kernel.spec)) as FitSpec);
    const answer = yield {
      phase,
      kernel: { ...twin, map: (input) => twin.decode(twin.encode(twin.map(input))) },
    };
    next = fit.next(answer);
  }
  return next.value;
}

test('every fit gives the same bits through specs and bytes', () => {
  const blocks = blocksOf(data(140), 23);
  const plain: Reader = { columns: numbers.columns };
  const fits: (() => Fit<unknown>)[] = [
    () => fitRidge(numbers),
    () => fitRidgeCV(numbers),
    () => fitLassoCV(numbers, { cv: 3 }),
    () => fitLogisticRegression(labelled),
    () => fitLogisticRegression(labelled, { solver: 'newton-cholesky' }),
    () => fitKMeans(plain, { n_clusters: 3 }),
    () =>
      fitKMeans(plain, {
        init: [
          [0, 0],
          [1e6, 1e6],
        ],
      }),
    () => fitRobustScaler(plain),
    () => fitOrdinalEncoder(['k']),
    () => crossValScore(numbers, (own) => fitLinearRegression(own), 3),
  ];
  for (const make of fits) expect(fitBlocks(remote(make()), blocks)).toEqual(fitBlocks(make(), blocks));
});

test('splits cover every row once; bad folds are refused', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 60 }),
      fc.integer({ min: 2, max: 4 }),
      fc.nat(),
      (rows, folds, seed) => {
        const all = Array.from({ length: rows }, (_, i) => i);
        for (const splits of [
          kFold(rows, folds),
          kFold(rows, folds, seed % 2 ** 31),
          groupKFold(all, folds),
        ]) {
          expect(
            lists(splits)
              .flat()
              .sort((a, b) => a - b),
          ).toEqual(all);
          for (const { train, test: own } of splits) expect(train.length + own.length).toBe(rows);
        }
      },
    ),
  );
  expect(() => kFold(3, 5)).toThrow(/2 to 3 folds/);
  expect(() => stratifiedKFold([0, 1, 0, 1], 3)).toThrow(/fewer folds/);
  expect(() => timeSeriesSplit(3, 5)).toThrow(/at least 6/);
  expect(() => choicesOf({ a: new Array(101).fill(0), b: new Array(101).fill(0) })).toThrow(/10201/);
});
