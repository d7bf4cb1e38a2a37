import { ExaError } from '../../../protocol/errors.ts';
import { type EstimatorInfo, estimators, isEstimator } from '../../../protocol/estimators.ts';
import type { FittedModel, ModelFeature, ScoreAnswer, ScoreRequest } from '../../../protocol/fit.ts';
import { compileFilter } from '../../table/compile-filter.ts';
import type { Lookups } from '../../table/lookup.ts';
import { type Heads, headOf, namesOf } from '../../table/resolve.ts';
import type { Step } from '../preprocessing/step.ts';
import { columnNamed, type FitPlan, type FitTask, type PlanColumn, taskOf } from './compile-fit.ts';
import { type CategoryLists, readerOf } from './draw.ts';
import type { Judged, JudgeSpec } from './judge-kernel.ts';
import { fillsIn } from './pipeline-steps.ts';
import type { RunCoverage } from './result.ts';

const sampleRows = 1000;

/**
 * A fitted model over a data set as one pass. In the data set it was fitted on columns are found as they were, in any
 * other by name. Throws `invalid`, naming the column, where one is not there or of another kind.
 */
export function compileScore(request: ScoreRequest, heads: Heads, lookups: Lookups = new Map()): FitTask {
  const { model } = request;
  checkModel(model);
  const head = headOf(heads, request.dataset);
  const names = namesOf(head, heads);
  const info: EstimatorInfo = estimators[model.request.estimator.method];
  const isSame = request.dataset === model.request.dataset;
  const find = (feature: ModelFeature): PlanColumn => {
    const found = (() => {
      try {
        return columnNamed(
          isSame ? feature.column : feature.name,
          feature.name,
          names,
          lookups,
          feature.categories !== undefined,
        );
      } catch (cause) {
        throw new ExaError(
          'invalid',
          `This model was fitted on a column “${feature.name}”, which “${head.name}” does not have: choose data of the same columns.`,
          { facts: { column: feature.name, dataset: head.id }, cause },
        );
      }
    })();
    if (found.isCategory !== (feature.categories !== undefined))
      throw new ExaError(
        'invalid',
        `“${feature.name}” of “${head.name}” is ${found.type.kind === 'text' ? 'a text' : `of kind ${found.type.kind}`}, where this model was fitted on ${feature.kind}: choose data of the same columns.`,
        { facts: { column: feature.name, dataset: head.id } },
      );
    return found;
  };
  const features = model.features.map(find);
  const target = targetIn(model, find);
  const lists: CategoryLists = new Map(
    [...model.features, ...(model.target ? [model.target] : [])].flatMap(({ name, categories }) =>
      categories ? [[name, categories]] : [],
    ),
  );
  const where = compileFilter(request.filter, names, lookups);
  const plan: FitPlan = {
    request: model.request,
    info,
    features,
    ...(target && { target }),
    ...(where && { where }),
    types: names.types,
    axes: [0, 0],
    seed: 0,
    heldOut: 0,
  };
  const reader = readerOf(plan, lists);
  const spec: JudgeSpec = {
    kernel: 'judge',
    reader: fillsIn(model.request) ? { ...reader, missing: 'keep' } : reader,
    steps: model.steps as unknown as readonly Step[],
    model: model.estimator,
    says: saysOf(info),
    classes: model.classes?.length ?? 0,
    size: request.sample ?? sampleRows,
    seed: 0,
    lowest: 0,
  };
  return taskOf(plan, spec);
}

/** What a method says of a row. */
export function saysOf({ kind, target }: EstimatorInfo): JudgeSpec['says'] {
  if (kind === 'outliers') return 'outlier';
  if (kind === 'clusters') return 'cluster';
  return target === 'class' ? 'class' : 'number';
}

/** The target where the data have it, so that the model can be judged. */
function targetIn(model: FittedModel, find: (feature: ModelFeature) => PlanColumn): PlanColumn | undefined {
  if (!model.target) return undefined;
  try {
    return find(model.target);
  } catch {
    return undefined;
  }
}

/** A model comes from a file: throws `invalid` unless it is one of ours. */
function checkModel(model: FittedModel): void {
  const known =
    typeof model === 'object' &&
    model !== null &&
    model.format === 'exanalytics-model-1' &&
    Array.isArray(model.features) &&
    Array.isArray(model.steps) &&
    typeof model.estimator === 'object' &&
    typeof model.request?.estimator?.method === 'string' &&
    isEstimator(model.request.estimator.method);
  if (!known)
    throw new ExaError('invalid', 'This is not a model saved here: open a file that “Save model” made.');
}

/** The answer people get. */
export function scoreAnswer(
  { model }: ScoreRequest,
  judged: Judged | undefined,
  coverage: RunCoverage,
): ScoreAnswer {
  if (!judged || judged.rows === 0)
    throw new ExaError('invalid', 'No row has a value in every column that this model reads.');
  const { sample, counts, scored, squares, errors, right } = judged;
  const says = saysOf(estimators[model.request.estimator.method]);
  const order = Array.from(sample.ids.keys()).sort((a, b) => sample.ids[a]! - sample.ids[b]!);
  const score =
    says === 'class' ? right / scored : squares === 0 ? (errors === 0 ? 1 : 0) : 1 - errors / squares;
  return {
    rows: Float64Array.from(order, (i) => sample.ids[i]!),
    values: Float64Array.from(order, (i) => sample.values[i]!),
    ...(model.classes && { classes: model.classes }),
    scored: judged.rows,
    ...(counts.length > 0 && { counts: Array.from(counts) }),
    ...(scored > 0 && (says === 'class' || says === 'number') && { score }),
    coverage: { ...coverage, used: judged.rows, missing: judged.missing, infinite: judged.infinite },
  };
}
