import { log } from '../../math/log.ts';

/** `matrix[true][predicted]` of class numbers `[0, classes)`. */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) matrix[truth[i]!]![predicted[i]!]!++;
  return matrix;
}

/** Scores of one class, and how many rows truly have it. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

/** a ÷ b, 0 where nothing was there to divide by, as scikit-learn's `zero_division` default. */
function share(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

/** Precision, recall and F of every class; `beta` weighs recall (1). */
export function classScores(confusion: readonly (readonly number[])[], beta = 1): ClassScores[] {
  return confusion.map((row, k) => {
    const hit = row[k]!;
    const support = row.reduce((sum, count) => sum + count, 0);
    const called = confusion.reduce((sum, other) => sum + other[k]!, 0);
    const b = beta * beta;
    return {
      precision: share(hit, called),
      recall: share(hit, support),
      f1: share((1 + b) * hit, b * support + called),
      support,
    };
  });
}

/** How class scores become one: plain mean, mean by support, or over all decisions together. */
export type Average = 'macro' | 'weighted' | 'micro';

export function averaged(
  confusion: readonly (readonly number[])[],
  score: 'precision' | 'recall' | 'f1',
  average: Average,
): number {
  if (average === 'micro') return accuracy(confusion);
  const scores = classScores(confusion);
  if (average === 'macro') return scores.reduce((sum, each) => sum + each[score], 0) / scores.length;
  const rows = scores.reduce((sum, each) => sum + each.support, 0);
  return scores.reduce((sum, each) => sum + each[score] * each.support, 0) / rows;
}

/** Share of rows on the diagonal. */
export function accuracy(confusion: readonly (readonly number[])[]): number {
  const rows = confusion.flat().reduce((sum, count) => sum + count, 0);
  return confusion.reduce((sum, row, k) => sum + row[k]!, 0) / rows;
}

/** Mean recall over the classes that occur. */
export function balancedAccuracy(confusion: readonly (readonly number[])[]): number {
  const present = classScores(confusion).filter((each) => each.support > 0);
  return present.reduce((sum, each) => sum + each.recall, 0) / present.length;
}

/** Intersection over union of one class. */
export function jaccard(confusion: readonly (readonly number[])[], k: number): number {
  const { support } = classScores(confusion)[k]!;
  const called = confusion.reduce((sum, row) => sum + row[k]!, 0);
  const hit = confusion[k]![k]!;
  return share(hit, support + called - hit);
}

/** Matthews' correlation for any number of classes (Gorodkin 2004); 0 when one side is constant. */
export function matthews(confusion: readonly (readonly number[])[]): number {
  const truth = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
  const called = confusion.map((_, k) => confusion.reduce((sum, row) => sum + row[k]!, 0));
  const rows = truth.reduce((sum, count) => sum + count, 0);
  const right = confusion.reduce((sum, row, k) => sum + row[k]!, 0);
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  const spread = (rows * rows - dot(called, called)) * (rows * rows - dot(truth, truth));
  return spread === 0 ? 0 : (right * rows - dot(truth, called)) / Math.sqrt(spread);
}

/** Cohen's kappa: agreement beyond chance. */
export function kappa(confusion: readonly (readonly number[])[]): number {
  const rows = confusion.flat().reduce((sum, count) => sum + count, 0);
  let [off, chance] = [0, 0];
  confusion.forEach((row, a) => {
    const support = row.reduce((sum, count) => sum + count, 0);
    row.forEach((count, b) => {
      if (a === b) return;
      off += count;
      chance += (support * confusion.reduce((sum, other) => sum + other[b]!, 0)) / rows;
    });
  });
  return 1 - off / chance;
}

/** Mean −log of the probability given to the true class, clipped to [2.2e-16, 1 − 2.2e-16]; `shares[class][row]`. */
export function logLoss(truth: ArrayLike<number>, shares: readonly ArrayLike<number>[]): number {
  const eps = 2.220446049250313e-16;
  let total = 0;
  for (let i = 0; i < truth.length; i++) {
    let whole = 0;
    let own = 0;
    shares.forEach((column, k) => {
      const clipped = Math.min(1 - eps, Math.max(eps, column[i]!));
      whole += clipped;
      if (k === truth[i]) own = clipped;
    });
    total -= log(own / whole);
  }
  return total / truth.length;
}

/** Mean squared distance of the probability of class 1 from what happened. */
export function brier(truth: ArrayLike<number>, share1: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < truth.length; i++) total += (share1[i]! - truth[i]!) ** 2;
  return total / truth.length;
}

/** Mean of max(0, 1 − margin) for decisions of class 1 against 0. */
export function hingeLoss(truth: ArrayLike<number>, decisions: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < truth.length; i++) total += Math.max(0, 1 - (truth[i] === 1 ? 1 : -1) * decisions[i]!);
  return total / truth.length;
}

/** Share of rows whose true class is among the `k` of greatest score; of equals the later class counts first. */
export function topK(truth: ArrayLike<number>, scores: readonly ArrayLike<number>[], k: number): number {
  let right = 0;
  for (let i = 0; i < truth.length; i++) {
    const own = scores[truth[i]!]![i]!;
    const above = scores.filter(
      (column, c) => column[i]! > own || (column[i]! === own && c > truth[i]!),
    ).length;
    if (above < k) right++;
  }
  return right / truth.length;
}
