import { planChunks } from '../../arrays/chunk-plan.ts';
import { scatter } from '../../arrays/copy-elements.ts';
import { parseCsvMatrix } from '../../arrays/csv-matrix.ts';
import type { DenseArray } from '../../arrays/dense.ts';
import { itemSize, makeValues, type Values, valuesOf } from '../../arrays/dtype.ts';
import { fileBands } from '../../arrays/file-bands.ts';
import { chunkFor } from '../../arrays/geometry.ts';
import { inCOrder, type NpyHeader, npyValues, parseNpyHeader } from '../../arrays/npy.ts';
import { decodeCells, encodeCells } from '../../arrays/pyramid/cells-page.ts';
import { childrenOf, type LevelGrid, reducedAxes, regionOf } from '../../arrays/pyramid/level-grid.ts';
import { gridsOf } from '../../arrays/pyramid/picture.ts';
import { mergeChildren, Summary } from '../../arrays/pyramid/summarise.ts';
import { resolveSelection } from '../../arrays/selection.ts';
import { chunkVolume, stridesOf } from '../../arrays/shape.ts';
import { emptyChecksum, loadChecksum } from '../../arrow/checksum.ts';
import { decodeElements, encodeElements } from '../../arrow/elements-page.ts';
import type { ArrayHead, Dtype } from '../../protocol/array.ts';
import type { BatchPart } from '../../protocol/batch.ts';
import { cancelled, ExaError } from '../../protocol/errors.ts';
import { localPrefix } from '../../protocol/local.ts';
import { randomKey } from '../../protocol/random-key.ts';
import type { ActivityOptions, ArrayStoreClient } from '../../storage/array-store-client.ts';
import { openLocalDatabase } from '../../storage/local-database.ts';

/** Arrays kept in this browser for as long as its user wants: made of a file, whole or not at all; read, never written. */
export interface LocalArrays extends ArrayStoreClient {
  /** Of a `.npy` file, or of a text file of numbers. */
  keep(file: Blob, name: string, options?: ActivityOptions): Promise<string>;
  drop(array: string): Promise<void>;
}

interface KeptPage {
  readonly bytes: Uint8Array;
  readonly checksum: string;
}

type Page = readonly [key: string, page: KeptPage];

/** All of an array is as of one version: it never changes. */
const version = 1;
/** Elements read of a file at once, and bytes of pages in one transaction, about. */
const bandBytes = 16 * 2 ** 20;
/** Most bytes of a text, or of a file in Fortran order, which are read whole. */
const wholeBytes = 2 ** 28;
/** Pages read in one transaction. */
const readAtOnce = 16;

