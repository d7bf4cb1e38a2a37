/**
 * Writes a whole file `name` of `directory`; false where this browser has no such files. Rejects `quota`, for one. `bytes`, all of
 * their buffer, are the writer's from then on.
 */
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
  /** Removes every file but those `kept` names, which is asked once all are listed: others are written meanwhile. */
  sweep(kept: () => ReadonlySet<string>): Promise<void>;
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
  const open = () => openDirectory(directory);
  const remove = async (names: readonly string[]): Promise<void> => {
    await Promise.all(names.map((name) => patiently(async () => (await open()).removeEntry(name))));
  };
  return {
    directory,
    write: (name, bytes) => write(directory, name, bytes),
    async read(name, start, end) {
      const file = await (await (await open()).getFileHandle(name)).getFile();
      return end <= file.size ? file.slice(start, end).arrayBuffer() : undefined;
    },
    remove,
    async sweep(kept) {
      try {
        const there: string[] = [];
        for await (const name of (await open()).keys()) there.push(name);
        const names = kept();
        await remove(there.filter((name) => !names.has(name)));
      } catch {
        // No directory, no files.
      }
    },
  };
}

/** A directory of the origin's private file system. Rejects where there is none. */
export async function openDirectory(name: string, create = false): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create });
}

/** Removes a directory with all its files, once nobody reads them any more. Never rejects. */
export function removeFiles(directory: string): Promise<void> {
  return patiently(async () =>
    (await navigator.storage.getDirectory()).removeEntry(directory, { recursive: true }),
  );
}

/** A removal, tried again while somebody reads what is to go. Never rejects. */
async function patiently(removal: () => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < removals; attempt++) {
    try {
      return await removal();
    } catch (error) {
      if (!isInUse(error)) return;
      await new Promise((resolve) => setTimeout(resolve, removeAgainMs));
    }
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NoModificationAllowedError';
}
