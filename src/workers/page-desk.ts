import type { BatchPart } from '../protocol/batch.ts';
import { treeArity } from '../protocol/column.ts';
import { ExaError, isExaError } from '../protocol/errors.ts';
import { groupBy } from '../protocol/group-by.ts';
import type { Head } from '../protocol/head.ts';
import type { BlockPlace, Needed, PageSource } from '../protocol/messages.ts';
import { liveColumn } from '../protocol/page.ts';
import type { CachedPage, FiledPage, PageCache } from '../storage/page-cache.ts';
import { byteLru } from './byte-lru.ts';
import type { Fetcher, FetchOptions } from './fetcher.ts';
import type { HeadBook } from './head-book.ts';
import { blockLength, hasTombstones, type PageStep, type PatchStep, rowBytesOf } from './plan.ts';
import type { Pool } from './pool.ts';

/** Where a head's pages are: the first parts of their slots. */
export function placeOf(head: Pick<Head, 'id' | 'epoch' | 'scope'>): string {
  return `${head.id}/${head.epoch}/${head.scope}`;
}

/** A block as compute workers are told of it. */
export function blockPlace(head: Head, block: number, revision = head.revisions[block]!): BlockPlace {
  return {
    block,
    length: blockLength(head, block),
    revision,
    hasLive: hasTombstones(head, block),
  };
}

/** Pages on their way between store, page cache and the compute workers of one tab. */
export interface PageDesk {
  /** Revision of each page that is here, cached or decoded. */
  held(head: Head, columns: readonly string[], blocks: Iterable<number>): Promise<HeldPages>;
  /** Fetches pages into the cache. Returns the highest version they were read at. */
  fetch(head: Head, pages: readonly PageStep[], options?: FetchOptions & Progress): Promise<number>;
  /** Brings held pages up to the head's revisions in the workers that have them, with patches only. */
  patch(head: Head, steps: readonly PatchStep[], options?: FetchOptions): Promise<number>;
  /**
   * Repeats `attempt` with the pages it lacks; `lacking`: those it was seen to lack, which come with the first unless somebody
   * else has been supplied since. Rejects `gone` when some are no longer here: plan again.
   */
  supply<T extends { readonly kind: string }>(
    place: string,
    blocks: readonly BlockPlace[],
    attempt: (pages: readonly PageSource[]) => Promise<T | Needed>,
    lacking?: Needed,
  ): Promise<T>;
  /** Writes pages that were patched in workers back to the cache. */
  writeBack(): Promise<void>;
  forget(dataset?: string): void;
  close(): void;
}

interface Dirty {
  readonly place: string;
  readonly block: number;
  readonly column: string;
  readonly revision: number;
  readonly worker: number;
}

export type HeldPages = (block: number, column: string) => number | undefined;

interface Wanted {
  readonly block: number;
  readonly column: string;
  readonly fits: (revision: number) => boolean;
}

interface Progress {
  readonly progress?: (pages: number) => void;
}

export interface PageDeskParts {
  readonly cache: PageCache;
  readonly fetcher: Fetcher;
  readonly book: HeadBook;
  readonly pool: Pool;
  /** Quiet time before patched pages are written back, in ms. */
  readonly writeBackMs?: number;
  readonly after?: (ms: number, task: () => void) => () => void;
}

/** Bytes of pages just fetched that are kept at hand, whatever the cache does with them. */
const atHandBytes = 24 * 2 ** 20;

/** Bytes of patches kept for the other questions about the same blocks. */
const patchBytes = 2 * 2 ** 20;

/** Times pages are brought along before a call is given up. */
const maxRounds = 4;

