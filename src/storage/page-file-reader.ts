import { loadChecksum } from '../arrow/checksum.ts';
import type { FileSlice } from '../protocol/messages.ts';
import { openDirectory } from './page-files.ts';

/** Page files as a worker of one page has them: read and written at once, without a detour over the browser. */
export interface PageFileReader {
  /**
   * Gives the bytes of each page, in memory from `room` (so many bytes or more); without it they stand until `give` returns,
   * as memory touched for the first time costs more than reading into it. A page whose file is gone, or whose bytes are not
   * those that were kept, is not given.
   */
  readonly read: <P extends FileSlice>(
    pages: readonly P[],
    give: (page: P, bytes: Uint8Array) => void,
    room?: (bytes: number) => Uint8Array,
  ) => Promise<void>;
  /** Writes a whole file; false where this thread has no such files. Rejects as the file system does (a full disk). */
  readonly write: (directory: string, name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<boolean>;
  /** Closes all files: one that is open can not be removed. */
  readonly release: () => void;
}

/** Milliseconds that a file stays open for the next page of it. */
const idleMs = 200;

/** Bytes `[at, at + length)` of an open file, or fewer where it ends; at once, into `buffer`, where the browser can. */
type ReadPart = (at: number, length: number, buffer: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** Several may read a file at once; a browser that does not know the mode gives the file to the first alone. */
interface ReadOnlyOpening {
  createSyncAccessHandle(options: { mode: 'read-only' }): Promise<FileSystemSyncAccessHandle>;
}

export function pageFileReader(): PageFileReader {
  const open = new Map<string, Promise<ReadPart>>();
  const directories = new Map<string, Promise<FileSystemDirectoryHandle>>();
  const handles = new Set<FileSystemSyncAccessHandle>();
  let idle: ReturnType<typeof setTimeout> | undefined;
  let readers = 0;
  let scratch = new Uint8Array();

  const openFile = async (directory: string, name: string): Promise<ReadPart> => {
    const file = await (await openOnce(directories, directory, () => openDirectory(directory))).getFileHandle(
      name,
    );
    try {
      const handle = await (file as unknown as ReadOnlyOpening).createSyncAccessHandle({ mode: 'read-only' });
      handles.add(handle);
      return (at, length, buffer) => buffer.subarray(0, handle.read(buffer.subarray(0, length), { at }));
    } catch {
      // Another worker has it alone, or this thread has no such handles.
      const whole = await file.getFile();
      return async (at, length) => new Uint8Array(await whole.slice(at, at + length).arrayBuffer());
    }
  };

  const release = () => {
    clearTimeout(idle);
    idle = undefined;
    open.clear();
    directories.clear();
    for (const handle of handles) handle.close();
    handles.clear();
  };

  const opened = (directory: string, name: string): Promise<ReadPart> =>
    openOnce(open, `${directory}/${name}`, () => openFile(directory, name));

  const again = (length: number): Uint8Array => {
    if (scratch.byteLength < length) scratch = new Uint8Array(length);
    return scratch;
  };

  const tryRead = (
    part: ReadPart | undefined,
    { at, length }: FileSlice,
    room: (bytes: number) => Uint8Array,
  ) => {
    try {
      return part?.(at, length, room(length));
    } catch {
      // Closed meanwhile, or gone.
      return undefined;
    }
  };

  return {
    async read(pages, give, room = again) {
      clearTimeout(idle);
      readers++;
      try {
        const [checksum, ...parts] = await Promise.all([
          loadChecksum(),
          ...pages.map(({ directory, file }) => opened(directory, file).catch(() => undefined)),
        ]);
        for (const [i, page] of pages.entries()) {
          // Between reading into the scratch buffer and giving it away nobody else may have it: no pause where none is due.
          const reading = tryRead(parts[i], page, room);
          const bytes = reading instanceof Promise ? await reading.catch(() => undefined) : reading;
          if (bytes && checksum(bytes) === page.checksum) give(page, bytes);
        }
      } finally {
        if (--readers === 0) idle = setTimeout(release, idleMs);
      }
    },
    async write(directory, name, bytes) {
      const folder = await openDirectory(directory, true).catch(() => undefined);
      const file = await folder?.getFileHandle(name, { create: true }).catch(() => undefined);
      if (!folder || typeof file?.createSyncAccessHandle !== 'function') return false;
      const handle = await file.createSyncAccessHandle();
      let isWhole = false;
      try {
        isWhole = handle.write(bytes, { at: 0 }) === bytes.byteLength;
      } finally {
        handle.close();
        if (!isWhole) await folder.removeEntry(name);
      }
      return isWhole;
    },
    release,
  };
}

/** What is open under `key`, opened with the first call, and anew after a failure. */
function openOnce<T>(open: Map<string, Promise<T>>, key: string, begin: () => Promise<T>): Promise<T> {
  const known = open.get(key);
  if (known) return known;
  const opening = begin();
  open.set(key, opening);
  opening.catch(() => open.delete(key));
  return opening;
}
