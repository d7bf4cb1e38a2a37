import type { FitWarning } from '../../../protocol/fit.ts';
import type { OutliersPicture } from '../../../protocol/fit-picture.ts';
import type { Step } from '../preprocessing/step.ts';
import { trainTestSplit } from '../selection/splits.ts';
import { type Fit, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import type { FitPlan } from './compile-fit.ts';
import { saysOf } from './compile-score.ts';
import { type CategoryLists, type Drawn, drawRows, findCategories, pickRows, readerOf } from './draw.ts';
import { fitDrawn, paramsOf } from './fit-drawn.ts';
import { type EstimatorModel, streamedFit } from './fit-rows.ts';
import { classesOf, type FitBody, type Fitted, fitted } from './fitted.ts';
import { type Judged, type JudgeSpec, judgeKernel } from './judge-kernel.ts';
import { pictureOf } from './picture.ts';
import { fillsIn, fitSteps, termsOf } from './pipeline-steps.ts';
import { searchProgram } from './search-program.ts';
import { alone, type Program, together } from './turn.ts';
import { dataWarnings } from './warnings.ts';

/** Rows a streamed model is judged by and drawn from. */
const judgedRows = 10_000;
/** Rows a comparison of streamed methods is made on, unless the request says. */
const searchRows = 5000;

/**
 * A whole fit: categories, preprocessing, the model, its picture and its warnings.
 * `quick`: everything on that many drawn rows, for a first picture from a few blocks.
 */
export function* fitProgram(plan: FitPlan, quick?: number): Program<FitBody> {
  const lists = yield* alone(findCategories(plan));
  const { info, request } = plan;
  if (request.search || info.reading === 'sampled' || quick !== undefined) {
    const most = request.rows ?? info.usualRows ?? searchRows;
    const reader = drawingReader(plan, lists);
    const drawn = yield* alone(drawRows(reader, Math.min(most, quick ?? most), plan.seed));
    return request.search
      ? yield* searchProgram(plan, lists, drawn)
      : yield* sampledProgram(plan, lists, drawn, quick === undefined);
  }
  return yield* streamedProgram(plan, lists);
}

/** How rows are drawn: where missing values are filled in later, with them. */
function drawingReader(plan: FitPlan, lists: CategoryLists): Reader {
  const reader = readerOf(plan, lists);
  return fillsIn(plan.request) ? { ...reader, missing: 'keep' } : reader;
}

function isJudged({ info, heldOut }: FitPlan): boolean {
  return heldOut > 0 && (info.kind === 'classifier' || info.kind === 'regression');
}

function* sampledProgram(
  plan: FitPlan,
  lists: CategoryLists,
  drawn: Drawn,
  isWhole: boolean,
): Program<FitBody> {
  const split = isJudged(plan) ? trainTestSplit(drawn.rows, plan.heldOut, plan.seed) : undefined;
  const train = split ? pickRows(drawn, split.train) : drawn;
  const { steps, model } = yield* fitDrawn(plan, lists, train, paramsOf(plan));
  const shown = split ? pickRows(drawn, split.test.slice().sort()) : drawn;
  const made = fitted({
    plan,
    lists,
    steps,
    model,
    drawn: shown,
    isHeldOut: split !== undefined,
    used: train.rows,
  });
  yield { kind: 'work', at: { phase: 'Drawing', done: 0, total: 1 } };
  const body = bodyOf(made, drawn, drawn.rows < drawn.seen ? drawn.seen : undefined);
  if (!isWhole || body.picture.kind !== 'outliers' || drawn.rows === drawn.seen) return body;
  return { ...body, picture: judgedPicture(body.picture, yield* alone(judgeAll(made, mostExtremes))) };
}

/** Rows judged farthest out that are told. */
const mostExtremes = 50;

/** One pass that asks a fitted model about every row. */
function* judgeAll({ plan, lists, steps, model }: Fitted, lowest: number): Fit<Judged> {
  const { reader: _, ...rest } = model as EstimatorModel & { readonly reader?: Reader };
  const spec: JudgeSpec = {
    kernel: 'judge',
    reader: drawingReader(plan, lists),
    steps,
    model: rest,
    says: saysOf(plan.info),
    classes: classesOf(plan, lists),
    size: 0,
    seed: plan.seed,
    lowest,
  };
  return (yield* onePass(judgeKernel(spec), 'Judging every row'))!;
}

/** The picture with what was said of all rows in place of the sample's. */
function judgedPicture(picture: OutliersPicture, { counts, lowest, rows }: Judged): OutliersPicture {
  const width = picture.points.columns.length;
  return {
    ...picture,
    judged: rows,
    outliers: counts[1]!,
    extremes: {
      rows: lowest.ids,
      scores: lowest.values,
      columns: picture.points.columns.map((_, j) =>
        Float64Array.from(lowest.ids, (_, i) => lowest.features[i * width + j]!),
      ),
    },
  };
}

function* streamedProgram(plan: FitPlan, lists: CategoryLists): Program<FitBody> {
  const base = readerOf(plan, lists);
  const [train, judge] = isJudged(plan) ? foldReaders(base, plan) : [base, base];
  const steps = yield* alone(fitSteps(plan, lists, train));
  const drawing: Reader = fillsIn(plan.request) ? { ...judge, missing: 'keep' } : judge;
  const params = paramsOf(plan);
  const fit = streamedFit(plan.request.estimator.method, { ...train, steps: usedSteps(steps) }, params)!;
  const [drawn, model] = yield* together(drawRows(drawing, judgedRows, plan.seed), fit);
  const used = 'rows' in model ? model.rows : 'counts' in model ? sum(model.counts) : drawn.seen;
  const made = fitted({ plan, lists, steps, model, drawn, isHeldOut: train !== judge, used });
  yield { kind: 'work', at: { phase: 'Drawing', done: 0, total: 1 } };
  return bodyOf(made, drawn);
}

function usedSteps(steps: readonly Step[]): readonly Step[] | undefined {
  return steps.length > 0 ? steps : undefined;
}

/** Readers of the rows to learn from, and of those kept to judge by. */
function foldReaders(reader: Reader, { heldOut, seed }: FitPlan): [Reader, Reader] {
  const isSmall = heldOut <= 0.5;
  const count = Math.max(2, Math.round(1 / (isSmall ? heldOut : 1 - heldOut)));
  const folds = { by: 'hash', folds: count, seed } as const;
  const first: Reader = { ...reader, folds, keep: { fold: 0, inside: true } };
  const others: Reader = { ...reader, folds, keep: { fold: 0, inside: false } };
  return isSmall ? [others, first] : [first, others];
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function bodyOf(made: Fitted, drawn: Drawn, sampledOf?: number): FitBody {
  const { plan, lists, steps, model, used } = made;
  return {
    picture: pictureOf(made),
    lists,
    steps,
    model,
    warnings: [
      ...dataWarnings(plan, drawn, lists),
      ...modelWarnings(model, steps.length > 0 ? termsOf(plan, lists, steps) : undefined),
    ],
    used,
    ...(sampledOf !== undefined && { sampledOf }),
    missing: drawn.missing,
    infinite: drawn.infinite,
  };
}

/** What a method itself says of its fit. Behind steps it knows its columns by their number only. */
function modelWarnings(model: EstimatorModel, terms: readonly string[] | undefined): FitWarning[] {
  const named = (message: string): string =>
    terms
      ? message.replace(/\bnumber (\d+)/g, (_, at: string) => `“${terms[Number(at) - 1] ?? at}”`)
      : message;
  const said: FitWarning[] = [];
  if ('warnings' in model)
    for (const message of model.warnings)
      said.push({
        code: message.startsWith('Constant')
          ? 'constant'
          : message.startsWith('Follows')
            ? 'collinear'
            : /settled|iterations|converge/.test(message)
              ? 'not-converged'
              : 'other',
        message: named(message),
      });
  if ('at_bounds' in model)
    for (const name of model.at_bounds)
      said.push({ code: 'at-bound', message: `${name} ended at its bound: widen it, or fix it.` });
  if ('converged' in model && model.converged === false)
    said.push({
      code: 'not-converged',
      message: 'The search stopped before it had settled: give it more iterations.',
    });
  return said;
}
