import { blockRows, type ColumnType, treeArity } from '../protocol/column.ts';
import type { Head } from '../protocol/head.ts';
import { liveColumn } from '../protocol/page.ts';

/** A node of the merge tree: blocks `[index·8^level, (index+1)·8^level)`. */
export interface Node {
  readonly level: number;
  readonly index: number;
}

/** The part of a head that plans read. */
export type Blocks = Pick<Head, 'allocated' | 'revisions' | 'live'>;

/** What is known when a question is planned; all functions are pure. */
export interface Inventory {
  readonly blocks: Blocks;
  /** Columns the question reads, by id; `_live` is added where a block needs it. */
  readonly columns: readonly string[];
  /** Revision of the page kept here (decoded or in the page cache), undefined when there is none. */
  readonly held: (block: number, column: string) => number | undefined;
  /** Revision of a partial of this question's kernel kept here. */
  readonly kept: (node: Node) => number | undefined;
  /** Compute worker a block belongs to. */
  readonly workerOf: (block: number) => number;
  readonly online: boolean;
  /** Ask the store even where the columns are here, and fetch nothing behind it. */
  readonly preferStore?: boolean;
  /** Estimated bytes of a column's page, a row. */
  readonly rowBytes: (column: string) => number;
  /** Pages to fetch up to this many bytes are fetched at once, and the answer computed here. */
  readonly smallBytes: number;
  /** Pages worth keeping for this question at most; more stay in the store. */
  readonly budgetBytes: number;
}

/** A way to one piece of the answer. */
export type Step =
  | { readonly do: 'keep'; readonly node: Node }
  | { readonly do: 'map'; readonly node: Node; readonly worker: number; readonly blocks: readonly number[] }
  | { readonly do: 'store'; readonly node: Node };

/** Bring a held page of `columns` of one block from `since` to the head's revision. */
export interface PatchStep {
  readonly block: number;
  readonly since: number;
  readonly columns: readonly string[];
}

export interface PageStep {
  readonly block: number;
  readonly column: string;
}

/** What is needed, what is here, what to ask for, in which order. */
export interface Plan {
  readonly where: 'kept' | 'here' | 'store';
  /** Disjoint pieces that together cover every block that can be answered. */
  readonly steps: readonly Step[];
  /** To be done before the map steps. */
  readonly patches: readonly PatchStep[];
  readonly fetches: readonly PageStep[];
  /** Pages worth fetching when nothing more urgent is asked, so that the next question is answered here. */
  readonly background: readonly PageStep[];
  /** Revision each mapped block is read at: the head's, or offline an older one. */
  readonly revisions: ReadonlyMap<number, number>;
  /** Offline: blocks that cannot be answered. */
  readonly missing: readonly number[];
  /** Offline: some blocks are older than the head says. */
  readonly mixed: boolean;
}

export function blockLength(blocks: Blocks, block: number): number {
  return Math.max(0, Math.min(blockRows, blocks.allocated - block * blockRows));
}

/** Whether a block has deleted rows, so that its `_live` page is read too. */
export function hasTombstones(blocks: Blocks, block: number): boolean {
  return (blocks.live[block] ?? 0) < blockLength(blocks, block);
}

/** The lowest node that covers every block. */
export function rootOf(blockCount: number): Node {
  let level = 0;
  for (let span = 1; span < blockCount; span *= treeArity) level++;
  return { level, index: 0 };
}

/** Blocks `[start, end)` under a node, of `blockCount`. */
export function spanOf(node: Node, blockCount: number): { start: number; end: number } {
  const size = treeArity ** node.level;
  const start = Math.min(blockCount, node.index * size);
  return { start, end: Math.min(blockCount, start + size) };
}

/** Highest revision under a node: with the node's place it identifies the partial, as revisions only grow. */
export function revisionOf(blocks: Blocks, node: Node): number {
  const { start, end } = spanOf(node, blocks.revisions.length);
  let highest = 0;
  for (let block = start; block < end; block++) highest = Math.max(highest, blocks.revisions[block]!);
  return highest;
}

export function childrenOf(node: Node, blockCount: number): Node[] {
  const children: Node[] = [];
  const size = treeArity ** (node.level - 1);
  for (let index = node.index * treeArity; index < (node.index + 1) * treeArity; index++)
    if (index * size < blockCount) children.push({ level: node.level - 1, index });
  return children;
}

/** Columns of a block that must be here to map it. */
export function columnsOf(inventory: Pick<Inventory, 'blocks' | 'columns'>, block: number): string[] {
  return hasTombstones(inventory.blocks, block) ? [...inventory.columns, liveColumn] : [...inventory.columns];
}

/** Bytes of a page a row: exact for numbers, a guess for text (codes, and a dictionary that is often small). */
export function rowBytesOf(type: ColumnType | undefined): number {
  switch (type?.kind) {
    case undefined:
    case 'bool':
      return 0.125;
    case 'int32':
    case 'date':
      return 4;
    case 'text':
      return 6;
    case 'decimal':
      return 16;
    default:
      return 8;
  }
}

/**
 * Where a question is answered and from what. Columns here, or offline: here. Else few bytes to fetch: fetched, and here.
 * Else the store's partial of the root, with pages in the background when they fit.
 */
export function plan(inventory: Inventory): Plan {
  const { blocks, online } = inventory;
  const count = blocks.revisions.length;
  const root = rootOf(count);
  const empty: Plan = {
    where: 'kept',
    steps: [],
    patches: [],
    fetches: [],
    background: [],
    revisions: new Map(),
    missing: [],
    mixed: false,
  };
  if (count === 0) return empty;
  if (isKept(inventory, root))
    return { ...empty, steps: [{ do: 'keep', node: root }], background: behind(inventory) };
  if (!online) return planOffline(inventory, root, empty);
  if (inventory.preferStore) return { ...empty, where: 'store', steps: [{ do: 'store', node: root }] };
  const here = planHere(inventory, root, empty);
  const bytes = bytesOf(inventory, here.fetches);
  if (bytes <= inventory.smallBytes) return here;
  return {
    ...empty,
    where: 'store',
    steps: [{ do: 'store', node: root }],
    background: behind(inventory),
  };
}

