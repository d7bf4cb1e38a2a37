import { openAnswer } from '../arrow/answer-table.ts';
import type { Answer, Coverage } from '../protocol/answer.ts';
import { ExaError, isExaError } from '../protocol/errors.ts';
import type {
  EncodeCalls,
  ExportBlock,
  ExportDone,
  ExportOptions,
  ExportOutlook,
  ExportPart,
  ExportPlan,
  ExportRequest,
  ExportTable,
} from '../protocol/export.ts';
import type { AggregateQuestion, RowsQuestion } from '../protocol/query.ts';
import type { Link } from './link.ts';
import { type Caller, callerOver, type Wire, wireOf } from './rpc.ts';

/** Blocks read ahead of the one being written. */
const lookahead = 2;

/** Blocks that changed last, read first of all and kept until their turn: those that are likely to change again. */
const hotBlocks = 3;

/** What a file of rows would hold: of a filtered table as many as match, which a grid beside it has counted already. */
export async function outlookOfRows(
  link: Pick<Link, 'call'>,
  question: RowsQuestion,
  ask: (question: AggregateQuestion) => Promise<Answer>,
  signal: AbortSignal | undefined,
): Promise<ExportOutlook> {
  const { dataset, where } = question;
  const { outlook } = await link.call('planExport', { question }, { signal });
  if (!where) return outlook;
  const measures = [{ id: 'n', label: '', formula: 'count()', format: 'count' }] as const;
  const { bytes } = await ask({ kind: 'aggregate', dataset, where, groupBy: [], measures });
  const rows = Math.min(outlook.rows, Number(openAnswer(bytes).value('n', 0) ?? 0));
  return { ...outlook, rows, bytes: outlook.rows === 0 ? 0 : (outlook.bytes * rows) / outlook.rows };
}

/** Writes rows to a file: blocks are read by the tab's workers, encoded in a worker of their own. */
export async function exportRows(
  link: Pick<Link, 'call'>,
  request: ExportRequest & { readonly what: RowsQuestion },
  options: ExportOptions,
  start: () => Wire = startWorker,
): Promise<ExportDone> {
  const { what: question, columns } = request;
  const { signal } = options;
  const plan = await reachablePlan(link, question, signal);
  const isSorted = plan.outlook.order === 'asked' && question.order.some(({ column }) => column !== '_row');
  const missing = plan.outlook.blocksTotal - plan.outlook.blocks;
  const sheet = missing > 0 ? `Partial ${plan.outlook.blocks} of ${plan.outlook.blocksTotal}` : 'Rows';
  return encoding({ ...options, columns, empty: plan.empty, sheet }, start, async (append) => {
    if (isSorted) {
      const part = await link.call('exportPart', { question, epoch: plan.epoch }, { signal });
      if (part) await append(part.bytes, part.rows, 1);
      return { coverage: part?.coverage ?? coverageSoFar(plan, []), order: plan.outlook.order };
    }
    const read: { readonly block: ExportBlock; readonly part: ExportPart }[] = [];
    const life = new AbortController();
    const reading = signal ? AbortSignal.any([signal, life.signal]) : life.signal;
    const started = new Map<ExportBlock, Promise<ExportPart | undefined>>();
    const readOne = (block: ExportBlock): Promise<ExportPart | undefined> => {
      const known = started.get(block);
      if (known) return known;
      const made = link.call(
        'exportPart',
        { question, epoch: plan.epoch, block: block.block },
        { signal: reading },
      );
      made.catch(() => {});
      started.set(block, made);
      return made;
    };
    const within = plan.blocks.filter(({ reachable, live }) => reachable && live > 0);
    const hottest = [...within].sort((a, b) => b.revision - a.revision).slice(0, hotBlocks);
    for (const block of hottest) void readOne(block);
    try {
      for (const [i, block] of within.entries()) {
        for (const next of within.slice(i, i + 1 + lookahead)) void readOne(next);
        const part = await readOne(block);
        started.delete(block);
        if (!part)
          throw new ExaError(
            'offline',
            'The store can no longer be reached, and some rows are not here: nothing was saved. Try again for what is here.',
          );
        await append(part.bytes, part.rows, (i + 1) / within.length);
        read.push({ block, part: { ...part, bytes: new Uint8Array(0) } });
      }
    } finally {
      life.abort();
    }
    return { coverage: coverageSoFar(plan, read), order: plan.outlook.order };
  });
}

/**
 * What can be read now. That the store is away may be noticed only by asking it for a block; the plan is then made again,
 * over what is here.
 */
