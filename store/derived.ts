import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes made once from data and kept for next time: any may be gone, none is ever wrong. */
export interface DerivedFiles {
  /** The bytes kept under `key`; undefined when there are none, or they no longer match their checksum. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** As `get`, with the checksum that was verified. */
  read(key: string): Promise<{ readonly bytes: Uint8Array; readonly checksum: string } | undefined>;
  /** Keeps `bytes`, in the background: it never fails, and a full disk is only reported. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Resolves once nothing is being written. */
  settled(): Promise<void>;
  readonly counts: { files: number; bytes: number; dropped: number; evicted: number };
}

/** Head of a file: this mark, then the xxHash64 of the rest in 16 hexadecimal digits; 24 bytes, so that Arrow stays aligned. */
const mark = 'exaKEPT1';
const headBytes = mark.length + 16;
/** Bytes on their way to disk beyond which newcomers are not kept. */
const maxWaitingBytes = 64 * 2 ** 20;

interface Kept {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Files under `directory`, least recently used ones deleted beyond `maxBytes`. A file is written aside and renamed, so
 * that a crash leaves whole files alone; the directory may be deleted at any time while the store is stopped.
 */
export async function derivedFiles(options: {
  readonly directory: string;
  readonly checksum: (bytes: Uint8Array) => string;
  /** Default 4 GiB. */
  readonly maxBytes?: number;
  readonly warn?: (sentence: string) => void;
}): Promise<DerivedFiles> {
  const { directory, checksum, maxBytes = 4 * 2 ** 30, warn = () => undefined } = options;
  const kept = new Map<string, Kept>();
  const writes = new Map<string, Promise<void>>();
  const counts = { files: 0, bytes: 0, dropped: 0, evicted: 0 };
  let waitingBytes = 0;
  let temporary = 0;
  let warned = false;

  const forget = (name: string): void => {
    const entry = kept.get(name);
    if (!entry) return;
    kept.delete(name);
    counts.files--;
    counts.bytes -= entry.bytes;
  };
  const remember = (name: string, entry: Kept): void => {
    forget(name);
    kept.set(name, entry);
    counts.files++;
    counts.bytes += entry.bytes;
  };
  const drop = async (name: string, path: string): Promise<void> => {
    forget(name);
    await rm(path, { force: true }).catch(() => undefined);
  };
  const makeRoom = async (): Promise<void> => {
    for (const [name, { path }] of kept) {
      if (counts.bytes <= maxBytes) return;
      counts.evicted++;
      await drop(name, path);
    }
  };

  await openDirectory(directory, remember);
  await makeRoom();

  async function read(key: string): ReturnType<DerivedFiles['read']> {
    const name = nameOf(key);
    const entry = kept.get(name);
    if (!entry) return undefined;
    const file = await readFile(entry.path).catch(() => undefined);
    const expected = file?.toString('latin1', mark.length, headBytes);
    const bytes = file?.subarray(Math.min(headBytes, file.length));
    if (!file || !bytes || file.toString('latin1', 0, mark.length) !== mark || checksum(bytes) !== expected) {
      counts.dropped++;
      await drop(name, entry.path);
      return undefined;
    }
    // To the end of the line: the first in it is deleted first.
    if (kept.delete(name)) kept.set(name, entry);
    return { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), checksum: expected };
  }

  async function write(name: string, bytes: Uint8Array): Promise<void> {
    const folder = join(directory, name.slice(0, 2));
    const path = join(folder, name.slice(2));
    const aside = join(directory, `writing-${process.pid}-${temporary++}`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(aside, [Buffer.from(mark + checksum(bytes), 'latin1'), bytes]);
      await rename(aside, path);
      remember(name, { path, bytes: bytes.length + headBytes });
      await makeRoom();
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined);
      if (!warned)
        warn(
          `Prepared pages cannot be kept on disk (${error instanceof Error ? error.message : error}); they are made again each time.`,
        );
      warned = true;
    }
  }

  return {
    read,
    get: async (key) => (await read(key))?.bytes,
    put: async (key, bytes) => {
      const name = nameOf(key);
      if (kept.has(name) || writes.has(name) || bytes.length + headBytes > maxBytes) return;
      if (waitingBytes + bytes.length > maxWaitingBytes) return;
      waitingBytes += bytes.length;
      const writing = write(name, bytes).finally(() => {
        waitingBytes -= bytes.length;
        writes.delete(name);
      });
      writes.set(name, writing);
    },
    settled: async () => {
      while (writes.size) await Promise.all(writes.values());
    },
    counts,
  };
}

/** A key as a file name: 160 bits of its SHA-256, so that any text is one, and none is too long. */
function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 40);
}

/** Finds what was kept before, oldest first, and deletes what a crash left half-written. */
async function openDirectory(
  directory: string,
  remember: (name: string, entry: Kept) => void,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const found: { name: string; path: string; bytes: number; at: number }[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const folder = join(directory, entry.name);
    if (entry.name.startsWith('writing-')) await rm(folder, { force: true });
    else if (entry.isDirectory() && entry.name.length === 2)
      for (const file of await readdir(folder)) {
        const path = join(folder, file);
        const { size, mtimeMs } = await stat(path);
        found.push({ name: entry.name + file, path, bytes: size, at: mtimeMs });
      }
  }
  found.sort((left, right) => left.at - right.at);
  for (const { name, path, bytes } of found) remember(name, { path, bytes });
}
