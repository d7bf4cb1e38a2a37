import { treeArity } from '../protocol/column.ts';
import { cancelled } from '../protocol/errors.ts';

/** Blocks that calls still have to read. */
export interface SharedScan {
  /**
   * Calls `map` once with each of `keys`, in no order to rely on. Rejects with what `map` throws, or as cancelled once
   * `signal` is aborted.
   */
  read(keys: Iterable<string>, map: (key: string) => void, signal: AbortSignal): Promise<void>;
}

interface Reader {
  readonly left: Set<string>;
  readonly map: (key: string) => void;
  readonly signal: AbortSignal;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Calls under way at once read a block one after the other while it is at hand: unpacked once, and in the processor's own
 * memory. They take turns in choosing which block is next, so that one that reads little does not wait for one that reads all.
 * (Cooperative scans: Zukowski et al., VLDB 2007.) `breathe` lets waiting messages in, a cancel or another call.
 */
export function sharedScan(breathe: () => Promise<void>): SharedScan {
  let readers: Reader[] = [];
  let isRunning = false;

  /** Reads one block for everybody who wants it; gives how many did. */
  const readBlock = (key: string): number => {
    let count = 0;
    for (const reader of readers) {
      if (!reader.left.delete(key)) continue;
      count++;
      try {
        reader.map(key);
        if (reader.left.size === 0) reader.done();
      } catch (error) {
        reader.left.clear();
        reader.failed(error);
      }
    }
    return count;
  };

  const run = async (): Promise<void> => {
    while (readers.length > 0) {
      const chooser = readers.shift()!;
      readers.push(chooser);
      let mapped = 0;
      for (const key of chooser.left) {
        mapped += readBlock(key);
        if (mapped >= treeArity) break;
      }
      await breathe();
      for (const reader of readers) if (reader.signal.aborted) reader.failed(cancelled());
      readers = readers.filter(({ left, signal }) => left.size > 0 && !signal.aborted);
    }
    isRunning = false;
  };

  return {
    read: (keys, map, signal) =>
      new Promise((done, failed) => {
        const left = new Set(keys);
        if (left.size === 0) return done();
        readers.push({ left, map, signal, done, failed });
        if (isRunning) return;
        isRunning = true;
        // Calls of the same message are all here then.
        queueMicrotask(() => void run());
      }),
  };
}
