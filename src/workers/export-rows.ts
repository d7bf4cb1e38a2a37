import { columnFromLiterals } from '../arrow/build-column.ts';
import { encodeColumns } from '../arrow/columns-stream.ts';
import { decodeColumns } from '../arrow/read-columns.ts';
import { rowColumn } from '../kernels/block.ts';
import { type CompiledRows, compileRows } from '../kernels/table/compile.ts';
import { evaluate } from '../kernels/table/evaluate.ts';
import { blockRows } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import type { ExportPart, ExportPlan } from '../protocol/export.ts';
import type { Head } from '../protocol/head.ts';
import type { TopSpec } from '../protocol/kernel.ts';
import type { BlockPlace, ComputeCalls } from '../protocol/messages.ts';
import type { RowsQuestion } from '../protocol/query.ts';
import type { Prepared, Preparer } from './answerer.ts';
import { type Contribution, coverageOf } from './coverage.ts';
import { gather, heldPlaces, liveRows, pagesOf } from './gather.ts';
import { blockPlace, isWorthReplanning, pageBuffers, placeOf } from './page-desk.ts';
import { rowBytesOf } from './plan.ts';
import { bookedHead, type RootOptions, type Works } from './root-partial.ts';
import { readWindow } from './row-window.ts';
import { orderOnly, storedColumns, takeOnly } from './spec-columns.ts';

/** Most bytes of a table that is sorted to be exported: all of it is decoded at once, in one worker. */
const maxSortedBytes = 96 * 2 ** 20;

/** Times a block is read again as it moves. */
const maxPlans = 12;

/** Reads all that an export of rows needs to begin, as of one head. Throws as asking the question does. */
export async function planExport(
  works: Works,
  dimensions: Preparer,
  question: RowsQuestion,
  options: RootOptions,
): Promise<ExportPlan> {
  const prepared = await dimensions.prepare([question], options);
  const compiled = compileRows(whole(question), prepared.headOf, prepared.lookups);
  const { head, current } = await bookedHead(works.book, question.dataset, options);
  const columns = storedColumns(compiled.spec);
  const types = new Map(head.columns.map(({ id, type }) => [id, type]));
  const rowBytes = columns.reduce((sum, column) => sum + rowBytesOf(types.get(column)), 0);
  const direction = arrival(compiled.spec);
  const rows = liveRows(head);
  const isSorted = direction === undefined && rows * rowBytes <= maxSortedBytes;
  const numbers = head.revisions.map((_, block) => block);
  if (direction === 'newest') numbers.reverse();
  const isOnline = works.book.online && current;
  const here = new Set(
    isOnline ? numbers : (await heldPlaces(works, head, columns, numbers)).map(({ block }) => block),
  );
  return {
    epoch: head.epoch,
    version: head.version,
    asOf: head.asOf,
    blocks: numbers.map((block) => ({
      block,
      revision: head.revisions[block]!,
      live: head.live[block]!,
      reachable: here.has(block),
    })),
    outlook: {
      rows,
      bytes: rows * question.columns.length * 12,
      blocks: here.size,
      blocksTotal: numbers.length,
      order: isSorted || direction !== undefined ? 'asked' : 'arrival',
    },
    empty: encodeRows(compiled, prepared, new Float64Array(0), [], compiled.spec),
  };
}

/** The matching rows of one block, by order of arrival in the direction asked. Undefined where it is not here. */
export async function exportBlock(
  works: Works,
  dimensions: Preparer,
  { question, epoch, block }: { question: RowsQuestion; epoch: string; block: number },
  options: RootOptions,
): Promise<ExportPart | undefined> {
  const prepared = await dimensions.prepare([question], options);
  const asked = whole(question);
  const compiled = compileRows(
    arrival(compileRows(asked, prepared.headOf, prepared.lookups).spec) === undefined
      ? { ...asked, order: [] }
      : asked,
    prepared.headOf,
    prepared.lookups,
  );
  const { spec } = compiled;
  const columns = storedColumns(spec);
  for (let attempt = 0; attempt < maxPlans; attempt++) {
    options.signal?.throwIfAborted();
    const { head, current } = await bookedHead(works.book, question.dataset, options);
    if (head.epoch !== epoch) throw replaced(head.name);
    const isOnline = works.book.online && current && !options.offline;
    try {
      if (isOnline) await gather(works, head, await pagesOf(works, head, columns, [block]), options);
      const now = (await works.book.known(question.dataset))?.head ?? head;
      if (now.epoch !== epoch) throw replaced(head.name);
      const [place] = isOnline ? [blockPlace(now, block)] : await heldPlaces(works, now, columns, [block]);
      if (!place) return undefined;
      const rows = await rowsOf(works, now, spec, place, options);
      const taken = await takenOf(works, now, spec, place, rows, options);
      const part: Contribution = {
        head: now,
        blocks: 1,
        rows: now.live[block]!,
        mixed: place.revision !== now.revisions[block],
        from: 'cache',
      };
      return {
        bytes: encodeRows(compiled, prepared, rows, taken, spec),
        rows: rows.length,
        coverage: coverageOf([part, ...prepared.contributions]),
        revision: place.revision,
      };
    } catch (error) {
      if (!isWorthReplanning(error)) throw error;
    }
  }
  throw new ExaError('conflict', 'The data change faster than they can be exported: try again shortly.');
}

