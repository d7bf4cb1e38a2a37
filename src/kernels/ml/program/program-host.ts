import { ExaError } from '../../../protocol/errors.ts';
import type { ComputeCalls, FitTurn } from '../../../protocol/messages.ts';
import type { Kernel } from '../../kernel.ts';
import { type FitPlan, type FitTask, taskOf } from './compile-fit.ts';
import { fitProgram } from './fit-program.ts';
import type { FitBody } from './fitted.ts';
import { taskKernel } from './task-kernel.ts';
import type { Program } from './turn.ts';

/** Milliseconds of work between two times the thread is given away. */
const sliceMs = 30;

/** Kernels made of tasks that are kept. */
const maxKernels = 32;

/** The programs of fits under way in a compute worker. */
export interface FitProgramHost {
  kernelsOf(tasks: readonly unknown[], keys: readonly string[]): Kernel<unknown>[];
  begin(id: string, plan: unknown, quick?: number): void;
  /** Runs a program to its next passes or its end, in slices, waiting while it is paused. */
  goOn(
    id: string,
    answers: readonly unknown[] | undefined,
    options: { signal: AbortSignal; progress: (at: ComputeCalls['fitTurn']['next']) => void },
  ): Promise<FitTurn>;
  pause(id: string, paused: boolean): void;
  end(id: string): void;
}

interface Hosted {
  readonly plan: FitPlan;
  readonly program: Program<FitBody>;
  pausedUntil?: { readonly promise: Promise<void>; readonly release: () => void };
}

export function programHost(
  breathe: () => Promise<void>,
  now: () => number = () => performance.now(),
): FitProgramHost {
  const hosted = new Map<string, Hosted>();
  const kernels = new Map<string, Kernel<unknown>>();
  const end = (id: string) => {
    hosted.get(id)?.pausedUntil?.release();
    hosted.delete(id);
  };
  return {
    kernelsOf(tasks, keys) {
      return (tasks as readonly FitTask[]).map((task, k) => {
        const key = keys[k]!;
        const known = kernels.get(key);
        if (known) return known;
        if (kernels.size >= maxKernels) kernels.clear();
        const kernel = taskKernel(task);
        kernels.set(key, kernel);
        return kernel;
      });
    },
    begin(id, plan, quick) {
      end(id);
      hosted.set(id, { plan: plan as FitPlan, program: fitProgram(plan as FitPlan, quick) });
    },
    async goOn(id, answers, { signal, progress }) {
      const fit = hosted.get(id);
      if (!fit) throw new ExaError('gone', 'A worker lost a fit; it is begun again.');
      try {
        let since = now();
        let next = fit.program.next(answers);
        for (;;) {
          if (next.done) {
            end(id);
            return { kind: 'done', body: next.value };
          }
          const turn = next.value;
          if (turn.kind === 'passes')
            return {
              kind: 'passes',
              tasks: turn.passes.map(({ kernel }) => taskOf(fit.plan, kernel.spec)),
              phase: turn.passes.at(-1)!.phase,
            };
          progress(turn.at);
          if (now() - since >= sliceMs) {
            await breathe();
            since = now();
          }
          await fit.pausedUntil?.promise;
          if (signal.aborted) throw new ExaError('cancelled', 'The fit was cancelled.');
          next = fit.program.next();
        }
      } catch (error) {
        end(id);
        throw error;
      }
    },
    pause(id, paused) {
      const fit = hosted.get(id);
      if (!fit || paused === (fit.pausedUntil !== undefined)) return;
      fit.pausedUntil?.release();
      fit.pausedUntil = undefined;
      if (!paused) return;
      let release = () => {};
      const promise = new Promise<void>((resolve) => {
        release = resolve;
      });
      fit.pausedUntil = { promise, release };
    },
    end,
  };
}
