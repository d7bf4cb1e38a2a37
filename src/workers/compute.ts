import { loadChecksum } from '../arrow/checksum.ts';
import { unpacked } from '../arrow/packed-page.ts';
import { encodePage } from '../arrow/page.ts';
import { applyPatch, decodePatch } from '../arrow/patch.ts';
import { type Kernel, kernelOf, type Partial } from '../kernels/kernel.ts';
import type { OrderedBlock } from '../kernels/table/order-page.ts';
import { treeArity } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import type { KernelSpec } from '../protocol/kernel.ts';
import { lazily } from '../protocol/lazily.ts';
import type { BlockPlace, ComputeCalls, Needed } from '../protocol/messages.ts';
import { type PageFileReader, pageFileReader } from '../storage/page-file-reader.ts';
import type { KeptChunk } from './arrays/array-compute.ts';
import { sharedBudget } from './byte-lru.ts';
import { type BlockHere, blocksHere, columnMemory, columnRooms, type HeldPage } from './column-memory.ts';
import { cubeHandlers } from './compute-cube.ts';
import { fitHandlers } from './compute-fits.ts';
import { rowHandlers } from './compute-rows.ts';
import { type Handlers, transferring } from './rpc.ts';
import { sharedScan } from './shared-scan.ts';
import { storedColumns } from './spec-columns.ts';

/** Bytes of decoded columns a compute worker keeps until it is told its share. */
const defaultMaxBytes = 192 * 2 ** 20;

export interface ComputeOptions {
  readonly maxBytes?: number;
  /** Pages that lie in files of this origin. */
  readonly files?: PageFileReader;
  /** Lets waiting messages (a cancel) in between pieces of work. */
  readonly breathe?: () => Promise<void>;
}

