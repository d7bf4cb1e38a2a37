import type { Kernel } from '../../kernels/kernel.ts';
import { treeArity } from '../../protocol/column.ts';
import type { Head } from '../../protocol/head.ts';
import { placeOf } from '../page-desk.ts';
import { type Node, revisionOf, rootOf, spanOf } from '../plan.ts';
import type { FitShelf, NamedTask, PassWorks } from './pass-works.ts';

/** Kernels whose partial of each leaf is worth keeping: one pass makes them, and many fits ask for them. */
const keptLeaves: ReadonlySet<string> = new Set(['gram', 'count', 'moments', 'categories']);

/** The part of a pass that one tree node's blocks are. */
export interface Leaf {
  readonly node: Node;
  readonly blocks: readonly number[];
  /** All of the node's blocks are asked for. */
  readonly isWhole: boolean;
  /** Of a first look at a few blocks: all that it makes is kept, as every fit takes the same look. */
  readonly isLook: boolean;
  /** What its partial is that of: the whole node, or the only block a first look takes of it. */
  readonly kept: Node | undefined;
}

export interface WantedLeaf extends Leaf {
  /** Which tasks lack it. */
  readonly wanted: readonly number[];
}

/** A node's partial as the head has it. */
export function keptAt(shelf: FitShelf, head: Head, named: NamedTask, node: Node): unknown {
  const kept = shelf.get(placeOf(head), named, node);
  return kept?.revision === revisionOf(head, node) ? kept.partial : undefined;
}

/** Leaves under level-2 nodes that were kept stand for themselves: the node's partial takes its first leaf's place. */
export async function fromAbove(
  { shelf, head }: PassWorks,
  named: NamedTask,
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

/** Keeps a leaf's partials, or those of the level-2 node it completes. */
export function keepLeaf(
  { shelf, head }: PassWorks,
  named: readonly NamedTask[],
  leaf: WantedLeaf,
  merged: readonly unknown[],
  made: readonly Map<number, unknown>[],
): void {
  const place = placeOf(head);
  const { kept } = leaf;
  if (!kept) return;
  for (const [i, k] of leaf.wanted.entries()) {
    const one = named[k]!;
    if (!leaf.isWhole || leaf.isLook) {
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
