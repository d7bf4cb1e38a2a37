import { describe, expect, test } from 'vitest';
import { columnsOf, farthest, haveReferences, reference } from '../reference.testing.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { fitBlocks } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { fitLogisticRegression, predictLogistic, predictProbabilities } from './logistic.ts';
import { logisticKernel } from './logistic-kernel.ts';

interface Iris {
  X: number[][];
  y: number[];
  expected: {
    logreg_multinomial_all: {
      coef: number[][];
      intercept: number[];
      proba_rows_50_60: number[][];
      score: number;
    };
    logreg_ovr_all: { coef: number[][]; intercept: number[] };
  };
}

const tight = { tol: 1e-8, max_iter: 10_000 };

const readerOf = (features: number, classes: number): Reader => ({
  columns: Array.from({ length: features }, (_, j) => ({ column: `x${j}` })),
  target: { column: 'y', categories: Array.from({ length: classes }, (_, k) => k) },
});

describe.skipIf(!haveReferences)('iris, against scikit-learn', () => {
  if (!haveReferences) return;
  const { X, y, expected } = reference<Iris>('classification_iris');
  const columns = columnsOf(X, y);
  const features = Object.values(columns).slice(0, 4);
  const blocks = blocksOf(columns, 33);

  // scikit-learn's L-BFGS stops once the loss falls by less than 2e-9 of it: 121 steps on, three decimals short of the
  // optimum, at a place that rounding decides. So: within that distance of it, and at a loss no greater.
  test('multinomial', () => {
    const want = expected.logreg_multinomial_all;
    const lossAt = (coef: readonly (readonly number[])[], intercept: readonly number[]) => {
      const weights = coef.map((row, k) => [...row, intercept[k]!]);
      const kernel = logisticKernel({
        kernel: 'logistic',
        reader: readerOf(4, 3),
        classes: 3,
        center: [0, 0, 0, 0],
        weights,
        ovr: false,
        curvature: false,
      });
      const loss = blocks.reduce((sum, block) => sum + kernel.map(block).loss[0]!, 0);
      return loss + 0.5 * coef.flat().reduce((sum, w) => sum + w * w, 0);
    };
    for (const solver of ['lbfgs', 'newton-cholesky'] as const) {
      const options = solver === 'lbfgs' ? tight : {};
      const model = fitBlocks(fitLogisticRegression(readerOf(4, 3), { ...options, solver }), blocks);
      expect(model.warnings).toEqual([]);
      expect(farthest(model.coef_.flat(), want.coef.flat())).toBeLessThan(1e-3);
      expect(farthest(model.intercept_, want.intercept)).toBeLessThan(1e-3);
      expect(lossAt(model.coef_, model.intercept_)).toBeLessThan(lossAt(want.coef, want.intercept) + 1e-7);
      const shares = predictProbabilities(model, features, 150);
      want.proba_rows_50_60.forEach((row, i) => {
        expect(
          farthest(
            shares.map((share) => share[50 + i]!),
            row,
          ),
        ).toBeLessThan(1e-4);
      });
      const right = predictLogistic(model, features, 150).filter((label, i) => label === y[i]).length;
      expect(right / 150).toBeCloseTo(want.score, 10);
    }
  });

  test('one against the rest', () => {
    const model = fitBlocks(fitLogisticRegression(readerOf(4, 3), { ...tight, multi_class: 'ovr' }), blocks);
    expect(farthest(model.coef_.flat(), expected.logreg_ovr_all.coef.flat())).toBeLessThan(1e-6);
    expect(farthest(model.intercept_, expected.logreg_ovr_all.intercept)).toBeLessThan(1e-6);
  });
});

function sample(rows: number): { x: number[][]; y: number[] } {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    return (state >>> 8) / 2 ** 24 - 0.5;
  };
  const x = Array.from({ length: rows }, () => [next() * 4, next() * 4 + 100]);
  return { x, y: x.map(([a, b]) => (a! + 0.3 * (b! - 100) + next() > 0 ? 1 : 0)) };
}

