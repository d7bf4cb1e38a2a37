import type { Partial } from '../kernels/kernel.ts';
import { ExaError, isExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import type { KernelSpec } from '../protocol/kernel.ts';
import type { PageCache } from '../storage/page-cache.ts';
import type { Fetcher, Priority } from './fetcher.ts';
import type { BookedHead, HeadBook } from './head-book.ts';
import { mapSteps } from './map-steps.ts';
import { isWorthReplanning, type PageDesk, placeOf } from './page-desk.ts';
import type { NamedKernel, PartialShelf } from './partial-shelf.ts';
import {
  childrenOf,
  type Inventory,
  type Node,
  type PageStep,
  type Plan,
  plan,
  revisionOf,
  rootOf,
  rowBytesOf,
  spanOf,
} from './plan.ts';
import type { Pool } from './pool.ts';
import { storedColumns } from './spec-columns.ts';

/** What answering needs; all that is one tab's is `pool` and `desk`. */
export interface Works {
  readonly fetcher: Fetcher;
  readonly cache: PageCache;
  readonly book: HeadBook;
  readonly shelf: PartialShelf;
  readonly pool: Pool;
  readonly desk: PageDesk;
  /** Bytes of pages fetched before an answer instead of the store's partials. */
  readonly smallBytes: number;
  /** Bytes of pages a question may bring to the cache in the background. */
  readonly budgetBytes: number;
}

export interface RootOptions {
  readonly signal?: AbortSignal;
  readonly priority?: Priority;
  /** Fraction done, `[0, 1]`. */
  readonly progress?: (done: number) => void;
  /** Never ask the store: what is here, as far as it goes. */
  readonly offline?: boolean;
  /** Ask the store even where the columns are here. */
  readonly preferStore?: boolean;
}

/** The partial of a whole data set, and what it covers. */
export interface RootPartial {
  /** Undefined when no block could be read, or there is none. */
  readonly partial: Partial | undefined;
  readonly head: Head;
  /** The head is known to be the newest. */
  readonly current: boolean;
  readonly blocks: number;
  readonly rows: number;
  readonly mixed: boolean;
  readonly from: 'cache' | 'store' | 'mixed';
  /** Pages to fetch when there is time. */
  readonly background: readonly PageStep[];
}

/** Plans made again, as blocks move while they are read, before giving up. */
const maxPlans = 24;

/** Computes, or asks for, the root partial of `spec` as of one head. Throws `offline` when the store failed on the way. */
export async function rootPartial(
  works: Works,
  dataset: string,
  spec: KernelSpec,
  options: RootOptions = {},
): Promise<RootPartial> {
  const { book, shelf } = works;
  const named = shelf.name(spec);
  let corruptions = 0;
  let fetched = false;
  for (let attempt = 0; attempt < maxPlans; attempt++) {
    options.signal?.throwIfAborted();
    const booked = await bookedHead(book, dataset, options);
    const online = book.online && booked.current && !options.offline;
    const { head } = booked;
    const made = await makePlan(works, head, named, online, options.preferStore ?? false);
    try {
      const version = await bring(works, head, named, made, options);
      fetched ||= version > 0;
      if (version > head.version) await book.atLeast(dataset, version, options.signal);
      const now = (await book.known(dataset))?.head ?? head;
      if (version > head.version && !isSameBlocks(head, now)) {
        const whole = wholeAnswer(works, head, now, named, made, version, booked.current);
        if (whole) return whole;
        continue;
      }
      if (made.patches.length > 0 && (await isStillStale(works, now, made))) continue;
      const partial = await compute(works, head, named, made, options);
      return {
        ...coverageOf(head, made),
        partial,
        head: isSameBlocks(head, now) ? now : head,
        current: booked.current,
        from: made.where === 'store' ? 'store' : fetched ? 'mixed' : 'cache',
        background: made.background,
      };
    } catch (error) {
      if (!isWorthReplanning(error)) throw error;
      if (isExaError(error, 'corrupt') && ++corruptions > 1) throw error;
      if (online && isExaError(error, 'gone')) await readAgain(book, dataset, head, options.signal);
    }
  }
  throw new ExaError('conflict', 'The data change faster than they can be read; trying again shortly.');
}

/**
 * What the store said of the whole data set, as of its own version, when the head has moved past that already: data may
 * change faster than they are read, and this is as whole an answer as any. Whoever watches is told that there is a
 * newer head. Undefined where it is not all there is to the plan: the next plan then finds it kept.
 */
function wholeAnswer(
  { shelf }: Works,
  head: Head,
  now: Head,
  named: NamedKernel,
  made: Plan,
  version: number,
  current: boolean,
): RootPartial | undefined {
  const [step, ...others] = made.steps;
  if (made.where !== 'store' || step?.do !== 'store' || others.length > 0) return undefined;
  if (now.version <= version || now.epoch !== head.epoch || head.revisions.length === 0) return undefined;
  const kept = shelf.get(placeOf(head), named, step.node);
  if (!kept || kept.revision <= revisionOf(head, step.node) || kept.revision > version) return undefined;
  // Of the revisions as of then only the highest is known: enough to tell which versions the answer is true at.
  const revisions = [...head.revisions.slice(0, -1), kept.revision];
  const then = { ...head, version: kept.revision, asOf: now.asOf, revisions };
  return {
    ...coverageOf(then, made),
    partial: kept.partial,
    head: then,
    current,
    from: 'store',
    background: made.background,
  };
}

/** The head as known here, read from the store when it never was. */
export async function bookedHead(
  book: HeadBook,
  dataset: string,
  { signal }: { readonly signal?: AbortSignal },
): Promise<BookedHead> {
  const known = await book.known(dataset);
  if (known) return known;
  if (!book.online)
    throw new ExaError('offline', 'This data set was never opened here, and its store cannot be reached.', {
      facts: { dataset },
    });
  await book.refresh(dataset, signal);
  const read = await book.known(dataset);
  if (!read) throw new ExaError('missing', 'There is no such data set.', { facts: { dataset } });
  return read;
}

/** `gone` may mean that the data set was replaced: then its head says so. */
async function readAgain(book: HeadBook, dataset: string, head: Head, signal?: AbortSignal): Promise<void> {
  const known = await book.known(dataset);
  if (known?.head === head) await book.refresh(dataset, signal);
}

/** Whether two heads of a data set say the same of every block. */
export function isSameBlocks(a: Head, b: Head): boolean {
  return (
    a === b ||
    (a.epoch === b.epoch &&
      a.revisions.length === b.revisions.length &&
      a.revisions.every((revision, block) => revision === b.revisions[block]))
  );
}

async function isStillStale(works: Works, head: Head, made: Plan): Promise<boolean> {
  const columns = [...new Set(made.patches.flatMap((step) => step.columns))];
  const blocks = made.patches.map((step) => step.block);
  const held = await works.desk.held(head, columns, blocks);
  return made.patches.some(({ block, columns }) =>
    columns.some((column) => held(block, column) !== made.revisions.get(block)),
  );
}

/** Levels of the tree above the blocks, root first. */
function innerNodes(blockCount: number): Node[] {
  const nodes: Node[] = [];
  let row = [rootOf(blockCount)];
  while (row[0] && row[0].level > 0) {
    nodes.push(...row);
    row = row.flatMap((node) => childrenOf(node, blockCount));
  }
  return nodes;
}

async function makePlan(
  works: Works,
  head: Head,
  named: NamedKernel,
  online: boolean,
  preferStore: boolean,
): Promise<Plan> {
  const { shelf, pool, desk } = works;
  const place = placeOf(head);
  const count = head.revisions.length;
  let owners: ((block: number) => number) | undefined;
  const columns = storedColumns(named.spec);
  const types = new Map(head.columns.map((column) => [column.id, column.type]));
  const kept = (node: Node) => shelf.get(place, named, node)?.revision;
  const inventory: Omit<Inventory, 'held'> = {
    blocks: head,
    columns,
    kept,
    workerOf(block) {
      owners ??= pool.workersOf(place, count);
      return owners(block);
    },
    online,
    preferStore,
    rowBytes: (column) => rowBytesOf(types.get(column)),
    smallBytes: works.smallBytes,
    budgetBytes: works.budgetBytes,
  };
  const root = rootOf(count);
  await shelf.warm(place, named, [root]);
  const isKept = kept(root) === revisionOf(head, root);
  if (isKept && (!online || preferStore)) return plan({ ...inventory, held: () => undefined });
  await pool.staff(count);
  if (!isKept) await shelf.warm(place, named, innerNodes(count));
  const held = await desk.held(
    head,
    columns,
    Array.from({ length: count }, (_, block) => block),
  );
  return plan({ ...inventory, held });
}

/** Fetches what the plan names. Returns the highest version anything was read at, 0 when nothing was fetched. */
async function bring(
  works: Works,
  head: Head,
  named: NamedKernel,
  made: Plan,
  options: RootOptions,
): Promise<number> {
  const { priority, signal, progress } = options;
  const total = made.fetches.length + made.steps.length;
  const [fetched, patched, asked] = await Promise.all([
    made.fetches.length > 0
      ? works.desk.fetch(head, made.fetches, {
          priority,
          signal,
          progress: (pages) => progress?.(pages / total),
        })
      : 0,
    made.patches.length > 0 ? works.desk.patch(head, made.patches, { priority, signal }) : 0,
    Promise.all(
      made.steps.map((step) => (step.do === 'store' ? askStore(works, head, named, step.node, options) : 0)),
    ),
  ]);
  return Math.max(fetched, patched, ...asked);
}

/** Asks the store for a partial and keeps it under the revision it was made at. */
async function askStore(
  { fetcher, shelf }: Works,
  head: Head,
  named: NamedKernel,
  node: Node,
  { priority, signal }: RootOptions,
): Promise<number> {
  const place = placeOf(head);
  const part = await fetcher.fetch(
    {
      kind: 'partial',
      key: `${place}/~${named.hash}/${node.level}/${node.index}@${revisionOf(head, node)}`,
      bytes: 65_536,
      dataset: head.id,
      epoch: head.epoch,
      spec: named.spec,
      specKey: named.key,
      level: node.level,
      index: node.index,
    },
    { priority, signal },
  );
  shelf.put(place, named, node, part.revision, named.kernel.decode(part.body));
  return part.version;
}

async function compute(
  works: Works,
  head: Head,
  named: NamedKernel,
  made: Plan,
  options: RootOptions,
): Promise<Partial | undefined> {
  const { shelf } = works;
  const place = placeOf(head);
  const count = head.revisions.length;
  if (count === 0) return undefined;
  const parts = new Map<string, Partial>();
  let done = made.fetches.length;
  const total = made.fetches.length + made.steps.length;
  const told = (node: Node, partial: Partial | undefined) => {
    if (partial !== undefined) parts.set(nodeName(node), partial);
    options.progress?.(++done / total);
  };
  for (const { do: how, node } of made.steps) {
    if (how === 'map') continue;
    const kept = shelf.get(place, named, node);
    if (kept?.revision !== revisionOf(head, node))
      throw new ExaError('gone', 'A partial answer moved while it was read.');
    told(node, kept.partial);
  }
  await mapSteps({ works, head, named, made, signal: options.signal }, ({ node, blocks }, partial) => {
    const { start, end } = spanOf(node, count);
    const isWhole =
      blocks.length === end - start &&
      blocks.every((block) => made.revisions.get(block) === head.revisions[block]);
    if (isWhole && partial !== undefined) shelf.put(place, named, node, revisionOf(head, node), partial);
    told(node, partial);
  });
  // A node made of blocks as the head says is worth keeping; one of older or missing blocks is not.
  const isWhole = made.missing.length === 0 && !made.mixed;
  const merge = (node: Node): Partial | undefined => {
    const ready = parts.get(nodeName(node));
    if (ready !== undefined || node.level === 0) return ready;
    let merged: Partial | undefined;
    for (const child of childrenOf(node, count)) {
      const partial = merge(child);
      if (partial !== undefined)
        merged = merged === undefined ? partial : named.kernel.merge(merged, partial);
    }
    if (merged !== undefined && isWhole) shelf.put(place, named, node, revisionOf(head, node), merged);
    return merged;
  };
  return merge(rootOf(count));
}

function nodeName({ level, index }: Node): string {
  return `${level}/${index}`;
}

function coverageOf(head: Head, made: Plan): { blocks: number; rows: number; mixed: boolean } {
  const missing = new Set(made.missing);
  const rows = head.live.reduce((sum, live, block) => (missing.has(block) ? sum : sum + live), 0);
  return { blocks: head.revisions.length - missing.size, rows, mixed: made.mixed };
}