/** Opens them; the database itself is opened when first used. What a killed tab left of a file is removed. */
export function openLocalArrays({
  name,
  locks = globalThis.navigator?.locks,
  now = Date.now,
}: {
  readonly name: string;
  readonly locks?: LockManager;
  readonly now?: () => number;
}): LocalArrays {
  const database = openLocalDatabase(name);
  const rangeOf = (epoch: string) => IDBKeyRange.bound(`${epoch}/`, `${epoch}/\uffff`);

  const heads = () =>
    database.read(async (transaction) => (await transaction.getAll('tables')) as readonly ArrayHead[]);

  const headOf = async (array: string): Promise<ArrayHead> => {
    const head = (await database.read((transaction) => transaction.get('tables', array))) as
      | ArrayHead
      | undefined;
    if (!head)
      throw new ExaError('missing', 'This array is no longer kept on this device.', { facts: { array } });
    return head;
  };

  const putPages = async (pages: readonly Page[]): Promise<void> => {
    await database.write(async (transaction) => {
      for (const [key, page] of pages) transaction.put('pages', key, page);
    });
  };

  const pagesAt = async (
    epoch: string,
    level: number,
    places: readonly (readonly number[])[],
  ): Promise<KeptPage[]> => {
    const found = (await database.read((transaction) =>
      Promise.all(places.map((place) => transaction.get('pages', keyOf(epoch, level, place)))),
    )) as (KeptPage | undefined)[];
    return found.map((page) => {
      if (page) return page;
      throw new ExaError(
        'corrupt',
        'A part of this array is no longer in this browser: bring its file in again.',
      );
    });
  };

  const holding = async <T>(epoch: string, work: () => Promise<T>): Promise<T> =>
    locks ? ((await locks.request(`${name}/${epoch}`, work)) as T) : await work();

  /** Pages no head names and no tab is writing. */
  const sweep = async (): Promise<void> => {
    const known = new Set((await heads()).map(({ epoch }) => epoch));
    const keys = await database.read((transaction) => transaction.keys('pages'));
    const left = new Set(
      keys.map((key) => String(key).split('/', 1)[0]!).filter((epoch) => !known.has(epoch)),
    );
    for (const epoch of left)
      await locks?.request(`${name}/${epoch}`, { ifAvailable: true }, async (lock) => {
        if (lock) await database.write(async (transaction) => transaction.del('pages', rangeOf(epoch)));
      });
  };
  void sweep().catch(() => {});

  return {
    async arrays() {
      const arrays = await heads();
      const asOf = arrays.reduce(
        (last, head) => (head.asOf > last ? head.asOf : last),
        new Date(now()).toISOString(),
      );
      return { version, asOf, arrays };
    },
    head: headOf,
    async *batch(array, { epoch, items }, { signal } = {}): AsyncGenerator<BatchPart> {
      const head = await headOf(array);
      if (head.epoch !== epoch)
        throw new ExaError('gone', `The array ${head.name} was replaced: read its head again.`);
      let item = 0;
      for (const { level, chunks, since } of items)
        for (let from = 0; from < chunks.length; from += readAtOnce) {
          if (signal?.aborted) throw cancelled();
          const some = chunks.slice(from, from + readAtOnce);
          const wanted = some.filter((_, i) => (since?.[from + i] ?? -1) < version);
          const pages = (await pagesAt(epoch, level, wanted))[Symbol.iterator]();
          for (const i of some.keys()) {
            const part = { item: item++, version, block: 0, level, revision: version };
            if ((since?.[from + i] ?? -1) >= version)
              yield { ...part, kind: 'patch', checksum: emptyChecksum, body: new Uint8Array() };
            else {
              const { bytes, checksum } = pages.next().value!;
              yield { ...part, kind: 'page', checksum, body: bytes };
            }
          }
        }
    },
    async evaluate() {
      throw new ExaError('refused', 'Arrays of this browser are calculated with in this browser.');
    },
    async rechunk() {
      throw new ExaError('refused', 'An array kept in this browser has the chunks it was kept in.');
    },
    async keep(file, title, { signal, progress = () => {} } = {}) {
      const checksum = await loadChecksum();
      const epoch = randomKey();
      const source = await sourceOf(file, title);
      const { dtype } = source;
      const shape = source.shape.map(BigInt);
      const isMap = shape.length > 1 && shape.slice(-2).every((size) => size > 64n);
      const chunk = chunkFor(isMap ? 'tiles' : 'rows', shape, dtype);
      const id = `${localPrefix}${randomKey()}`;
      const bare = {
        id,
        name: title,
        epoch,
        scope: 'public',
        version,
        shape: shape.map(String),
        dtype,
        chunk,
        order: 'C' as const,
        fill: dtype.startsWith('float') ? 'NaN' : 0,
        reduced: reducedAxes(shape),
      };
      const stopIfAborted = () => {
        if (signal?.aborted) throw cancelled();
      };
      const pageOf = (level: number, place: readonly number[], bytes: Uint8Array): Page => [
        keyOf(epoch, level, place),
        { bytes, checksum: checksum(bytes) },
      ];
      return await holding(epoch, async () => {
        try {
          let chunks = 0;
          let bytes = 0;
          const elements = Math.max(1, chunkVolume(source.shape));
          let done = 0;
          for await (const pages of chunkPages(source, chunk, pageOf)) {
            stopIfAborted();
            await putPages(pages);
            chunks += pages.length;
            for (const [, page] of pages) bytes += page.bytes.byteLength;
            done += pages.length * chunkVolume(chunk);
            progress(0.6 * Math.min(1, done / elements));
          }
          const head: ArrayHead = { ...bare, chunks, bytes, asOf: new Date(now()).toISOString() };
          const grids = gridsOf(head);
          for (const grid of grids.slice(1)) {
            let pages: Page[] = [];
            for (const place of placesOf(grid)) {
              stopIfAborted();
              const cells = await cellsOf(head, grids, grid, place, (level, places) =>
                pagesAt(epoch, level, places),
              );
              pages.push(pageOf(grid.level, place, encodeCells(cells)));
              if (pages.length < readAtOnce) continue;
              await putPages(pages);
              pages = [];
              progress(0.6 + 0.4 * ((grid.level - 1) / (grids.length - 1)));
            }
            await putPages(pages);
          }
          stopIfAborted();
          await database.write(async (transaction) => transaction.put('tables', id, head));
          progress(1);
          return id;
        } catch (error) {
          await database
            .write(async (transaction) => transaction.del('pages', rangeOf(epoch)))
            .catch(() => {});
          throw error;
        }
      });
    },
    async drop(array) {
      const { epoch } = await headOf(array);
      await database.write(async (transaction) => {
        transaction.del('tables', array);
        transaction.del('pages', rangeOf(epoch));
      });
    },
  };
}

