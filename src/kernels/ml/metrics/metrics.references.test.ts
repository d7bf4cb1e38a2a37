import { describe, expect, test } from 'vitest';
import { farthest, haveReferences, reference } from '../reference.testing.ts';
import { samplesOf } from '../samples.ts';
import * as classes from './classification.ts';
import {
  agreement,
  calinskiHarabasz,
  contingency,
  daviesBouldin,
  silhouetteScore,
  silhouettes,
} from './clustering.ts';
import * as curves from './curves.ts';
import * as regression from './regression.ts';

type Numbers = Record<string, number>;

interface References {
  binary: {
    y_true: number[];
    score: number[];
    y_pred: number[];
    proba: number[];
    weight: number[];
    expected: Numbers & {
      roc_curve: { fpr: number[]; tpr: number[]; thresholds: number[] };
      precision_recall_curve: { precision: number[]; recall: number[]; thresholds: number[] };
      det_curve: { fpr: number[]; fnr: number[]; thresholds: number[] };
      confusion: number[][];
    };
  };
  multiclass: {
    y_true: number[];
    y_pred: number[];
    proba: number[][];
    expected: Numbers & { confusion: number[][]; report: Record<string, Numbers> };
  };
  clustering: {
    labels_true: number[];
    labels_pred: number[];
    expected: Numbers & { contingency: number[][] };
  };
  silhouette_iris: { X: number[][]; labels: number[]; expected: Numbers & { samples: number[] } };
  regression: { y_true: number[]; y_pred: number[]; expected: Numbers };
}

interface Clustered {
  X: number[][];
  true: number[];
  kmeans?: Numbers & { labels: number[]; scores_vs_true?: Numbers };
  kmeans_k3?: Numbers & { labels: number[] };
}

const equal = (got: number, want: number | undefined) => expect(farthest([got], [want!])).toBeLessThan(1e-11);

