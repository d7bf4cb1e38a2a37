import { keys } from 'idb-keyval';
import { afterEach, describe, expect, test } from 'vitest';
import { loadChecksum } from '../arrow/checksum.ts';
import { encodePage } from '../arrow/page.ts';
import { ExaError } from '../protocol/errors.ts';
import type { PageInFile } from '../protocol/messages.ts';
import { deleteDatabase, openDatabase } from '../storage/database.ts';
import { indexedDbShelf } from '../storage/indexeddb-shelf.ts';
import { makePage, testPageCache } from '../storage/page-cache.testing.ts';
import type { CachedPage } from '../storage/page-cache.ts';
import { type FileWriter, filesDirectory, pageFiles, removeFiles } from '../storage/page-files.ts';
import { withByteBudget } from '../storage/with-byte-budget.ts';
import { fileDesk } from './file-desk.ts';
import type { Pool } from './pool.ts';
import { realPool } from './real-pool.testing.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function freshName(): string {
  const name = `test ${crypto.randomUUID()}`;
  closers.push(
    () => deleteDatabase(name),
    () => removeFiles(filesDirectory(name)),
  );
  return name;
}

function shelfOf(name: string, write: FileWriter) {
  const database = openDatabase(name);
  closers.push(() => database.close());
  const files = pageFiles(filesDirectory(name), write);
  return { database, shelf: indexedDbShelf(database, { bundleBytes: 1, files }) };
}

function writerOf(pool: Pool): FileWriter {
  const desk = fileDesk();
  desk.join(pool);
  return desk.write;
}

async function filesOf(name: string): Promise<string[]> {
  const found: string[] = [];
  try {
    const root = await navigator.storage.getDirectory();
    for await (const file of (await root.getDirectoryHandle(filesDirectory(name))).keys()) found.push(file);
  } catch {
    // None was ever written.
  }
  return found;
}

/** Pages of four numbers a block, as the store sends them. */
async function numberPages(count: number): Promise<CachedPage[]> {
  const checksum = await loadChecksum();
  return Array.from({ length: count }, (_, block) => {
    const values = Float64Array.of(block, block + 0.5, -block, 7);
    const bytes = encodePage({ kind: 'float64', length: 4, values });
    return { slot: `d/e/s/${block}/c1`, revision: 3, checksum: checksum(bytes), bytes };
  });
}

describe('pages in files', () => {
  testPageCache(async (maxBytes) =>
    withByteBudget(shelfOf(freshName(), writerOf(realPool(closers))).shelf, { maxBytes }),
  );

  test('a compute worker reads them itself, whole and as they were kept', async () => {
    const name = freshName();
    const pool = realPool(closers);
    const { shelf, database } = shelfOf(name, writerOf(pool));
    const pages = await numberPages(5);
    await shelf.putMany(pages);
    expect(await filesOf(name)).toHaveLength(1);
    const records = await keys<string>(database.store('pages', 'relaxed'));
    expect(records.filter((key) => key.startsWith('+'))).toEqual([]);

    const places = await shelf.locate(pages.map(({ slot }) => slot));
    const sources = places.map((place, block): PageInFile => ({ ...place!, block, column: 'c1' }));
    const blocks = pages.map((_, block) => ({ block, length: 4, revision: 3, hasLive: false }));
    const worker = pool.workersOf('d/e/s', 5)(0);
    const [wrong, ...right] = sources;
    await pool.call(worker, 'load', {
      place: 'd/e/s',
      blocks,
      pages: [...right, { ...wrong!, checksum: right[0]!.checksum }],
    });
    const wanted = blocks.map(({ block }) => ({ block, column: 'c1', revision: 3 }));
    const read = await pool.call(worker, 'pages', { place: 'd/e/s', wanted });
    expect(read.map(({ block, bytes }) => [block, bytes])).toEqual(
      pages.slice(1).map(({ bytes }, i) => [i + 1, bytes]),
    );
  });

  test('what is forgotten leaves no file, also one that a worker has just read', async () => {
    const name = freshName();
    const pool = realPool(closers);
    const cache = withByteBudget(shelfOf(name, writerOf(pool)).shelf, { maxBytes: 1e6 });
    const pages = await numberPages(3);
    await cache.putMany(pages);
    const [place] = await cache.locate([pages[0]!.slot]);
    const worker = pool.workersOf('d/e/s', 1)(0);
    await pool.call(worker, 'load', {
      place: 'd/e/s',
      blocks: [],
      pages: [{ ...place!, block: 0, column: 'c1' }],
    });
    await cache.forget('d');
    expect(await cache.locate([pages[0]!.slot])).toEqual([undefined]);
    await expect.poll(() => filesOf(name), { timeout: 5_000 }).toEqual([]);
  });

  test('a file that nothing names is swept when the shelf opens', async () => {
    const name = freshName();
    const write = writerOf(realPool(closers));
    await write(filesDirectory(name), 'left', new Uint8Array(8));
    const { shelf } = shelfOf(name, write);
    const pages = await numberPages(2);
    await shelf.putMany(pages);
    await expect.poll(() => filesOf(name), { timeout: 5_000 }).toHaveLength(1);
    expect(await shelf.getMany(pages.map(({ slot }) => slot))).toEqual(pages);
  });

  test('what is written while the sweep looks round stays', async () => {
    const name = freshName();
    const database = openDatabase(name);
    closers.push(() => database.close());
    const real = pageFiles(filesDirectory(name), writerOf(realPool(closers)));
    let written = () => {};
    const swept = new Promise<void>((resolve) => {
      const first = new Promise<void>((begin) => {
        written = begin;
      });
      const files = {
        ...real,
        sweep: (kept: () => ReadonlySet<string>) => first.then(() => real.sweep(kept)).then(resolve),
      };
      const shelf = indexedDbShelf(database, { bundleBytes: 1, files });
      closers.push(() => shelf.close());
      void numberPages(3).then((pages) => shelf.putMany(pages).then(written));
    });
    await swept;
    expect(await filesOf(name)).toHaveLength(1);
  });

  test('a lost file costs its pages and nothing else', async () => {
    const name = freshName();
    const { shelf } = shelfOf(name, writerOf(realPool(closers)));
    const pages = await numberPages(2);
    await shelf.putMany(pages);
    await removeFiles(filesDirectory(name));
    const slots = pages.map(({ slot }) => slot);
    expect(await shelf.getMany(slots)).toEqual([undefined, undefined]);
    expect(await shelf.slots()).toEqual([]);
    await shelf.putMany(pages);
    expect(await shelf.getMany(slots)).toEqual(pages);
  });

  test('where nobody writes files, and where they may not be written, pages are records as before', async () => {
    for (const write of [fileDesk().write, async () => false]) {
      const { shelf } = shelfOf(freshName(), write);
      const pages = await numberPages(3);
      await shelf.putMany(pages);
      expect(await shelf.locate([pages[1]!.slot])).toEqual([undefined]);
      expect(await shelf.getMany([pages[1]!.slot])).toEqual([pages[1]]);
    }
  });

  test('a disk that is full for files makes room and is told', async () => {
    const full: FileWriter = async () => {
      throw new ExaError('quota', 'The disk is full.');
    };
    const cache = withByteBudget(shelfOf(freshName(), full).shelf, { maxBytes: 1e6 });
    await cache.putMany(await Promise.all([0, 1, 2].map((block) => makePage(`d/e/s/${block}/c1`, 100))));
    expect(await cache.report()).toMatchObject({ pages: 0, trouble: 'The disk is full.' });
  });
});
