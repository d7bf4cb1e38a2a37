import { type ChunkPart, planChunks, stepAt } from '../../../src/arrays/chunk-plan.ts';
import { gather, scatter } from '../../../src/arrays/copy-elements.ts';
import { type DenseArray, denseOf, resultStrides } from '../../../src/arrays/dense.ts';
import {
  bytesOf,
  filled,
  fillRange,
  fillValues,
  makeValues,
  type Values,
  valuesOf,
} from '../../../src/arrays/dtype.ts';
import type { Selection } from '../../../src/arrays/selection.ts';
import { chunkVolume, stridesOf } from '../../../src/arrays/shape.ts';
import { ExaError, isExaError } from '../../../src/protocol/errors.ts';
import type { ArrayRecord } from '../array-catalogue.ts';
import { type ChunkEntry, ChunkIndex } from './chunk-index.ts';
import type { IndexEntry, Journal, Scratch } from './journal.ts';

/** A chunk as a reader sees it. */
export interface ReadChunk {
  readonly values: Values;
  readonly revision: number;
  /** Elements from the start along each axis that were written; the rest are fill. */
  readonly extent: readonly number[];
}

/** Most chunks one write or read may touch. */
export const mostChunks = 16_384;

/** One array's chunks on disk: read as of any record still held, written by one stage at a time. */
export class ArrayFile {
  readonly journal: Journal;
  readonly index = new ChunkIndex();
  #record: ArrayRecord;
  #readers = 0;
  #idle: (() => void)[] = [];
  #closed: Promise<void> | undefined;
  #retired = false;

  private constructor(record: ArrayRecord, journal: Journal) {
    this.#record = record;
    this.journal = journal;
  }

  /** Throws `corrupt` when the index on disk is damaged. */
  static async open(record: ArrayRecord, journal: Journal): Promise<ArrayFile> {
    const file = new ArrayFile(record, journal);
    for (const { version, entries } of await journal.records()) file.index.add(version, entries);
    return file;
  }

  /** The newest committed record. */
  get record(): ArrayRecord {
    return this.#record;
  }

  /** A commit is done: readers that begin now see it. */
  committed(record: ArrayRecord, entries: readonly IndexEntry[]): void {
    this.#record = record;
    this.journal.committed(record.journal);
    this.index.add(record.version, entries);
  }

