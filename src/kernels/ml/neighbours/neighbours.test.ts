import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { referenceFile, worstDifference } from '../reference-file.testing.ts';
import { randomStream } from '../sample/random.ts';
import { rowsAt, type Samples, samplesOf } from '../samples.ts';
import { mapNearest, mergeNearest, type NearestPartial } from './brute.ts';
import { kdTree, nearestInTree, withinRadius } from './kd-tree.ts';
import {
  fitNeighborsClassifier,
  fitNeighborsRegressor,
  type NeighborsParams,
  neighborsClasses,
  neighborsPredict,
  neighborsProbabilities,
} from './neighbours.ts';

const iris = referenceFile<{
  readonly X: number[][];
  readonly y: number[];
  readonly expected: Record<string, { readonly pred: number[]; readonly proba?: number[][] }> & {
    readonly learning_curve_knn5_stratified5: {
      readonly train_sizes_abs: number[];
      readonly train: number[][];
      readonly test: number[][];
    };
    readonly splits: { readonly stratified5_test_indices_iris: number[][] };
  };
}>('classification_iris');

const diabetes = referenceFile<{
  readonly X: number[][];
  readonly y: number[];
  readonly expected: { readonly knn_regressor_train300: { readonly k: number; readonly pred: number[] } };
}>('linear_diabetes');

describe.skipIf(iris === undefined)('as scikit-learn has it', () => {
  const half = (odd: number) => iris!.X.map((_, i) => i).filter((i) => i % 2 === odd);
  const at = (rows: number[]) => ({
    x: samplesOf(rows.map((i) => iris!.X[i]!)),
    y: rows.map((i) => iris!.y[i]!),
  });

  test.each([
    ['knn_1_train_even_test_odd', { n_neighbors: 1 }],
    ['knn_3_train_even_test_odd', { n_neighbors: 3 }],
    ['knn_5_train_even_test_odd', { n_neighbors: 5 }],
    ['knn_11_train_even_test_odd', { n_neighbors: 11 }],
    ['knn_5_distance_train_even_test_odd', { n_neighbors: 5, weights: 'distance' }],
  ] as [string, NeighborsParams][])('%s', (name, params) => {
    const [train, out] = [at(half(0)), at(half(1))];
    const reference = iris!.expected[name]!;
    for (const algorithm of ['kd_tree', 'brute'] as const) {
      const model = fitNeighborsClassifier(train.x, train.y, { ...params, algorithm });
      expect(neighborsClasses(model, out.x)).toEqual(reference.pred);
      if (reference.proba)
        expect(worstDifference(neighborsProbabilities(model, out.x), reference.proba.flat())).toBeLessThan(
          1e-11,
        );
    }
  });

  test('a learning curve', () => {
    const { train_sizes_abs, train, test: held } = iris!.expected.learning_curve_knn5_stratified5;
    iris!.expected.splits.stratified5_test_indices_iris.forEach((fold, f) => {
      const rest = iris!.y.map((_, i) => i).filter((i) => !fold.includes(i));
      train_sizes_abs.forEach((size, s) => {
        const [own, out] = [at(rest.slice(0, size)), at(fold)];
        const share = (part: typeof own) => {
          if (new Set(own.y).size < 2)
            return part.y.filter((label) => label === own.y[0]).length / part.y.length;
          const labels = neighborsClasses(fitNeighborsClassifier(own.x, own.y), part.x);
          return labels.filter((label, i) => label === part.y[i]).length / labels.length;
        };
        expect(Math.abs(share(own) - train[s]![f]!)).toBeLessThan(1e-9);
        expect(Math.abs(share(out) - held[s]![f]!)).toBeLessThan(1e-9);
      });
    });
  });

  test.skipIf(diabetes === undefined)('regression', () => {
    const { k, pred } = diabetes!.expected.knn_regressor_train300;
    const train = samplesOf(diabetes!.X.slice(0, 300));
    const model = fitNeighborsRegressor(train, diabetes!.y.slice(0, 300), { n_neighbors: k });
    expect(worstDifference(neighborsPredict(model, samplesOf(diabetes!.X.slice(300))), pred)).toBeLessThan(
      1e-9,
    );
  });
});

