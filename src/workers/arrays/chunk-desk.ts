import { itemSize } from '../../arrays/dtype.ts';
import { decodeCells } from '../../arrays/pyramid/cells-page.ts';
import type { LevelGrid } from '../../arrays/pyramid/level-grid.ts';
import { gridsOf } from '../../arrays/pyramid/picture.ts';
import { chunkVolume, stridesOf } from '../../arrays/shape.ts';
import type { ArrayHead } from '../../protocol/array.ts';
import type { CachedPage, FiledPage, PageCache } from '../../storage/page-cache.ts';
import { byteLru } from '../byte-lru.ts';
import type { BookedArray } from './array-book.ts';
import type { ChunkFetcher, ChunkTier } from './chunk-fetcher.ts';

/** A chunk that is here; without bytes it is a hole. */
export interface HereChunk {
  readonly level: number;
  readonly place: readonly number[];
  /** Names these bytes among all that were ever in this place. */
  readonly key: string;
  readonly bytes: Uint8Array | undefined;
  /** Nothing changed it since, as far as the head knows. */
  readonly current: boolean;
  /** Version as of which it is known to hold. */
  readonly validAt: number;
  readonly from: 'cache' | 'store';
}

export interface ChunkDesk {
  /** What is here, in order, without asking the store. */
  here(
    booked: BookedArray,
    level: number,
    places: readonly (readonly number[])[],
  ): Promise<(HereChunk | undefined)[]>;
  /**
   * Where data chunks lie that a worker may read from files: those that are current, or `older` ones too. Undefined for all
   * others, and for what is in memory.
   */
  filed(
    booked: BookedArray,
    places: readonly (readonly number[])[],
    options: { readonly older: boolean },
  ): Promise<(FiledPage | undefined)[]>;
  /**
   * The chunk as of now: from here where it is current or known to be a hole, else from the store. Rejects `gone` when the
   * array was replaced.
   */
  fetch(
    booked: BookedArray,
    level: number,
    place: readonly number[],
    options: { readonly tier?: ChunkTier; readonly signal?: AbortSignal },
  ): Promise<HereChunk>;
  /** As `fetch`, of what was looked for already: `held` is what {@link here} found there, asked of the store at once. */
  bring(
    booked: BookedArray,
    level: number,
    place: readonly number[],
    held: HereChunk | undefined,
    options: { readonly tier?: ChunkTier; readonly signal?: AbortSignal },
  ): Promise<HereChunk>;
  forget(array?: string): void;
  /** Offers the page cache what it was not offered yet. */
  close(): void;
}

interface Kept {
  readonly bytes: Uint8Array | undefined;
  /** Version as of which these bytes were read. */
  readonly stamp: number;
  validAt: number;
}

