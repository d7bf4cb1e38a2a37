import type { Literal } from '../../../protocol/column.ts';
import type { FitRequest } from '../../../protocol/fit.ts';
import { widthAfter } from '../preprocessing/apply-step.ts';
import type { Step } from '../preprocessing/step.ts';
import { fitTransformer, type Transformer } from '../selection/pipeline.ts';
import type { Fit } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import type { FitPlan } from './compile-fit.ts';
import type { CategoryLists } from './draw.ts';

/** A request's preprocessing over what `reader` reads: categories become 0 and 1 each (ordinal ones are numbers already), then its steps. */
export function* fitSteps(plan: FitPlan, lists: CategoryLists, reader: Reader): Fit<Step[]> {
  const steps: Step[] = [];
  const sizes = plan.features.map(({ name, ref }) =>
    plan.request.ordinal?.includes(ref) ? 0 : (lists.get(name)?.length ?? 0),
  );
  if (sizes.some((size) => size > 0)) steps.push({ step: 'onehot', sizes });
  for (const transformer of plan.request.steps ?? []) {
    const width = steps.reduce(widthAfter, reader.columns.length);
    const features: Reader = { ...reader, steps: [...steps], target: undefined };
    steps.push(yield* fitTransformer(transformer as Transformer, features, width));
  }
  return steps;
}

/** Whether missing values are filled in, so that rows which lack one are used. */
export function fillsIn({ steps = [] }: FitRequest): boolean {
  return steps.some(({ method }) => method === 'SimpleImputer');
}

/** What a model's inputs are called after the steps. */
export function termsOf(plan: FitPlan, lists: CategoryLists, steps: readonly Step[]): string[] {
  const named = (name: string, value: Literal) => `${name} = ${String(value)}`;
  let terms = plan.features.map(({ name }) => name);
  for (const step of steps)
    if (step.step === 'onehot')
      terms = terms.flatMap((name, j) =>
        step.sizes[j] ? lists.get(name)!.map((value) => named(name, value)) : [name],
      );
    else if (step.step === 'polynomial')
      terms = step.powers.map((powers) => {
        const factors = powers.flatMap((power, j) =>
          power === 0 ? [] : [power === 1 ? terms[j]! : `${terms[j]!}^${power}`],
        );
        return factors.length === 0 ? '1' : factors.join(' · ');
      });
    else if (step.step === 'project') terms = step.components.map((_, k) => `Component ${k + 1}`);
    else if (step.step === 'select') terms = step.indices.map((j) => terms[j]!);
  return terms;
}
