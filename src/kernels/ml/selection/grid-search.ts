import { ExaError } from '../../../protocol/errors.ts';
import type { FitProgress, Steps } from '../steps.ts';
import type { Split } from './splits.ts';

/** A parameter's value. */
export type ParamValue = number | string | boolean | null;

/** Values to try of each parameter. */
export type Grid = Readonly<Record<string, readonly ParamValue[]>>;

/** One choice of parameters. */
export type Choice = Readonly<Record<string, ParamValue>>;

/** Most choices a grid may hold. */
export const mostChoices = 10_000;

/** All choices of a grid, as `ParameterGrid` orders them: names sorted, the last changing fastest. */
export function choicesOf(grid: Grid): Choice[] {
  const names = Object.keys(grid).sort();
  const count = names.reduce((product, name) => product * grid[name]!.length, 1);
  if (count > mostChoices)
    throw new ExaError('invalid', `This grid has ${count} choices; try at most ${mostChoices}.`, {
      facts: { count },
    });
  return names.reduce<Choice[]>(
    (choices, name) =>
      choices.flatMap((choice) => grid[name]!.map((value) => ({ ...choice, [name]: value }))),
    [{}],
  );
}

/** Scores of a grid: `split_scores[split][choice]`, their mean and deviation a choice, and the best (of equals the first). */
export interface GridScores {
  readonly params: readonly Choice[];
  readonly split_scores: readonly (readonly number[])[];
  readonly mean_test_score: readonly number[];
  readonly std_test_score: readonly number[];
  readonly best_index: number;
  readonly best_params: Choice;
  readonly best_score: number;
}

/** Scores every choice on every split; greater is better. `score` fits on `train` and scores on `test`. */
export function* gridSearch(
  grid: Grid,
  splits: readonly Split[],
  score: (choice: Choice, split: Split) => number,
): Steps<GridScores> {
  const params = choicesOf(grid);
  if (!params.length || !splits.length)
    throw new ExaError('invalid', 'A search needs at least one choice and one split.');
  const scores: number[][] = splits.map(() => []);
  for (let c = 0; c < params.length; c++)
    for (let s = 0; s < splits.length; s++) {
      const at: FitProgress = {
        phase: 'Search',
        done: c * splits.length + s,
        total: params.length * splits.length,
      };
      yield at;
      scores[s]![c] = score(params[c]!, splits[s]!);
    }
  return summary(params, scores);
}

/** What {@link gridSearch} returns, from scores made elsewhere. */
export function summary(params: readonly Choice[], scores: readonly (readonly number[])[]): GridScores {
  const mean = params.map((_, c) => scores.reduce((sum, line) => sum + line[c]!, 0) / scores.length);
  const deviation = params.map((_, c) =>
    Math.sqrt(scores.reduce((sum, line) => sum + (line[c]! - mean[c]!) ** 2, 0) / scores.length),
  );
  let best = 0;
  mean.forEach((value, c) => {
    if (value > mean[best]! || Number.isNaN(mean[best]!)) best = c;
  });
  return {
    params,
    split_scores: scores,
    mean_test_score: mean,
    std_test_score: deviation,
    best_index: best,
    best_params: params[best]!,
    best_score: mean[best]!,
  };
}

/** Scores on `train` and `test` (each `[size][split]`) as the training rows grow. */
export interface LearningCurve {
  readonly train_sizes_abs: readonly number[];
  readonly train: readonly (readonly number[])[];
  readonly test: readonly (readonly number[])[];
}

/**
 * `learning_curve`: fits on the first rows of every training set. `sizes`: shares of the smallest training set
 * (at most 1), or numbers of rows (above 1). `score` fits on its first argument and scores on its second.
 */
export function* learningCurve(
  sizes: readonly number[],
  splits: readonly Split[],
  score: (train: Int32Array, test: Int32Array) => number,
): Steps<LearningCurve> {
  const most = Math.min(...splits.map((split) => split.train.length));
  const rows = [...new Set(sizes.map((size) => (size <= 1 ? Math.floor(size * most + 1e-9) : size)))];
  if (rows.some((size) => !(size >= 1 && size <= most)))
    throw new ExaError('invalid', `Training sets have from 1 to ${most} rows here.`, { facts: { most } });
  const [train, test]: [number[][], number[][]] = [[], []];
  for (let k = 0; k < rows.length; k++) {
    train.push([]);
    test.push([]);
    for (let s = 0; s < splits.length; s++) {
      yield { phase: 'Learning curve', done: k * splits.length + s, total: rows.length * splits.length };
      const own = splits[s]!.train.subarray(0, rows[k]!);
      train[k]!.push(score(own, own));
      test[k]!.push(score(own, splits[s]!.test));
    }
  }
  return { train_sizes_abs: rows, train, test };
}
