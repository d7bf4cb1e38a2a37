import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { cellsOf, isElement, separatorOf } from '../../src/arrays/csv-matrix.ts';
import type { DenseArray } from '../../src/arrays/dense.ts';
import { itemSize, makeValues, parseDtype, setLiteral } from '../../src/arrays/dtype.ts';
import { fileBands } from '../../src/arrays/file-bands.ts';
import { inCOrder, npyValues, parseNpyHeader } from '../../src/arrays/npy.ts';
import { chunkVolume } from '../../src/arrays/shape.ts';
import type { ColumnData } from '../../src/arrow/column-data.ts';
import { decodePage } from '../../src/arrow/page.ts';
import { decodeBatch } from '../../src/arrow/read-batch.ts';
import type { Dtype } from '../../src/protocol/array.ts';
import { blockRows } from '../../src/protocol/column.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Head } from '../../src/protocol/head.ts';
import { parseHead } from '../../src/protocol/parse-head.ts';
import { openZarr } from '../drivers/chunks/zarr/read-zarr.ts';
import type { ArrayStore } from './array-store.ts';

/** Bytes of elements sent at once, about. */
const sendBytes = 2 ** 24;

/** A part of an array to send: where it begins, and its elements. */
export interface SourceBox {
  readonly start: readonly bigint[];
  readonly array: DenseArray;
}

/** Something an array can be made from. */
export interface ArraySource {
  readonly shape: readonly bigint[];
  readonly dtype: Dtype;
  readonly fill?: string | number | boolean;
  /** Boxes to expect, for the progress line. */
  readonly boxes: number;
  read(chunk: readonly number[]): AsyncGenerator<SourceBox>;
}

/** Opens a `.npy` file, a Zarr folder or a CSV matrix, told apart by what they are. Throws `missing`, `invalid`, `corrupt`. */
export async function fileArraySource(path: string, asked: Dtype | undefined): Promise<ArraySource> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ExaError('missing', `There is no file or folder ${path}.`);
  if (found.isDirectory()) return await zarrSource(path);
  const file = await open(path, 'r');
  try {
    const head = new Uint8Array(65_536 + 12);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (head[0] === 0x93) return npySource(path, head.subarray(0, bytesRead), found.size);
  } finally {
    await file.close();
  }
  return await csvSource(path, asked ?? 'float64');
}

async function zarrSource(path: string): Promise<ArraySource> {
  const { metadata, objects, boxes } = await openZarr(path);
  return {
    shape: metadata.shape,
    dtype: metadata.dtype,
    fill: metadata.fill,
    boxes: objects,
    async *read() {
      for await (const { start, shape, values } of boxes())
        yield* split(start, { dtype: metadata.dtype, shape, order: 'C', values });
    },
  };
}

/** Boxes along the first axis, each small enough to send. */
function* split(start: readonly bigint[], array: DenseArray): Generator<SourceBox> {
  const { shape, dtype, values } = array;
  const rows = shape[0] ?? 1;
  const perRow = values.length / Math.max(1, rows);
  const most = Math.max(1, Math.floor(sendBytes / (perRow * itemSize(dtype))));
  if (shape.length === 0 || rows <= most) {
    yield { start, array };
    return;
  }
  for (let from = 0; from < rows; from += most) {
    const size = Math.min(most, rows - from);
    yield {
      start: [start[0]! + BigInt(from), ...start.slice(1)],
      array: {
        ...array,
        shape: [size, ...shape.slice(1)],
        values: values.subarray(from * perRow, (from + size) * perRow) as DenseArray['values'],
      },
    };
  }
}

function npySource(path: string, head: Uint8Array, bytes: number): ArraySource {
  const header = parseNpyHeader(head);
  const { dtype, shape, order, offset } = header;
  const size = itemSize(dtype);
  const expected = offset + chunkVolume(shape) * size;
  if (bytes !== expected)
    throw new ExaError(
      'corrupt',
      `${path} has ${bytes} bytes where its header asks for ${expected}: it was cut short or damaged.`,
    );
  // In F order the file is the C order of the axes reversed.
  const stored = order === 'C' ? [...shape] : [...shape].reverse();
  const turn = <T>(list: readonly T[]): T[] => (order === 'C' ? [...list] : [...list].reverse());
  return {
    shape: shape.map(BigInt),
    dtype,
    boxes: Math.max(1, Math.ceil((bytes - offset) / sendBytes)),
    async *read(chunk) {
      const file = await open(path, 'r');
      try {
        for (const box of fileBands(stored, turn(chunk), Math.floor(sendBytes / size))) {
          const raw = await readBytes(file, offset + box.element * size, chunkVolume(box.shape) * size);
          const values = npyValues(header, raw);
          const array = inCOrder({ dtype, shape: turn(box.shape), order, values });
          yield { start: turn(box.start).map(BigInt), array };
        }
      } finally {
        await file.close();
      }
    },
  };
}

async function readBytes(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
    if (bytesRead === 0) throw new ExaError('corrupt', 'The file became shorter while it was read.');
    at += bytesRead;
  }
  return bytes;
}

