import type { Kernel } from '../../kernels/kernel.ts';
import type { FitTask } from '../../kernels/ml/program/compile-fit.ts';
import { mergeTree } from '../../kernels/tree.ts';
import { blockRows, treeArity } from '../../protocol/column.ts';
import { ExaError, isExaError } from '../../protocol/errors.ts';
import { groupBy } from '../../protocol/group-by.ts';
import type { Head } from '../../protocol/head.ts';
import type { BlockPlace, ComputeCalls, PageBytes, PageSource } from '../../protocol/messages.ts';
import { gather, heldPlaces, pagesOf, placesOf } from '../gather.ts';
import { pageBuffers, placeOf } from '../page-desk.ts';
import type { NamedKernel, PartialShelf } from '../partial-shelf.ts';
import { columnsOf, type Node, revisionOf, rootOf, rowBytesOf, spanOf } from '../plan.ts';
import type { Works } from '../root-partial.ts';

export type FitShelf = PartialShelf<FitTask, unknown>;
type Named = NamedKernel<FitTask, unknown>;
type Partials = Extract<ComputeCalls['fitMap']['done'], { readonly kind: 'partials' }>;

/** What the passes of one fit are made with. */
export interface PassWorks {
  readonly works: Works;
  readonly shelf: FitShelf;
  readonly head: Head;
  readonly online: boolean;
  /** Take blocks as they are though they moved since the head: the data change faster than they are read. */
  readonly tolerant: boolean;
  readonly signal: AbortSignal;
  /** Resolves when the fit is not paused. */
  readonly gate: () => Promise<void>;
  readonly told: (blocksDone: number, blocksTotal: number) => void;
  readonly wait?: (ms: number) => Promise<void>;
}

/** Merged partials of a pass, in the order of its tasks, and what they cover. */
export interface PassAnswer {
  readonly partials: readonly unknown[];
  readonly blocks: readonly number[];
  readonly mixed: boolean;
}

/** Kernels whose partial of each leaf is worth keeping: one pass makes them, and many fits ask for them. */
const keptLeaves: ReadonlySet<string> = new Set(['gram', 'count', 'moments', 'categories']);

/** Pages that a pass brings to the cache at most; more of them stream by, and nothing else is pushed out. */
export const keptBytes = 256 * 2 ** 20;

/** Of those, what stays decoded between passes; of more, a block at a time is read from the cache again. */
const decodedBytes = 64 * 2 ** 20;

/** Pages on their way to the cache at a time: they wait in memory until they are written. */
const bringBytes = 32 * 2 ** 20;

/** Pause before a block that failed is tried again, in ms. */
const retryAfterMs = 400;

/**
 * Maps the tasks of a pass over `blocks` in the tab's compute workers, reading each block once for all of them.
 * Partials of whole tree nodes are taken from the shelf and kept there, so that a pass asked for again, by another fit
 * or after a reload, costs what is not there yet. Pages come from the cache where they fit it, else they stream by.
 * Throws `gone` when blocks moved on: plan again; `offline` naming the block that could not be read twice.
 */
export async function runPass(
  parts: PassWorks,
  tasks: readonly FitTask[],
  blocks: readonly number[],
): Promise<PassAnswer> {
  const { shelf, head } = parts;
  const place = placeOf(head);
  const count = head.revisions.length;
  const isWhole = blocks.length === count;
  const level = count <= 1 ? 0 : 1;
  const named = tasks.map((task) => shelf.name(task));
  const root = rootOf(count);
  if (isWhole && count > 0) {
    for (const one of named) await shelf.warm(place, one, [root]);
    const kept = named.map((one) => keptAt(shelf, head, one, root));
    if (kept.every((partial) => partial !== undefined)) return { partials: kept, blocks, mixed: false };
  }
  const leaves = [...groupBy(blocks, (block) => (level === 0 ? block : Math.floor(block / treeArity)))].map(
    ([index, own]): Leaf => {
      const { start, end } = spanOf({ level, index }, count);
      const node = { level, index };
      const isWhole = own.length === end - start;
      const kept = isWhole ? node : own.length === 1 ? { level: 0, index: own[0]! } : undefined;
      return { node, blocks: own, isWhole, kept };
    },
  );
  const made = named.map(() => new Map<number, unknown>());
  for (const [k, one] of named.entries()) {
    const nodes = leaves.flatMap(({ kept, node }) => (kept ? [{ kept, node }] : []));
    await shelf.warm(
      place,
      one,
      nodes.map(({ kept }) => kept),
    );
    for (const { kept, node } of nodes) {
      const partial = keptAt(shelf, head, one, kept);
      if (partial !== undefined) made[k]!.set(node.index, partial);
    }
    if (isWhole && root.level > 2) await fromAbove(parts, one, made[k]!);
  }
  const left = leaves
    .map((leaf) => ({
      ...leaf,
      wanted: named.map((_, k) => k).filter((k) => !made[k]!.has(leaf.node.index)),
    }))
    .filter(({ wanted }) => wanted.length > 0);
  const covered = new Set(blocks);
  let mixed = false;
  if (left.length > 0) {
    const read = await readLeaves(parts, named, left, made, blocks.length);
    for (const block of read.missing) covered.delete(block);
    ({ mixed } = read);
  }
  const mayKeep = isWhole && covered.size === count && !mixed;
  const partials = named.map((one, k) => {
    const merged = mergeTree(one.kernel, count, (node) =>
      node.level === level ? made[k]!.get(node.index) : undefined,
    );
    if (mayKeep && merged !== undefined) shelf.put(place, one, root, revisionOf(head, root), merged);
    return merged;
  });
  return { partials, blocks: [...covered], mixed };
}

