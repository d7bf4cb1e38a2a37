import type { FitPlan, FitTask } from '../../kernels/ml/program/compile-fit.ts';
import type { FitBody } from '../../kernels/ml/program/fitted.ts';
import { treeArity } from '../../protocol/column.ts';
import { ExaError, isExaError } from '../../protocol/errors.ts';
import type { FitEvent, FitProgress, FitRequest } from '../../protocol/fit.ts';
import type { Head } from '../../protocol/head.ts';
import type { ComputeCalls, FitTurn } from '../../protocol/messages.ts';
import type { ColumnRef, Filter, RowsQuestion } from '../../protocol/query.ts';
import type { StoreClient } from '../../storage/store-client.ts';
import type { Prepared, Preparer } from '../answerer.ts';
import type { Connection } from '../connection.ts';
import { liveRows, pagesOf } from '../gather.ts';
import { isWorthReplanning, placeOf } from '../page-desk.ts';
import { bookedHead, type Works } from '../root-partial.ts';
import { keptBytes } from './pass-pages.ts';
import type { FitShelf, PassWorks } from './pass-works.ts';
import { runPass } from './run-pass.ts';

/** Code of models, fetched when first needed. */
export type FitCode = typeof import('./fit-code.ts').fitCode;

export interface FitRun {
  readonly works: Works;
  readonly connection: Pick<Connection, 'contact' | 'onChange'>;
  readonly dimensions: Preparer;
  readonly shelf: FitShelf;
  readonly code: FitCode;
  readonly id: string;
  readonly request: FitRequest;
  readonly signal: AbortSignal;
  readonly gate: () => Promise<void>;
  readonly isPaused: () => boolean;
  readonly told: (event: FitEvent) => void;
  /** Fits in the store, where it can. */
  readonly storeFit?: NonNullable<StoreClient['fit']>;
  readonly now?: () => number;
}

/** Times a fit is begun again as its data move, before blocks are taken as they come. */
const strictRuns = 3;
const maxRuns = 12;

/** Runs a fit: a quick look at a few blocks, then all of them. Ends with the final result told, or throws. */
export async function runFit(run: FitRun): Promise<void> {
  for (let attempt = 0; attempt < maxRuns; attempt++)
    try {
      await runOnce(run, attempt >= strictRuns);
      return;
    } catch (error) {
      if (run.signal.aborted || !isWorthReplanning(error)) throw error;
      const { head } = await bookedHead(run.works.book, run.request.dataset, run);
      if (isExaError(error, 'gone') && run.works.book.online)
        await run.works.book.refresh(head.id, run.signal).catch(() => {});
    }
  throw new ExaError('conflict', 'The data change faster than they can be read; try again when they rest.');
}

async function runOnce(run: FitRun, tolerant: boolean): Promise<void> {
  const { works, request, signal, code } = run;
  const online = await isOnline(run, request.dataset);
  const columns = request.target === undefined ? request.features : [...request.features, request.target];
  const prepared = await prepareData(run, request, columns, online);
  const plan = code.compileFit(request, prepared.headOf, prepared.lookups);
  const head = prepared.headOf(request.dataset)!;
  const count = head.revisions.length;
  const stages = code.stagesOf(plan, head);
  if (online && run.storeFit && (await belongsInStore(run, plan, head))) {
    await run.storeFit(request, run.told, { signal });
    return;
  }
  const clock = progressClock(run, count);
  const parts: PassWorks = {
    works,
    shelf: run.shelf,
    head,
    online,
    tolerant,
    signal,
    gate: run.gate,
    told: clock.blocks,
  };
  const runStage = async ({ name, blocks, quick }: (typeof stages)[number]) => {
    const { body, covered, mixed } = await runProgram(run, parts, plan, blocks, clock, quick);
    const rows = covered.reduce((sum, block) => sum + (head.live[block] ?? 0), 0);
    const coverage = {
      version: head.version,
      asOf: head.asOf,
      blocks: covered.length,
      blocksTotal: count,
      rows,
      rowsTotal: liveRows(head),
      from: 'here' as const,
      mixed,
    };
    run.told({ kind: 'result', result: code.resultOf(plan, body, coverage, name) });
  };
  for (const stage of stages)
    try {
      await runStage(stage);
    } catch (error) {
      // Some blocks may lack what all rows have: a class, a row that passes the filter.
      if (stage.name === 'final' || signal.aborted || !isExaError(error, 'invalid', 'refused')) throw error;
    }
}

/** Asked for there, or left open and more would have to be fetched than is kept of a pass. */
async function belongsInStore({ works, request, code }: FitRun, plan: FitPlan, head: Head): Promise<boolean> {
  const { run = 'auto' } = request;
  if (run !== 'auto') return run === 'store';
  const blocks = head.revisions.map((_, block) => block);
  const { bytes } = await pagesOf(works, head, code.planColumns(plan), blocks);
  return bytes > Math.min(works.budgetBytes, keptBytes);
}

