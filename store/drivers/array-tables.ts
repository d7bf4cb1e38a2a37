import { type ReadBand, readTableColumn } from '../../src/arrays/table-column.ts';
import { concatColumns } from '../../src/arrow/build-column.ts';
import type { ColumnData } from '../../src/arrow/column-data.ts';
import type { ArrayHead } from '../../src/protocol/array.ts';
import { arrayTableHead, isArrayTable, parseArrayTable } from '../../src/protocol/array-table.ts';
import { blockRows } from '../../src/protocol/column.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Head } from '../../src/protocol/head.ts';
import { byteLru } from '../byte-lru.ts';
import type { ScopedTables } from '../scope/scoped-driver.ts';
import type { ChunkDriver } from './chunk-driver.ts';
import type { Snapshot } from './table-driver.ts';

/** Bytes of row bands kept, each at most an eighth: the columns of a block are asked for one after another. */
const bandBytes = 128 * 2 ** 20;

type Band = Awaited<ReturnType<ChunkDriver['read']>>;

/** What one caller sees: their tables, their arrays, and the hash of their rights. */
export interface Seen {
  readonly tables: ScopedTables;
  readonly arrays: Pick<ChunkDriver, 'head' | 'read'>;
  readonly scope: string;
}

/**
 * Tables, and under `array:ID` the arrays the same caller sees, as read-only tables that are not listed. A block is read
 * from its chunks when it is asked for, so an array may be of any size that its blocks can be counted. One for a store:
 * what was read last is kept, and is only reached through the caller's own arrays.
 */
export function arrayTables(): (seen: Seen) => ScopedTables {
  const bands = byteLru<Band>(bandBytes);
  return ({ tables, arrays, scope }) => {
    const mustBeTable = (dataset: string): void => {
      if (!isArrayTable(dataset)) return;
      const { array } = parseArrayTable(dataset)!;
      throw new ExaError(
        'refused',
        `“${arrays.head(array).name}” is an array: it is written and dropped as an array, under /api/arrays/${array}.`,
        { facts: { dataset } },
      );
    };
    return {
      datasets: () => tables.datasets(),
      snapshot: (read) => tables.snapshot((snapshot) => read(withArrays(snapshot, arrays, scope, bands))),
      async write(write) {
        mustBeTable(write.dataset);
        return tables.write(write);
      },
      beginImport: (options) => tables.beginImport(options),
      async drop(dataset) {
        mustBeTable(dataset);
        return tables.drop(dataset);
      },
    };
  };
}

function withArrays(
  tables: Snapshot,
  arrays: Seen['arrays'],
  scope: string,
  bands: ReturnType<typeof byteLru<Band>>,
): Snapshot {
  /** As this snapshot saw them first. */
  const known = new Map<string, ArrayHead>();
  const arrayOf = (dataset: string): ArrayHead | undefined => {
    const named = parseArrayTable(dataset);
    if (!named) return undefined;
    const head = known.get(named.array) ?? arrays.head(named.array);
    known.set(named.array, head);
    return head;
  };
  /** A head of many blocks takes its time, and each column of a block asks for it. */
  const heads = new Map<string, Head>();
  const headOf = (array: ArrayHead, dataset: string): Head => {
    const made = heads.get(dataset) ?? arrayTableHead(array, dataset, { version: tables.version, scope });
    heads.set(dataset, made);
    return made;
  };

  const readBlock = async (
    array: ArrayHead,
    dataset: string,
    column: string,
    block: number,
  ): Promise<ColumnData> => {
    const readBand: ReadBand = async (name, indices) => {
      const kept = bands.get(name);
      if (kept) return kept;
      const band = await arrays.read(array.id, indices);
      const now = arrays.head(array.id);
      if (now.version !== array.version || now.epoch !== array.epoch)
        throw new ExaError(
          'gone',
          `The array “${array.name}” changed while it was read: read its head again.`,
        );
      bands.set(name, band, band.values.byteLength);
      return band;
    };
    return readTableColumn(array, headOf(array, dataset), column, block, readBand);
  };

  return {
    version: tables.version,
    datasets: () => tables.datasets(),
    head(dataset, asked) {
      const array = arrayOf(dataset);
      return array ? headOf(array, dataset) : tables.head(dataset, asked);
    },
    async readBlock(dataset, column, block) {
      const array = arrayOf(dataset);
      return array ? readBlock(array, dataset, column, block) : tables.readBlock(dataset, column, block);
    },
    async readChanged(dataset, columns, blocks) {
      const array = arrayOf(dataset);
      if (!array) return tables.readChanged(dataset, columns, blocks);
      // Which rows of a chunk changed is not known: all of a block have.
      const touched = blocks.map(({ block }) => block);
      const { live } = headOf(array, dataset);
      const rows = touched.flatMap((block) =>
        Array.from({ length: live[block] ?? 0 }, (_, i) => block * blockRows + i),
      );
      const values: Record<string, ColumnData> = {};
      for (const column of columns) {
        const parts: ColumnData[] = [];
        for (const block of touched) parts.push(await readBlock(array, dataset, column, block));
        values[column] = concatColumns(parts);
      }
      return { rows: Float64Array.from(rows), live: new Uint8Array(rows.length).fill(1), columns: values };
    },
    async exactPartials(dataset, spec, blocks) {
      return arrayOf(dataset) ? undefined : tables.exactPartials(dataset, spec, blocks);
    },
  };
}