async function reachablePlan(
  link: Pick<Link, 'call'>,
  question: RowsQuestion,
  signal: AbortSignal | undefined,
): Promise<ExportPlan> {
  const plan = await link.call('planExport', { question }, { signal });
  const probe = plan.blocks.findLast(({ reachable, live }) => reachable && live > 0);
  if (!probe) return plan;
  try {
    const ask = { question, epoch: plan.epoch, block: probe.block };
    if (await link.call('exportPart', ask, { signal })) return plan;
  } catch (error) {
    if (!isExaError(error, 'offline')) throw error;
  }
  return link.call('planExport', { question }, { signal });
}

/** Writes a table that is here already. */
export function exportTable(
  { what, columns }: ExportRequest & { readonly what: ExportTable },
  options: ExportOptions,
  start: () => Wire = startWorker,
): Promise<ExportDone> {
  const sheet = what.coverage.blocks < what.coverage.blocksTotal ? 'Partial' : 'Rows';
  return encoding({ ...options, columns, empty: what.bytes, sheet }, start, async (append) => {
    await append(what.bytes.slice(), undefined, 1);
    return { coverage: what.coverage, order: 'asked' };
  });
}

type Append = (bytes: Uint8Array, rows: number | undefined, done: number) => Promise<void>;

interface Encoding extends ExportOptions {
  readonly columns: ExportRequest['columns'];
  readonly empty: Uint8Array;
  readonly sheet: string;
}

async function encoding(
  { format, chunk, progress, signal, columns, empty, sheet }: Encoding,
  start: () => Wire,
  run: (append: Append) => Promise<Pick<ExportDone, 'coverage' | 'order'>>,
): Promise<ExportDone> {
  const caller: Caller<EncodeCalls> = callerOver<EncodeCalls>(start());
  let rows = 0;
  let bytes = 0;
  const give = async (piece: Uint8Array) => {
    if (piece.byteLength === 0) return;
    bytes += piece.byteLength;
    await chunk(piece as Uint8Array<ArrayBuffer>);
    signal?.throwIfAborted();
  };
  try {
    await caller.call('open', { format, columns, empty, sheet }, { signal });
    const outcome = await run(async (table, count, done) => {
      const reply = await caller.call('append', { bytes: table }, { signal, transfer: [table.buffer] });
      rows += count ?? reply.rows;
      await give(reply.bytes);
      progress?.({ done, rows, bytes });
    });
    const { bytes: last, cut } = await caller.call('finish', undefined, { signal });
    await give(last);
    return { ...outcome, rows, bytes, cut };
  } finally {
    caller.close(new ExaError('cancelled', 'The export ended.'));
  }
}

/** What the blocks written speak for: settled when each was as it was planned, and nothing they joined moved. */
function coverageSoFar(
  plan: ExportPlan,
  read: readonly { readonly block: ExportBlock; readonly part: ExportPart }[],
): Coverage {
  const moved = read.some(({ block, part }) => part.revision !== block.revision);
  const newest = read.reduce<Coverage | undefined>(
    (most, { part }) => (most && most.version >= part.coverage.version ? most : part.coverage),
    undefined,
  );
  const blocks = plan.outlook.blocks;
  const rows = plan.blocks.reduce((sum, { reachable, live }) => (reachable ? sum + live : sum), 0);
  const isWhole = blocks === plan.outlook.blocksTotal;
  const isMixed = moved || read.some(({ part }) => part.coverage.mixed);
  return {
    version: moved ? (newest?.version ?? plan.version) : plan.version,
    asOf: moved ? (newest?.asOf ?? plan.asOf) : plan.asOf,
    settled: isWhole && !isMixed,
    mixed: isMixed,
    blocks,
    blocksTotal: plan.outlook.blocksTotal,
    rows,
    rowsTotal: plan.outlook.rows,
    approximate: [],
    from: 'mixed',
    matching: read.reduce((sum, { part }) => sum + part.rows, 0),
  };
}

function startWorker(): Wire {
  try {
    return wireOf(new Worker(new URL('./export.worker.ts', import.meta.url), { type: 'module' }));
  } catch {
    return startHere();
  }
}

/** Where workers are forbidden, the page's own thread writes the file. */
function startHere(): Wire {
  const { port1, port2 } = new MessageChannel();
  void Promise.all([import('./export-handlers.ts'), import('./rpc.ts')]).then(
    ([{ exportHandlers }, { serve }]) => serve(wireOf(port2), exportHandlers()),
  );
  return wireOf(port1);
}
