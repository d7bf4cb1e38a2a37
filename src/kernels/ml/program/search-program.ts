import { ExaError } from '../../../protocol/errors.ts';
import type { ModelSelectionPicture } from '../../../protocol/fit-picture.ts';
import { r2Score } from '../metrics/regression.ts';
import { choicesOf, type Grid, summary } from '../selection/grid-search.ts';
import { kFold, type Split, stratifiedKFold, timeSeriesSplit } from '../selection/splits.ts';
import type { FitPlan } from './compile-fit.ts';
import { type CategoryLists, type Drawn, pickRows } from './draw.ts';
import { fitDrawn, paramsOf } from './fit-drawn.ts';
import { classesOf, drawnOf, type FitBody, fitted, said, targetOf } from './fitted.ts';
import { readParams } from './params.ts';
import type { Program } from './turn.ts';
import { dataWarnings } from './warnings.ts';

/** Every choice of a grid on every fold, and a learning curve of the best: on rows in memory. */
export function* searchProgram(plan: FitPlan, lists: CategoryLists, drawn: Drawn): Program<FitBody> {
  const { request } = plan;
  const { grid, folds = 5, split = 'k-fold', sizes = [] } = request.search!;
  const { method, params } = request.estimator;
  const choices = choicesOf(grid as Grid);
  for (const choice of choices) readParams(method, { ...params, ...choice });
  const isClass = classesOf(plan, lists) > 0;
  const splits =
    split === 'time'
      ? timeSeriesSplit(drawn.rows, folds)
      : isClass
        ? stratifiedKFold(drawn.target!, folds)
        : kFold(drawn.rows, folds);
  const total = choices.length * splits.length + sizes.length * splits.length;
  let done = 0;
  const scores: number[][] = splits.map(() => []);
  for (const [c, choice] of choices.entries())
    for (const [s, one] of splits.entries()) {
      yield { kind: 'work', at: { phase: 'Comparing choices', done: done++, total } };
      const own = { ...params, ...choice };
      scores[s]![c] = yield* scoreOf(plan, lists, pickRows(drawn, one.train), pickRows(drawn, one.test), own);
    }
  const found = summary(choices, scores);
  if (found.mean_test_score.every(Number.isNaN))
    throw new ExaError('invalid', 'No choice could be scored: every fold lacks what is to be predicted.');
  const best = { ...params, ...found.best_params };
  const curve =
    sizes.length > 0 ? yield* curveOf(plan, lists, drawn, splits, sizes, best, { done, total }) : undefined;
  const names = Object.keys(grid).sort();
  const picture: ModelSelectionPicture = {
    kind: 'model-selection',
    ...drawnOf({ plan, lists }),
    target: targetOf({ plan, lists }),
    params: names,
    choices: choices.map((choice) => names.map((name) => JSON.stringify(choice[name]))),
    scoring: isClass ? 'accuracy' : 'r2',
    mean: Float64Array.from(found.mean_test_score),
    sd: Float64Array.from(found.std_test_score),
    splits: scores.map((line) => Float64Array.from(line)),
    best: found.best_index,
    ...(curve && { curve }),
  };
  const { steps, model } = yield* fitDrawn(plan, lists, drawn, paramsOf(plan, best));
  return {
    picture,
    lists,
    steps,
    model,
    warnings: dataWarnings(plan, drawn, lists),
    used: drawn.rows,
    ...(drawn.rows < drawn.seen && { sampledOf: drawn.seen }),
    missing: drawn.missing,
    infinite: drawn.infinite,
  };
}

type Given = FitPlan['request']['estimator']['params'];

function* scoreOf(
  plan: FitPlan,
  lists: CategoryLists,
  train: Drawn,
  test: Drawn,
  own: Given,
): Program<number> {
  const classes = classesOf(plan, lists);
  const first = train.target![0]!;
  // One class only is no classifier here; scikit-learn's answers that class.
  if (classes > 0 && train.target!.every((code) => code === first))
    return test.target!.filter((code) => code === first).length / test.rows;
  const { steps, model } = yield* fitDrawn(plan, lists, train, paramsOf(plan, own));
  const made = fitted({ plan, lists, steps, model, drawn: test, isHeldOut: true, used: train.rows });
  const guessed = said(made, test.columns, test.rows);
  if (classes === 0) return r2Score(test.target!, guessed);
  let right = 0;
  for (let i = 0; i < guessed.length; i++) if (guessed[i] === test.target![i]) right++;
  return right / guessed.length;
}

function* curveOf(
  plan: FitPlan,
  lists: CategoryLists,
  drawn: Drawn,
  splits: readonly Split[],
  sizes: readonly number[],
  own: Given,
  at: { readonly done: number; readonly total: number },
): Program<NonNullable<ModelSelectionPicture['curve']>> {
  const most = Math.min(...splits.map((split) => split.train.length));
  const rows = [...new Set(sizes.map((size) => Math.max(2, Math.floor(size * most + 1e-9))))];
  if (sizes.some((size) => !(size > 0 && size <= 1)))
    throw new ExaError('invalid', 'Sizes of a learning curve are shares, above 0 and at most 1.');
  const [train, test]: [number[][], number[][]] = [[], []];
  let { done } = at;
  for (const size of rows) {
    const [ownTrain, ownTest]: [number[], number[]] = [[], []];
    for (const split of splits) {
      yield { kind: 'work', at: { phase: 'Learning curve', done: done++, total: at.total } };
      const learnt = pickRows(drawn, split.train.subarray(0, size));
      ownTrain.push(yield* scoreOf(plan, lists, learnt, learnt, own));
      ownTest.push(yield* scoreOf(plan, lists, learnt, pickRows(drawn, split.test), own));
    }
    train.push(ownTrain);
    test.push(ownTest);
  }
  return {
    sizes: Float64Array.from(rows),
    train: Float64Array.from(train, mean),
    trainSd: Float64Array.from(train, deviation),
    test: Float64Array.from(test, mean),
    testSd: Float64Array.from(test, deviation),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}
