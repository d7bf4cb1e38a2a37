import type { Step } from '../preprocessing/step.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { fitBlocks } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import type { FitPlan } from './compile-fit.ts';
import { type CategoryLists, type Drawn, stepped } from './draw.ts';
import { type EstimatorModel, fitRows, type ReadParams } from './fit-rows.ts';
import { classesOf } from './fitted.ts';
import { readParams } from './params.ts';
import { fitSteps } from './pipeline-steps.ts';
import { type Program, working } from './turn.ts';

/** A method's parameters, its seed the request's unless it names one. */
export function paramsOf(plan: FitPlan, own = plan.request.estimator.params): ReadParams {
  return { random_state: plan.seed, ...readParams(plan.request.estimator.method, own) };
}

/** Preprocessing and model on rows in memory. */
export function* fitDrawn(
  plan: FitPlan,
  lists: CategoryLists,
  train: Drawn,
  params: ReadParams,
): Program<{ readonly steps: readonly Step[]; readonly model: EstimatorModel }> {
  const names = train.columns.map((_, j) => String(j));
  const columns = Object.fromEntries(train.columns.map((column, j) => [names[j]!, column]));
  const reader: Reader = { columns: names.map((column) => ({ column })) };
  const steps = fitBlocks(fitSteps(plan, lists, reader), blocksOf(columns));
  const x = stepped(train.columns, train.rows, steps);
  const classes = classesOf(plan, lists);
  const model = yield* working(fitRows(plan.request.estimator.method, x, train.target, classes, params));
  return { steps, model };
}
