import { columnFromLiterals, takeRows } from '../arrow/build-column.ts';
import type { ColumnData } from '../arrow/column-data.ts';
import { decodeColumns } from '../arrow/read-columns.ts';
import { rowColumn } from '../kernels/block.ts';
import { evaluate } from '../kernels/table/evaluate.ts';
import { arrivalWindow, rowWindow } from '../kernels/table/row-window.ts';
import { blockRows } from '../protocol/column.ts';
import { ExaError, isExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import type { TopSpec } from '../protocol/kernel.ts';
import type { BlockPlace, ComputeCalls, ComputeInput, PageSource } from '../protocol/messages.ts';
import type { Contribution } from './coverage.ts';
import { gather, heldPlaces, liveRows, pagesOf, placesOf } from './gather.ts';
import { isWorthReplanning, pageBuffers, placeOf } from './page-desk.ts';
import type { PageStep } from './plan.ts';
import { bookedHead, type RootOptions, rootPartial, type Works } from './root-partial.ts';
import { orderOnly, storedColumns, takeOnly } from './spec-columns.ts';

/** Rows up to which the store's own window is asked for while columns are not here. */
const maxStoreRows = 2000;

/** The store's windows grow in steps, so that scrolling a little asks for the same partial. */
const storeStep = 250;

/** Times a window is planned again as blocks move. */
const maxPlans = 24;

export interface RowWindow extends Contribution {
  /** `_row` of the rows of the window, in order. */
  readonly numbers: Float64Array;
  /** One column a formula of the spec's `take`. */
  readonly taken: readonly ColumnData[];
  readonly matching: number;
  readonly current: boolean;
  readonly background: readonly PageStep[];
}

export interface Window {
  readonly offset: number;
  readonly limit: number;
}

/**
 * The rows at ranks `[offset, offset + limit)`. In order of arrival, from either end, without a filter only the window's
 * own blocks are read; else by order pages where the columns are here, by the store's first rows where they are not.
 */
export async function readWindow(
  works: Works,
  dataset: string,
  spec: TopSpec,
  window: Window,
  options: RootOptions = {},
): Promise<RowWindow> {
  const { book } = works;
  let corruptions = 0;
  for (let attempt = 0; attempt < maxPlans; attempt++) {
    options.signal?.throwIfAborted();
    const { head, current } = await bookedHead(book, dataset, options);
    const online = book.online && current && !options.offline;
    try {
      const read = await (online
        ? readOnline(works, head, spec, window, options)
        : readOffline(works, head, spec, window, options));
      if (read) return { ...read, current };
    } catch (error) {
      if (!isWorthReplanning(error)) throw error;
      if (isExaError(error, 'corrupt') && ++corruptions > 1) throw error;
      if (online && isExaError(error, 'gone') && (await book.known(dataset))?.head === head)
        await book.refresh(dataset, options.signal);
    }
  }
  throw new ExaError('conflict', 'The data change faster than they can be read; trying again shortly.');
}

type Read = Omit<RowWindow, 'current'>;

/** Undefined when the head moved: plan again. */
async function readOnline(
  works: Works,
  head: Head,
  spec: TopSpec,
  window: Window,
  options: RootOptions,
): Promise<Read | undefined> {
  const ordering = orderOnly(spec);
  const taking = takeOnly(spec);
  const part = partOf(head, spec, window);
  const keys = await pagesOf(works, head, storedColumns(ordering), part.blocks);
  const isFew = part.isArrival || keys.bytes <= works.smallBytes;
  const isShallow = !part.isArrival && window.offset + window.limit <= maxStoreRows;
  if (!isFew && isShallow) {
    const background = keys.bytes <= works.budgetBytes ? keys.missing : [];
    return { ...(await storeWindow(works, head, spec, window, options)), background };
  }
  if (!isFew && keys.bytes > works.budgetBytes)
    throw new ExaError(
      'refused',
      'This table is too large to be sorted that far down in this browser: narrow it with a filter first.',
      { facts: { offset: window.offset } },
    );
  if (!(await gather(works, head, keys, options))) return undefined;
  const ordered = await order(works, head, ordering, placesOf(head, part.blocks), part.window, options);
  const blocks = blocksOf(ordered.rows);
  const wanted = await pagesOf(works, head, storedColumns(taking), blocks);
  if (isShallow && wanted.bytes > 4 * works.smallBytes)
    return storeWindow(works, head, spec, window, options);
  if (!(await gather(works, head, wanted, options))) return undefined;
  return {
    head,
    numbers: ordered.rows,
    taken: await take(works, head, taking, placesOf(head, blocks), ordered.rows, options),
    matching: part.isArrival ? liveRows(head) : ordered.matching,
    blocks: head.revisions.length,
    rows: liveRows(head),
    mixed: false,
    from: keys.missing.length + wanted.missing.length > 0 ? 'mixed' : 'cache',
    background: [],
  };
}

/** From the blocks whose pages are all here, each at one revision; the window skips the others. */
async function readOffline(
  works: Works,
  head: Head,
  spec: TopSpec,
  window: Window,
  options: RootOptions,
): Promise<Read> {
  const columns = storedColumns(spec);
  const part = partOf(head, spec, window);
  const places = await heldPlaces(works, head, columns, part.blocks);
  const missing = new Set(part.blocks);
  for (const { block } of places) missing.delete(block);
  if (places.length === 0 && part.blocks.length > 0)
    throw new ExaError('offline', 'These rows were not opened here before, and the store cannot be reached.');
  const ordered = await order(works, head, orderOnly(spec), places, part.window, options);
  const used = new Set(blocksOf(ordered.rows));
  const taken = await take(
    works,
    head,
    takeOnly(spec),
    places.filter(({ block }) => used.has(block)),
    ordered.rows,
    options,
  );
  return {
    head,
    numbers: ordered.rows,
    taken,
    matching: part.isArrival ? liveRows(head) : ordered.matching,
    blocks: head.revisions.length - missing.size,
    rows: head.live.reduce((sum, live, block) => (missing.has(block) ? sum : sum + live), 0),
    mixed: places.some(({ block, revision }) => revision !== head.revisions[block]),
    from: 'cache',
    background: [],
  };
}

async function storeWindow(
  works: Works,
  head: Head,
  spec: TopSpec,
  window: Window,
  options: RootOptions,
): Promise<Read> {
  const limit = Math.min(maxStoreRows, Math.ceil((window.offset + window.limit) / storeStep) * storeStep);
  const root = await rootPartial(works, head.id, { ...spec, limit }, { ...options, preferStore: true });
  const top = root.partial?.kernel === 'top' ? root.partial : undefined;
  const end = Math.min(top?.rows.length ?? 0, window.offset + window.limit);
  const ranks = Int32Array.from({ length: Math.max(0, end - window.offset) }, (_, i) => window.offset + i);
  return {
    head: root.head,
    numbers: Float64Array.from(ranks, (rank) => top?.rows[rank] ?? Number.NaN),
    taken: top?.take.map((column) => takeRows(column, ranks)) ?? [],
    matching: top?.matching ?? 0,
    blocks: root.blocks,
    rows: root.rows,
    mixed: root.mixed,
    from: root.from,
    background: [],
  };
}

/** The blocks a window may fall into, and the window among their rows alone. */
function partOf(
  head: Head,
  spec: TopSpec,
  window: Window,
): { readonly isArrival: boolean; readonly blocks: readonly number[]; readonly window: Window } {
  const direction = arrivalOf(spec);
  if (!direction) return { isArrival: false, blocks: head.revisions.map((_, block) => block), window };
  const live = liveRows(head);
  const start = direction === 'oldest' ? window.offset : Math.max(0, live - window.offset - window.limit);
  const end = direction === 'oldest' ? window.offset + window.limit : live - window.offset;
  const slices = rowWindow(head.live, start, Math.max(0, end - start));
  const limit = slices.reduce((sum, slice) => sum + slice.take, 0);
  const before = slices[0]?.skip ?? 0;
  const there = slices.reduce((sum, { block }) => sum + (head.live[block] ?? 0), 0);
  return {
    isArrival: true,
    blocks: slices.map(({ block }) => block),
    window: { offset: direction === 'oldest' ? before : there - before - limit, limit },
  };
}

/** Whether rows come as they were numbered, from which end; undefined when any column decides. */
function arrivalOf({ where, order }: TopSpec): 'oldest' | 'newest' | undefined {
  if (where) return undefined;
  const [first, ...rest] = order;
  if (!first) return 'oldest';
  if (rest.length > 0 || first.operand.op !== 'column' || first.operand.column !== rowColumn)
    return undefined;
  return first.descending ? 'newest' : 'oldest';
}

async function order(
  works: Works,
  head: Head,
  spec: TopSpec,
  blocks: readonly BlockPlace[],
  window: Window,
  options: RootOptions,
): Promise<{ readonly rows: Float64Array; readonly matching: number }> {
  const direction = arrivalOf(spec);
  if (direction && blocks.every(({ hasLive }) => !hasLive))
    return {
      rows: arrivalWindow(blocks, direction, window.offset, window.limit),
      matching: blocks.reduce((sum, { length }) => sum + length, 0),
    };
  if (blocks.length === 0) return { rows: new Float64Array(0), matching: 0 };
  const key = works.shelf.name({ ...spec, limit: 0 }).hash;
  return callWith<Extract<ComputeCalls['order']['done'], { kind: 'rows' }>>(
    works,
    head,
    blocks,
    (worker, ask, transfer) =>
      works.pool.call(
        worker,
        'order',
        { ...ask, spec, key, ...window },
        { transfer, signal: options.signal },
      ),
  );
}

async function take(
  works: Works,
  head: Head,
  spec: TopSpec,
  blocks: readonly BlockPlace[],
  rows: Float64Array,
  options: RootOptions,
): Promise<ColumnData[]> {
  if (blocks.length === 0) return spec.take.map((operand) => emptyOf(operand, spec));
  const reply = await callWith<Extract<ComputeCalls['take']['done'], { kind: 'taken' }>>(
    works,
    head,
    blocks,
    (worker, ask, transfer) =>
      works.pool.call(worker, 'take', { ...ask, spec, rows }, { transfer, signal: options.signal }),
  );
  const columns = decodeColumns(reply.bytes);
  return spec.take.map((_, i) => columns[`t${i}`]!);
}

function emptyOf(operand: TopSpec['take'][number], spec: TopSpec): ColumnData {
  const columns = Object.fromEntries(
    Object.entries(spec.columns).map(([id, type]) => [id, columnFromLiterals(type, [])]),
  );
  return evaluate(operand, { block: 0, length: 0, columns }, spec.columns);
}

/** One worker of the tab orders and takes all rows of a table, as ranks are found over all its blocks together. */
async function callWith<T extends { readonly kind: string }>(
  works: Works,
  head: Head,
  blocks: readonly BlockPlace[],
  call: (
    worker: number,
    ask: ComputeInput,
    transfer: Transferable[],
  ) => Promise<T | Extract<ComputeCalls['order']['done'], { kind: 'need' }>>,
): Promise<T> {
  const place = placeOf(head);
  await works.pool.staff(blocks.length);
  const worker = works.pool.workersOf(place, head.revisions.length)(0);
  return works.desk.supply<T>(place, blocks, (pages: readonly PageSource[]) =>
    call(worker, { place, blocks, pages }, pageBuffers(pages)),
  );
}

function blocksOf(rows: Float64Array): number[] {
  return [...new Set(Array.from(rows, (row) => Math.floor(row / blockRows)))].sort((a, b) => a - b);
}
