import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { JournalHead } from '../array-catalogue.ts';

/** Bytes of a chunk in a journal: raw elements, with their xxHash64. */
export interface Location {
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
  readonly checksum: string;
}

/** A buffer that chunks are read into one after the other, by who keeps none of them. */
export interface Scratch {
  buffer?: Uint8Array<ArrayBuffer>;
}

/** A chunk as an index record names it. `extent` is how much of it lay in the array when it was written. */
export interface IndexEntry {
  readonly place: readonly number[];
  readonly extent: readonly number[];
  readonly location: Location;
}

/** What one commit wrote. */
export interface IndexRecord {
  readonly version: number;
  readonly entries: readonly IndexEntry[];
}

interface StoredRecord {
  readonly version: number;
  readonly previous: { readonly segment: number; readonly offset: number; readonly length: number } | null;
  readonly entries: readonly (readonly [
    readonly number[],
    readonly number[],
    number,
    number,
    number,
    string,
  ])[];
}

/** An index record: this mark, length of its JSON (uint32), xxHash64 of it, then the JSON. */
const mark = 'EXAJ';
const headerBytes = 16;
/** Chunks an index record names; a larger commit writes several. */
const entriesPerRecord = 8192;

type Checksum = (bytes: Uint8Array) => string;

/**
 * The files an array's chunks are appended to. Nothing committed is ever overwritten; what lies beyond the head the
 * catalogue names was never committed and is written over. Compaction moves what is live to a new segment.
 */
export class Journal {
  readonly #folder: string;
  readonly #checksum: Checksum;
  readonly #files = new Map<number, Promise<FileHandle>>();
  #head: JournalHead;
  #tail: number;

  constructor(folder: string, head: JournalHead, checksum: Checksum) {
    this.#folder = folder;
    this.#head = head;
    this.#tail = head.end;
    this.#checksum = checksum;
  }

