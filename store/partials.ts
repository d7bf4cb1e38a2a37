import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { emptyColumn } from '../src/arrow/build-column.ts';
import { loadChecksum } from '../src/arrow/checksum.ts';
import type { BlockInput } from '../src/kernels/block.ts';
import { type Kernel, kernelKey, kernelOf, type Partial } from '../src/kernels/kernel.ts';
import {
  blocksOf,
  childrenOf,
  mergeChildren,
  missingBlocks,
  nodeText,
  rootOf,
  type TreeNode,
} from '../src/kernels/tree.ts';
import { cancelled, isExaError } from '../src/protocol/errors.ts';
import type { Head } from '../src/protocol/head.ts';
import type { KernelSpec } from '../src/protocol/kernel.ts';
import { byteLru } from './byte-lru.ts';
import { checkKernel } from './check-kernel.ts';
import type { Snapshot } from './drivers/table-driver.ts';
import { readInput } from './read-input.ts';

/** A partial ready to send. `checksum` is xxHash64 of the bytes, hexadecimal. */
export interface EncodedPartial {
  readonly bytes: Uint8Array;
  readonly checksum: string;
  /** Highest revision among the node's blocks. */
  readonly revision: number;
}

/** Bytes kept on disk across restarts, checksummed by their keeper; a key is a relative path. */
export interface PartialFiles {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

/** Partials of one kernel over one data set, as one snapshot sees it. */
export interface PartialReader {
  readonly kernel: Kernel<Partial>;
  /** Computes what the nodes need together; `node` is then quick. */
  prepare(nodes: readonly TreeNode[], signal?: AbortSignal): Promise<void>;
  /** Undefined for a node beyond the last block. */
  node(node: TreeNode, signal?: AbortSignal): Promise<Partial | undefined>;
  encoded(node: TreeNode, signal?: AbortSignal): Promise<EncodedPartial | undefined>;
  /** Over all blocks; of a data set without rows, what the kernel makes of no rows. */
  root(signal?: AbortSignal): Promise<Partial>;
}

export interface PartialStore {
  /** Throws `invalid` where the kernel does not fit the head. */
  open(snapshot: Snapshot, head: Head, spec: KernelSpec): PartialReader;
  /** What was done so far, for tests and reports. */
  readonly counts: {
    /** Blocks mapped from their columns. */
    mapped: number;
    /** Blocks the engine computed by itself. */
    pushed: number;
    merged: number;
    fromFile: number;
  };
}

/** Partials of the engine decoded in one turn of the event loop. */
const pushedATurn = 16;
/** Blocks asked of the engine in one statement. */
const pushedAtOnce = 512;

/**
 * Partials, kept in memory and, those that were mapped from pages, in files; each computed once however many ask.
 * The engine computes a block's partial where it does so exactly, else the kernel maps its columns. After a write only
 * the blocks it touched, and the nodes above them, are computed again: a key holds the node's highest revision.
 */
export function partialStore({
  files,
  maxBytes = 128 * 2 ** 20,
}: {
  files?: PartialFiles;
  maxBytes?: number;
} = {}): PartialStore {
  const memory = byteLru<Partial>(maxBytes);
  const encodedMemory = byteLru<EncodedPartial>(maxBytes / 4);
  const flights = new Map<string, Promise<Partial>>();
  const counts = { mapped: 0, pushed: 0, merged: 0, fromFile: 0 };

  /** Shares work in flight. Another asker's abort is not one's own: then it is done again. */
  async function shared(key: string, make: () => Promise<Partial>, signal?: AbortSignal): Promise<Partial> {
    for (;;) {
      const running = flights.get(key);
      if (!running) break;
      try {
        return await running;
      } catch (error) {
        if (!isExaError(error, 'cancelled') || signal?.aborted) throw error;
      }
    }
    const flight = make().finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  }

  function open(snapshot: Snapshot, head: Head, spec: KernelSpec): PartialReader {
    checkKernel(spec, head);
    const kernel = kernelOf(spec);
    const blocks = head.revisions.length;
    const hash = createHash('sha256').update(kernelKey(spec)).digest('base64url').slice(0, 22);
    const place = `${head.id}/${head.epoch}/${head.scope}/~${hash}`;
    const keyOf = (node: TreeNode) => `${place}/${nodeText(node)}@${revisionOf(head, node)}`;
    const keep = (key: string, partial: Partial) => {
      memory.set(key, partial, kernel.byteSize(partial) + key.length);
      return partial;
    };

    async function mapBlock(index: number): Promise<Partial> {
      const key = keyOf({ level: 0, index });
      const kept = await files?.get(key);
      if (kept) {
        counts.fromFile++;
        return keep(key, kernel.decode(kept));
      }
      const partial = kernel.map(await readInput(snapshot, head, Object.keys(spec.columns), index));
      counts.mapped++;
      keep(key, partial);
      if (spec.kernel === 'aggregate') await files?.put(key, kernel.encode(partial));
      await setImmediate();
      return partial;
    }

    async function pushDown(indices: readonly number[]): Promise<void> {
      for (let at = 0; at < indices.length; at += pushedAtOnce) {
        const some = indices.slice(at, at + pushedAtOnce);
        const found = await snapshot.exactPartials(head.id, spec, some);
        if (!found) return;
        for (const [index, bytes] of found) {
          keep(keyOf({ level: 0, index }), kernel.decode(bytes));
          if (++counts.pushed % pushedATurn === 0) await setImmediate();
        }
      }
    }

    async function nodeOf(node: TreeNode, signal?: AbortSignal): Promise<Partial | undefined> {
      const { level, index } = node;
      if (blocksOf(node).start >= blocks) return undefined;
      stopIf(signal);
      const key = keyOf(node);
      const kept = memory.get(key);
      if (kept) return kept;
      if (level === 0) return shared(key, () => mapBlock(index), signal);
      return shared(
        key,
        async () => {
          let merged: Partial | undefined;
          for (const child of childrenOf(node)) {
            const part = await nodeOf(child, signal);
            if (!part) continue;
            merged = mergeChildren(kernel, [merged, part]);
            // Others have their turn between any two merges: large partials take a while each.
            await setImmediate();
          }
          counts.merged++;
          return keep(key, merged!);
        },
        signal,
      );
    }

    async function prepare(nodes: readonly TreeNode[], signal?: AbortSignal): Promise<void> {
      const known = (node: TreeNode) => {
        const key = keyOf(node);
        return memory.get(key) !== undefined || flights.has(key);
      };
      const wanted = nodes.flatMap((node) => missingBlocks(blocks, known, node));
      stopIf(signal);
      if (wanted.length > 0) await pushDown([...new Set(wanted)]);
    }

    async function encoded(node: TreeNode, signal?: AbortSignal): Promise<EncodedPartial | undefined> {
      if (blocksOf(node).start >= blocks) return undefined;
      const key = keyOf(node);
      const kept = encodedMemory.get(key);
      if (kept) return kept;
      const partial = await nodeOf(node, signal);
      if (!partial) return undefined;
      const bytes = kernel.encode(partial);
      const made = { bytes, checksum: (await loadChecksum())(bytes), revision: revisionOf(head, node) };
      encodedMemory.set(key, made, bytes.byteLength + key.length);
      return made;
    }

    async function root(signal?: AbortSignal): Promise<Partial> {
      if (blocks === 0) return kernel.map(noRows(spec));
      const node = rootOf(blocks);
      await prepare([node], signal);
      return (await nodeOf(node, signal))!;
    }

    return { kernel, prepare, node: nodeOf, encoded, root };
  }

  return { open, counts };
}

function revisionOf(head: Head, node: TreeNode): number {
  const { start, end } = blocksOf(node);
  let highest = 0;
  for (let block = start; block < Math.min(end, head.revisions.length); block++)
    highest = Math.max(highest, head.revisions[block]!);
  return highest;
}

function noRows(spec: KernelSpec): BlockInput {
  const columns = Object.fromEntries(
    Object.entries(spec.columns).map(([id, type]) => [id, emptyColumn(type)]),
  );
  return { block: 0, length: 0, columns };
}

function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
