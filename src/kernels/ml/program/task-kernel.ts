import type { BlockInput } from '../../block.ts';
import { canonicalJson } from '../../canonical-json.ts';
import type { Kernel } from '../../kernel.ts';
import { evaluate } from '../../table/evaluate.ts';
import { fitKernelOf } from '../stream/fit-kernel-of.ts';
import type { FitTask } from './compile-fit.ts';

/** The kernel of a task: its pass's, over a block with the columns that formulas make. */
export function taskKernel(task: FitTask): Kernel<unknown> {
  const kernel = fitKernelOf(task.spec);
  return { ...kernel, map: (input) => kernel.map(withDerived(task, input)) };
}

function withDerived({ derived, types }: FitTask, input: BlockInput): BlockInput {
  const made = Object.entries(derived).map(([name, formula]) => [name, evaluate(formula, input, types)]);
  return { ...input, columns: { ...input.columns, ...Object.fromEntries(made) } };
}

/** Canonical JSON of a task: two tasks with the same key have the same partials. */
export function taskKey(task: FitTask): string {
  return canonicalJson(task);
}