/** A file’s elements: its shape, and boxes of them in C order. */
interface FileSource {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  boxes(
    chunk: readonly number[],
  ): AsyncIterable<{ readonly start: readonly number[]; readonly array: DenseArray }>;
}

async function sourceOf(file: Blob, name: string): Promise<FileSource> {
  const head = new Uint8Array(await file.slice(0, 65_536 + 12).arrayBuffer());
  if (head[0] !== 0x93) {
    if (file.size > wholeBytes) throw tooLarge(name);
    const array = parseCsvMatrix(await file.text(), name);
    return whole(array);
  }
  const header = parseNpyHeader(head);
  const { dtype, shape, order, offset } = header;
  const size = itemSize(dtype);
  const expected = offset + chunkVolume(shape) * size;
  if (file.size !== expected)
    throw new ExaError(
      'corrupt',
      `${name} has ${file.size} bytes where its header asks for ${expected}: it was cut short or damaged.`,
    );
  if (order === 'F' && shape.length > 1) {
    if (file.size > wholeBytes) throw tooLarge(name);
    return whole(
      inCOrder({ dtype, shape, order, values: await elementsOf(file, header, 0, chunkVolume(shape)) }),
    );
  }
  return {
    dtype,
    shape,
    async *boxes(chunk) {
      for (const band of fileBands(shape, chunk, Math.floor(bandBytes / size))) {
        const values = await elementsOf(file, header, band.element, chunkVolume(band.shape));
        yield { start: band.start, array: { dtype, shape: band.shape, order: 'C', values } };
      }
    },
  };
}

function whole(array: DenseArray): FileSource {
  const { dtype, shape } = array;
  return {
    dtype,
    shape,
    async *boxes() {
      if (chunkVolume(shape) > 0) yield { start: shape.map(() => 0), array };
    },
  };
}

function tooLarge(name: string): ExaError {
  return new ExaError(
    'refused',
    `${name} is larger than ${wholeBytes / 2 ** 20} MiB: as a .npy file in C order it can be kept at any size the disk holds.`,
  );
}

async function elementsOf(file: Blob, header: NpyHeader, from: number, count: number): Promise<Values> {
  const size = itemSize(header.dtype);
  const start = header.offset + from * size;
  return npyValues(header, new Uint8Array(await file.slice(start, start + count * size).arrayBuffer()));
}

