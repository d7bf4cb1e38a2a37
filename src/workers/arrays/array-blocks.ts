import { type ChunkPart, planChunks } from '../../arrays/chunk-plan.ts';
import { gather } from '../../arrays/copy-elements.ts';
import { denseOf, resultStrides } from '../../arrays/dense.ts';
import { makeValues, valuesOf } from '../../arrays/dtype.ts';
import { resolveSelection } from '../../arrays/selection.ts';
import { stridesOf } from '../../arrays/shape.ts';
import { type Band, type ReadBand, readTableColumn } from '../../arrays/table-column.ts';
import { emptyColumn } from '../../arrow/build-column.ts';
import { loadChecksum } from '../../arrow/checksum.ts';
import { elementsIn } from '../../arrow/elements-frame.ts';
import { encodePage } from '../../arrow/page.ts';
import { encodePatch } from '../../arrow/patch.ts';
import type { ArrayHead } from '../../protocol/array.ts';
import { arrayTableHead, parseArrayTable } from '../../protocol/array-table.ts';
import type { BatchItem, BatchPart } from '../../protocol/batch.ts';
import { cancelled, ExaError } from '../../protocol/errors.ts';
import type { Head } from '../../protocol/head.ts';
import type { ArrayStoreClient } from '../../storage/array-store-client.ts';
import { byteLru } from '../byte-lru.ts';

/** Arrays of this browser as tables: heads, and the parts of a batch. */
export interface ArrayBlocks {
  head(array: string, dataset: string, version: number): Promise<Head>;
  /** Of one item; `item` and `version` are for the asker to say. Throws `missing`, `gone` for another epoch. */
  parts(item: BatchItem, signal?: AbortSignal): AsyncGenerator<Omit<BatchPart, 'item' | 'version'>>;
}

/** Bands kept: the columns of a block are asked for one after another. */
const bandBytes = 48 * 2 ** 20;
/** Chunks of a band, and those read in one transaction. */
const mostChunks = 65_536;
const chunksAtOnce = 16;

export function arrayBlocks(arrays: Pick<ArrayStoreClient, 'head' | 'batch'>): ArrayBlocks {
  const bands = byteLru<Band>(bandBytes);

  const readerOf =
    (head: ArrayHead, signal: AbortSignal | undefined): ReadBand =>
    async (name, indices) => {
      const known = bands.get(name);
      if (known) return known;
      const { dtype, chunk, order, epoch } = head;
      const selection = resolveSelection(indices, head.shape.map(BigInt));
      const dense = denseOf(dtype, selection.shape, makeValues(dtype, 1));
      const target = { values: dense.values, strides: resultStrides(selection, dense) };
      const strides = stridesOf(chunk, order);
      const parts: ChunkPart[] = [...planChunks(selection, chunk, mostChunks)];
      for (let from = 0; from < parts.length; from += chunksAtOnce) {
        if (signal?.aborted) throw cancelled();
        const some = parts.slice(from, from + chunksAtOnce);
        const asked = { epoch, items: [{ level: 0, chunks: some.map((part) => part.chunk) }] };
        for await (const { item, body } of arrays.batch(head.id, asked, { signal }))
          gather(some[item]!, { values: valuesOf(dtype, elementsIn(body).bytes), strides }, target);
      }
      const band: Band = { dtype, order: dense.order, values: dense.values };
      bands.set(name, band, dense.values.byteLength);
      return band;
    };

  const headOf = async (dataset: string, epoch: string) => {
    const array = await arrays.head(parseArrayTable(dataset)!.array);
    if (array.epoch !== epoch)
      throw new ExaError('gone', `The array ${array.name} was replaced: read its head again.`);
    return { array, table: arrayTableHead(array, dataset, { version: array.version, scope: array.scope }) };
  };

  return {
    async head(array, dataset, version) {
      const head = await arrays.head(array);
      return arrayTableHead(head, dataset, { version, scope: head.scope });
    },
    async *parts(item, signal) {
      if (item.kind === 'partials') return;
      const checksum = await loadChecksum();
      const { array, table } = await headOf(item.dataset, item.epoch);
      const part = (kind: 'page' | 'patch', block: number, body: Uint8Array) => ({
        kind,
        block,
        level: 0,
        revision: array.version,
        checksum: checksum(body),
        body,
      });
      if (item.kind === 'patch') {
        // Such an array never changes.
        const none = item.columns.map((id) => {
          const type = table.columns.find((column) => column.id === id)?.type;
          return [id, emptyColumn(type ?? { kind: 'float64' })] as const;
        });
        const rows = new Float64Array();
        const body = encodePatch({ rows, live: new Uint8Array(), columns: Object.fromEntries(none) });
        yield part('patch', item.blocks[0]?.block ?? 0, body);
        return;
      }
      for (const block of item.blocks) {
        const data = await readTableColumn(array, table, item.column, block, readerOf(array, signal));
        yield part('page', block, encodePage(data));
      }
    },
  };
}
