/** Writes a whole file `name` of `directory`; false where this browser has no such files. Rejects `quota`, for one. */
export type FileWriter = (
  directory: string,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
) => Promise<boolean>;

/** Files of one directory in the origin's private file system: a worker reads there what IndexedDB would hand over slowly. */
export interface PageFiles {
  readonly directory: string;
  /** Whether the file is there, whole. False where there can be none. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean>;
  /** Bytes `[start, end)` of a file; undefined where it is gone. */
  read(name: string, start: number, end: number): Promise<ArrayBuffer | undefined>;
  /** Removes files, also those that somebody reads just now. Never rejects: what stays is swept another day. */
  remove(names: readonly string[]): Promise<void>;
  /** Removes every file but those that are kept; asked of each when its turn comes, as others are written meanwhile. */
  sweep(isKept: (name: string) => boolean): Promise<void>;
}

/** How often, and after how many milliseconds, the removal of a file that is being read is tried again. */
const removals = 12;
const removeAgainMs = 250;

/** The directory of the private file system that belongs to the database `name`. */
export function filesDirectory(name: string): string {
  return encodeURIComponent(name);
}

/** `write` runs in a worker that may write at once; the rest is done here. */
export function pageFiles(directory: string, write: FileWriter): PageFiles {
  const open = async (create = false): Promise<FileSystemDirectoryHandle> =>
    (await navigator.storage.getDirectory()).getDirectoryHandle(directory, { create });
  const removeOne = async (name: string): Promise<void> => {
    for (let attempt = 0; attempt < removals; attempt++) {
      try {
        return await (await open()).removeEntry(name);
      } catch (error) {
        if (!isInUse(error)) return;
        await new Promise((resolve) => setTimeout(resolve, removeAgainMs));
      }
    }
  };
  const remove = async (names: readonly string[]): Promise<void> => {
    await Promise.all(names.map(removeOne));
  };
  return {
    directory,
    write: (name, bytes) => write(directory, name, bytes),
    async read(name, start, end) {
      const file = await (await (await open()).getFileHandle(name)).getFile();
      return end <= file.size ? file.slice(start, end).arrayBuffer() : undefined;
    },
    remove,
    async sweep(isKept) {
      try {
        const there: string[] = [];
        for await (const name of (await open()).keys()) there.push(name);
        await remove(there.filter((name) => !isKept(name)));
      } catch {
        // No directory, no files.
      }
    },
  };
}

/** Removes a directory with all its files, once nobody reads them any more. Never rejects. */
export async function removeFiles(directory: string): Promise<void> {
  for (let attempt = 0; attempt < removals; attempt++) {
    try {
      const root = await globalThis.navigator.storage.getDirectory();
      return await root.removeEntry(directory, { recursive: true });
    } catch (error) {
      if (!isInUse(error)) return;
      await new Promise((resolve) => setTimeout(resolve, removeAgainMs));
    }
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NoModificationAllowedError';
}
