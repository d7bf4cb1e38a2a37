import { afterEach, expect, test } from 'vitest';
import { parseSelection } from '../../arrays/parse-selection.ts';
import { resolveSelection, type Selection } from '../../arrays/selection.ts';
import { loadChecksum } from '../../arrow/checksum.ts';
import { encodeElements } from '../../arrow/elements-page.ts';
import type { ArrayHead } from '../../protocol/array.ts';
import { deleteDatabase, openDatabase } from '../../storage/database.ts';
import { indexedDbShelf } from '../../storage/indexeddb-shelf.ts';
import type { CachedPage, PageCache } from '../../storage/page-cache.ts';
import { filesDirectory, pageFiles, removeFiles } from '../../storage/page-files.ts';
import { withByteBudget } from '../../storage/with-byte-budget.ts';
import { fileDesk } from '../file-desk.ts';
import { realPool } from '../real-pool.testing.ts';
import type { BookedArray } from './array-book.ts';
import { chunkDesk, slotOf } from './chunk-desk.ts';
import type { ChunkFetcher } from './chunk-fetcher.ts';
import { readElements } from './read-elements.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const [rows, columns, side] = [600, 700, 128];
const valueAt = (row: number, column: number) => 1000 * row + column;
const grid = [Math.ceil(rows / side), Math.ceil(columns / side)] as const;
const places = Array.from({ length: grid[0] * grid[1] }, (_, i) => [Math.floor(i / grid[1]), i % grid[1]]);

const head: ArrayHead = {
  id: 'a',
  name: 'a',
  epoch: 'e',
  scope: 's',
  version: 7,
  asOf: '2026-01-01T00:00:00Z',
  shape: [String(rows), String(columns)],
  dtype: 'float64',
  chunk: [side, side],
  order: 'C',
  fill: 0,
  reduced: [true, true],
  chunks: places.length,
  bytes: 0,
};
const booked: BookedArray = { head, current: true, base: 7, changes: [] };

function pageOf([down, across]: readonly number[]): Uint8Array {
  const values = new Float64Array(side * side);
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++) values[i * side + j] = valueAt(down! * side + i, across! * side + j);
  return encodeElements('float64', values);
}

/** A cache whose pages lie in files, all but those of `without`. */
async function filledCache(
  without: readonly string[],
): Promise<{ cache: PageCache; pool: ReturnType<typeof realPool> }> {
  const name = `test ${crypto.randomUUID()}`;
  closers.push(
    () => deleteDatabase(name),
    () => removeFiles(filesDirectory(name)),
  );
  const pool = realPool(closers);
  const desk = fileDesk();
  desk.join(pool);
  const database = openDatabase(name);
  closers.push(() => database.close());
  const files = pageFiles(filesDirectory(name), desk.write);
  const cache = withByteBudget(indexedDbShelf(database, { bundleBytes: 1, files }), { maxBytes: 1e8 });
  const checksum = await loadChecksum();
  const pages = places
    .filter((place) => !without.includes(place.join()))
    .map((place): CachedPage => {
      const bytes = pageOf(place);
      return { slot: slotOf(head, 0, place), revision: 7, checksum: checksum(bytes), bytes };
    });
  await cache.putMany(pages);
  return { cache, pool };
}

/** What the selection holds, by the formula. */
function expected({ axes }: Selection): number[] {
  const indices = axes.map((axis) =>
    axis.kind === 'list'
      ? axis.at.map(Number)
      : Array.from({ length: Number(axis.count) }, (_, i) => Number(axis.start + BigInt(i) * axis.step)),
  );
  return indices[0]!.flatMap((row) => indices[1]!.map((column) => valueAt(row, column)));
}

test('a worker gathers what lies in files; what is damaged there, and what is not, comes from the store', async () => {
  const { cache, pool } = await filledCache(['4,5']);
  const damaged = slotOf(head, 0, [1, 1]);
  const isWrong = (slot: string) => slot === damaged;
  const asked: string[] = [];
  const read: number[] = [];
  const checksum = await loadChecksum();
  const fetcher: ChunkFetcher = {
    waiting: 0,
    close() {},
    async fetch({ place }) {
      asked.push(place.join());
      const body = pageOf(place);
      return {
        item: 0,
        kind: 'page',
        version: 7,
        block: 0,
        level: 0,
        revision: 7,
        checksum: checksum(body),
        body,
      };
    },
  };
  for (const at of ['', '5:590:3, ::-1', '[1, 300, 599], 10:']) {
    asked.length = 0;
    const watched: PageCache = {
      ...cache,
      getMany: (slots) => {
        read.push(slots.length);
        return cache
          .getMany(slots)
          .then((pages) => pages.map((page) => (page && isWrong(page.slot) ? undefined : page)));
      },
      locate: async (slots) =>
        (await cache.locate(slots)).map((page) =>
          page && isWrong(page.slot) ? { ...page, checksum: '0000000000000000' } : page,
        ),
      putMany: async () => {},
    };
    const elements = await readElements(chunkDesk(watched, fetcher), booked, at, {
      pool,
      signal: new AbortController().signal,
      progress: () => {},
      offline: false,
    });
    const selection = resolveSelection(parseSelection(at), [BigInt(rows), BigInt(columns)]);
    expect(elements.shape).toEqual(selection.shape.map(Number));
    expect([...(elements.values as Float64Array)]).toEqual(expected(selection));
    // The list of rows passes the damaged chunk by.
    const wanted = new Set(at.startsWith('[') ? ['4,5'] : ['1,1', '4,5']);
    expect(new Set(asked)).toEqual(wanted);
  }
  // Only those two were looked for where the coordinator reads.
  expect(Math.max(...read)).toBeLessThanOrEqual(2);
});

test('offline, what was kept before a change is read; what never was is named', async () => {
  const { cache, pool } = await filledCache(['4,5']);
  const fetcher: ChunkFetcher = {
    waiting: 0,
    close() {},
    fetch: () => Promise.reject(new Error('Nothing is asked for offline.')),
  };
  const later: BookedArray = { head: { ...head, version: 9 }, current: false, base: 9, changes: [] };
  const options = { pool, signal: new AbortController().signal, progress: () => {}, offline: true };
  const { values } = await readElements(chunkDesk(cache, fetcher), later, ':512', options);
  expect([values[0], values[511 * columns + 699]]).toEqual([0, valueAt(511, 699)]);
  await expect(readElements(chunkDesk(cache, fetcher), later, '', options)).rejects.toMatchObject({
    tag: 'offline',
    message: expect.stringContaining('[4, 5]'),
  });
});
