import { ExaError } from '../../../protocol/errors.ts';
import { decodeArrays, encodeArrays } from '../stream/bundle.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { type Matrix, readMatrix } from '../stream/matrix.ts';
import { type Fit, type FitKernel, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';

type ScoreSpec = Extract<FitSpec, { kernel: 'score' }>;

/**
 * Regression: rows, mean of the target, Σ(y − ȳ)², Σ(y − ŷ)². Classification: the confusion matrix,
 * `classes × classes`, true class by predicted class.
 */
export type ScorePartial = Float64Array;

/** Scores a linear model on rows it was not fitted on; one row of `coef` is a regression, or two classes. */
export function scoreKernel(spec: ScoreSpec): FitKernel<ScorePartial> {
  const { reader, task } = spec;
  const classes = Math.max(2, spec.coef.length);
  const size = task === 'regression' ? 4 : classes * classes;
  return {
    spec,
    map(input) {
      const matrix = readMatrix(input, reader);
      const scores = scoresOf(matrix, spec);
      return task === 'regression' ? errorsOf(matrix, scores[0]!) : confusionOf(matrix, scores, classes);
    },
    merge: (a, b) => (task === 'regression' ? mergeErrors(a, b) : a.map((count, i) => count + b[i]!)),
    encode: (partial) => encodeArrays([partial]),
    decode(bytes) {
      const [partial] = decodeArrays(bytes);
      if (partial?.length !== size)
        throw new ExaError('corrupt', 'A kept score cannot be read; it is computed again.');
      return partial;
    },
    byteSize: (partial) => partial.byteLength,
  };
}

function scoresOf({ rows, columns }: Matrix, { coef, intercept }: ScoreSpec): Float64Array[] {
  return coef.map((weights, k) => {
    const out = new Float64Array(rows).fill(intercept[k]!);
    weights.forEach((w, j) => {
      const x = columns[j]!;
      for (let i = 0; i < rows; i++) out[i]! += w * x[i]!;
    });
    return out;
  });
}

function errorsOf({ rows, target }: Matrix, predicted: Float64Array): ScorePartial {
  if (rows === 0) return new Float64Array(4);
  const y = target!;
  const first = y[0]!;
  let [sum, error, spread] = [0, 0, 0];
  for (let i = 0; i < rows; i++) {
    sum += y[i]! - first;
    error += (y[i]! - predicted[i]!) ** 2;
  }
  const mean = first + sum / rows;
  for (let i = 0; i < rows; i++) spread += (y[i]! - mean) ** 2;
  return Float64Array.of(rows, mean, spread, error);
}

function mergeErrors(a: ScorePartial, b: ScorePartial): ScorePartial {
  if (a[0] === 0) return b;
  if (b[0] === 0) return a;
  const n = a[0]! + b[0]!;
  const delta = b[1]! - a[1]!;
  const spread = a[2]! + b[2]! + delta * delta * ((a[0]! * b[0]!) / n);
  return Float64Array.of(n, a[1]! + delta * (b[0]! / n), spread, a[3]! + b[3]!);
}

function confusionOf(
  { rows, target }: Matrix,
  scores: readonly Float64Array[],
  classes: number,
): ScorePartial {
  const out = new Float64Array(classes * classes);
  for (let i = 0; i < rows; i++) {
    let best = 0;
    if (scores.length === 1) best = scores[0]![i]! > 0 ? 1 : 0;
    else for (let k = 1; k < scores.length; k++) if (scores[k]![i]! > scores[best]![i]!) best = k;
    out[target![i]! * classes + best]!++;
  }
  return out;
}

/** R² of a regression, or the share of rows a classifier gets right: scikit-learn's `score`. One pass. */
export function* fitScore(
  reader: Reader,
  task: ScoreSpec['task'],
  model: { readonly coef: readonly (readonly number[])[]; readonly intercept: readonly number[] },
): Fit<number> {
  const partial = yield* onePass(scoreKernel({ kernel: 'score', reader, task, ...model }), 'Scores');
  const rows = task === 'regression' ? partial?.[0] : partial?.reduce((sum, count) => sum + count, 0);
  if (!partial || !rows) throw new ExaError('invalid', 'There are no rows to score on.');
  if (task === 'regression')
    return partial[2] === 0 ? (partial[3] === 0 ? 1 : 0) : 1 - partial[3]! / partial[2]!;
  const classes = Math.sqrt(partial.length);
  let right = 0;
  for (let k = 0; k < classes; k++) right += partial[k * classes + k]!;
  return right / rows;
}
