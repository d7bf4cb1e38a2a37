import type { BlockInput } from '../../block.ts';
import { mergeTree } from '../../tree.ts';
import { type FitPlan, type FitTask, taskOf } from './compile-fit.ts';
import { taskKernel } from './task-kernel.ts';
import type { Program } from './turn.ts';

/** Runs a program over blocks at hand, each pass through its task's JSON and its partials' bytes, as workers do. */
export function runProgram<T>(plan: FitPlan, program: Program<T>, inputs: readonly BlockInput[]): T {
  const blocks = inputs.reduce((most, input) => Math.max(most, input.block + 1), 0);
  let next = program.next();
  while (!next.done) {
    if (next.value.kind === 'work') {
      next = program.next();
      continue;
    }
    const answers = next.value.passes.map(({ kernel }) => {
      const task = JSON.parse(JSON.stringify(taskOf(plan, kernel.spec))) as FitTask;
      const twin = taskKernel(task);
      return mergeTree(twin, blocks, (node) => {
        const input = node.level === 0 ? inputs.find((one) => one.block === node.index) : undefined;
        return input && twin.decode(twin.encode(twin.map(input)));
      });
    });
    next = program.next(answers);
  }
  return next.value;
}
