import type {
  Exactness,
  FitCoverage,
  FitResult,
  FittedModel,
  Json,
  ModelFeature,
} from '../../../protocol/fit.ts';
import type { FitPlan, PlanColumn } from './compile-fit.ts';
import type { CategoryLists } from './draw.ts';
import type { FitBody } from './fitted.ts';

/** What the runner of a program knows. */
export type RunCoverage = Omit<FitCoverage, 'used' | 'sampledOf' | 'missing' | 'infinite'>;

/** A program's end as the result people get. */
export function resultOf(
  plan: FitPlan,
  body: FitBody,
  coverage: RunCoverage,
  stage: FitResult['stage'],
): FitResult {
  const { used, sampledOf, missing, infinite } = body;
  const whole: FitCoverage = {
    ...coverage,
    used,
    ...(sampledOf !== undefined && { sampledOf }),
    missing,
    infinite,
  };
  const newer =
    plan.request.version !== undefined && plan.request.version !== coverage.version
      ? [
          {
            code: 'newer-data' as const,
            message: `The data have changed since this model was set up (version ${plan.request.version}, now ${coverage.version}): its figures may differ.`,
          },
        ]
      : [];
  return {
    stage,
    picture: body.picture,
    model: modelOf(plan, body, coverage.version),
    warnings: [...body.warnings, ...newer],
    coverage: whole,
    exactness: exactnessOf(plan, whole, stage),
  };
}

function modelOf(plan: FitPlan, { lists, steps, model }: FitBody, version: number): FittedModel {
  const { target } = plan;
  const classes = target && plan.info.target === 'class' ? lists.get(target.name) : undefined;
  return {
    format: 'exanalytics-model-1',
    request: plan.request,
    version,
    features: plan.features.map((feature) => featureOf(feature, lists)),
    ...(target && { target: featureOf(target, lists) }),
    ...(classes && { classes }),
    steps: steps as unknown as readonly Json[],
    estimator: withoutReader(model ?? {}),
  };
}

function featureOf(column: PlanColumn, lists: CategoryLists): ModelFeature {
  const categories = lists.get(column.name);
  return {
    column: column.ref,
    name: column.name,
    kind: column.type.kind,
    ...(categories && { categories }),
  };
}

/** How rows were read belongs to the request. */
function withoutReader(model: object): FittedModel['estimator'] {
  const { reader: _, ...rest } = model as { readonly reader?: unknown };
  return rest as FittedModel['estimator'];
}

function exactnessOf(plan: FitPlan, coverage: FitCoverage, stage: FitResult['stage']): Exactness {
  const rows = coverage.used.toLocaleString('en');
  const blocks = `${coverage.blocks} of ${coverage.blocksTotal} blocks`;
  const from = coverage.blocks < coverage.blocksTotal ? ` from ${blocks}` : '';
  if (stage === 'sample' || coverage.sampledOf !== undefined)
    return { kind: 'sample', note: `A sample of ${rows} rows${from}.` };
  if (coverage.blocks < coverage.blocksTotal)
    return { kind: 'partial', note: `${rows} rows so far, ${blocks}.` };
  return plan.info.reading === 'streamed'
    ? { kind: 'exact', note: `Exact over ${rows} rows, whatever their order or who computes.` }
    : { kind: 'exact', note: `Every one of ${rows} rows.` };
}