/** All matching rows in the order asked, as of one head: for tables small enough to be sorted here. */
export async function exportSorted(
  works: Works,
  dimensions: Preparer,
  { question, epoch }: { question: RowsQuestion; epoch: string },
  options: RootOptions,
): Promise<ExportPart> {
  const prepared = await dimensions.prepare([question], options);
  const compiled = compileRows(whole(question), prepared.headOf, prepared.lookups);
  const { head } = await bookedHead(works.book, question.dataset, options);
  const window = await readWindow(
    works,
    question.dataset,
    compiled.spec,
    // Past what the store's own first rows reach, so that pages are read: all of them are wanted.
    { offset: 0, limit: Math.max(4096, liveRows(head)) },
    options,
  );
  if (window.head.epoch !== epoch) throw replaced(window.head.name);
  return {
    bytes: encodeRows(compiled, prepared, window.numbers, window.taken, compiled.spec),
    rows: window.numbers.length,
    coverage: coverageOf([window, ...prepared.contributions], { matching: window.matching }),
    revision: 0,
  };
}

function whole(question: RowsQuestion): RowsQuestion {
  return { ...question, offset: 0, limit: blockRows };
}

/** Whether rows are asked for in the order they came, from which end; undefined when any column decides. */
function arrival({ order }: TopSpec): 'oldest' | 'newest' | undefined {
  const [first, ...rest] = order;
  if (!first) return 'oldest';
  if (rest.length > 0 || first.operand.op !== 'column' || first.operand.column !== rowColumn)
    return undefined;
  return first.descending ? 'newest' : 'oldest';
}

function encodeRows(
  compiled: CompiledRows,
  prepared: Prepared,
  rows: Float64Array,
  taken: Parameters<CompiledRows['finish']>[1],
  spec: TopSpec,
): Uint8Array {
  const found = rows.length > 0 || taken.length > 0 ? taken : emptyOf(spec);
  return encodeColumns(compiled.finish(rows, found, prepared.lookups));
}

function emptyOf(spec: TopSpec): Parameters<CompiledRows['finish']>[1] {
  const columns = Object.fromEntries(
    Object.entries(spec.columns).map(([id, type]) => [id, columnFromLiterals(type, [])]),
  );
  return spec.take.map((operand) => evaluate(operand, { block: 0, length: 0, columns }, spec.columns));
}

async function rowsOf(
  works: Works,
  head: Head,
  spec: TopSpec,
  place: BlockPlace,
  { signal }: RootOptions,
): Promise<Float64Array> {
  const ordering = orderOnly(spec);
  const key = works.shelf.name({ ...ordering, limit: 0 }).hash;
  const reply = await onWorker<Extract<ComputeCalls['order']['done'], { kind: 'rows' }>>(
    works,
    head,
    place,
    (worker, ask, transfer) =>
      works.pool.call(
        worker,
        'order',
        { ...ask, spec: ordering, key, offset: 0, limit: blockRows },
        { signal, transfer },
      ),
  );
  return reply.rows;
}

async function takenOf(
  works: Works,
  head: Head,
  spec: TopSpec,
  place: BlockPlace,
  rows: Float64Array,
  { signal }: RootOptions,
): Promise<Parameters<CompiledRows['finish']>[1]> {
  if (rows.length === 0) return emptyOf(spec);
  const taking = takeOnly(spec);
  const reply = await onWorker<Extract<ComputeCalls['take']['done'], { kind: 'taken' }>>(
    works,
    head,
    place,
    (worker, ask, transfer) =>
      works.pool.call(worker, 'take', { ...ask, spec: taking, rows }, { signal, transfer }),
  );
  const columns = decodeColumns(reply.bytes);
  return spec.take.map((_, i) => columns[`t${i}`]!);
}

type Ask = Parameters<Works['desk']['supply']>[2] extends (pages: infer P) => unknown
  ? { readonly place: string; readonly blocks: readonly BlockPlace[]; readonly pages: P }
  : never;

/** Calls the worker a block belongs to with the pages it lacks. */
async function onWorker<T extends { readonly kind: string }>(
  works: Works,
  head: Head,
  block: BlockPlace,
  call: (
    worker: number,
    ask: Ask,
    transfer: Transferable[],
  ) => Promise<T | Extract<ComputeCalls['order']['done'], { kind: 'need' }>>,
): Promise<T> {
  const place = placeOf(head);
  await works.pool.staff(head.revisions.length);
  const worker = works.pool.workersOf(place, head.revisions.length)(block.block);
  return works.desk.supply<T>(place, [block], (pages) =>
    call(worker, { place, blocks: [block], pages }, pageBuffers(pages)),
  );
}

function replaced(name: string): ExaError {
  return new ExaError('conflict', `The table “${name}” was replaced while it was exported: export it again.`);
}
