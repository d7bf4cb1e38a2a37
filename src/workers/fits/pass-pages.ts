import { blockRows } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Head } from '../../protocol/head.ts';
import type { BlockPlace, PageBytes } from '../../protocol/messages.ts';
import { gather, heldPlaces, pagesOf, placesOf } from '../gather.ts';
import { placeOf } from '../page-desk.ts';
import { columnsOf, rowBytesOf } from '../plan.ts';
import type { PassWorks } from './pass-works.ts';
import { withRetry } from './with-retry.ts';

/** Pages that a pass brings to the cache at most; more of them stream by, and nothing else is pushed out. */
export const keptBytes = 256 * 2 ** 20;

/** Of those, what stays decoded between passes; of more, a block at a time is read from the cache again. */
const decodedBytes = 64 * 2 ** 20;

/** Pages on their way to the cache at a time: they wait in memory until they are written. */
const bringBytes = 32 * 2 ** 20;

/** Where the pages of a pass are. */
export interface Places {
  readonly here: ReadonlyMap<number, BlockPlace>;
  /** Pages come from the store as they are mapped, and are not kept. */
  readonly streams: boolean;
  /** Pages stay with the workers, decoded. */
  readonly decoded: boolean;
  readonly mixed: boolean;
}

/** Brings what fits the cache; else says that pages stream. */
export async function placesFor(
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

/** Pages of blocks in order, those of the next block asked for while one is mapped. */
export function prefetched(
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
        { priority: 'background', signal, takes: true },
      );
      if (part.revision !== revision && !tolerant)
        throw new ExaError('gone', 'The data moved while they were read.');
      return { block, column, revision, bytes: part.body };
    }),
  );
}