  /** Runs `body` while nothing it may read is taken away. Throws `gone` once it all was. */
  async reading<T>(body: (record: ArrayRecord) => Promise<T>): Promise<T> {
    while (this.#closed) await this.#closed;
    if (this.#retired)
      throw new ExaError(
        'gone',
        `The array ${this.#record.name} was replaced or dropped: read its head again.`,
      );
    this.#readers++;
    try {
      return await body(this.#record);
    } finally {
      this.#readers--;
      if (this.#readers === 0) for (const wake of this.#idle.splice(0)) wake();
    }
  }

  /** Waits until nobody reads and keeps newcomers waiting until the returned function is called. */
  async exclude(): Promise<() => void> {
    let open = () => {};
    this.#closed = new Promise((resolve) => {
      open = resolve;
    });
    if (this.#readers > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    return () => {
      this.#closed = undefined;
      open();
    };
  }

  /** Waits for readers, refuses newcomers, and closes the files, which may then be deleted. */
  async retire(): Promise<void> {
    const admit = await this.exclude();
    this.#retired = true;
    admit();
    await this.journal.close();
  }

  /** The chunk as of a record; undefined where nothing is written. With a scratch it holds until the next is read into it. */
  async readChunk(
    record: ArrayRecord,
    place: readonly number[],
    scratch?: Scratch,
  ): Promise<ReadChunk | undefined> {
    const entry = this.index.at(place, record.version);
    if (!entry) return undefined;
    const seen = visibleOf(record, entry);
    if (seen.extent.includes(0)) return undefined;
    const bytes = await this.journal.read(entry.location, scratch).catch((error: unknown) => {
      throw named(record, [entry], error);
    });
    const values = valuesOf(record.dtype, bytes);
    if (values.length !== chunkVolume(record.chunk)) throw wrongSize(record);
    if (seen.cut) clear(values, record, seen.extent);
    return { values, ...seen };
  }

  /**
   * Chunks as of a record, each in a buffer of `room`'s making; undefined where nothing is written. Neighbours on the disk
   * are read at once.
   */
  async readChunks<R extends { readonly elements: Uint8Array<ArrayBuffer> }>(
    record: ArrayRecord,
    places: readonly (readonly number[])[],
    room: () => R,
  ): Promise<({ readonly room: R; readonly revision: number } | undefined)[]> {
    const found = places.map((place) => {
      const entry = this.index.at(place, record.version);
      const seen = entry && visibleOf(record, entry);
      if (!entry || !seen || seen.extent.includes(0)) return undefined;
      const made = room();
      if (made.elements.length !== entry.location.length) throw wrongSize(record);
      return { room: made, location: entry.location, into: made.elements, place: entry.place, ...seen };
    });
    const wanted = found.filter((one) => one !== undefined);
    await this.journal.fill(wanted).catch((error: unknown) => {
      throw named(record, wanted, error);
    });
    for (const one of found) if (one?.cut) clear(valuesOf(record.dtype, one.into), record, one.extent);
    return found;
  }

  /** Elements of a selection as of a record, dense. Throws `refused` past 16 384 chunks or 1 GiB. */
  async read(record: ArrayRecord, selection: Selection, signal?: AbortSignal): Promise<DenseArray> {
    const result = denseOf(record.dtype, selection.shape, fillValues(record.dtype, record.fill));
    const target = { values: result.values, strides: resultStrides(selection, result) };
    const strides = stridesOf(record.chunk, record.order);
    const scratch: Scratch = {};
    for (const part of planChunks(selection, record.chunk, mostChunks)) {
      signal?.throwIfAborted();
      const chunk = await this.readChunk(record, part.chunk, scratch);
      if (chunk) gather(part, { values: chunk.values, strides }, target);
    }
    return result;
  }

  stage(record: ArrayRecord = this.#record): Stage {
    return new Stage(this, record);
  }
}

/** A damaged chunk by its array and place, among those that were read; any other failure as it is. */
function named(
  { name }: ArrayRecord,
  read: readonly Pick<IndexEntry, 'place' | 'location'>[],
  error: unknown,
): unknown {
  if (!isExaError(error, 'corrupt')) return error;
  const { segment, offset } = error.facts ?? {};
  const hurt = read.find(({ location }) => location.segment === segment && location.offset === offset);
  return hurt ? damagedChunk(name, hurt.place, `journal ${segment}, byte ${offset}`, error) : error;
}

/** What is said of a chunk that is not what was written; no path of the store is in it. */
export function damagedChunk(
  name: string,
  place: readonly number[],
  where: string,
  cause?: unknown,
): ExaError {
  return new ExaError(
    'corrupt',
    `Chunk [${place.join(', ')}] of ${name} is damaged (${where}): restore it from a copy or write it again.`,
    { cause },
  );
}

function wrongSize({ name }: ArrayRecord): ExaError {
  return new ExaError('corrupt', `A chunk of ${name} has the wrong size: restore it from a copy.`);
}

/** A chunk not appended yet. */
interface Held {
  readonly place: readonly number[];
  readonly extent: readonly number[];
  readonly values: Values;
}

/** Bytes of chunks a stage holds back. */
const mostHeldBytes = 2 ** 26;

/** Changes on their way: appended to the journal, seen by nobody until they are sealed and committed. */
export class Stage {
  readonly #file: ArrayFile;
  readonly #pending = new Map<string, IndexEntry>();
  readonly #fill: Values;
  readonly #held = new Map<string, Held>();
  #heldBytes = 0;
  /** The record the write is made against; its shape may be ahead of the committed one. */
  readonly record: ArrayRecord;
  written = 0;

  constructor(file: ArrayFile, record: ArrayRecord) {
    this.#file = file;
    this.record = record;
    this.#fill = fillValues(record.dtype, record.fill);
  }

  /** What was appended; all of it after {@link finish}. */
  get entries(): readonly IndexEntry[] {
    return [...this.#pending.values()];
  }

  /**
   * Assigns to a selection: as many elements as it has, in C order of its shape, or one for all of them. Chunks only
   * partly written are read first.
   */
  async write(selection: Selection, values: Values, signal?: AbortSignal): Promise<void> {
    const { chunk, order } = this.record;
    const count = selection.shape.reduce((product, size) => product * size, 1n);
    const one = values.length === 1;
    if (!one && BigInt(values.length) !== count)
      throw new ExaError('invalid', `${count} elements are to be written, and ${values.length} were given.`);
    const source = {
      values,
      strides: one
        ? selection.axes.map(() => 0)
        : resultStrides(selection, { shape: selection.shape.map(Number), order: 'C' }),
    };
    const strides = stridesOf(chunk, order);
    for (const part of planChunks(selection, chunk, mostChunks)) {
      signal?.throwIfAborted();
      const extent = extentOf(this.record, part.chunk);
      const target = coversAll(part, extent) ? this.#empty() : await this.#current(part.chunk);
      scatter(part, source, { values: target, strides });
      await this.#keep(part.chunk, extent, target);
      this.written += part.spans.reduce((product, span) => product * span.length, 1);
    }
  }

  /** Appends what is still in memory; nothing is written after it. */
  async finish(): Promise<void> {
    for (const held of this.#held.values()) await this.#append(held);
    this.#held.clear();
    this.#heldBytes = 0;
  }

  #empty(): Values {
    return filled(this.record.dtype, chunkVolume(this.record.chunk), this.#fill);
  }

  async #current(place: readonly number[]): Promise<Values> {
    const key = place.join();
    const held = this.#held.get(key);
    if (held) return held.values;
    const pending = this.#pending.get(key);
    if (!pending) return (await this.#file.readChunk(this.#file.record, place))?.values ?? this.#empty();
    const bytes = await this.#file.journal.read(pending.location);
    const copy = makeValues(this.record.dtype, chunkVolume(this.record.chunk));
    bytesOf(copy).set(bytes);
    return copy;
  }

  /** Held back for a while: neighbouring writes often fill a chunk bit by bit. */
  async #keep(place: readonly number[], extent: readonly number[], values: Values): Promise<void> {
    const key = place.join();
    if (!this.#held.delete(key)) this.#heldBytes += values.byteLength;
    this.#held.set(key, { place, extent, values });
    for (const [oldest, held] of this.#held) {
      if (this.#heldBytes <= mostHeldBytes) return;
      this.#held.delete(oldest);
      this.#heldBytes -= held.values.byteLength;
      await this.#append(held);
    }
  }

  async #append({ place, extent, values }: Held): Promise<void> {
    const location = await this.#file.journal.append(bytesOf(values));
    this.#pending.set(place.join(), { place, extent, location });
  }
}

/** How much of a chunk lies in the array. */
function extentOf({ shape, chunk }: ArrayRecord, place: readonly number[]): number[] {
  return place.map((at, axis) => {
    const left = BigInt(shape[axis]!) - BigInt(at) * BigInt(chunk[axis]!);
    return left <= 0n ? 0 : left < BigInt(chunk[axis]!) ? Number(left) : chunk[axis]!;
  });
}

/** A chunk's revision and extent after the array was made smaller, perhaps. */
export function visibleOf(
  record: ArrayRecord,
  entry: ChunkEntry,
): { readonly revision: number; readonly extent: readonly number[]; readonly cut: boolean } {
  let { revision, extent } = entry;
  for (const { version, shape } of record.shrinks) {
    if (version <= entry.revision) continue;
    const left = extentOf({ ...record, shape }, entry.place).map((room, axis) =>
      Math.min(room, extent[axis]!),
    );
    if (left.every((room, axis) => room === extent[axis])) continue;
    extent = left;
    revision = version;
  }
  return { revision, extent, cut: extent !== entry.extent };
}

/** Sets what lies beyond the extent to the fill value. */
export function clear(
  values: Values,
  { dtype, fill, chunk, order }: Pick<ArrayRecord, 'dtype' | 'fill' | 'chunk' | 'order'>,
  extent: readonly number[],
): void {
  if (extent.every((room, axis) => room === chunk[axis])) return;
  const one = fillValues(dtype, fill);
  // Walked from the slowest axis to the fastest.
  const axes = [...chunk.keys()];
  if (order === 'F') axes.reverse();
  const strides = stridesOf(chunk, order);
  const walk = (depth: number, at: number): void => {
    const axis = axes[depth];
    if (axis === undefined) return;
    const stride = strides[axis]!;
    fillRange(values, one, at + extent[axis]! * stride, at + chunk[axis]! * stride);
    if (axes.slice(depth + 1).every((inner) => extent[inner] === chunk[inner])) return;
    for (let i = 0; i < extent[axis]!; i++) walk(depth + 1, at + i * stride);
  };
  walk(0, 0);
}

function coversAll({ spans }: ChunkPart, extent: readonly number[]): boolean {
  return spans.every(({ length, offsets }, axis) => {
    if (length !== extent[axis]) return false;
    for (let i = 0; i < length; i++) if (stepAt(offsets, i) !== i) return false;
    return true;
  });
}