/** The chunks of a file as pages, some at a time: a chunk goes out with the last box that has a part in it. */
async function* chunkPages(
  { dtype, shape, boxes }: FileSource,
  chunk: readonly number[],
  pageOf: (level: number, place: readonly number[], bytes: Uint8Array) => Page,
): AsyncGenerator<readonly Page[]> {
  const strides = stridesOf(chunk, 'C');
  const open = new Map<
    string,
    { readonly place: readonly number[]; readonly values: Values; left: number }
  >();
  let pages: Page[] = [];
  let bytes = 0;
  for await (const { start, array } of boxes(chunk)) {
    const selection = resolveSelection(
      start.map((at, axis) => ({ kind: 'slice', start: BigInt(at), stop: BigInt(at + array.shape[axis]!) })),
      shape.map(BigInt),
    );
    const source = { values: array.values, strides: stridesOf(array.shape, 'C') };
    for (const part of planChunks(selection, chunk, 2 ** 22)) {
      const key = part.chunk.join();
      const known = open.get(key) ?? {
        place: part.chunk,
        values: makeValues(dtype, chunkVolume(chunk)),
        left: part.chunk.reduce(
          (product, at, axis) => product * Math.min(chunk[axis]!, shape[axis]! - at * chunk[axis]!),
          1,
        ),
      };
      scatter(part, source, { values: known.values, strides });
      known.left -= part.spans.reduce((product, { length }) => product * length, 1);
      if (known.left > 0) {
        open.set(key, known);
        continue;
      }
      open.delete(key);
      const page = pageOf(0, known.place, encodeElements(dtype, known.values));
      pages.push(page);
      bytes += page[1].bytes.byteLength;
      if (bytes < bandBytes) continue;
      yield pages;
      pages = [];
      bytes = 0;
    }
  }
  if (pages.length > 0) yield pages;
}

/** A chunk of a level, from the data or from the level below. */
async function cellsOf(
  { shape: sizes, dtype, chunk, reduced }: ArrayHead,
  grids: readonly LevelGrid[],
  grid: LevelGrid,
  place: readonly number[],
  pagesAt: (level: number, places: readonly (readonly number[])[]) => Promise<KeptPage[]>,
): Promise<ReturnType<Summary['finish']>> {
  if (grid.level > 1) {
    const children = childrenOf(grids[grid.level - 1]!, place, reduced);
    const pages = await pagesAt(grid.level - 1, children);
    return mergeChildren(
      grid,
      reduced,
      place,
      pages.map(({ bytes }, i) => ({ place: children[i]!, cells: decodeCells(bytes) })),
    );
  }
  const shape = sizes.map(BigInt);
  const { start, end } = regionOf(grid, place, shape);
  const summary = new Summary(grid, dtype, reduced);
  const strides = stridesOf(chunk, 'C');
  let places: number[][] = [[]];
  for (const [axis, side] of chunk.entries()) {
    const first = Number(start[axis]! / BigInt(side));
    const last = Number((end[axis]! - 1n) / BigInt(side));
    places = places.flatMap((lead) =>
      Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => [...lead, first + i]),
    );
  }
  for (const at of places) {
    const [page] = await pagesAt(0, [at]);
    const { bytes } = decodeElements(page!.bytes);
    const shift = at.map((index, axis) => index * chunk[axis]! - Number(start[axis]!));
    const from = shift.map((by) => Math.max(0, -by));
    const to = shift.map((by, axis) =>
      Math.min(
        chunk[axis]!,
        Number(shape[axis]!) - at[axis]! * chunk[axis]!,
        Number(end[axis]! - start[axis]!) - by,
      ),
    );
    if (from.some((low, axis) => low >= to[axis]!)) continue;
    summary.add({ values: valuesOf(dtype, bytes), strides, from, to, shift, revision: version });
  }
  return summary.finish();
}

function* placesOf({ grid }: LevelGrid, lead: readonly number[] = []): Generator<number[]> {
  if (lead.length === grid.length) {
    yield [...lead];
    return;
  }
  for (let at = 0; at < grid[lead.length]!; at++) yield* placesOf({ grid } as LevelGrid, [...lead, at]);
}

function keyOf(epoch: string, level: number, place: readonly number[]): string {
  return `${epoch}/${level}/${place.join('.')}`;
}
