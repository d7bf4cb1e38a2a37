import { treeArity } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import type { ComputeCalls, FitTurn } from '../protocol/messages.ts';
import { blockInputs, type ColumnMemory } from './column-memory.ts';
import { modelCode } from './fits/model-code.ts';
import type { Handlers } from './rpc.ts';

/** Fits, where the decoded columns are. Everything of machine learning is fetched when the first one comes. */
export function fitHandlers(
  memory: ColumnMemory,
  breathe: () => Promise<void>,
): Pick<Handlers<ComputeCalls>, 'fitMap' | 'fitTurn' | 'pauseFit' | 'endFit'> {
  const theHost = modelCode(async () =>
    (await import('../kernels/ml/program/program-host.ts')).programHost(breathe),
  );
  return {
    async fitMap(ask, { signal }) {
      const { kernelsOf } = await theHost();
      const loaded = await memory.load(ask.place, ask.pages, ask.keep);
      const inputs = blockInputs(memory, ask, ask.columns, loaded);
      if ('kind' in inputs) return inputs;
      const partials: unknown[] = ask.tasks.map(() => undefined);
      const kernels = kernelsOf(ask.tasks, ask.keys);
      for (const [i, input] of inputs.entries()) {
        if (i % treeArity === treeArity - 1) await breathe();
        if (signal.aborted) throw new ExaError('cancelled', 'The fit was cancelled.');
        for (const [k, kernel] of kernels.entries()) {
          const partial = kernel.map(input);
          partials[k] = partials[k] === undefined ? partial : kernel.merge(partials[k], partial);
        }
      }
      return { kind: 'partials', partials };
    },
    async fitTurn(ask, { signal, next }): Promise<FitTurn> {
      const { begin, goOn } = await theHost();
      if ('plan' in ask) begin(ask.id, ask.plan, ask.quick);
      return goOn(ask.id, 'answers' in ask ? ask.answers : undefined, { signal, progress: next });
    },
    async pauseFit({ id, paused }) {
      (await theHost()).pause(id, paused);
      return undefined;
    },
    async endFit({ id }) {
      (await theHost()).end(id);
      return undefined;
    },
  };
}
