import { describe, expect, test } from 'vitest';
import { gramWithout, mergeAll } from '../gram/gram.ts';
import { fitGram } from '../gram/gram-kernel.ts';
import { columnsOf, farthest, haveReferences, reference } from '../reference.testing.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { withKFold } from '../stream/count-kernel.ts';
import { fitBlocks } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { crossValidatedRidge } from './cross-validated-path.ts';
import {
  fitElasticNet,
  fitLasso,
  fitLassoCV,
  fitLinearRegression,
  fitRidge,
  fitRidgeCV,
} from './fit-linear.ts';
import { alphaGrid, type PathParams, pathOf } from './path.ts';
import { r2Of, ridgeOf, squaredError } from './ridge.ts';

interface PathReference {
  alphas: number[];
  coefs_features_by_alphas: number[][];
  n_iters: number[];
  dual_gaps: number[];
  params: PathParams;
}

interface Fitted {
  alpha: number;
  l1_ratio: number;
  coef: number[];
  intercept: number;
  r2: number;
}

interface Diabetes {
  X: number[][];
  y: number[];
  expected: {
    lasso_path: PathReference;
    lasso_path_tight: PathReference;
    enet_path: PathReference;
    ols: Fitted;
    ridge: Fitted[];
    lasso: Fitted[];
    elastic_net: Fitted[];
    lasso_cv_kfold5: {
      alpha: number;
      alphas: number[];
      mse_path: number[][];
      coef: number[];
      intercept: number;
    };
    ridge_cv_gcv: { alphas: number[]; alpha: number; mean_cv: number[]; coef: number[] };
    cross_val_score_kfold5: Record<
      'ols' | 'ridge_alpha_0_1' | 'lasso_alpha_0_1',
      { r2: number[]; neg_mse: number[] }
    >;
    gram: { n: number; mean: number[]; centred_gram_of_X_and_y: number[][] };
  };
}