interface Leaf {
  readonly node: Node;
  readonly blocks: readonly number[];
  /** All of the node's blocks are asked for. */
  readonly isWhole: boolean;
  /** What its partial is that of: the whole node, or the only block a first look takes of it. */
  readonly kept: Node | undefined;
}

interface WantedLeaf extends Leaf {
  /** Which tasks lack it. */
  readonly wanted: readonly number[];
}

function keptAt(shelf: FitShelf, head: Head, named: Named, node: Node): unknown {
  const kept = shelf.get(placeOf(head), named, node);
  return kept?.revision === revisionOf(head, node) ? kept.partial : undefined;
}

/** Leaves under level-2 nodes that were kept stand for themselves: the node's partial takes its first leaf's place. */
async function fromAbove(
  { shelf, head }: PassWorks,
  named: Named,
  made: Map<number, unknown>,
): Promise<void> {
  if (keptLeaves.has(named.spec.spec.kernel)) return;
  const nodes = Array.from({ length: Math.ceil(head.revisions.length / treeArity ** 2) }, (_, index) => ({
    level: 2,
    index,
  }));
  await shelf.warm(placeOf(head), named, nodes);
  for (const node of nodes) {
    const partial = keptAt(shelf, head, named, node);
    if (partial === undefined) continue;
    made.set(node.index * treeArity, partial);
    const leaves = Math.ceil(head.revisions.length / treeArity);
    for (let leaf = node.index * treeArity + 1; leaf < Math.min(leaves, (node.index + 1) * treeArity); leaf++)
      made.set(leaf, undefined);
  }
}