/** What a compute worker does: keeps decoded columns and partials in memory, maps and merges. No fetch, no clock. */
export function computeHandlers(options: ComputeOptions = {}): Handlers<ComputeCalls> {
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  const files = options.files ?? pageFileReader();
  const breathe = options.breathe ?? breathing();
  const budget = sharedBudget(maxBytes);
  const columns = budget.kind<HeldPage>();
  const orders = budget.kind<OrderedBlock>();
  const kept = budget.kind<Partial>();
  const kernels = new Map<string, Kernel<Partial>>();
  const memory = columnMemory(columns, files.read);
  const rooms = columnRooms();
  const scan = sharedScan(breathe);
  const chunks = budget.kind<KeptChunk>();
  /** Fetched with the first array: most pages show none. */
  const arraysHere = lazily(async () =>
    (await import('./arrays/array-compute.ts')).arrayCompute(chunks, files.read),
  );

  const kernelFor = (spec: KernelSpec, key: string): Kernel<Partial> => {
    const known = kernels.get(key);
    if (known) return known;
    const kernel = kernelOf(spec);
    if (kernels.size >= 64) kernels.clear();
    kernels.set(key, kernel);
    return kernel;
  };

  return {
    ...rowHandlers(memory, rooms, orders, breathe),
    ...cubeHandlers(memory, breathe),
    ...fitHandlers(memory, breathe),

    arrayAnswer: async (ask, serving) => (await arraysHere()).arrayAnswer(ask, serving),
    arrayGather: async (ask, serving) => (await arraysHere()).arrayGather(ask, serving),
    arrayPieces: async (ask, serving) => (await arraysHere()).arrayPieces(ask, serving),

    budget({ maxBytes }) {
      budget.resize(maxBytes);
      return undefined;
    },

    async load(ask) {
      await memory.load(ask.place, ask.pages);
      return undefined;
    },

    writeFile: ({ directory, name, bytes }) => files.write(directory, name, bytes as Uint8Array<ArrayBuffer>),

    async map(ask, { signal }) {
      const kernel = kernelFor(ask.spec, ask.key);
      const loaded = await memory.load(ask.place, ask.pages);
      const blockKey = ({ block, revision }: BlockPlace): string => `${ask.place}/${block}@${revision}`;
      const partialKey = (blockKey: string): string => `${blockKey}~${ask.key}`;
      const leaves = new Map<number, Partial>();
      const unmapped = ask.blocks.filter((place) => {
        const partial = kept.get(partialKey(blockKey(place)));
        if (partial !== undefined) leaves.set(place.block, partial);
        return partial === undefined;
      });
      const here = blocksHere(memory, { ...ask, blocks: unmapped }, storedColumns(ask.spec), loaded);
      if ('kind' in here) return here;
      // What an aggregate keeps of its input are copies.
      const lent = ask.spec.kernel === 'aggregate' ? rooms : undefined;
      const byKey = new Map(here.map((one, i): [string, BlockHere] => [blockKey(unmapped[i]!), one]));
      const map = (key: string): void => {
        const one = byKey.get(key)!;
        const partial = kernel.map(one.open(lent));
        leaves.set(one.block, partial);
        kept.set(partialKey(key), partial, kernel.byteSize(partial));
      };
      await scan.read(byKey.keys(), map, signal);
      const partials = ask.nodes.map(({ level, index }) => {
        const partial = mergeNode(kernel, level, index, leaves);
        if (partial === undefined)
          throw new ExaError('broken', 'A computation was asked for without blocks.');
        return partial;
      });
      // Cloned: a node of one block is that block's own partial, kept here.
      return { kind: 'partials', partials };
    },

    async patch(ask) {
      const loaded = await memory.load(ask.place, ask.pages);
      const need: Needed['columns'][number][] = [];
      const held = ask.blocks.map((place, i) =>
        ask.columns.map((column) => {
          const base =
            loaded.get(`${ask.place}/${place.block}/${column}`) ?? memory.any(ask.place, place.block, column);
          if (base && base.revision >= ask.since[i]!) return base;
          need.push({ block: place.block, column });
          return undefined;
        }),
      );
      if (need.length > 0) return { kind: 'need', columns: need };
      const patch = decodePatch(ask.patch);
      ask.blocks.forEach((place, i) => {
        ask.columns.forEach((column, c) => {
          const base = held[i]![c]!;
          if (base.revision >= place.revision) return;
          const page = applyPatch(unpacked(base.page), place.block, column, patch, place.length);
          memory.put(ask.place, place.block, column, { revision: place.revision, page });
        });
      });
      return { kind: 'patched' };
    },

    async pages({ place, wanted }) {
      const checksum = await loadChecksum();
      const pages = wanted.flatMap(({ block, column, revision }) => {
        const data = memory.get(place, block, column, revision);
        if (!data) return [];
        const bytes = encodePage(data);
        return [{ block, column, revision, bytes, checksum: checksum(bytes) }];
      });
      return transferring(
        pages,
        pages.map((page) => page.bytes.buffer),
      );
    },

    forget({ dataset }) {
      const chosen = (key: string) => dataset === undefined || key.startsWith(`${dataset}/`);
      columns.drop(chosen);
      orders.drop(chosen);
      kept.drop(chosen);
      chunks.drop(chosen);
      files.release();
      return undefined;
    },
  };
}

/** The fixed 8-ary tree: children left to right, absent ones skipped; the same bits whoever held which block. */
export function mergeNode<P>(
  kernel: Pick<Kernel<P>, 'merge'>,
  level: number,
  index: number,
  leaves: ReadonlyMap<number, P>,
): P | undefined {
  if (level === 0) return leaves.get(index);
  let merged: P | undefined;
  for (let child = index * treeArity; child < (index + 1) * treeArity; child++) {
    const partial = mergeNode(kernel, level - 1, child, leaves);
    if (partial === undefined) continue;
    merged = merged === undefined ? partial : kernel.merge(merged, partial);
  }
  return merged;
}

/** A pause of one turn of the event loop, without a timer's four milliseconds. */
export function breathing(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  // In Node an open port keeps the process: nobody waits for this one alone.
  (port1 as MessagePort & { unref?(): void }).unref?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