describe.skipIf(!haveReferences)('diabetes, against scikit-learn', () => {
  if (!haveReferences) return;
  const { X, y, expected } = reference<Diabetes>('linear_diabetes');
  const blocks = blocksOf(columnsOf(X, y), 64);
  const reader: Reader = {
    columns: Array.from({ length: 10 }, (_, j) => ({ column: `x${j}` })),
    target: { column: 'y' },
  };
  const gram = mergeAll(fitBlocks(fitGram(reader), blocks).folds);
  const tight = { tol: 1e-12, max_iter: 100_000 };

  test('Gram', () => {
    expect(gram.n).toBe(expected.gram.n);
    expect(farthest(gram.mean, expected.gram.mean)).toBeLessThan(1e-11);
    expect(farthest(gram.centred, expected.gram.centred_gram_of_X_and_y.flat())).toBeLessThan(1e-11);
  });

  test('least squares and ridge', () => {
    const ols = fitBlocks(fitLinearRegression(reader), blocks);
    expect(farthest(ols.coef_, expected.ols.coef)).toBeLessThan(1e-8);
    expect(ols.intercept_).toBeCloseTo(expected.ols.intercept, 8);
    expect(r2Of(gram, ols.coef_, ols.intercept_)).toBeCloseTo(expected.ols.r2, 10);
    for (const ridge of expected.ridge) {
      const model = fitBlocks(fitRidge(reader, { alpha: ridge.alpha }), blocks);
      expect(farthest(model.coef_, ridge.coef)).toBeLessThan(1e-8);
      expect(r2Of(gram, model.coef_, model.intercept_)).toBeCloseTo(ridge.r2, 9);
    }
  });

  const pathTest = (got: ReturnType<typeof pathOf>, want: PathReference, tolerance: number) => {
    expect(farthest(got.alphas, want.alphas)).toBeLessThan(1e-10);
    want.coefs_features_by_alphas.forEach((line, j) => {
      expect(
        farthest(
          got.coefs.map((coef) => coef[j]!),
          line,
        ),
      ).toBeLessThan(tolerance);
    });
  };

  test('lasso and elastic-net paths: coefficients, sweeps, gaps', () => {
    const path = pathOf(gram);
    pathTest(path, expected.lasso_path, 1e-8);
    // At the largest alpha rounding decides whether one coefficient is 0 or 1e-13.
    expect(path.n_iters.slice(1)).toEqual(expected.lasso_path.n_iters.slice(1));
    expect(farthest(path.dual_gaps, expected.lasso_path.dual_gaps)).toBeLessThan(1e-8);
    pathTest(pathOf(gram, { tol: 1e-10, max_iter: 100_000 }), expected.lasso_path_tight, 1e-8);
    const enet = pathOf(gram, { l1_ratio: 0.5, n_alphas: 30, tol: 1e-10, max_iter: 100_000 });
    pathTest(enet, expected.enet_path, 1e-8);
  });

  test('lasso and elastic net', () => {
    for (const { alpha, coef, intercept } of expected.lasso) {
      const model = fitBlocks(fitLasso(reader, { alpha, ...tight }), blocks);
      expect(farthest(model.coef_, coef)).toBeLessThan(1e-6);
      expect(model.intercept_).toBeCloseTo(intercept, 7);
    }
    for (const { alpha, l1_ratio, coef } of expected.elastic_net) {
      const model = fitBlocks(fitElasticNet(reader, { alpha, l1_ratio, ...tight }), blocks);
      expect(farthest(model.coef_, coef)).toBeLessThan(1e-6);
    }
  });

  test('alphas chosen by folds and by leave-one-out', () => {
    const want = expected.lasso_cv_kfold5;
    const model = fitBlocks(fitLassoCV(reader, { tol: 1e-8, max_iter: 100_000 }), blocks);
    expect(farthest(model.alphas_, want.alphas)).toBeLessThan(1e-10);
    expect(farthest(model.mse_path_.flat(), want.mse_path.flat())).toBeLessThan(1e-7);
    expect(model.alpha_).toBeCloseTo(want.alpha, 10);
    expect(farthest(model.coef_, want.coef)).toBeLessThan(1e-6);
    const gcv = expected.ridge_cv_gcv;
    const ridge = fitBlocks(fitRidgeCV(reader, { alphas: gcv.alphas }), blocks);
    expect(farthest(ridge.mse_path_.flat(), gcv.mean_cv)).toBeLessThan(1e-8);
    expect(ridge.alpha_).toBe(gcv.alpha);
    expect(farthest(ridge.coef_, gcv.coef)).toBeLessThan(1e-8);
  });

  test('scores on contiguous folds, from one pass', () => {
    const folded = fitBlocks(withKFold(reader, 5), blocks);
    const { folds } = fitBlocks(fitGram(folded), blocks);
    const check = (
      want: { r2: number[]; neg_mse: number[] },
      coefOf: (f: number) => { coef: ArrayLike<number>; intercept: number },
    ) => {
      folds.forEach((fold, f) => {
        const { coef, intercept } = coefOf(f);
        expect(r2Of(fold, coef, intercept)).toBeCloseTo(want.r2[f]!, 7);
        expect(-squaredError(fold, coef, intercept) / fold.n / want.neg_mse[f]!).toBeCloseTo(1, 7);
      });
    };
    const scores = expected.cross_val_score_kfold5;
    check(scores.ols, (f) => ridgeOf(gramWithout(folds, f), 0));
    check(scores.ridge_alpha_0_1, (f) => ridgeOf(gramWithout(folds, f), 0.1));
    check(scores.lasso_alpha_0_1, (f) => {
      const path = pathOf(gramWithout(folds, f), { alphas: [0.1], ...tight });
      return { coef: path.coefs[0]!, intercept: path.intercepts[0]! };
    });
    const { mse_path } = crossValidatedRidge(folds, [0.1]);
    expect(
      farthest(
        mse_path[0]!,
        scores.ridge_alpha_0_1.neg_mse.map((mse) => -mse),
      ),
    ).toBeLessThan(1e-9);
    expect(alphaGrid(gram, { n_alphas: 1 })).toHaveLength(1);
  });
});