describe.skipIf(!haveReferences)('against scikit-learn', () => {
  if (!haveReferences) return;
  const all = reference<References>('metrics');

  test('two classes', () => {
    const { y_true, score, y_pred, proba, weight, expected } = all.binary;
    const confusion = classes.confusionMatrix(y_true, y_pred, 2);
    expect(confusion).toEqual(expected.confusion);
    const [, positive] = classes.classScores(confusion);
    equal(classes.accuracy(confusion), expected.accuracy);
    equal(classes.balancedAccuracy(confusion), expected.balanced_accuracy);
    equal(positive!.precision, expected.precision);
    equal(positive!.recall, expected.recall);
    equal(positive!.f1, expected.f1);
    equal(classes.classScores(confusion, 2)[1]!.f1, expected.fbeta2);
    equal(classes.jaccard(confusion, 1), expected.jaccard);
    equal(classes.matthews(confusion), expected.mcc);
    equal(classes.kappa(confusion), expected.kappa);
    equal(1 - classes.accuracy(confusion), expected.hamming);
    equal(classes.logLoss(y_true, [proba.map((p) => 1 - p), proba]), expected.log_loss);
    equal(classes.brier(y_true, proba), expected.brier);
    equal(classes.hingeLoss(y_true, score), expected.hinge);
    equal(curves.rocAuc(y_true, score), expected.roc_auc);
    equal(curves.rocAuc(y_true, score, weight), expected.roc_auc_weighted);
    equal(curves.averagePrecision(y_true, score), expected.average_precision);
    const roc = curves.rocCurve(y_true, score, { firstThreshold: 'max+1' });
    const pr = curves.precisionRecallCurve(y_true, score);
    const det = curves.detCurve(y_true, score);
    for (const name of ['fpr', 'tpr', 'thresholds'] as const)
      expect(farthest(roc[name], expected.roc_curve[name])).toBeLessThan(1e-11);
    for (const name of ['precision', 'recall', 'thresholds'] as const)
      expect(farthest(pr[name], expected.precision_recall_curve[name])).toBeLessThan(1e-11);
    for (const name of ['fpr', 'fnr', 'thresholds'] as const)
      expect(farthest(det[name], expected.det_curve[name])).toBeLessThan(1e-11);
  });

  test('many classes', () => {
    const { y_true, y_pred, proba, expected } = all.multiclass;
    const confusion = classes.confusionMatrix(y_true, y_pred, 4);
    expect(confusion).toEqual(expected.confusion);
    for (const average of ['micro', 'macro', 'weighted'] as const)
      for (const score of ['precision', 'recall', 'f1'] as const)
        equal(classes.averaged(confusion, score, average), expected[`${score}_${average}`]);
    classes.classScores(confusion).forEach((scores, k) => {
      const want = expected.report[k]!;
      for (const [got, name] of [
        [scores.precision, 'precision'],
        [scores.recall, 'recall'],
        [scores.f1, 'f1-score'],
        [scores.support, 'support'],
      ] as const)
        equal(got, want[name]);
    });
    equal(classes.matthews(confusion), expected.mcc);
    equal(classes.kappa(confusion), expected.kappa);
    const shares = [0, 1, 2, 3].map((k) => proba.map((row) => row[k]!));
    equal(classes.logLoss(y_true, shares), expected.log_loss);
    equal(classes.topK(y_true, shares, 2), expected.top2);
    equal(curves.rocAucMany(y_true, shares, 'ovr'), expected.roc_auc_ovr_macro);
    equal(curves.rocAucMany(y_true, shares, 'ovo'), expected.roc_auc_ovo_macro);
  });

  const agrees = (truth: number[], labels: number[], want: Numbers) => {
    const got = agreement(truth, labels);
    equal(got.adjusted_rand, want.adjusted_rand ?? want.ari);
    equal(got.rand, want.rand);
    equal(got.adjusted_mutual_info, want.ami);
    equal(got.normalized_mutual_info, want.nmi);
    equal(got.homogeneity, want.homogeneity);
    equal(got.completeness, want.completeness);
    equal(got.v_measure, want.v ?? want.v_measure);
    equal(got.fowlkes_mallows, want.fm ?? want.fowlkes_mallows);
  };

  test('clusterings', () => {
    const { labels_true, labels_pred, expected } = all.clustering;
    expect(contingency(labels_true, labels_pred)).toEqual(expected.contingency);
    agrees(labels_true, labels_pred, expected);
    equal(agreement(labels_true, labels_pred).mutual_info, expected.mi);
    const iris = all.silhouette_iris;
    const x = samplesOf(iris.X);
    expect(farthest(silhouettes(x, iris.labels), iris.expected.samples)).toBeLessThan(1e-11);
    equal(silhouetteScore(x, iris.labels), iris.expected.mean);
    equal(calinskiHarabasz(x, iris.labels), iris.expected.calinski_harabasz);
    equal(daviesBouldin(x, iris.labels), iris.expected.davies_bouldin);
    for (const { X, true: truth, kmeans, kmeans_k3 } of Object.values(
      reference<{ cases: Record<string, Clustered> }>('clustering').cases,
    ))
      for (const found of [kmeans, kmeans_k3])
        if (found) {
          equal(silhouetteScore(samplesOf(X), found.labels), found.silhouette);
          equal(calinskiHarabasz(samplesOf(X), found.labels), found.calinski_harabasz);
          equal(daviesBouldin(samplesOf(X), found.labels), found.davies_bouldin);
          if (kmeans?.scores_vs_true && found === kmeans) agrees(truth, kmeans.labels, kmeans.scores_vs_true);
        }
  });

  test('regression', () => {
    const { y_true: y, y_pred: got, expected } = all.regression;
    equal(regression.r2Score(y, got), expected.r2);
    equal(regression.meanSquaredError(y, got), expected.mse);
    equal(regression.meanAbsoluteError(y, got), expected.mae);
    equal(regression.medianAbsoluteError(y, got), expected.median_ae);
    equal(regression.explainedVariance(y, got), expected.explained_variance);
    equal(regression.maxError(y, got), expected.max_error);
    equal(regression.meanAbsolutePercentageError(y, got), expected.mape);
    equal(regression.meanSquaredLogError(y, got), expected.msle);
    equal(regression.pinballLoss(y, got, 0.9), expected.pinball_0_9);
    equal(regression.d2AbsoluteError(y, got), expected.d2_ae);
  });
});

test('without references: areas of perfect, reversed and tied scores; one class is refused', () => {
  expect(curves.rocAuc([0, 0, 1, 1], [1, 2, 3, 4])).toBe(1);
  expect(curves.rocAuc([1, 1, 0, 0], [1, 2, 3, 4])).toBe(0);
  expect(curves.rocAuc([1, 0, 1, 0], [5, 5, 5, 5])).toBe(0.5);
  expect(() => curves.rocCurve([1, 1], [1, 2])).toThrow(/both classes/);
  expect(curves.calibrationCurve([0, 1, 1], [0.1, 0.9, 0.95], 5)).toEqual({
    probTrue: [0, 1],
    probPred: [0.1, 0.925],
    counts: [1, 2],
  });
  expect(agreement([0, 0, 1], [5, 5, 2]).adjusted_rand).toBe(1);
  expect(() => silhouettes(samplesOf([[1], [2]]), [0, 0])).toThrow(/clusters/);
  expect(regression.r2Score([2, 2], [2, 2])).toBe(1);
});