async function readLeaves(
  parts: PassWorks,
  named: readonly Named[],
  left: readonly WantedLeaf[],
  made: readonly Map<number, unknown>[],
  total: number,
): Promise<{ readonly missing: ReadonlySet<number>; readonly mixed: boolean }> {
  const { works, head, signal } = parts;
  const place = placeOf(head);
  const blocks = left.flatMap((leaf) => leaf.blocks);
  const columns = [...new Set(named.flatMap(({ spec }) => spec.columns))].sort();
  const places = await placesFor(parts, columns, blocks);
  const missing = new Set(blocks.filter((block) => !places.here.has(block)));
  const workerOf = works.pool.workersOf(place, head.revisions.length);
  let done = total - blocks.length;
  parts.told(done, total);
  const queues = groupBy(left, (leaf) => workerOf(leaf.blocks[0]!));
  const inner = new AbortController();
  const ends = AbortSignal.any([signal, inner.signal]);
  const lane = async (worker: number, queue: readonly WantedLeaf[]) => {
    const order = queue.flatMap((leaf) =>
      leaf.blocks.filter((block) => places.here.has(block)).map((block) => ({ leaf, block })),
    );
    const lastOf = new Map(order.map(({ leaf, block }) => [leaf, block]));
    const pages = places.streams
      ? prefetched(
          parts,
          columns,
          order.map(({ block }) => block),
          ends,
        )
      : undefined;
    let merged: unknown[] = [];
    for (const { leaf, block } of order) {
      await parts.gate();
      if (ends.aborted) throw new ExaError('cancelled', 'The fit was cancelled.');
      const tasks = leaf.wanted.map((k) => named[k]!.spec);
      const keys = leaf.wanted.map((k) => named[k]!.hash);
      const at = places.here.get(block)!;
      const partials = await withRetry(
        parts,
        async () => block,
        async () => {
          const ask = { place, blocks: [at], tasks, keys, columns, keep: places.decoded };
          if (!pages)
            return works.desk.supply<Partials>(place, [at], (brought) =>
              works.pool.call(worker, 'fitMap', { ...ask, pages: brought }, sending(brought, ends)),
            );
          const brought = await pages(block);
          const reply = await works.pool.call(
            worker,
            'fitMap',
            { ...ask, pages: brought },
            sending(brought, ends),
          );
          if (reply.kind === 'need') throw new ExaError('gone', 'A page was lost on its way to a worker.');
          return reply;
        },
      );
      merged = leaf.wanted.map((k, i) => {
        const [before, now] = [merged[i], partials.partials[i]];
        return before === undefined ? now : named[k]!.kernel.merge(before, now);
      });
      parts.told(++done, total);
      if (lastOf.get(leaf) !== block) continue;
      for (const [i, k] of leaf.wanted.entries()) made[k]!.set(leaf.node.index, merged[i]);
      const isExact = !places.mixed && leaf.blocks.every((own) => places.here.has(own));
      if (isExact) keep(parts, named, leaf, merged, made);
      merged = [];
    }
  };
  try {
    await Promise.all([...queues].map(([worker, queue]) => lane(worker, queue)));
  } catch (error) {
    inner.abort();
    throw error;
  }
  return { missing, mixed: places.mixed };
}

/** Keeps a leaf's partials, or those of the level-2 node it completes. */
function keep(
  { shelf, head }: PassWorks,
  named: readonly Named[],
  leaf: WantedLeaf,
  merged: readonly unknown[],
  made: readonly Map<number, unknown>[],
): void {
  const place = placeOf(head);
  const { kept } = leaf;
  if (!kept) return;
  for (const [i, k] of leaf.wanted.entries()) {
    const one = named[k]!;
    if (!leaf.isWhole) {
      shelf.put(place, one, kept, revisionOf(head, kept), merged[i]);
      continue;
    }
    if (keptLeaves.has(one.spec.spec.kernel)) {
      shelf.put(place, one, leaf.node, revisionOf(head, leaf.node), merged[i]);
      continue;
    }
    const node = { level: 2, index: Math.floor(leaf.node.index / treeArity) };
    const { start, end } = spanOf(node, head.revisions.length);
    if (leaf.node.level !== 1 || rootOf(head.revisions.length).level <= 2) continue;
    const leaves = Array.from(
      { length: Math.ceil((end - start) / treeArity) },
      (_, child) => node.index * treeArity + child,
    );
    if (!leaves.every((child) => made[k]!.has(child))) continue;
    const whole = mergeLeaves(
      one.kernel,
      leaves.map((child) => made[k]!.get(child)),
    );
    if (whole !== undefined) shelf.put(place, one, node, revisionOf(head, node), whole);
  }
}

function mergeLeaves(kernel: Kernel<unknown>, leaves: readonly unknown[]): unknown {
  let merged: unknown;
  for (const leaf of leaves)
    if (leaf !== undefined) merged = merged === undefined ? leaf : kernel.merge(merged, leaf);
  return merged;
}

interface Places {
  readonly here: ReadonlyMap<number, BlockPlace>;
  /** Pages come from the store as they are mapped, and are not kept. */
  readonly streams: boolean;
  /** Pages stay with the workers, decoded. */
  readonly decoded: boolean;
  readonly mixed: boolean;
}

