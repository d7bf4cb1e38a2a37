import type { FitWarning } from '../../../protocol/fit.ts';
import type { FitPicture } from '../../../protocol/fit-picture.ts';
import type { Step } from '../preprocessing/step.ts';
import type { FitPlan } from './compile-fit.ts';
import { type CategoryLists, type Drawn, drawnFeature, stepped } from './draw.ts';
import type { EstimatorModel } from './fit-rows.ts';
import { type Opened, openModel } from './opened.ts';
import { termsOf } from './pipeline-steps.ts';

/** A fitted model with the rows its picture is drawn from. */
export interface Fitted {
  readonly plan: FitPlan;
  readonly lists: CategoryLists;
  readonly steps: readonly Step[];
  readonly model: EstimatorModel;
  readonly opened: Opened;
  /** Rows of a picture: kept from the fit where it is judged by others than it learnt from. */
  readonly drawn: Drawn;
  readonly isHeldOut: boolean;
  /** Rows the model was made of. */
  readonly used: number;
}

/** What a program ends with: a result but for what its runner knows (version, blocks, stage). */
export interface FitBody {
  readonly picture: FitPicture;
  readonly lists: CategoryLists;
  readonly steps: readonly Step[];
  readonly model?: EstimatorModel;
  readonly warnings: readonly FitWarning[];
  readonly used: number;
  readonly sampledOf?: number;
  readonly missing: number;
  readonly infinite: number;
}

export function fitted(of: Omit<Fitted, 'opened'>): Fitted {
  return { ...of, opened: openModel(of.model, classesOf(of.plan, of.lists)) };
}

/** How many classes the target has; 0 for a number. */
export function classesOf(plan: FitPlan, lists: CategoryLists): number {
  return plan.info.target === 'class' && plan.target ? (lists.get(plan.target.name)?.length ?? 0) : 0;
}

/** What the model says of rows given as columns before its steps. */
export function said(
  { opened, steps }: Fitted,
  columns: readonly Float64Array[],
  rows: number,
): Float64Array {
  return opened.predict(stepped(columns, rows, steps));
}

/** What all pictures share. */
export function drawnOf({ plan, lists }: Pick<Fitted, 'plan' | 'lists'>) {
  return { features: plan.features.map((feature) => drawnFeature(feature, lists)), axes: plan.axes };
}

export function targetOf({ plan, lists }: Pick<Fitted, 'plan' | 'lists'>) {
  return drawnFeature(plan.target!, lists);
}

export function termsIn({ plan, lists, steps }: Fitted): string[] {
  return termsOf(plan, lists, steps);
}
