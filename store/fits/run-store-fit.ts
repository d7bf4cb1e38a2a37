import { compileFit, fitLookups } from '../../src/kernels/ml/program/compile-fit.ts';
import type { FitBody } from '../../src/kernels/ml/program/fitted.ts';
import { resultOf } from '../../src/kernels/ml/program/result.ts';
import { type Stage, stagesOf } from '../../src/kernels/ml/program/stages.ts';
import { ExaError, isExaError } from '../../src/protocol/errors.ts';
import type { FitEvent, FitRequest } from '../../src/protocol/fit.ts';
import type { Head } from '../../src/protocol/head.ts';
import type { TableDriver } from '../drivers/table-driver.ts';
import { headsOf, loadLookups } from '../query.ts';
import { readInput } from '../read-input.ts';
import { type KeptPasses, passKey } from './kept-passes.ts';
import { type FitThread, openFitThread } from './open-thread.ts';

export interface StoreFit {
  readonly driver: Pick<TableDriver, 'snapshot'>;
  readonly request: FitRequest;
  readonly signal: AbortSignal;
  readonly told: (event: FitEvent) => void;
  /** Hash of what the caller may see, and what passes came to before. */
  readonly scope?: string;
  readonly kept?: KeptPasses;
  readonly thread?: () => FitThread;
  readonly now?: () => number;
}

/** Times a fit is begun again as its data move. */
const maxRuns = 5;
/** Least time between two tellings, in ms. */
const tellEveryMs = 100;

/** The same fit as in a browser, over the store's own blocks, computed in a thread. The same bits. */
export async function runStoreFit(fit: StoreFit): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      return await runOnce(fit);
    } catch (error) {
      if (fit.signal.aborted || !isExaError(error, 'gone') || attempt >= maxRuns) throw error;
    }
}

async function runOnce(fit: StoreFit): Promise<void> {
  const { driver, request, told } = fit;
  const { plan, head } = await driver.snapshot(async (snapshot) => {
    const heads = headsOf(snapshot);
    const lookups = await loadLookups(snapshot, heads, fitLookups(request, heads));
    return { plan: compileFit(request, heads, lookups), head: snapshot.head(request.dataset) };
  });
  const rowsTotal = head.live.reduce((sum, live) => sum + live, 0);
  for (const stage of stagesOf(plan, head)) {
    const thread = (fit.thread ?? openFitThread)();
    const stop = () => thread.close();
    fit.signal.addEventListener('abort', stop, { once: true });
    try {
      const body = (await runStage(fit, thread, head, plan, stage)) as FitBody;
      const coverage = {
        version: head.version,
        asOf: head.asOf,
        blocks: stage.blocks.length,
        blocksTotal: head.revisions.length,
        rows: stage.blocks.reduce((sum, block) => sum + (head.live[block] ?? 0), 0),
        rowsTotal,
        from: 'store' as const,
        mixed: false,
      };
      told({ kind: 'result', result: resultOf(plan, body, coverage, stage.name) });
    } catch (error) {
      if (stage.name === 'final' || fit.signal.aborted || !isExaError(error, 'invalid', 'refused'))
        throw error;
    } finally {
      fit.signal.removeEventListener('abort', stop);
      thread.close();
    }
  }
}

async function runStage(
  fit: StoreFit,
  thread: FitThread,
  head: Head,
  plan: unknown,
  { blocks, quick }: Stage,
): Promise<unknown> {
  const now = fit.now ?? (() => performance.now());
  let turn = await thread.call({ name: 'begin', plan, quick });
  while (turn.kind === 'pass') {
    const { columns, phase } = turn;
    const key = passKey(fit.scope ?? '', head, blocks, turn.keys);
    const kept = fit.kept?.get(key);
    if (kept) {
      turn = await thread.call({ name: 'goOn', kept });
      continue;
    }
    const begun = now();
    let said = Number.NEGATIVE_INFINITY;
    let mapping: Promise<unknown> = Promise.resolve();
    for (const [at, block] of blocks.entries()) {
      if (fit.signal.aborted) throw new ExaError('cancelled', 'The fit was cancelled.');
      const input = await readBlock(fit, head, columns, block);
      await mapping;
      mapping = thread.call({ name: 'block', input });
      mapping.catch(() => {});
      if (now() - said < tellEveryMs && at + 1 < blocks.length) continue;
      said = now();
      const done = (at + 1) / blocks.length;
      fit.told({
        kind: 'progress',
        progress: {
          phase,
          done,
          blocks: at + 1,
          blocksTotal: blocks.length,
          secondsLeft: ((said - begun) / 1000 / done) * (1 - done),
          paused: false,
          where: 'store',
        },
      });
    }
    await mapping;
    const ended = await thread.call({ name: 'pass', blocks: head.revisions.length });
    if (ended.kind === 'merged') fit.kept?.set(key, ended.partials, ended.bytes);
    turn = await thread.call({ name: 'goOn' });
  }
  return turn.kind === 'done' ? turn.body : undefined;
}

/** A block as the head says; read once more when reading fails. Throws `gone` when it moved. */
async function readBlock({ driver }: StoreFit, head: Head, columns: readonly string[], block: number) {
  const read = () =>
    driver.snapshot(async (snapshot) => {
      const now = snapshot.head(head.id);
      if (now.epoch !== head.epoch || now.revisions[block] !== head.revisions[block])
        throw new ExaError('gone', 'The data moved while they were read.');
      return readInput(snapshot, head, columns, block);
    });
  try {
    return await read();
  } catch (error) {
    if (isExaError(error, 'gone', 'missing')) throw error;
    try {
      return await read();
    } catch (cause) {
      throw new ExaError(
        'broken',
        `Block ${block} of ${head.revisions.length} could not be read, twice: the store’s log says why.`,
        { facts: { block }, cause },
      );
    }
  }
}
