import type { Head } from '../protocol/head.ts';
import type { BlockPlace } from '../protocol/messages.ts';
import { blockPlace } from './page-desk.ts';
import { blockLength, columnsOf, missingPages, type PageStep, rowBytesOf, stalePages } from './plan.ts';
import { isSameBlocks, type RootOptions, type Works } from './root-partial.ts';

/** Pages a computation lacks, or has too old. */
export interface Pages {
  readonly missing: readonly PageStep[];
  readonly stale: ReturnType<typeof stalePages>;
  /** Estimated, of the missing ones. */
  readonly bytes: number;
}

/** What of `columns` over `blocks` must be fetched or patched to be as the head says. */
export async function pagesOf(
  works: Works,
  head: Head,
  columns: readonly string[],
  blocks: readonly number[],
): Promise<Pages> {
  const held = await works.desk.held(head, columns, blocks);
  const inventory = { blocks: head, columns, held };
  const types = new Map(head.columns.map((column) => [column.id, column.type]));
  const missing = missingPages(inventory, blocks);
  const bytes = missing.reduce(
    (sum, { block, column }) => sum + rowBytesOf(types.get(column)) * blockLength(head, block),
    0,
  );
  return { missing, stale: stalePages(inventory, blocks), bytes };
}

/** Fetches and patches; false when the head moved on meanwhile, or a patch was overtaken. */
export async function gather(works: Works, head: Head, pages: Pages, options: RootOptions): Promise<boolean> {
  const { priority, signal, progress } = options;
  if (pages.missing.length + pages.stale.length === 0) return true;
  const total = pages.missing.length + 1;
  const versions = await Promise.all([
    works.desk.fetch(head, pages.missing, {
      priority,
      signal,
      progress: (done) => progress?.(done / total),
    }),
    works.desk.patch(head, pages.stale, { priority, signal }),
  ]);
  const version = Math.max(...versions);
  if (version > head.version) await works.book.atLeast(head.id, version, signal);
  const now = (await works.book.known(head.id))?.head;
  return now !== undefined && isSameBlocks(head, now);
}

/** Offline: the blocks whose pages are all here, each at one revision. */
export async function heldPlaces(
  works: Works,
  head: Head,
  columns: readonly string[],
  blocks: readonly number[],
): Promise<BlockPlace[]> {
  const held = await works.desk.held(head, columns, blocks);
  const places: BlockPlace[] = [];
  for (const block of blocks) {
    const [first, ...others] = columnsOf({ blocks: head, columns }, block).map((column) =>
      held(block, column),
    );
    const revision = first ?? (columns.length === 0 ? head.revisions[block] : undefined);
    if (revision === undefined || others.some((other) => other !== revision)) continue;
    places.push(blockPlace(head, block, revision));
  }
  return places;
}

/** Blocks at the head's revisions. */
export function placesOf(head: Head, blocks: readonly number[]): BlockPlace[] {
  return blocks.map((block) => blockPlace(head, block));
}

/** Rows that are not deleted. */
export function liveRows(head: Head): number {
  return head.live.reduce((sum, live) => sum + live, 0);
}
