import type { LinearModel } from '../linear/linear-model.ts';
import type { LogisticModel } from '../linear/logistic.ts';
import { withKFold } from '../stream/count-kernel.ts';
import type { Fit } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { type Choice, choicesOf, type Grid, type GridScores, summary } from './grid-search.ts';
import { fitScore } from './score-kernel.ts';

/** A linear model, of a number or of classes. */
export type ScoredModel = LinearModel | LogisticModel;

/**
 * `cross_val_score` over data of any size: R² or accuracy on each of `cv` contiguous folds, the model fitted on the
 * others. A count, then per fold the fit's own passes and one more.
 */
export function* crossValScore(
  reader: Reader,
  fitOn: (reader: Reader) => Fit<ScoredModel>,
  cv = 5,
): Fit<number[]> {
  const folded = yield* withKFold(reader, cv);
  const scores: number[] = [];
  for (let fold = 0; fold < cv; fold++) {
    const model = yield* fitOn({ ...folded, keep: { fold, inside: false } });
    scores.push(yield* scoreModel(model, { ...folded, keep: { fold, inside: true } }));
  }
  return scores;
}

/** `GridSearchCV` over data of any size: every choice by {@link crossValScore}'s folds. */
export function* gridSearchFit(
  reader: Reader,
  grid: Grid,
  fitOn: (reader: Reader, choice: Choice) => Fit<ScoredModel>,
  cv = 5,
): Fit<GridScores> {
  const folded = yield* withKFold(reader, cv);
  const params = choicesOf(grid);
  const scores: number[][] = Array.from({ length: cv }, () => []);
  for (const choice of params)
    for (let fold = 0; fold < cv; fold++) {
      const model = yield* fitOn({ ...folded, keep: { fold, inside: false } }, choice);
      scores[fold]!.push(yield* scoreModel(model, { ...folded, keep: { fold, inside: true } }));
    }
  return summary(params, scores);
}

function* scoreModel(model: ScoredModel, reader: Reader): Fit<number> {
  return model.method === 'LogisticRegression'
    ? yield* fitScore(reader, 'classification', { coef: model.coef_, intercept: model.intercept_ })
    : yield* fitScore(reader, 'regression', { coef: [model.coef_], intercept: [model.intercept_] });
}