export function pageDesk(parts: PageDeskParts): PageDesk {
  const { cache, fetcher, book, pool, writeBackMs = 1500, after = later } = parts;
  const atHand = byteLru<CachedPage>(atHandBytes);
  const patches = byteLru<BatchPart>(patchBytes);
  /** Pages newer in a worker than in the cache. */
  const dirty = new Map<string, Dirty>();
  let cancelWriteBack: (() => void) | undefined;

  const writeBack = async () => {
    cancelWriteBack?.();
    cancelWriteBack = undefined;
    const groups = groupBy(dirty, ([, { worker, place }]) => `${worker}/${place}`);
    for (const group of groups.values()) {
      const { place, worker } = group[0]![1];
      const wanted = group.map(([, { block, column, revision }]) => ({ block, column, revision }));
      const pages = await pool.call(worker, 'pages', { place, wanted }).catch(() => []);
      await cache.putMany(
        pages.map(({ block, column, revision, checksum, bytes }) => ({
          slot: `${place}/${block}/${column}`,
          revision,
          checksum,
          bytes,
        })),
      );
      for (const [slot, entry] of group) if (dirty.get(slot) === entry) dirty.delete(slot);
    }
  };

  const scheduleWriteBack = () => {
    cancelWriteBack ??= after(writeBackMs, () => {
      cancelWriteBack = undefined;
      void writeBack();
    });
  };

  /**
   * A patch of every column that is here, not only of those wanted: a dashboard of many questions over a block asks once.
   */
  const patchOf = async (
    head: Head,
    wanted: readonly string[],
    blocks: readonly { readonly block: number; readonly since: number }[],
    options: FetchOptions,
  ): Promise<BatchPart> => {
    const place = placeOf(head);
    const ids = head.columns.map((column) => column.id);
    const held = await cache.held(blocks.flatMap(({ block }) => ids.map((id) => `${place}/${block}/${id}`)));
    const columns = ids.filter(
      (id, c) => wanted.includes(id) || blocks.every((_, b) => held[b * ids.length + c] !== undefined),
    );
    const places = blocks.map(({ block, since }) => `${block}:${since}`).join(',');
    const key = `${place}/^${columns.join(',')}/${places}/${head.version}`;
    const known = patches.get(key);
    if (known) return known;
    const { id: dataset, epoch } = head;
    const part = await fetcher.fetch(
      { kind: 'patch', key, bytes: 65_536, dataset, epoch, columns, blocks },
      options,
    );
    patches.set(key, part, part.body.byteLength + key.length);
    return part;
  };

  /**
   * Pages here, at the revision asked for. Undefined where one is not. `inFiles`: those that lie in files are left to
   * the worker to read, for a first try.
   */
  const pagesAt = async (
    place: string,
    wanted: readonly Wanted[],
    inFiles: boolean,
  ): Promise<PageSource[] | undefined> => {
    const found = new Map<string, CachedPage | FiledPage>();
    const slots = wanted.map(({ block, column }) => `${place}/${block}/${column}`);
    let absent = slots;
    const take = (pages: Iterable<CachedPage | FiledPage | undefined>) => {
      for (const page of pages) if (page) found.set(page.slot, page);
      absent = slots.filter((slot, i) => !found.has(slot) || !wanted[i]!.fits(found.get(slot)!.revision));
    };
    take(slots.map((slot) => atHand.get(slot)));
    if (inFiles && absent.length > 0) take(await cache.locate(absent));
    if (absent.length > 0) take(await cache.getMany(absent));
    for (const slot of absent) dirty.delete(slot);
    if (absent.length > 0) return undefined;
    return wanted.map(({ block, column }, i) => sourceOf(block, column, found.get(slots[i]!)!));
  };

  /** The last to be supplied with pages of a level-1 node: who asks next finds in the worker what it brought. */
  const turns = new Map<string, Promise<unknown>>();

  const supply = async <T extends { readonly kind: string }>(
    place: string,
    blocks: readonly BlockPlace[],
    attempt: (pages: readonly PageSource[]) => Promise<T | Needed>,
    lacking?: Needed,
  ): Promise<T> => {
    const key = `${place}/${Math.floor((blocks[0]?.block ?? 0) / treeArity)}`;
    const before = turns.get(key);
    const turn = (async () => {
      await before?.catch(() => {});
      return supplyNow(place, blocks, attempt, before ? undefined : lacking);
    })();
    turns.set(key, turn);
    try {
      return await turn;
    } finally {
      if (turns.get(key) === turn) turns.delete(key);
    }
  };

  const supplyNow = async <T extends { readonly kind: string }>(
    place: string,
    blocks: readonly BlockPlace[],
    attempt: (pages: readonly PageSource[]) => Promise<T | Needed>,
    lacking: Needed | undefined,
  ): Promise<T> => {
    const byBlock = new Map(blocks.map((block) => [block.block, block]));
    let pages: PageSource[] = [];
    let reply = lacking ?? (await attempt([]));
    for (let round = 0; isNeed(reply); round++) {
      if (round === maxRounds) throw new ExaError('broken', 'A worker kept asking for pages it was given.');
      const brought = await pagesAt(
        place,
        reply.columns.map(({ block, column }) => ({
          block,
          column,
          fits: (revision) => revision === byBlock.get(block)?.revision,
        })),
        round === 0,
      );
      if (!brought) throw pagesGone();
      pages = [...pages, ...brought];
      reply = await attempt(copiesOf(pages));
    }
    return reply;
  };

  return {
    async held(head, columns, blocks) {
      const place = placeOf(head);
      const slots: string[] = [];
      for (const block of blocks) {
        for (const column of columns) slots.push(`${place}/${block}/${column}`);
        if (hasTombstones(head, block)) slots.push(`${place}/${block}/${liveColumn}`);
      }
      const revisions = await cache.held(slots);
      const known = new Map<string, number>();
      for (const [i, slot] of slots.entries()) {
        const revision = dirty.get(slot)?.revision ?? atHand.get(slot)?.revision ?? revisions[i];
        if (revision !== undefined) known.set(slot, Math.max(revision, revisions[i] ?? 0));
      }
      return (block, column) => known.get(`${place}/${block}/${column}`);
    },

    async fetch(head, pages, { priority, signal, progress } = {}) {
      const place = placeOf(head);
      const types = new Map(head.columns.map((column) => [column.id, column.type]));
      let version = 0;
      let done = 0;
      const waiting: Promise<void>[] = [];
      await Promise.all(
        pages.map(async ({ block, column }) => {
          const slot = `${place}/${block}/${column}`;
          const part = await fetcher.fetch(
            {
              kind: 'page',
              key: slot,
              bytes: rowBytesOf(types.get(column)) * blockLength(head, block) + 512,
              dataset: head.id,
              epoch: head.epoch,
              column,
              block,
            },
            { priority, signal },
          );
          version = Math.max(version, part.version);
          const page = { slot, revision: part.revision, checksum: part.checksum, bytes: part.body };
          if (priority !== 'background') atHand.set(slot, page, page.bytes.byteLength);
          const kept = cache.putMany([page]);
          if (priority === 'background') waiting.push(kept);
          progress?.(++done);
        }),
      );
      await Promise.all(waiting);
      return version;
    },

    async patch(head, steps, { priority, signal } = {}) {
      const place = placeOf(head);
      const workerOf = pool.workersOf(place, head.revisions.length);
      const groups = groupBy(steps, (step) => step.columns.join(','));
      let version = 0;
      for (const group of groups.values()) {
        const { columns } = group[0]!;
        const blocks = group.map(({ block, since }) => ({ block, since }));
        const part = await patchOf(head, columns, blocks, { priority, signal });
        version = Math.max(version, part.version);
        const now = await book.atLeast(head.id, part.version, signal);
        if (now.epoch !== head.epoch) throw pagesGone();
        // A block that moved after the patch was read is at a revision nobody named: it is patched again.
        const exact = group.filter(({ block }) => now.revisions[block]! <= part.version);
        const workers = groupBy(exact, ({ block }) => workerOf(block));
        for (const [worker, mine] of workers) {
          const places = mine.map(({ block }) => blockPlace(now, block));
          const since = mine.map((step) => step.since);
          const oldest = new Map(mine.map((step) => [step.block, step.since]));
          const attempt = (pages: readonly PageSource[]) => {
            const patch = part.body.slice();
            return pool.call(
              worker,
              'patch',
              { place, blocks: places, pages, columns, since, patch },
              { transfer: [patch.buffer, ...pageBuffers(pages)], signal },
            );
          };
          const reply = await attempt([]);
          if (isNeed(reply)) {
            const pages = await pagesAt(
              place,
              reply.columns.map(({ block, column }) => ({
                block,
                column,
                fits: (revision) => revision >= oldest.get(block)!,
              })),
              false,
            );
            if (!pages || isNeed(await attempt(copiesOf(pages)))) throw pagesGone();
          }
          for (const { block, revision } of places)
            for (const column of columns) {
              const slot = `${place}/${block}/${column}`;
              atHand.drop((name) => name === slot);
              dirty.set(slot, { place, block, column, revision, worker });
            }
          scheduleWriteBack();
        }
      }
      return version;
    },

    supply,
    writeBack,
    forget(dataset) {
      const chosen = (slot: string) => dataset === undefined || slot.startsWith(`${dataset}/`);
      atHand.drop(chosen);
      patches.drop(chosen);
      for (const slot of [...dirty.keys()]) if (chosen(slot)) dirty.delete(slot);
    },
    close() {
      cancelWriteBack?.();
      cancelWriteBack = undefined;
      dirty.clear();
    },
  };
}

/** Buffers move with a call, and the cache's are not ours to move. */
function copiesOf(pages: readonly PageSource[]): PageSource[] {
  return pages.map((page) => ('bytes' in page ? { ...page, bytes: page.bytes.slice() } : page));
}

/** What moves with pages on their way to a worker. */
export function pageBuffers(pages: readonly PageSource[]): ArrayBufferLike[] {
  return pages.flatMap((page) => ('bytes' in page ? page.bytes.buffer : []));
}

function sourceOf(block: number, column: string, page: CachedPage | FiledPage): PageSource {
  const { revision } = page;
  if ('bytes' in page) return { block, column, revision, bytes: page.bytes };
  const { directory, file, at, length, checksum } = page;
  return { block, column, revision, directory, file, at, length, checksum };
}

function isNeed(reply: { readonly kind: string }): reply is Needed {
  return reply.kind === 'need';
}

function pagesGone(): ExaError {
  return new ExaError('gone', 'Some pages are no longer kept here; they are asked for again.');
}

/** Whether planning again can help. */
export function isWorthReplanning(error: unknown): boolean {
  return isExaError(error, 'gone', 'corrupt');
}

function later(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}
