import { concatColumns } from '../../src/arrow/build-column.ts';
import type { ColumnData } from '../../src/arrow/column-data.ts';
import { doublesFromInt64 } from '../../src/arrow/words.ts';
import type { ArrayHead, Dtype } from '../../src/protocol/array.ts';
import { blockRows, type ColumnInfo, type ColumnType } from '../../src/protocol/column.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Head } from '../../src/protocol/head.ts';
import { byteLru } from '../byte-lru.ts';
import type { ChunkDriver } from './chunk-driver.ts';
import type { Snapshot, TableDriver } from './table-driver.ts';

/** Before an array's id where it is read as a table. */
const prefix = 'array:';
/** Columns of an array that is read as a table, and its blocks, at most. */
const mostColumns = 256;
const mostBlocks = 65_536;
/** Bytes of row bands kept, each at most an eighth: the columns of a block are asked for one after another. */
const bandBytes = 128 * 2 ** 20;

type Band = Awaited<ReturnType<ChunkDriver['read']>>;

/**
 * Tables, and under `array:ID` arrays of one or two axes as read-only tables: a row an index of the first axis, a column
 * one of the second. They are not listed; of callers who do not see everything they are not there. A block is read from
 * its chunks when it is asked for, so an array may be of any size that its blocks can be counted.
 */
export function withArrayTables(
  driver: TableDriver,
  arrays: Pick<ChunkDriver, 'head' | 'read'>,
): TableDriver {
  const bands = byteLru<Band>(bandBytes);
  return {
    datasets: () => driver.datasets(),
    snapshot: (read) => driver.snapshot((tables) => read(beside(tables))),
    write: (write) => driver.write(write),
    beginImport: (options) => driver.beginImport(options),
    drop: (dataset) => driver.drop(dataset),
    get revocations() {
      return driver.revocations;
    },
    onVersion: (listener) => driver.onVersion(listener),
    close: () => driver.close(),
  };

  function beside(tables: Snapshot): Snapshot {
    /** As this snapshot saw them first. */
    const known = new Map<string, ArrayHead>();
    const arrayOf = (dataset: string): ArrayHead | undefined => {
      if (!dataset.startsWith(prefix)) return undefined;
      const head = known.get(dataset) ?? arrays.head(dataset.slice(prefix.length));
      known.set(dataset, head);
      return head;
    };
    const readBlock = async (array: ArrayHead, column: string, block: number): Promise<ColumnData> => {
      const { columns, allocated } = tableOf(array, array.version);
      const at = columns.findIndex(({ id }) => id === column);
      const length = Math.min(blockRows, allocated - block * blockRows);
      if (at < 0 || !(length > 0))
        throw new ExaError(
          'missing',
          `The array “${array.name}” has no ${at < 0 ? `column ${column}` : `block ${block}`}.`,
          {
            facts: { dataset: prefix + array.id, block },
          },
        );
      const width = columns.length;
      const isNarrow = length * width * 8 <= bandBytes / 8;
      const name = `${array.id}@${array.epoch}@${array.version}/${block}/${isNarrow ? '' : at}`;
      let band = bands.get(name);
      if (!band) {
        const start = BigInt(block * blockRows);
        const rows = { kind: 'slice' as const, start, stop: start + BigInt(length) };
        const one = { kind: 'slice' as const, start: BigInt(at), stop: BigInt(at + 1) };
        const flat = array.shape.length === 1;
        band = await arrays.read(array.id, flat ? [rows] : isNarrow ? [rows] : [rows, one]);
        const now = arrays.head(array.id);
        if (now.version !== array.version || now.epoch !== array.epoch)
          throw new ExaError(
            'gone',
            `The array “${array.name}” changed while it was read: read its head again.`,
          );
        bands.set(name, band, band.values.byteLength);
      }
      return columnOf(band, isNarrow ? width : 1, isNarrow ? at : 0, length, columns[at]!.type);
    };
    return {
      version: tables.version,
      datasets: () => tables.datasets(),
      head(dataset, scope) {
        const array = arrayOf(dataset);
        return array ? tableOf(array, tables.version, scope) : tables.head(dataset, scope);
      },
      readBlock(dataset, column, block) {
        const array = arrayOf(dataset);
        return array ? readBlock(array, column, block) : tables.readBlock(dataset, column, block);
      },
      async readChanged(dataset, columns, blocks) {
        const array = arrayOf(dataset);
        if (!array) return tables.readChanged(dataset, columns, blocks);
        // Which rows of a chunk changed is not known: all of a block have.
        const touched = blocks.map(({ block }) => block);
        const { live } = tableOf(array, array.version);
        const rows = touched.flatMap((block) =>
          Array.from({ length: live[block] ?? 0 }, (_, i) => block * blockRows + i),
        );
        const values: Record<string, ColumnData> = {};
        for (const column of columns) {
          const parts: ColumnData[] = [];
          for (const block of touched) parts.push(await readBlock(array, column, block));
          values[column] = concatColumns(parts);
        }
        return { rows: Float64Array.from(rows), live: new Uint8Array(rows.length).fill(1), columns: values };
      },
      exactPartials(dataset, spec, blocks) {
        return arrayOf(dataset) ? Promise.resolve(undefined) : tables.exactPartials(dataset, spec, blocks);
      },
    };
  }
}