/** Bytes of encoded chunks kept in memory, and of where levels have data. */
const memoryBytes = 48 * 2 ** 20;
const mapBytes = 4 * 2 ** 20;
/** Bytes of chunks that wait for the last of a reading before they go to the disk. */
const mostComing = 72 * 2 ** 20;
export function chunkDesk(cache: PageCache, fetcher: ChunkFetcher): ChunkDesk {
  const memory = byteLru<Kept>(memoryBytes);
  const maps = byteLru<Uint8Array>(mapBytes);
  const grids = new WeakMap<ArrayHead, readonly LevelGrid[]>();
  /** What chunks handed out were made from: they outlive their turn in memory. */
  const origins = new WeakMap<HereChunk, Kept>();

  /** Chunks that came and are not offered to the page cache yet. */
  let coming: CachedPage[] = [];
  let comingBytes = 0;
  let offering: Promise<void> = Promise.resolve();
  let idle: ReturnType<typeof setTimeout> | undefined;

  const offerAll = () => {
    const pages = coming;
    coming = [];
    comingBytes = 0;
    if (pages.length > 0) offering = Promise.all([offering, cache.putMany(pages)]).then(() => {});
  };

  /** What came is kept once nothing more is on its way, so that no answer waits for the disk; but not without limit. */
  const offer = async (page: CachedPage): Promise<void> => {
    coming.push(page);
    comingBytes += page.bytes.byteLength;
    if (comingBytes <= mostComing) return;
    await offering;
    offerAll();
  };

  const offerWhenIdle = () => {
    if (fetcher.waiting > 0 || idle !== undefined) return;
    idle = setTimeout(() => {
      idle = undefined;
      if (fetcher.waiting === 0) offerAll();
    }, 0);
  };

  const gridsFor = (head: ArrayHead): readonly LevelGrid[] => {
    const known = grids.get(head);
    if (known) return known;
    const made = gridsOf(head);
    grids.set(head, made);
    return made;
  };

  const keep = (slot: string, kept: Kept) => {
    memory.set(slot, kept, 256 + (kept.bytes?.byteLength ?? 0));
    maps.drop((key) => key === slot);
  };

  /** Which cells of a level chunk have data under them. */
  const mapOf = (slot: string, kept: Kept, grid: LevelGrid): Uint8Array => {
    const known = maps.get(slot);
    if (known) return known;
    const map = new Uint8Array(chunkVolume(grid.chunk));
    if (kept.bytes) for (const place of decodeCells(kept.bytes).places) map[place] = 1;
    maps.set(slot, map, map.byteLength);
    return map;
  };

  /** Whether a level above, as far as it is in memory, says that nothing was written under a chunk. */
  const hole = (booked: BookedArray, level: number, place: readonly number[]): HereChunk | undefined => {
    const { head } = booked;
    const all = gridsFor(head);
    const grid = all[level]!;
    let older: HereChunk | undefined;
    const start = place.map((at, axis) => BigInt(at) * BigInt(grid.chunk[axis]!) * grid.factor[axis]!);
    const end = start.map((at, axis) => {
      const to = at + BigInt(grid.chunk[axis]!) * grid.factor[axis]!;
      return to < all[0]!.shape[axis]! ? to : all[0]!.shape[axis]!;
    });
    for (let above = level + 1; above < all.length; above++) {
      const { factor, chunk } = all[above]!;
      const first = start.map((at, axis) => at / factor[axis]!);
      const last = end.map((at, axis) => (at - 1n) / factor[axis]!);
      const over = first.map((cell, axis) => Number(cell / BigInt(chunk[axis]!)));
      if (last.some((cell, axis) => Number(cell / BigInt(chunk[axis]!)) !== over[axis])) continue;
      const slot = slotOf(head, above, over);
      const kept = memory.get(slot);
      if (!kept) continue;
      const current = isCurrent(booked, all[above]!, over, kept.validAt);
      const map = mapOf(slot, kept, all[above]!);
      const strides = stridesOf(chunk, 'C');
      const isEmpty = (axis: number, at: number): boolean => {
        if (axis === chunk.length) return map[at] === 0;
        const side = BigInt(chunk[axis]!);
        for (let cell = Number(first[axis]! % side); cell <= Number(last[axis]! % side); cell++)
          if (!isEmpty(axis + 1, at + cell * strides[axis]!)) return false;
        return true;
      };
      const isHole = isEmpty(0, 0);
      if (current && !isHole) return undefined;
      if (!isHole) continue;
      const key = `${slotOf(head, level, place)}@hole`;
      older ??= { level, place, key, bytes: undefined, current, validAt: kept.validAt, from: 'cache' };
      if (current) return { ...older, current, validAt: kept.validAt };
    }
    return older;
  };

  const seen = (
    booked: BookedArray,
    level: number,
    place: readonly number[],
    slot: string,
    kept: Kept,
    from: HereChunk['from'] = 'cache',
  ): HereChunk => {
    const chunk: HereChunk = {
      level,
      place,
      key: `${slot}@${kept.stamp}`,
      bytes: kept.bytes,
      current: isCurrent(booked, gridsFor(booked.head)[level]!, place, kept.validAt),
      validAt: kept.validAt,
      from,
    };
    origins.set(chunk, kept);
    return chunk;
  };

  /** In memory, else from the page cache; all of them at once, though memory may not hold so many. */
  const load = async (slots: readonly string[]): Promise<(Kept | undefined)[]> => {
    const found = slots.map((slot) => memory.get(slot));
    const absent = [...slots.keys()].filter((i) => found[i] === undefined);
    if (absent.length === 0) return found;
    const pages = await cache.getMany(absent.map((i) => slots[i]!));
    for (const [k, page] of pages.entries()) {
      const i = absent[k]!;
      const slot = slots[i]!;
      const come = memory.get(slot);
      if (come || !page) {
        found[i] = come;
        continue;
      }
      const bytes = page.bytes.byteLength === 0 ? undefined : page.bytes;
      found[i] = { bytes, stamp: page.revision, validAt: page.revision };
      keep(slot, found[i]);
    }
    return found;
  };

  const desk: ChunkDesk = {
    async here(booked, level, places) {
      const slots = places.map((place) => slotOf(booked.head, level, place));
      const found = await load(slots);
      return places.map((place, i) => {
        const kept = found[i];
        return kept ? seen(booked, level, place, slots[i]!, kept) : hole(booked, level, place);
      });
    },

    async filed(booked, places, { older }) {
      const slots = places.map((place) => slotOf(booked.head, 0, place));
      const onDisk = slots.filter((slot) => memory.get(slot) === undefined);
      const found = new Map(
        (await cache.locate(onDisk)).flatMap((page) => (page ? [[page.slot, page] as const] : [])),
      );
      const grid = gridsFor(booked.head)[0]!;
      return slots.map((slot, i) => {
        const page = found.get(slot);
        return page && (older || isCurrent(booked, grid, places[i]!, page.revision)) ? page : undefined;
      });
    },

    async fetch(booked, level, place, options) {
      const [held] = await desk.here(booked, level, [place]);
      return await desk.bring(booked, level, place, held, options);
    },

    async bring(booked, level, place, held, { tier, signal }) {
      if (held?.current) return held;
      signal?.throwIfAborted();
      const { head } = booked;
      const grid = gridsFor(head)[level]!;
      const slot = slotOf(head, level, place);
      const before = held && origins.get(held);
      const part = await fetcher
        .fetch(
          {
            array: head.id,
            epoch: head.epoch,
            level,
            place,
            since: before?.validAt,
            bytes: chunkVolume(grid.chunk) * (level === 0 ? itemSize(head.dtype) : 40),
          },
          { tier, signal },
        )
        .finally(offerWhenIdle);
      const now = memory.get(slot) ?? before;
      if (part.kind === 'patch' && now) {
        now.validAt = Math.max(now.validAt, part.version);
        if (memory.get(slot) === undefined) keep(slot, now);
        return { ...seen(booked, level, place, slot, now, 'store'), current: true };
      }
      const bytes = part.body.byteLength === 0 ? undefined : part.body;
      const kept: Kept = { bytes, stamp: part.version, validAt: part.version };
      keep(slot, kept);
      await offer({ slot, revision: part.version, checksum: part.checksum, bytes: part.body });
      return { ...seen(booked, level, place, slot, kept, 'store'), current: true };
    },

    close: offerAll,

    forget(array) {
      const chosen = (key: string) => array === undefined || key.startsWith(`${array}/`);
      memory.drop(chosen);
      maps.drop(chosen);
      coming = coming.filter(({ slot }) => !chosen(slot));
      comingBytes = coming.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    },
  };

  return desk;
}

export function slotOf(
  { id, epoch, scope }: Pick<ArrayHead, 'id' | 'epoch' | 'scope'>,
  level: number,
  place: readonly number[],
): string {
  return `${id}/${epoch}/${scope}/@${level}/${place.join('.')}`;
}

/** Whether nothing touched a chunk since a version, as far as the head tells. */
function isCurrent(
  { head, base, changes }: BookedArray,
  grid: LevelGrid,
  place: readonly number[],
  validAt: number,
): boolean {
  if (validAt >= head.version) return true;
  if (validAt < base) return false;
  return changes.every(
    ({ version, chunks }) =>
      version <= validAt ||
      (chunks !== undefined && !chunks.some((chunk) => overlaps(head, grid, place, chunk))),
  );
}

function overlaps(
  { chunk }: ArrayHead,
  grid: LevelGrid,
  place: readonly number[],
  changed: readonly number[],
): boolean {
  return place.every((at, axis) => {
    const side = BigInt(grid.chunk[axis]!) * grid.factor[axis]!;
    const start = BigInt(at) * side;
    const from = BigInt(changed[axis]!) * BigInt(chunk[axis]!);
    return from < start + side && start < from + BigInt(chunk[axis]!);
  });
}