/** All pages that are not here, when they fit: the next question is then answered here, also offline. */
function behind(inventory: Inventory): PageStep[] {
  if (!inventory.online || inventory.preferStore) return [];
  const all = missingPages(inventory, allBlocks(inventory.blocks.revisions.length));
  return bytesOf(inventory, all) <= inventory.budgetBytes ? all : [];
}

/** Pages of `blocks` that are not here at any revision. */
export function missingPages(
  inventory: Pick<Inventory, 'blocks' | 'columns' | 'held'>,
  blocks: Iterable<number>,
): PageStep[] {
  const pages: PageStep[] = [];
  for (const block of blocks)
    for (const column of columnsOf(inventory, block))
      if (inventory.held(block, column) === undefined) pages.push({ block, column });
  return pages;
}

/** Held pages of `blocks` that are older than the head says, a patch a block from the oldest of them. */
export function stalePages(
  inventory: Pick<Inventory, 'blocks' | 'columns' | 'held'>,
  blocks: Iterable<number>,
): PatchStep[] {
  const patches: PatchStep[] = [];
  for (const block of blocks) {
    const revision = inventory.blocks.revisions[block]!;
    const columns = columnsOf(inventory, block).filter(
      (column) => (inventory.held(block, column) ?? revision) < revision,
    );
    const since = Math.min(...columns.map((column) => inventory.held(block, column)!));
    if (columns.length > 0) patches.push({ block, since, columns });
  }
  return patches;
}

function* allBlocks(count: number): Iterable<number> {
  for (let block = 0; block < count; block++) yield block;
}

function bytesOf(inventory: Inventory, pages: readonly PageStep[]): number {
  let bytes = 0;
  for (const page of pages)
    bytes += inventory.rowBytes(page.column) * blockLength(inventory.blocks, page.block);
  return bytes;
}

function isKept(inventory: Inventory, node: Node): boolean {
  return inventory.kept(node) === revisionOf(inventory.blocks, node);
}

function planHere(inventory: Inventory, root: Node, empty: Plan): Plan {
  const steps: Step[] = [];
  cover(inventory, root, steps);
  const mapped = steps.flatMap((step) => (step.do === 'map' ? step.blocks : []));
  return {
    ...empty,
    where: 'here',
    steps,
    patches: stalePages(inventory, mapped),
    fetches: missingPages(inventory, mapped),
    revisions: new Map(mapped.map((block) => [block, inventory.blocks.revisions[block]!])),
  };
}

/** Fewest pieces: a kept node, else a node whose blocks one worker holds, else its children. */
function cover(inventory: Inventory, node: Node, steps: Step[]): void {
  const count = inventory.blocks.revisions.length;
  if (isKept(inventory, node)) {
    steps.push({ do: 'keep', node });
    return;
  }
  const { start, end } = spanOf(node, count);
  const worker = inventory.workerOf(start);
  if (node.level <= 1 || (!anyKeptBelow(inventory, node) && isOneWorkers(inventory, start, end))) {
    const blocks = Array.from({ length: end - start }, (_, i) => start + i);
    steps.push({ do: 'map', node, worker, blocks });
    return;
  }
  for (const child of childrenOf(node, count)) cover(inventory, child, steps);
}

function isOneWorkers(inventory: Inventory, start: number, end: number): boolean {
  const worker = inventory.workerOf(start);
  for (let block = start; block < end; block += treeArity)
    if (inventory.workerOf(block) !== worker) return false;
  return true;
}

function anyKeptBelow(inventory: Inventory, node: Node): boolean {
  return childrenOf(node, inventory.blocks.revisions.length).some(
    (child) => isKept(inventory, child) || (child.level > 1 && anyKeptBelow(inventory, child)),
  );
}

/**
 * Offline each level-1 node is kept, or mapped from the blocks whose pages are here at one revision together
 * (a row of columns of different ages is torn, and left out).
 */
function planOffline(inventory: Inventory, root: Node, empty: Plan): Plan {
  const { blocks } = inventory;
  const steps: Step[] = [];
  const missing: number[] = [];
  const revisions = new Map<number, number>();
  let mixed = false;
  const visit = (node: Node): void => {
    const { start, end } = spanOf(node, blocks.revisions.length);
    if (isKept(inventory, node)) {
      steps.push({ do: 'keep', node });
    } else if (node.level > 1) {
      for (const child of childrenOf(node, blocks.revisions.length)) visit(child);
    } else {
      const usable: number[] = [];
      for (let block = start; block < end; block++) {
        const revision = commonRevision(inventory, block);
        if (revision === undefined) missing.push(block);
        else {
          usable.push(block);
          revisions.set(block, revision);
          mixed ||= revision !== blocks.revisions[block];
        }
      }
      if (usable.length > 0)
        steps.push({ do: 'map', node, worker: inventory.workerOf(start), blocks: usable });
    }
  };
  visit(root);
  return { ...empty, where: 'here', steps, revisions, missing, mixed };
}

/** The one revision at which all of a block's columns are here; without columns, the head's. */
function commonRevision(inventory: Inventory, block: number): number | undefined {
  const columns = columnsOf(inventory, block);
  if (columns.length === 0) return inventory.blocks.revisions[block];
  const first = inventory.held(block, columns[0]!);
  return columns.every((column) => inventory.held(block, column) === first) ? first : undefined;
}