test('the gradient vanishes at the solution, by plain sums; bits do not depend on the order of blocks', () => {
  const { x, y } = sample(300);
  const blocks = blocksOf(columnsOf(x, y), 50);
  const model = fitBlocks(fitLogisticRegression(readerOf(2, 2), { C: 3, solver: 'newton-cholesky' }), blocks);
  expect(
    fitBlocks(
      fitLogisticRegression(readerOf(2, 2), { C: 3, solver: 'newton-cholesky' }),
      [...blocks].reverse(),
    ),
  ).toEqual(model);
  const [w, b] = [model.coef_[0]!, model.intercept_[0]!];
  const slope = [w[0]! / 3, w[1]! / 3, 0];
  x.forEach((row, i) => {
    const off = 1 / (1 + Math.exp(-(w[0]! * row[0]! + w[1]! * row[1]! + b))) - y[i]!;
    slope[0]! += off * row[0]!;
    slope[1]! += off * row[1]!;
    slope[2]! += off;
  });
  for (const value of slope) expect(Math.abs(value)).toBeLessThan(1e-4);
  const kernel = logisticKernel({
    kernel: 'logistic',
    reader: readerOf(2, 2),
    classes: 2,
    center: [0, 0],
    weights: [[1, 2, 3]],
    ovr: true,
    curvature: true,
  });
  const bytes = kernel.encode(kernel.map(blocks[0]!));
  expect(kernel.encode(kernel.decode(bytes))).toEqual(bytes);
});

test('both solvers agree', () => {
  const { x, y } = sample(200);
  const three = y.map((label, i) => (x[i]![0]! > 1 ? 2 : label));
  for (const multi_class of ['auto', 'ovr'] as const) {
    const blocks = blocksOf(
      columnsOf(
        x.map(([a, b]) => [a!, b! - 100]),
        three,
      ),
      64,
    );
    const exact = fitBlocks(
      fitLogisticRegression(readerOf(2, 3), { solver: 'newton-cholesky', multi_class }),
      blocks,
    );
    const near = fitBlocks(fitLogisticRegression(readerOf(2, 3), { multi_class, ...tight }), blocks);
    expect(exact.warnings).toEqual([]);
    expect(farthest(near.coef_.flat(), exact.coef_.flat())).toBeLessThan(2e-3);
  }
});

test('without an intercept, separable classes, duplicate columns', () => {
  const { x, y } = sample(100);
  const bare = fitBlocks(
    fitLogisticRegression(readerOf(2, 2), { fit_intercept: false, solver: 'newton-cholesky' }),
    blocksOf(columnsOf(x, y), 30),
  );
  expect(bare.intercept_).toEqual([0]);
  expect(bare.warnings).toEqual([]);
  const apart = columnsOf(
    [
      [1, 1],
      [2, 2],
      [8, 8],
      [9, 9],
    ],
    [0, 0, 1, 1],
  );
  const model = fitBlocks(fitLogisticRegression(readerOf(2, 2)), blocksOf(apart));
  expect(model.coef_[0]![0]).toBeCloseTo(model.coef_[0]![1]!, 9);
  expect([...predictLogistic(model, [apart.x0!, apart.x1!], 4)]).toEqual([0, 0, 1, 1]);
});

test('one class only, no classes, an unknown class: a sentence each', () => {
  const { x } = sample(20);
  const blocks = blocksOf(
    columnsOf(
      x,
      x.map(() => 1),
    ),
  );
  expect(() => fitBlocks(fitLogisticRegression(readerOf(2, 2)), blocks)).toThrow(/Only the class “1”/);
  expect(() => fitBlocks(fitLogisticRegression(readerOf(2, 1)), blocks)).toThrow(/two or more/);
  expect(() =>
    fitBlocks(fitLogisticRegression({ ...readerOf(2, 2), target: { column: 'y' } }), blocks),
  ).toThrow(/classes listed/);
  const other = blocksOf(
    columnsOf(
      x,
      x.map(() => 7),
    ),
  );
  expect(() => fitBlocks(fitLogisticRegression(readerOf(2, 2)), other)).toThrow(/“7”/);
});