function cloud(rows: number, columns: number, seed: number, steps = 0): Samples {
  const random = randomStream(seed);
  const draw = () => (steps > 0 ? random.below(steps) : random.uniform() * 4 - 2);
  return { rows, columns, values: Float64Array.from({ length: rows * columns }, draw) };
}

/** Every distance sorted, ties by row. */
function oracle(x: Samples, query: Float64Array, k: number): number[] {
  const squared = Array.from({ length: x.rows }, (_, i) => {
    let sum = 0;
    for (let m = 0; m < x.columns; m++) sum += (x.values[i * x.columns + m]! - query[m]!) ** 2;
    return sum;
  });
  return squared
    .map((_, i) => i)
    .sort((a, b) => squared[a]! - squared[b]! || a - b)
    .slice(0, k);
}

test('tree and streamed search against sorting, ties and duplicates included', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(),
      fc.constantFrom(0, 3),
      (n, d, wanted, seed, steps) => {
        const x = cloud(n, d, seed, steps);
        const queries = cloud(6, d, seed + 1, steps);
        const k = Math.min(wanted, n);
        const found = nearestInTree(kdTree(x), queries, k);
        const parts: NearestPartial[] = [0, 1, 2].map((part) => {
          const rows = Array.from({ length: n }, (_, i) => i).filter((i) => i % 3 === part);
          return mapNearest(rowsAt(x, rows), queries, k, (i) => rows[i]!);
        });
        const [a, b, c] = parts as [NearestPartial, NearestPartial, NearestPartial];
        const merged = mergeNearest(a, mergeNearest(b, c));
        expect(mergeNearest(mergeNearest(c, b), a)).toEqual(merged);
        for (let q = 0; q < 6; q++) {
          const expected = oracle(x, queries.values.subarray(q * d, (q + 1) * d), k);
          expect(Array.from(found.rows.subarray(q * k, (q + 1) * k))).toEqual(expected);
          expect(Array.from(merged.rows.subarray(q * k, (q + 1) * k))).toEqual(expected);
        }
      },
    ),
    { numRuns: 80 },
  );
});

test('rows within a radius', () => {
  const x = cloud(400, 3, 8);
  const tree = kdTree(x);
  const query = Float64Array.of(0.1, -0.2, 0.3);
  const found: number[] = [];
  withinRadius(tree, query, 0.9, (position) => found.push(tree.order[position]!));
  const expected = Array.from({ length: 400 }, (_, i) => i).filter((i) => {
    const [a = 0, b = 0, c = 0] = x.values.subarray(i * 3, i * 3 + 3);
    return (a - 0.1) ** 2 + (b + 0.2) ** 2 + (c - 0.3) ** 2 <= 0.81;
  });
  expect(found.sort((a, b) => a - b)).toEqual(expected);
});

test('many columns take the streamed search by themselves; models are JSON', () => {
  const x = cloud(60, 20, 3);
  const model = fitNeighborsRegressor(x, x.values.slice(0, 60), { weights: 'distance' });
  expect(model.algorithm).toBe('brute');
  const again = neighborsPredict(JSON.parse(JSON.stringify(model)), cloud(5, 20, 4));
  expect(again).toEqual(neighborsPredict(model, cloud(5, 20, 4)));
});

test('bad input', () => {
  const x = cloud(10, 2, 1);
  const y = Array.from({ length: 10 }, (_, i) => `c${i % 2}`);
  expect(() => fitNeighborsClassifier(x, y, { n_neighbors: 11 })).toThrow('1 to 10');
  expect(() => fitNeighborsClassifier(x, y.fill('a'))).toThrow('at least two classes');
  expect(() => fitNeighborsRegressor({ ...x, values: x.values.with(0, Infinity) }, x.values)).toThrow(
    'row 0',
  );
  expect(() => neighborsPredict(fitNeighborsRegressor(x, x.values.slice(0, 10)), cloud(1, 3, 1))).toThrow(
    'fitted on 2',
  );
});