/** A matrix of numbers as text: a row a line, parted by commas, semicolons, tabs or spaces; a line of names may lead. */
async function csvSource(path: string, dtype: Dtype): Promise<ArraySource> {
  let rows = 0;
  let columns = 0;
  /** Line of the names, which is the first that is not empty. */
  let named = 0;
  for await (const { cells, line } of csvRows(path)) {
    if (columns === 0 && cells.some((cell) => !isElement(dtype, cell))) {
      named = line;
      columns = cells.length;
      continue;
    }
    if (columns > 0 && cells.length !== columns)
      throw new ExaError(
        'invalid',
        `Line ${line} of ${path} has ${cells.length} values and those before ${columns}: a matrix has as many in every row.`,
      );
    columns = cells.length;
    rows++;
  }
  if (rows === 0) throw new ExaError('invalid', `${path} holds no rows of numbers.`);
  return {
    shape: [BigInt(rows), BigInt(columns)],
    dtype,
    boxes: Math.ceil((rows * columns * itemSize(dtype)) / sendBytes),
    async *read() {
      const most = Math.max(1, Math.floor(sendBytes / (columns * itemSize(dtype))));
      let from = 0;
      let values = makeValues(dtype, Math.min(most, rows) * columns);
      let filled = 0;
      for await (const { cells, line } of csvRows(path)) {
        if (line === named) continue;
        for (const [i, cell] of cells.entries()) {
          try {
            setLiteral(
              dtype,
              values,
              filled * columns + i,
              cell === '' && dtype.startsWith('float') ? 'NaN' : cell,
            );
          } catch (cause) {
            throw new ExaError(
              'invalid',
              `Line ${line}, column ${i + 1} of ${path}: “${cell}” is not a value of ${dtype}.`,
              {
                cause,
              },
            );
          }
        }
        if (++filled * columns < values.length) continue;
        yield { start: [BigInt(from), 0n], array: { dtype, shape: [filled, columns], order: 'C', values } };
        from += filled;
        filled = 0;
        values = makeValues(dtype, Math.min(most, rows - from) * columns);
      }
    },
  };
}

async function* csvRows(path: string): AsyncGenerator<{ cells: string[]; line: number }> {
  const lines = createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let line = 0;
  let separator: string | RegExp | undefined;
  for await (const text of lines) {
    line++;
    if (text.trim() === '') continue;
    separator ??= separatorOf(text);
    yield { cells: cellsOf(text, separator), line };
  }
}

/** Numeric columns of a table in the store, rows that are not deleted in their order; missing values are NaN. */
export async function tableSource(
  store: ArrayStore,
  table: string,
  names: readonly string[],
): Promise<ArraySource> {
  const { datasets } = (await (await store.fetch('/datasets')).json()) as {
    datasets: { id: string; name: string }[];
  };
  const found = datasets.find(({ id, name }) => id === table || name === table);
  if (!found) throw new ExaError('missing', `There is no data set called ${table} here.`);
  const head = parseHead(
    await (await store.fetch(`/datasets/${encodeURIComponent(found.id)}/head`)).json(),
    'head',
  );
  const columns = names.map((name) => {
    const column = head.columns.find((one) => one.name === name || one.id === name);
    if (!column) throw new ExaError('missing', `${head.name} has no column called ${name}.`);
    if (column.type.kind === 'text')
      throw new ExaError('invalid', `${name} holds texts: an array holds numbers, booleans or times.`);
    return column.id;
  });
  const rows = head.live.reduce((sum, live) => sum + live, 0);
  return {
    shape: [BigInt(rows), BigInt(columns.length)],
    dtype: 'float64',
    boxes: head.live.length,
    async *read() {
      let from = 0;
      for (const [block, live] of head.live.entries()) {
        if (live === 0) continue;
        const pages = await readPages(store, head, [...columns, '_live'], block);
        const kept = pages.get('_live');
        const length = Math.min(blockRows, head.allocated - block * blockRows);
        const values = new Float64Array(live * columns.length);
        let row = 0;
        for (let i = 0; i < length; i++) {
          if (kept?.kind === 'bool' && kept.values[i] === 0) continue;
          for (const [c, id] of columns.entries())
            values[row * columns.length + c] = numberOf(pages.get(id)!, i);
          row++;
        }
        yield {
          start: [BigInt(from), 0n],
          array: { dtype: parseDtype('float64'), shape: [live, columns.length], order: 'C', values },
        };
        from += live;
      }
    },
  };
}

async function readPages(
  store: ArrayStore,
  { id: dataset, epoch, live, allocated }: Head,
  columns: readonly string[],
  block: number,
): Promise<Map<string, ColumnData>> {
  const whole = live[block] === Math.min(blockRows, allocated - block * blockRows);
  const asked = columns.filter((column) => column !== '_live' || !whole);
  const items = asked.map((column) => ({ kind: 'pages', dataset, epoch, column, blocks: [block] }));
  const response = await store.fetch('/batch', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items }),
  });
  const pages = new Map<string, ColumnData>();
  if (response.body)
    for await (const part of decodeBatch(response.body)) pages.set(asked[part.item]!, decodePage(part.body));
  if (pages.size !== asked.length)
    throw new ExaError('conflict', 'The table changed while it was read: import it again.');
  return pages;
}

function numberOf(data: ColumnData, i: number): number {
  if (data.validity && ((data.validity[i >> 3]! >> (i & 7)) & 1) === 0) return Number.NaN;
  if (data.kind === 'text') return Number.NaN;
  if (data.kind === 'decimal') return Number(data.values[i]!) / 10 ** data.scale;
  return Number(data.values[i]!);
}