/** An array's head as a table's. Throws `refused` for one that is no table. */
function tableOf(array: ArrayHead, version: number, scope = 'public'): Head {
  const [rowsText, columnsText = '1'] = array.shape;
  const type = typeOf(array.dtype);
  const rows = Number(rowsText);
  const width = Number(columnsText);
  const blocks = Math.ceil(rows / blockRows);
  if (
    !type ||
    array.shape.length === 0 ||
    array.shape.length > 2 ||
    width > mostColumns ||
    blocks > mostBlocks
  )
    throw new ExaError(
      'refused',
      `The array “${array.name}” cannot be read as a table: that takes one or two axes, the second of at most ${mostColumns}, fewer than 2^32 rows, and numbers or booleans.`,
      { facts: { dataset: prefix + array.id } },
    );
  const columns = Array.from(
    { length: width },
    (_, at): ColumnInfo => ({
      id: `c${at + 1}`,
      name: array.shape.length === 1 ? 'value' : `column ${at}`,
      type,
    }),
  );
  return {
    id: prefix + array.id,
    name: array.name,
    epoch: array.epoch,
    scope,
    version: Math.max(version, array.version),
    asOf: array.asOf,
    allocated: rows,
    columns,
    profile: {
      part: 'table',
      label: array.name,
      grain: 'row',
      keys: [],
      roles: {},
      labels: {},
      links: [],
      calculated: [],
      measures: [],
      zone: 'UTC',
      dimensions: [],
    },
    revisions: Array.from({ length: blocks }, () => array.version),
    live: Array.from({ length: blocks }, (_, block) => Math.min(blockRows, rows - block * blockRows)),
    zones: {},
  };
}

/** What a column of such an array is; undefined where it is no number. */
function typeOf(dtype: Dtype): ColumnType | undefined {
  switch (dtype) {
    case 'float64':
    case 'float32':
    case 'uint32':
    case 'uint64':
      return { kind: 'float64' };
    case 'int64':
      return { kind: 'int64' };
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
      return { kind: 'int32' };
    case 'bool':
      return { kind: 'bool' };
    default:
      return undefined;
  }
}

function columnOf(
  { values, order }: Band,
  width: number,
  at: number,
  length: number,
  type: ColumnType,
): ColumnData {
  const from = order === 'C' ? (i: number) => i * width + at : (i: number) => at * length + i;
  if (type.kind === 'int64' && values instanceof BigInt64Array) {
    const out = new BigInt64Array(length);
    for (let i = 0; i < length; i++) out[i] = values[from(i)]!;
    return { kind: 'int64', length, values: out };
  }
  const numbers =
    values instanceof BigInt64Array
      ? doublesFromInt64(values)
      : values instanceof BigUint64Array
        ? Float64Array.from(values, Number)
        : values;
  const fill = <T extends Uint8Array | Int32Array | Float64Array>(out: T): T => {
    for (let i = 0; i < length; i++) out[i] = numbers[from(i)]!;
    return out;
  };
  if (type.kind === 'bool') return { kind: 'bool', length, values: fill(new Uint8Array(length)) };
  if (type.kind === 'int32') return { kind: 'int32', length, values: fill(new Int32Array(length)) };
  return { kind: 'float64', length, values: fill(new Float64Array(length)) };
}
