import type { KeptShare } from '../protocol/client.ts';
import { blockRows } from '../protocol/column.ts';
import { isExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import { pause } from '../storage/backoff.ts';
import { gather, type Pages, pagesOf } from './gather.ts';
import type { HeadBook } from './head-book.ts';
import { blockLength, hasTombstones, rowBytesOf } from './plan.ts';
import type { Works } from './root-partial.ts';

/** Estimated bytes fetched at a time: a question asked meanwhile waits for no more than this. */
const stepBytes = 2 ** 20;
/** Time without any question before more is fetched, in ms. */
const defaultQuietMs = 800;
/** Data that change all the time are asked about all the time: after this long any gap between questions will do. */
const patienceMs = 20_000;
/** After a failure, and before changes are brought once all is here: they may come many a second. */
const restMs = 10_000;

export interface AlongParts {
  readonly works: Works;
  /** The store is reachable, and no question is under way. */
  readonly isIdle: () => boolean;
  /** Told whenever that may have changed. */
  readonly onIdle: (listener: () => void) => () => void;
  /** Estimated bytes of a whole data set above which none of it is brought. */
  readonly maxBytes: () => number;
  readonly quietMs?: number;
}

/**
 * Brings the pages of every column of a data set to the cache, a few at a time, while nothing is asked, and keeps them up
 * with its changes: questions about columns that were never looked at are then answered offline. Ends when aborted, and at
 * once for a data set of which nothing may be kept.
 */
export async function bringAlong(
  dataset: string,
  { works, isIdle, onIdle, maxBytes, quietMs = defaultQuietMs }: AlongParts,
  { signal, told }: { readonly signal: AbortSignal; readonly told: (share: KeptShare) => void },
): Promise<void> {
  const { book } = works;
  const changes = watchChanges(book, dataset, signal);
  while (!signal.aborted) {
    await whenQuiet({ isIdle, onIdle, quietMs, signal });
    const seen = changes.count;
    const booked = await book.known(dataset);
    if (signal.aborted) return;
    if (!booked?.current || !book.online) {
      await changes.after(seen);
      continue;
    }
    const { head } = booked;
    const bytes = bytesOf(head);
    if (head.cache === 'memory') return;
    const fits = bytes <= maxBytes();
    const columns = head.columns.map(({ id }) => id);
    const blocks = head.revisions.map((_, block) => block);
    const pages = await pagesOf(works, head, columns, blocks);
    const pagesTotal = pageCount(head);
    told({ pages: pagesTotal - pages.missing.length, pagesTotal, bytes, fits });
    try {
      if (fits && pages.missing.length + pages.stale.length > 0)
        await gather(works, head, nextOf(head, pages), { priority: 'background', signal });
      else {
        await changes.after(seen);
        await pause(restMs, signal);
      }
    } catch (error) {
      if (isExaError(error, 'cancelled')) return;
      await pause(restMs, signal);
    }
  }
}

/** The next pages to bring; what changed is brought once nothing is missing. */
function nextOf(head: Head, { missing, stale }: Pages): Pages {
  const types = new Map(head.columns.map(({ id, type }) => [id, type]));
  let bytes = 0;
  const next = missing.filter(({ block, column }, i) => {
    bytes += rowBytesOf(types.get(column)) * blockLength(head, block);
    return i === 0 || bytes <= stepBytes;
  });
  return { missing: next, stale: missing.length === 0 ? stale : [], bytes };
}

/** Estimated, of all pages of a data set. */
function bytesOf(head: Head): number {
  const rowBytes = head.columns.reduce((sum, { type }) => sum + rowBytesOf(type), 0);
  return rowBytes * Math.min(head.allocated, head.revisions.length * blockRows);
}

function pageCount(head: Head): number {
  const live = head.revisions.filter((_, block) => hasTombstones(head, block)).length;
  return head.columns.length * head.revisions.length + live;
}

async function whenQuiet({
  isIdle,
  onIdle,
  quietMs,
  signal,
}: Required<Pick<AlongParts, 'isIdle' | 'onIdle' | 'quietMs'>> & {
  readonly signal: AbortSignal;
}): Promise<void> {
  const started = performance.now();
  while (!signal.aborted) {
    const turn = new AbortController();
    const stop = onIdle(() => turn.abort());
    const until = AbortSignal.any([signal, turn.signal]);
    const idle = isIdle();
    await pause(idle ? quietMs : patienceMs, until);
    stop();
    if (idle && (!turn.signal.aborted || (isIdle() && performance.now() - started > patienceMs))) return;
  }
}

/** Counts what is told of a data set, which keeps its head up to date meanwhile. */
function watchChanges(
  book: HeadBook,
  dataset: string,
  signal: AbortSignal,
): { readonly count: number; after(count: number): Promise<void> } {
  let count = 0;
  let wake = () => {};
  const stop = book.watch(dataset, {
    changed() {
      count++;
      wake();
    },
    failed: () => {},
  });
  signal.addEventListener('abort', () => {
    stop();
    wake();
  });
  return {
    get count() {
      return count;
    },
    after: (before) =>
      new Promise((resolve) => {
        wake = resolve;
        if (count !== before || signal.aborted) resolve();
      }),
  };
}
