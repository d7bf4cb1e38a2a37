import { levelFactor } from '../../../src/arrays/pyramid/level-grid.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { IndexEntry, Location } from './journal.ts';

/** A chunk at one revision; `before` is what it was, for readers that began earlier. */
export interface ChunkEntry {
  readonly place: readonly number[];
  readonly revision: number;
  /** Elements from the chunk's start along each axis that lay in the array when it was written. */
  readonly extent: readonly number[];
  readonly location: Location;
  readonly before?: ChunkEntry;
}

interface Revision {
  readonly revision: number;
  readonly before?: Revision;
}

/** Pyramid levels of an axis of 2^63: more than any array has. */
const mostLevels = 21;

/**
 * Which chunks were written, when and where; in memory, O(written). Revisions of level chunks follow from it: the highest
 * of the data below, so a level chunk that is kept under its revision is never stale.
 */
export class ChunkIndex {
  readonly #entries = new Map<string, ChunkEntry>();
  #levels: Map<string, Revision>[] | undefined;
  #cover: Cover | undefined;
  #bytes = 0;
  /** Versions before this one are no longer held whole. */
  #floor = 0;

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of the newest revision of every chunk. */
  get bytes(): number {
    return this.#bytes;
  }

  entries(): Iterable<ChunkEntry> {
    return this.#entries.values();
  }

  /**
   * The chunk as of a version; undefined where nothing had been written by then. Throws `gone` where compaction dropped
   * what it was.
   */
  at(place: readonly number[], version: number): ChunkEntry | undefined {
    let entry = this.#entries.get(place.join());
    while (entry && entry.revision > version) entry = entry.before;
    if (!entry && version < this.#floor && this.#entries.has(place.join()))
      throw new ExaError('gone', 'The array changed much while it was read: ask again.');
    return entry;
  }

  add(version: number, entries: readonly IndexEntry[]): void {
    for (const { place, extent, location } of entries) {
      const key = place.join();
      const before = this.#entries.get(key);
      this.#bytes += location.length - (before?.location.length ?? 0);
      this.#entries.set(key, { place, extent, location, revision: version, before });
      this.touch(place, version);
    }
  }

  /** Marks the level chunks above a data chunk as changed in `version`. */
  touch(place: readonly number[], version: number): void {
    if (!this.#levels || !this.#cover) return;
    for (const over of this.#cover(place)) {
      let at = over;
      for (const level of this.#levels) {
        const key = at.place.join();
        const known = level.get(key);
        if (known?.revision !== version) {
          if (known && known.revision > version) break;
          level.set(key, { revision: version, before: known });
        }
        at = {
          place: at.place.map((index, axis) =>
            over.reduced[axis] ? Math.floor(index / levelFactor) : index,
          ),
          reduced: over.reduced,
        };
      }
    }
  }

  /**
   * Highest revision of the data under a level chunk as of a version; undefined over a hole. `cover` names the level-1
   * chunks a data chunk lies in; `shrunk` the revision shrinking gave a chunk.
   */
  levelRevision(
    level: number,
    place: readonly number[],
    version: number,
    cover: Cover,
    shrunk: (entry: ChunkEntry) => number,
  ): number | undefined {
    if (!this.#levels) {
      this.#cover = cover;
      this.#levels = Array.from({ length: mostLevels }, () => new Map());
      const touches: { place: readonly number[]; revision: number }[] = [];
      for (const newest of this.#entries.values())
        for (let entry: ChunkEntry | undefined = newest; entry; entry = entry.before) {
          touches.push(entry);
          const revision = shrunk(entry);
          if (revision !== entry.revision) touches.push({ place: entry.place, revision });
        }
      touches.sort((left, right) => left.revision - right.revision);
      for (const { place: at, revision } of touches) this.touch(at, revision);
    }
    let found = this.#levels[level - 1]?.get(place.join());
    while (found && found.revision > version) found = found.before;
    return found?.revision;
  }

  /** Level chunks there are; none before {@link levelRevision} was first asked. */
  levelPlaces(level: number): readonly (readonly number[])[] {
    const keys = [...(this.#levels?.[level - 1]?.keys() ?? [])];
    return keys.map((key) => key.split(',').map(Number));
  }

  /** Level chunks mean something else now. */
  forgetLevels(): void {
    this.#levels = undefined;
    this.#cover = undefined;
  }

  /** Drops revisions nobody can ask for any more, and moves chunks to where compaction put them. */
  compact(version: number, moved: readonly IndexEntry[]): void {
    this.#floor = version;
    const places = new Map(moved.map((entry) => [entry.place.join(), entry]));
    for (const [key, entry] of this.#entries) {
      const to = places.get(key);
      if (to) this.#entries.set(key, { ...entry, location: to.location, before: undefined });
    }
  }
}

/** The level-1 chunks a data chunk lies in. */
export type Cover = (
  place: readonly number[],
) => Iterable<{ readonly place: readonly number[]; readonly reduced: readonly boolean[] }>;
