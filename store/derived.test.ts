import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadChecksum } from '../src/arrow/checksum.ts';
import type { PageKey } from '../src/protocol/page.ts';
import { type DerivedFiles, derivedFiles } from './derived.ts';
import {
  batchOf,
  createDataset,
  withDirectory,
  withDriver,
  writeOf,
} from './drivers/duckdb/driver.testing.ts';
import { pageStore } from './pages.ts';

const checksum = await loadChecksum();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function paths(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function keep(files: DerivedFiles, key: string, text: string): Promise<void> {
  await files.put(key, bytesOf(text));
  await files.settled();
}

it('keeps bytes across a restart, and drops what was damaged or cut', async () => {
  await withDirectory(async (directory) => {
    const files = await derivedFiles({ directory, checksum });
    for (const key of ['orders/e/public/0/c1@3', '../../etc/passwd', 'cut', ''])
      await keep(files, key, `bytes of ${key}`);
    expect(paths(directory)).toHaveLength(4);
    const again = await derivedFiles({ directory, checksum });
    for (const key of ['orders/e/public/0/c1@3', '../../etc/passwd', ''])
      expect(await again.get(key)).toEqual(bytesOf(`bytes of ${key}`));
    for (const path of paths(directory)) {
      const file = readFileSync(path);
      if (file.toString().endsWith('bytes of cut')) writeFileSync(path, file.subarray(0, 10));
      else {
        file[file.length - 1]! ^= 1;
        writeFileSync(path, file);
      }
    }
    for (const key of ['orders/e/public/0/c1@3', '../../etc/passwd', 'cut', ''])
      expect(await again.get(key)).toBeUndefined();
    expect(again.counts).toMatchObject({ files: 0, bytes: 0, dropped: 4 });
    expect(paths(directory)).toEqual([]);
  });
});

it('deletes the least recently used beyond its budget, and what a crash left', async () => {
  await withDirectory(async (directory) => {
    const files = await derivedFiles({ directory, checksum, maxBytes: 250 });
    await keep(files, 'a', 'x'.repeat(80));
    await keep(files, 'b', 'x'.repeat(80));
    await files.get('a');
    await keep(files, 'c', 'x'.repeat(80));
    expect(
      [await files.get('a'), await files.get('b'), await files.get('c')].map((bytes) => bytes?.length),
    ).toEqual([80, undefined, 80]);
    writeFileSync(join(directory, 'writing-1-1'), 'half');
    const again = await derivedFiles({ directory, checksum, maxBytes: 110 });
    expect(again.counts).toMatchObject({ files: 1, bytes: 104 });
    expect(paths(directory)).toHaveLength(1);
  });
});

it('goes on without a disk, saying so once', async () => {
  await withDirectory(async (directory) => {
    const sentences: string[] = [];
    const files = await derivedFiles({ directory, checksum, warn: (sentence) => sentences.push(sentence) });
    for (const key of ['a', 'b']) {
      writeFileSync(join(directory, createFolderName(key)), 'a file where a folder should be');
      await keep(files, key, 'bytes');
    }
    expect(await files.get('a')).toBeUndefined();
    expect(sentences).toHaveLength(1);
  });
});

/** The folder `key` is kept in (as `nameOf` makes it): first two digits of its SHA-256. */
function createFolderName(key: string): string {
  return { a: 'ca', b: '3e' }[key]!;
}

it('pages are built once, also when asked for together, and read back from files', async () => {
  await withDirectory(async (directory) => {
    await withDriver(async (driver) => {
      const int64 = { kind: 'int64' } as const;
      const dataset = await createDataset(
        driver,
        'Orders',
        { id: int64 },
        [],
        batchOf({ id: [int64, [1, 2, 3]] }),
      );
      const files = await derivedFiles({ directory, checksum });
      const pages = pageStore({ checksum, files });
      const ask = (store = pages) =>
        driver.snapshot(async (snapshot) => {
          const { epoch, scope, revisions } = snapshot.head(dataset, 'public');
          const key: PageKey = { dataset, epoch, scope, block: 0, column: 'c1', revision: revisions[0]! };
          const asked = await Promise.all([store.pageBytes(snapshot, key), store.pageBytes(snapshot, key)]);
          expect(asked[0]).toEqual(asked[1]);
          expect(asked[0].checksum).toBe(checksum(asked[0].bytes));
          return asked[0];
        });
      const first = await ask();
      expect(pages.counts).toEqual({ built: 1, fromFile: 0, fromMemory: 0 });
      await files.settled();
      const restarted = pageStore({ checksum, files });
      expect(await ask(restarted)).toEqual(first);
      expect(restarted.counts).toEqual({ built: 0, fromFile: 1, fromMemory: 0 });
      await driver.write(writeOf(dataset, { kind: 'append', batch: batchOf({ id: [int64, [4]] }) }));
      expect((await ask()).checksum).not.toBe(first.checksum);
      expect(pages.counts.built).toBe(2);
    });
  });
});

it('a page whose making failed is made again by the next asker', async () => {
  await withDriver(async (driver) => {
    const int64 = { kind: 'int64' } as const;
    const dataset = await createDataset(driver, 'Orders', { id: int64 }, [], batchOf({ id: [int64, [1]] }));
    const pages = pageStore({ checksum });
    const key: PageKey = { dataset, epoch: 'e', scope: 'public', block: 0, column: 'c1', revision: 1 };
    await driver.snapshot(async (snapshot) => {
      const broken = { ...snapshot, readBlock: () => Promise.reject(new Error('gone')) };
      const asked = await Promise.allSettled([pages.pageBytes(broken, key), pages.pageBytes(snapshot, key)]);
      expect(asked.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    });
  });
});
