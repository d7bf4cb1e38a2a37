import { ExaError } from '../../../protocol/errors.ts';

/** Rows at or above each distinct score, best first: weights of class 1 and class 0. */
interface Ladder {
  readonly thresholds: number[];
  readonly hits: number[];
  readonly misses: number[];
}

function ladderOf(truth: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>): Ladder {
  const order = Array.from({ length: truth.length }, (_, i) => i).sort(
    (a, b) => scores[b]! - scores[a]! || a - b,
  );
  const ladder: Ladder = { thresholds: [], hits: [], misses: [] };
  let [hit, miss] = [0, 0];
  order.forEach((row, at) => {
    const weight = weights ? weights[row]! : 1;
    if (truth[row] === 1) hit += weight;
    else miss += weight;
    const next = order[at + 1];
    if (next !== undefined && scores[next] === scores[row]) return;
    ladder.thresholds.push(scores[row]!);
    ladder.hits.push(hit);
    ladder.misses.push(miss);
  });
  return ladder;
}

function bothClasses({ hits, misses }: Ladder, curve: string): { positives: number; negatives: number } {
  const positives = hits.at(-1) ?? 0;
  const negatives = misses.at(-1) ?? 0;
  if (positives === 0 || negatives === 0)
    throw new ExaError('invalid', `${curve} needs rows of both classes; only one occurs.`);
  return { positives, negatives };
}

/** False and true positive rates at falling thresholds; the first threshold lies above every score. */
export interface RocCurve {
  readonly fpr: readonly number[];
  readonly tpr: readonly number[];
  readonly thresholds: readonly number[];
}

/**
 * The ROC curve of scores for class 1 against 0, without the points on a straight line between their neighbours.
 * `firstThreshold`: +∞ (scikit-learn since 1.3), or the greatest score plus one (before). Throws `invalid` unless both
 * classes occur.
 */
export function rocCurve(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: {
    readonly weights?: ArrayLike<number>;
    readonly dropIntermediate?: boolean;
    readonly firstThreshold?: 'infinity' | 'max+1';
  } = {},
): RocCurve {
  const { dropIntermediate = true, firstThreshold = 'infinity' } = options;
  const ladder = ladderOf(truth, scores, options.weights);
  const { positives, negatives } = bothClasses(ladder, 'A ROC curve');
  const { hits, misses, thresholds } = ladder;
  const corner = (i: number) =>
    i === 0 ||
    i === hits.length - 1 ||
    hits[i + 1]! - 2 * hits[i]! + hits[i - 1]! !== 0 ||
    misses[i + 1]! - 2 * misses[i]! + misses[i - 1]! !== 0;
  const kept = thresholds.map((_, i) => i).filter((i) => !dropIntermediate || hits.length <= 2 || corner(i));
  return {
    fpr: [0, ...kept.map((i) => misses[i]! / negatives)],
    tpr: [0, ...kept.map((i) => hits[i]! / positives)],
    thresholds: [
      firstThreshold === 'infinity' ? Number.POSITIVE_INFINITY : thresholds[0]! + 1,
      ...kept.map((i) => thresholds[i]!),
    ],
  };
}

/** Area under a ROC curve, by trapezoids. */
export function rocAuc(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const { fpr, tpr } = rocCurve(truth, scores, { weights });
  let area = 0;
  for (let i = 1; i < fpr.length; i++) area += ((fpr[i]! - fpr[i - 1]!) * (tpr[i]! + tpr[i - 1]!)) / 2;
  return area;
}

/** Mean area of one class against the rest, or of every pair of classes both ways; `scores[class][row]`. */
export function rocAucMany(
  truth: ArrayLike<number>,
  scores: readonly ArrayLike<number>[],
  how: 'ovr' | 'ovo',
): number {
  const areas: number[] = [];
  scores.forEach((own, a) => {
    if (how === 'ovr')
      areas.push(
        rocAuc(
          Int32Array.from({ length: truth.length }, (_, i) => (truth[i] === a ? 1 : 0)),
          own,
        ),
      );
    else
      for (let b = a + 1; b < scores.length; b++) {
        const rows = Array.from({ length: truth.length }, (_, i) => i).filter(
          (i) => truth[i] === a || truth[i] === b,
        );
        const area = (k: number) =>
          rocAuc(
            rows.map((i) => (truth[i] === k ? 1 : 0)),
            rows.map((i) => scores[k]![i]!),
          );
        areas.push((area(a) + area(b)) / 2);
      }
  });
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

/** Precision and recall at rising thresholds, and at last precision 1, recall 0. */
export interface PrecisionRecallCurve {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly thresholds: readonly number[];
}

export function precisionRecallCurve(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
): PrecisionRecallCurve {
  const { hits, misses, thresholds } = ladderOf(truth, scores);
  const positives = hits.at(-1) ?? 0;
  const precision = hits.map((hit, i) => (hit + misses[i]! === 0 ? 0 : hit / (hit + misses[i]!)));
  const recall = hits.map((hit) => (positives === 0 ? 1 : hit / positives));
  return {
    precision: [...precision.reverse(), 1],
    recall: [...recall.reverse(), 0],
    thresholds: [...thresholds].reverse(),
  };
}

/** Σ (recall step) · precision. */
export function averagePrecision(truth: ArrayLike<number>, scores: ArrayLike<number>): number {
  const { precision, recall } = precisionRecallCurve(truth, scores);
  let sum = 0;
  for (let i = 0; i + 1 < recall.length; i++) sum += (recall[i]! - recall[i + 1]!) * precision[i]!;
  return sum;
}

/** False positive and false negative rates at rising thresholds (detection error trade-off). */
export function detCurve(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
): { readonly fpr: number[]; readonly fnr: number[]; readonly thresholds: number[] } {
  const ladder = ladderOf(truth, scores);
  const { positives, negatives } = bothClasses(ladder, 'A DET curve');
  const { hits, misses, thresholds } = ladder;
  let first = 0;
  while (misses[first + 1] === 0) first++;
  const last = hits.indexOf(positives);
  const kept = thresholds.map((_, i) => i).slice(first, last + 1);
  kept.reverse();
  return {
    fpr: kept.map((i) => misses[i]! / negatives),
    fnr: kept.map((i) => (positives - hits[i]!) / positives),
    thresholds: kept.map((i) => thresholds[i]!),
  };
}

/** Of equal-width bins of probability that have rows: mean probability, and share of class 1. */
export function calibrationCurve(
  truth: ArrayLike<number>,
  share1: ArrayLike<number>,
  bins = 5,
): { readonly probTrue: number[]; readonly probPred: number[]; readonly counts: number[] } {
  const rows = new Float64Array(bins);
  const hits = new Float64Array(bins);
  const sums = new Float64Array(bins);
  for (let i = 0; i < truth.length; i++) {
    let bin = 0;
    while (bin < bins - 1 && share1[i]! > (bin + 1) / bins) bin++;
    rows[bin]!++;
    hits[bin]! += truth[i]!;
    sums[bin]! += share1[i]!;
  }
  const kept = [...rows.keys()].filter((bin) => rows[bin]! > 0);
  return {
    probTrue: kept.map((bin) => hits[bin]! / rows[bin]!),
    probPred: kept.map((bin) => sums[bin]! / rows[bin]!),
    counts: kept.map((bin) => rows[bin]!),
  };
}