/** Brings what fits the cache; else says that pages stream. */
async function placesFor(
  parts: PassWorks,
  columns: readonly string[],
  blocks: readonly number[],
): Promise<Places> {
  const { works, head, online, tolerant } = parts;
  const blockBytes = blockRows * columns.reduce((sum, id) => sum + rowBytesOf(typeOf(head, id)), 0);
  const all = blocks.length * blockBytes;
  const exact = (streams: boolean): Places => ({
    here: new Map(placesOf(head, blocks).map((at) => [at.block, at])),
    streams,
    decoded: !streams && all <= decodedBytes,
    mixed: false,
  });
  if (online) {
    const pages = await pagesOf(works, head, columns, blocks);
    if (pages.bytes > 0 && all > Math.min(works.budgetBytes, keptBytes)) return exact(true);
    const atOnce = Math.max(1, Math.floor(bringBytes / blockBytes));
    let isExact = true;
    for (let from = 0; from < blocks.length && isExact; from += atOnce)
      isExact = await bring(parts, columns, blocks.slice(from, from + atOnce), all > bringBytes);
    if (isExact) return exact(false);
    if (!tolerant) throw new ExaError('gone', 'The data moved while they were read.');
  }
  const held = await heldPlaces(works, head, columns, blocks);
  if (held.length === 0 && blocks.length > 0)
    throw new ExaError(
      'offline',
      'These columns were not opened here before, and the store cannot be reached.',
    );
  return {
    here: new Map(held.map((at) => [at.block, at])),
    streams: false,
    decoded: all <= decodedBytes,
    mixed: held.some(({ block, revision }) => revision !== head.revisions[block]),
  };
}

/** Fetches what is missing, once more when that fails; then says which block it was. False when the head moved. */
async function bring(
  parts: PassWorks,
  columns: readonly string[],
  blocks: readonly number[],
  isMuch: boolean,
): Promise<boolean> {
  const { works, head, signal } = parts;
  const left = () => pagesOf(works, head, columns, blocks);
  const { missing, stale } = await left();
  const first = missing[0]?.block ?? stale[0]?.block ?? blocks[0] ?? 0;
  return withRetry(
    parts,
    async () => (await left()).missing[0]?.block ?? first,
    async () => gather(works, head, await left(), { signal, priority: isMuch ? 'background' : 'visible' }),
  );
}

function typeOf(head: Head, id: string) {
  return head.columns.find((column) => column.id === id)?.type;
}

function sending(pages: readonly PageSource[], signal: AbortSignal) {
  return { transfer: pageBuffers(pages), signal };
}

/** Pages of blocks in order, those of the next block asked for while one is mapped. */
function prefetched(
  parts: PassWorks,
  columns: readonly string[],
  order: readonly number[],
  signal: AbortSignal,
): (block: number) => Promise<PageBytes[]> {
  const asked = new Map<number, Promise<PageBytes[]>>();
  const ask = (block: number) => {
    const pages = streamPages(parts, columns, block, signal);
    pages.catch(() => {});
    asked.set(block, pages);
    return pages;
  };
  return (block) => {
    const now = asked.get(block) ?? ask(block);
    asked.delete(block);
    const next = order[order.indexOf(block) + 1];
    if (next !== undefined && !asked.has(next)) ask(next);
    return now;
  };
}

async function streamPages(
  { works, head, tolerant }: PassWorks,
  columns: readonly string[],
  block: number,
  signal: AbortSignal,
): Promise<PageBytes[]> {
  const place = placeOf(head);
  const revision = head.revisions[block]!;
  return Promise.all(
    columnsOf({ blocks: head, columns }, block).map(async (column): Promise<PageBytes> => {
      const part = await works.fetcher.fetch(
        {
          kind: 'page',
          key: `${place}/${block}/${column}`,
          bytes: rowBytesOf(typeOf(head, column)) * blockRows + 512,
          dataset: head.id,
          epoch: head.epoch,
          column,
          block,
        },
        { priority: 'background', signal },
      );
      if (part.revision !== revision && !tolerant)
        throw new ExaError('gone', 'The data moved while they were read.');
      return { block, column, revision, bytes: part.body.slice() };
    }),
  );
}

/** Tries a block once more when it could not be read or its worker was lost; then says which block it is. */
async function withRetry<T>(
  parts: PassWorks,
  which: () => Promise<number>,
  attempt: () => Promise<T>,
): Promise<T> {
  const { head, signal, wait = waiting } = parts;
  try {
    return await attempt();
  } catch (first) {
    if (signal.aborted || !isExaError(first, 'offline', 'corrupt', 'broken')) throw first;
    await wait(retryAfterMs);
    try {
      return await attempt();
    } catch (cause) {
      if (signal.aborted || isExaError(cause, 'gone', 'cancelled')) throw cause;
      const block = await which();
      const why = cause instanceof Error ? ` (${cause.message})` : '';
      throw new ExaError(
        isExaError(cause) ? cause.tag : 'broken',
        `Block ${block} of ${head.revisions.length} could not be read, twice${why}: try again; what was read is kept.`,
        { facts: { block }, cause },
      );
    }
  }
}

function waiting(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
