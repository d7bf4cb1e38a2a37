import { treeArity } from '../protocol/column.ts';
import type { Kernel } from './kernel.ts';

/** A node of the merge tree: it covers blocks `[index·8^level, (index + 1)·8^level)`. Level 0 is a block. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** First block a node covers, and the block after its last. */
export function blocksOf(node: TreeNode): { start: number; end: number } {
  const width = treeArity ** node.level;
  return { start: node.index * width, end: (node.index + 1) * width };
}

/** A node's key in maps: `level/index`. */
export function nodeText(node: TreeNode): string {
  return `${node.level}/${node.index}`;
}

/** The node above. */
export function parentOf(node: TreeNode): TreeNode {
  return { level: node.level + 1, index: Math.floor(node.index / treeArity) };
}

/** The eight nodes below, left to right; none below a block. */
export function childrenOf(node: TreeNode): TreeNode[] {
  if (node.level === 0) return [];
  return Array.from({ length: treeArity }, (_, child) => ({
    level: node.level - 1,
    index: node.index * treeArity + child,
  }));
}

/** Level of the root over `blocks` blocks: the lowest at which one node covers them all. */
export function rootLevel(blocks: number): number {
  let level = 0;
  for (let width = 1; width < blocks; width *= treeArity) level++;
  return level;
}

/** The root over blocks `[0, blocks)`. */
export function rootOf(blocks: number): TreeNode {
  return { level: rootLevel(blocks), index: 0 };
}

/**
 * The fewest nodes that cover blocks `[0, blocks)` and no block past them, left to right. Only full nodes: their
 * partials stay valid while rows are appended.
 */
export function coverOf(blocks: number): TreeNode[] {
  const nodes: TreeNode[] = [];
  let start = 0;
  while (start < blocks) {
    let level = 0;
    while (start % treeArity ** (level + 1) === 0 && start + treeArity ** (level + 1) <= blocks) level++;
    nodes.push({ level, index: start / treeArity ** level });
    start += treeArity ** level;
  }
  return nodes;
}

/** Partials merged left to right; undefined when there are none. Undefined ones are skipped. */
export function mergeChildren<P>(
  kernel: Pick<Kernel<P>, 'merge'>,
  children: Iterable<P | undefined>,
): P | undefined {
  let merged: P | undefined;
  for (const child of children) {
    if (child === undefined) continue;
    merged = merged === undefined ? child : kernel.merge(merged, child);
  }
  return merged;
}

/**
 * The partial of `node` over those of its blocks that exist: the fixed 8-ary tree, left to right, absent blocks
 * skipped. `known` gives the partial of a node that is at hand (a cached one, or a mapped block); a node it does not
 * know is merged from its children, and `made` is told of each such node of level 1 and up. Blocks from `blocks` on
 * are absent. A block that `known` does not know is absent too: ask {@link missingBlocks} first.
 * The same blocks give the same bits whichever of the nodes were known.
 */
export function mergeTree<P>(
  kernel: Pick<Kernel<P>, 'merge'>,
  blocks: number,
  known: (node: TreeNode) => P | undefined,
  node: TreeNode = rootOf(blocks),
  made?: (node: TreeNode, partial: P) => void,
): P | undefined {
  if (blocksOf(node).start >= blocks) return undefined;
  const at = known(node);
  if (at !== undefined || node.level === 0) return at;
  const merged = mergeChildren(
    kernel,
    childrenOf(node).map((child) => mergeTree(kernel, blocks, known, child, made)),
  );
  if (merged !== undefined) made?.(node, merged);
  return merged;
}

/** Blocks of `[0, blocks)` under `node` that no known node covers, ascending: what is still to be mapped. */
export function missingBlocks(
  blocks: number,
  known: (node: TreeNode) => boolean,
  node: TreeNode = rootOf(blocks),
): number[] {
  if (blocksOf(node).start >= blocks || known(node)) return [];
  if (node.level === 0) return [node.index];
  return childrenOf(node).flatMap((child) => missingBlocks(blocks, known, child));
}

/** The nodes from the one above `block` up to the root over `blocks`: those a change of the block makes stale. */
export function ancestorsOf(block: number, blocks: number): TreeNode[] {
  const nodes: TreeNode[] = [];
  let node: TreeNode = { level: 0, index: block };
  while (node.level < rootLevel(blocks)) {
    node = parentOf(node);
    nodes.push(node);
  }
  return nodes;
}