  /** The file of a segment. */
  pathOf(segment: number): string {
    return join(this.#folder, `journal-${segment}`);
  }

  get head(): JournalHead {
    return this.#head;
  }

  /** Every commit's index record, oldest first. Throws `corrupt`. */
  async records(): Promise<IndexRecord[]> {
    const found: IndexRecord[] = [];
    let at = this.#head.last ? { segment: this.#head.segment, ...this.#head.last } : null;
    while (at) {
      const bytes = await this.#pread(at.segment, at.offset, at.length);
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const json = bytes.subarray(headerBytes);
      const isWhole = bytes.length === at.length && at.length >= headerBytes;
      if (
        !isWhole ||
        String.fromCharCode(...bytes.subarray(0, 4)) !== mark ||
        view.getUint32(4, true) !== json.length ||
        this.#checksum(json) !== view.getBigUint64(8, true).toString(16).padStart(16, '0')
      )
        throw new ExaError('corrupt', `Journal ${at.segment} is damaged at byte ${at.offset}.`);
      const record = JSON.parse(new TextDecoder().decode(json)) as StoredRecord;
      found.push({
        version: record.version,
        entries: record.entries.map(([place, extent, segment, offset, length, checksum]) => ({
          place,
          extent,
          location: { segment, offset, length, checksum },
        })),
      });
      at = record.previous;
    }
    return found.reverse();
  }

  /** The bytes at a location, in `scratch` where one is given. Throws `corrupt` when they are not what was written. */
  async read(location: Location, scratch?: Scratch): Promise<Uint8Array> {
    const { segment, offset, length, checksum } = location;
    const bytes = await this.#pread(segment, offset, length, scratch);
    if (bytes.length !== length || this.#checksum(bytes) !== checksum) throw this.#damaged(location);
    return bytes;
  }

  /** Whoever knows the array and the place says it in their terms. */
  #damaged({ segment, offset }: Location): ExaError {
    return new ExaError('corrupt', `Journal ${segment} is damaged at byte ${offset}.`, {
      facts: { segment, offset },
    });
  }

  /**
   * Fills each buffer with the bytes at its location: those that lie one behind the other are read at once. Throws `corrupt`
   * when they are not what was written.
   */
  async fill(wanted: readonly { readonly location: Location; readonly into: Uint8Array }[]): Promise<void> {
    for (let from = 0; from < wanted.length; ) {
      const { segment, offset } = wanted[from]!.location;
      let end = offset;
      let to = from;
      while (to < wanted.length) {
        const { location } = wanted[to]!;
        if (location.segment !== segment || location.offset !== end) break;
        end += location.length;
        to++;
      }
      const run = wanted.slice(from, to);
      const file = await this.#file(segment);
      const { bytesRead } = await file.readv(
        run.map(({ into }) => into),
        offset,
      );
      for (const { location, into } of run)
        if (offset + bytesRead < location.offset + location.length) {
          // Cut short by the end of the file or by the system: by itself it is read whole, or refused.
          into.set(await this.read(location));
        } else if (this.#checksum(into) !== location.checksum) throw this.#damaged(location);
      from = to;
    }
  }

  /** Appends a chunk; it counts once {@link seal}'s head is in the catalogue. */
  async append(bytes: Uint8Array): Promise<Location> {
    const offset = this.#tail;
    await this.#pwrite(bytes, offset);
    return { segment: this.#head.segment, offset, length: bytes.length, checksum: this.#checksum(bytes) };
  }

  /** Writes the index of what was appended and forces all of it to disk. Returns the head to commit. */
  async seal(version: number, entries: readonly IndexEntry[]): Promise<JournalHead> {
    const { segment } = this.#head;
    let last = this.#head.last;
    for (let from = 0; from === 0 || from < entries.length; from += entriesPerRecord) {
      const record: StoredRecord = {
        version,
        previous: last ? { segment, ...last } : null,
        entries: entries
          .slice(from, from + entriesPerRecord)
          .map(({ place, extent, location: { segment: of, offset, length, checksum } }) => [
            place,
            extent,
            of,
            offset,
            length,
            checksum,
          ]),
      };
      const json = new TextEncoder().encode(JSON.stringify(record));
      const bytes = new Uint8Array(headerBytes + json.length);
      bytes.set(new TextEncoder().encode(mark));
      const view = new DataView(bytes.buffer);
      view.setUint32(4, json.length, true);
      view.setBigUint64(8, BigInt(`0x${this.#checksum(json)}`), true);
      bytes.set(json, headerBytes);
      last = { offset: this.#tail, length: bytes.length };
      await this.#pwrite(bytes, this.#tail);
    }
    await (await this.#file(segment)).datasync();
    return { segment, end: this.#tail, last };
  }

  /** The catalogue names `head` now. */
  committed(head: JournalHead): void {
    this.#head = head;
    this.#tail = head.end;
  }

  /** Forgets what was appended since the last commit. */
  rollback(): void {
    this.#tail = this.#head.end;
  }

  /** An empty journal of the next segment, in the same folder. */
  next(): Journal {
    return new Journal(this.#folder, { segment: this.#head.segment + 1, end: 0 }, this.#checksum);
  }

  /** Deletes files of segments other than the head's. */
  async dropOthers(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const segment = /^journal-(\d+)$/.exec(name)?.[1];
      if (segment !== undefined && Number(segment) !== this.#head.segment)
        await rm(join(this.#folder, name), { force: true });
    }
  }

  async close(): Promise<void> {
    const files = [...this.#files.values()];
    this.#files.clear();
    for (const file of files) await (await file.catch(() => undefined))?.close().catch(() => undefined);
  }

  async #pread(segment: number, offset: number, length: number, scratch?: Scratch): Promise<Uint8Array> {
    const buffer = scratch?.buffer?.length === length ? scratch.buffer : new Uint8Array(length);
    if (scratch) scratch.buffer = buffer;
    const file = await this.#file(segment);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await file.read(buffer, read, length - read, offset + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return buffer.subarray(0, read);
  }

  async #pwrite(bytes: Uint8Array, offset: number): Promise<void> {
    const file = await this.#file(this.#head.segment);
    try {
      let written = 0;
      while (written < bytes.length)
        written += (await file.write(bytes, written, bytes.length - written, offset + written)).bytesWritten;
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT'))
        throw new ExaError('quota', 'The disk of the store is full: free space and write again.', { cause });
      throw cause;
    }
    this.#tail = offset + bytes.length;
  }

  /** Opened once; a failure is tried again. */
  #file(segment: number): Promise<FileHandle> {
    const known = this.#files.get(segment);
    if (known) return known;
    const opening = this.#open(segment);
    this.#files.set(segment, opening);
    opening.catch(() => this.#files.delete(segment));
    return opening;
  }

  async #open(segment: number): Promise<FileHandle> {
    const path = join(this.#folder, `journal-${segment}`);
    try {
      return await open(path, 'r+');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      if (segment !== this.#head.segment || this.#head.end > 0)
        throw new ExaError('corrupt', `The journal ${path} is missing: restore it from a copy.`, {
          cause: error,
        });
    }
    await mkdir(this.#folder, { recursive: true });
    const file = await open(path, 'w+');
    // The file's name is on disk before anything says it exists.
    for (const folder of [this.#folder, join(this.#folder, '..')]) {
      const directory = await open(folder, 'r');
      await directory.sync().finally(() => directory.close());
    }
    return file;
  }
}