/** Longest wait for a store that has not answered yet, in ms: then what is here must do. */
const connectMs = 5000;

/** Whether the store answers and its head is the newest: what was kept of an earlier session is read again first. */
export async function isOnline(
  { works: { book }, connection, signal }: Pick<FitRun, 'works' | 'connection' | 'signal'>,
  dataset: string,
): Promise<boolean> {
  if (connection.contact === 'connecting')
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(end, connectMs);
      const stop = connection.onChange(() => {
        if (connection.contact !== 'connecting') end();
      });
      signal.addEventListener('abort', end, { once: true });
    });
  const { current } = await bookedHead(book, dataset, { signal });
  if (!book.online || current) return book.online;
  await book.refresh(dataset, signal);
  return (await bookedHead(book, dataset, { signal })).current;
}

/** Heads, and the dimensions that a filter and columns reach. */
export function prepareData(
  { dimensions, signal }: Pick<FitRun, 'dimensions' | 'signal'>,
  { dataset, filter }: { readonly dataset: string; readonly filter?: Filter },
  columns: readonly ColumnRef[],
  online: boolean,
): Promise<Prepared> {
  const question: RowsQuestion = {
    kind: 'rows',
    dataset,
    ...(filter && { where: filter }),
    order: [],
    // Others are none of a linked table; what they are is for the compiler to say.
    columns: columns.filter((ref) => ref.includes('.') || ref.startsWith('=')),
    offset: 0,
    limit: 0,
  };
  return dimensions.prepare([question], { signal, offline: !online });
}

interface ProgramEnd {
  readonly body: FitBody;
  readonly covered: readonly number[];
  readonly mixed: boolean;
}

/** Runs one program: its work in a compute worker, its passes in all of the tab's. */
async function runProgram(
  run: FitRun,
  parts: PassWorks,
  plan: FitPlan,
  blocks: readonly number[],
  clock: ProgressClock,
  quick: number | undefined,
): Promise<ProgramEnd> {
  const { works, id, signal } = run;
  await works.pool.staff(treeArity);
  const worker = works.pool.workersOf(`${placeOf(parts.head)}/fit`, treeArity)(0);
  const next = (at: ComputeCalls['fitTurn']['next']) => clock.work(at);
  const turnOf = (ask: ComputeCalls['fitTurn']['ask']): Promise<FitTurn> =>
    works.pool.call(worker, 'fitTurn', ask, { signal, next });
  let covered: readonly number[] = blocks;
  let mixed = false;
  try {
    let turn = await turnOf({ id, plan, quick });
    while (turn.kind === 'passes') {
      clock.phase(turn.phase);
      const answer = await runPass(parts, turn.tasks as readonly FitTask[], blocks);
      covered = answer.blocks.length < covered.length ? answer.blocks : covered;
      mixed ||= answer.mixed;
      // A tab closed at this very moment goes on from here: at most the pass being written is lost.
      void run.shelf.flush().catch(() => {});
      await run.gate();
      turn = await turnOf({ id, answers: answer.partials });
    }
    return { body: turn.body as FitBody, covered, mixed };
  } catch (error) {
    void works.pool.call(worker, 'endFit', { id }).catch(() => {});
    throw error;
  }
}

interface ProgressClock {
  phase(name: string): void;
  blocks(done: number, total: number): void;
  work(at: ComputeCalls['fitTurn']['next']): void;
}

/** Least time between two tellings, in ms. */
const tellEveryMs = 80;

/** Tells how far a fit is, at most some times a second, with the seconds left of what is under way. */
function progressClock(run: FitRun, blocksTotal: number): ProgressClock {
  const now = run.now ?? (() => performance.now());
  let phase = '';
  let begun = now();
  let first = 0;
  let blocks = 0;
  let told = Number.NEGATIVE_INFINITY;
  const tell = (done: number | null, share: number, force: boolean) => {
    if (!force && now() - told < tellEveryMs) return;
    told = now();
    const progress: FitProgress = {
      phase,
      done,
      blocks,
      blocksTotal,
      secondsLeft: share > first ? ((now() - begun) / 1000 / (share - first)) * (1 - share) : null,
      paused: run.isPaused(),
      where: 'here',
    };
    run.told({ kind: 'progress', progress });
  };
  const enter = (name: string, at: number) => {
    phase = name;
    begun = now();
    first = at;
  };
  return {
    phase(name) {
      enter(name, 0);
      tell(null, 0, true);
    },
    blocks(done, total) {
      blocks = done;
      const share = total === 0 ? 1 : done / total;
      if (done === 0 || share < first) first = share;
      tell(share, share, done === total);
    },
    work(at) {
      if (at.phase !== phase) enter(at.phase, 0);
      const share = at.total > 0 ? at.done / at.total : null;
      tell(share, share ?? 0, false);
    },
  };
}
