import type { FitTask } from '../../kernels/ml/program/compile-fit.ts';
import { mergeTree } from '../../kernels/tree.ts';
import { treeArity } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import { groupBy } from '../../protocol/group-by.ts';
import type { ComputeCalls, PageSource } from '../../protocol/messages.ts';
import { pageBuffers, placeOf } from '../page-desk.ts';
import { revisionOf, rootOf, spanOf } from '../plan.ts';
import { fromAbove, keepLeaf, keptAt, type Leaf, type WantedLeaf } from './pass-leaves.ts';
import { placesFor, prefetched } from './pass-pages.ts';
import type { NamedTask, PassWorks } from './pass-works.ts';
import { withRetry } from './with-retry.ts';

type Partials = Extract<ComputeCalls['fitMap']['done'], { readonly kind: 'partials' }>;

/** Merged partials of a pass, in the order of its tasks, and what they cover. */
export interface PassAnswer {
  readonly partials: readonly unknown[];
  readonly blocks: readonly number[];
  readonly mixed: boolean;
}

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
  const isLook = !isWhole;
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
      return { node, blocks: own, isWhole, isLook, kept };
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

async function readLeaves(
  parts: PassWorks,
  named: readonly NamedTask[],
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
  await works.pool.staff(treeArity);
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
      if (isExact) keepLeaf(parts, named, leaf, merged, made);
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

function sending(pages: readonly PageSource[], signal: AbortSignal) {
  return { transfer: pageBuffers(pages), signal };
}
