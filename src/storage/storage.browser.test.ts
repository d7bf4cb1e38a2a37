import { del, get, keys, set } from 'idb-keyval';
import { afterEach, describe, expect, test } from 'vitest';
import type { Change } from '../protocol/change.ts';
import { deleteDatabase, openDatabase } from './database.ts';
import { indexedDbShelf } from './indexeddb-shelf.ts';
import { indexedDbSmallStore } from './indexeddb-small-store.ts';
import { openOutbox } from './open-outbox.ts';
import { openStorage } from './open-storage.ts';
import { indexedDbOutboxShelf } from './outbox-shelf.ts';
import { makePage, testPageCache } from './page-cache.testing.ts';
import { withByteBudget } from './with-byte-budget.ts';

let counter = 0;
const closers: (() => unknown)[] = [];
const freshName = () => {
  const name = `test/${counter++}/${Math.random()}`;
  closers.push(() => deleteDatabase(name));
  return name;
};
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function freshDatabase(name = freshName()) {
  const database = openDatabase(name);
  closers.push(() => database.close());
  return database;
}

describe('the page cache over IndexedDB', () => {
  testPageCache(async (maxBytes) => withByteBudget(indexedDbShelf(freshDatabase()), { maxBytes }));

  describe('in bundles', () => {
    const shelfOf = (database = freshDatabase()) => indexedDbShelf(database, { bundleBytes: 1 });
    const makePages = (count: number, length = 100) =>
      Promise.all(Array.from({ length: count }, (_, i) => makePage(`d/e/s/${i}/c1`, length + i, i)));
    const keysOf = async (name: string) => {
      const database = freshDatabase(name);
      return keys<string>(database.store('pages', 'relaxed'));
    };

    testPageCache(async (maxBytes) => withByteBudget(shelfOf(), { maxBytes }));

    test('pages offered together are two records, and come back whole after a reopen', async () => {
      const name = freshName();
      const pages = await makePages(20);
      const first = openDatabase(name);
      const before = withByteBudget(shelfOf(first), { maxBytes: 1e6 });
      await before.putMany(pages);
      await before.close();
      first.close();
      expect((await keysOf(name)).filter((key) => !key.startsWith('~'))).toHaveLength(2);
      const after = withByteBudget(shelfOf(freshDatabase(name)), { maxBytes: 1e6 });
      const chosen = [pages[17]!, pages[2]!, pages[3]!];
      expect(await after.getMany(chosen.map(({ slot }) => slot))).toEqual(chosen);
      expect(await after.report()).toMatchObject({ pages: 20 });
    });

    test('a bundle most of which was replaced is packed anew; nothing else is lost or kept twice', async () => {
      const name = freshName();
      const shelf = shelfOf(freshDatabase(name));
      const pages = await makePages(10);
      await shelf.putMany(pages);
      const newer = await Promise.all(pages.slice(0, 6).map(({ slot }, i) => makePage(slot, 100, i + 50, 2)));
      for (const page of newer) await shelf.putMany([page]);
      await shelf.delMany([pages[9]!.slot]);
      const slots = pages.map(({ slot }) => slot);
      const expected = [...newer, ...pages.slice(6, 9), undefined];
      expect(await shelf.getMany(slots)).toEqual(expected);
      expect(await shelfOf(freshDatabase(name)).getMany(slots)).toEqual(expected);
      expect((await shelf.slots()).sort()).toEqual(slots.slice(0, 9));
      const left = (await keysOf(name)).filter((key) => key.startsWith('#') || key.startsWith('+'));
      expect(left).toHaveLength(2);
      await shelf.delMany(slots);
      expect((await keysOf(name)).filter((key) => !key.startsWith('~'))).toEqual([]);
    });

    test('a flipped bit costs its own page; a lost file its pages', async () => {
      const database = freshDatabase();
      const store = database.store('pages', 'relaxed');
      const pages = await makePages(4, 104);
      const slots = pages.map(({ slot }) => slot);
      await shelfOf(database).putMany(pages);
      const [name = ''] = (await keys<string>(store)).filter((key) => key.startsWith('+'));
      const bytes = new Uint8Array(await (await get<Blob>(name, store))!.arrayBuffer());
      bytes[50]! ^= 1;
      await set(name, new Blob([bytes]), store);
      const shelf = shelfOf(database);
      expect(await shelf.getMany(slots)).toEqual([undefined, ...pages.slice(1)]);
      expect((await shelf.slots()).sort()).toEqual(slots.slice(1));
      await del(name, store);
      const again = shelfOf(database);
      expect(await again.getMany(slots)).toEqual([undefined, undefined, undefined, undefined]);
      expect(await again.slots()).toEqual([]);
    });

    test('who does not write sees what the writer bundled since, and changes nothing', async () => {
      const name = freshName();
      const reader = indexedDbShelf(freshDatabase(name), { owns: () => false });
      const pages = await makePages(3);
      const slots = pages.map(({ slot }) => slot);
      expect(await reader.getMany(slots)).toEqual([undefined, undefined, undefined]);
      const writer = shelfOf(freshDatabase(name));
      await writer.putMany(pages);
      expect(await reader.getMany(slots)).toEqual(pages);
      await writer.delMany(slots);
      expect(await reader.getMany(['d/e/s/9/c1'])).toEqual([undefined]);
      expect(await reader.getMany(slots)).toEqual([undefined, undefined, undefined]);
    });
  });

  test('pages are there again after a reopen, with their uses and bytes', async () => {
    const name = freshName();
    const page = await makePage('d/e/s/0/c1', 1000, 3, 12);
    const first = openDatabase(name);
    const before = withByteBudget(indexedDbShelf(first), { maxBytes: 1e6 });
    await before.putMany([page]);
    await before.close();
    first.close();
    const after = withByteBudget(indexedDbShelf(freshDatabase(name)), { maxBytes: 1e6 });
    expect(await after.held([page.slot])).toEqual([12]);
    expect(await after.getMany([page.slot])).toEqual([page]);
    expect(await after.report()).toMatchObject({ bytes: 1000, pages: 1, keeps: 'indexeddb' });
  });

  test('pages written before a crash are adopted', async () => {
    const name = freshName();
    const page = await makePage('d/e/s/0/c1', 1000, 3, 12);
    const crashed = freshDatabase(name);
    await withByteBudget(indexedDbShelf(crashed), { maxBytes: 1e6, saveAfterMs: 1e9 }).putMany([page]);
    crashed.close();
    const after = withByteBudget(indexedDbShelf(freshDatabase(name)), { maxBytes: 1e6 });
    expect(await after.getMany([page.slot])).toEqual([page]);
  });

  test('a damaged record is noticed, dropped and nothing else hurt', async () => {
    const database = freshDatabase();
    const cache = withByteBudget(indexedDbShelf(database), { maxBytes: 1e6 });
    const pages = await Promise.all([0, 1, 2, 3].map((i) => makePage(`d/e/s/${i}/c1`, 100, i)));
    await cache.putMany(pages);
    const store = database.store('pages', 'relaxed');
    const flipped = pages[1]!.bytes.map((byte, i) => (i === 50 ? byte ^ 1 : byte));
    await set(pages[1]!.slot, { revision: 1, checksum: pages[1]!.checksum, bytes: flipped }, store);
    await set(pages[2]!.slot, 'not a page', store);
    expect(await cache.getMany(pages.map(({ slot }) => slot))).toEqual([
      pages[0],
      undefined,
      undefined,
      pages[3],
    ]);
    expect(await get(pages[1]!.slot, store)).toBeUndefined();
    expect(await get(pages[2]!.slot, store)).toBeUndefined();
    expect(await cache.report()).toMatchObject({ pages: 2, bytes: 200 });
  });

  test('a view is stored as its own bytes, not its whole buffer', async () => {
    const database = freshDatabase();
    const shelf = indexedDbShelf(database);
    const big = await makePage('d/e/s/0/c1', 10_000);
    await shelf.putMany([{ ...big, bytes: big.bytes.subarray(10, 20) }]);
    const record = await get<{ bytes: Uint8Array }>('d/e/s/0/c1', database.store('pages', 'relaxed'));
    expect(record?.bytes.buffer.byteLength).toBe(10);
  });

  test('two databases at once keep apart', async () => {
    const caches = [freshDatabase(), freshDatabase()].map((d) =>
      withByteBudget(indexedDbShelf(d), { maxBytes: 1e6 }),
    );
    const pages = await Promise.all([1, 2].map((seed) => makePage('d/e/s/0/c1', 100, seed)));
    await Promise.all(caches.map((cache, i) => cache.putMany([pages[i]!])));
    expect(await caches[0]!.getMany(['d/e/s/0/c1'])).toEqual([pages[0]]);
    expect(await caches[1]!.getMany(['d/e/s/0/c1'])).toEqual([pages[1]]);
  });
});

describe('a database', () => {
  test('is opened again after the browser closed the connection', async () => {
    const name = freshName();
    const opened: IDBDatabase[] = [];
    const factory = Object.assign(Object.create(indexedDB) as IDBFactory, {
      open(at: string, version: number) {
        const request = indexedDB.open(at, version);
        request.addEventListener('success', () => opened.push(request.result));
        return request;
      },
    });
    const database = openDatabase(name, factory);
    closers.push(() => database.close());
    const small = indexedDbSmallStore(database);
    await small.set('a', 1);
    opened[0]!.close();
    expect(await small.get('a')).toBe(1);
    expect(opened).toHaveLength(2);
  });

  test('a failed open is not remembered', async () => {
    let failures = 1;
    const factory = Object.assign(Object.create(indexedDB) as IDBFactory, {
      open(at: string, version: number) {
        if (failures-- > 0) throw new DOMException('not now', 'UnknownError');
        return indexedDB.open(at, version);
      },
    });
    const database = openDatabase(freshName(), factory);
    closers.push(() => database.close());
    const small = indexedDbSmallStore(database);
    await expect(small.get('a')).rejects.toMatchObject({ tag: 'broken' });
    await small.set('a', 2);
    expect(await small.get('a')).toBe(2);
  });

  test('lets itself be deleted while open (sign-out)', async () => {
    const name = freshName();
    const database = freshDatabase(name);
    const small = indexedDbSmallStore(database);
    await small.set('a', 1, { strict: true });
    await deleteDatabase(name);
    expect(await small.get('a')).toBeUndefined();
  });
});

describe('the small store', () => {
  test('survives a reopen, lists by prefix, forgets', async () => {
    const name = freshName();
    const first = openDatabase(name);
    const before = indexedDbSmallStore(first);
    await before.set('head/a', { version: 3 }, { strict: true });
    await before.set('head/b', [1]);
    await before.set('other', null);
    first.close();
    const after = indexedDbSmallStore(freshDatabase(name));
    expect(await after.get('head/a')).toEqual({ version: 3 });
    expect(await after.keys('head/')).toEqual(['head/a', 'head/b']);
    await after.del('head/a');
    expect(await after.get('head/a')).toBeUndefined();
  });
});

describe('the outbox', () => {
  const change = (n: number): Change => ({ kind: 'append', dataset: 't', rows: [{ n }] });

  test('what is kept survives a reload and is sent in order', async () => {
    const name = freshName();
    const first = openDatabase(name);
    const offline = openOutbox({
      shelf: indexedDbOutboxShelf(first),
      send: () => new Promise((_, reject) => setTimeout(() => reject(new Error('no')), 5)),
    });
    await Promise.all([1, 2, 3].map((n) => offline.add(change(n)).kept));
    await offline.close();
    first.close();
    const sent: unknown[] = [];
    const database = freshDatabase(name);
    const receipt = { version: 1, asOf: '', appended: 1, updated: 0, deleted: 0 };
    const outbox = openOutbox({
      shelf: indexedDbOutboxShelf(database),
      send: async (change) => {
        sent.push(change);
        return receipt;
      },
    });
    expect(await outbox.add(change(4)).stored).toEqual(receipt);
    expect(sent).toEqual([1, 2, 3, 4].map(change));
    expect(await indexedDbOutboxShelf(database).list()).toEqual([]);
    await outbox.close();
  });

  test('places in the order are distinct over two connections', async () => {
    const name = freshName();
    const shelves = [freshDatabase(name), freshDatabase(name)].map(indexedDbOutboxShelf);
    const record = (n: number) => ({ idempotencyKey: `k${n}`, change: change(n), madeAt: '' });
    const orders = await Promise.all(Array.from({ length: 20 }, (_, n) => shelves[n % 2]!.add(record(n))));
    expect(new Set(orders).size).toBe(20);
    expect((await shelves[0]!.list()).length).toBe(20);
  });
});

describe('openStorage', () => {
  test('keeps in IndexedDB, one owner of the pages among two, and the other takes over', async () => {
    const name = freshName();
    const [one, two] = [await openStorage({ name }), await openStorage({ name })];
    expect([one.keeps, two.keeps]).toEqual(['indexeddb', 'indexeddb']);
    const page = await makePage('d/e/s/0/c1', 100);
    await two.pages.putMany([page]);
    expect(await one.pages.getMany([page.slot])).toEqual([undefined]);
    await one.pages.putMany([page]);
    expect(await two.pages.getMany([page.slot])).toEqual([page]);
    await one.close();
    const next = await makePage('d/e/s/1/c1', 100);
    await expect
      .poll(async () => {
        await two.pages.putMany([next]);
        return (await two.pages.report()).pages;
      })
      .toBe(2);
    await two.close();
  });

  test('two tabs writing: every change is sent once, in order, by one tab at a time', async () => {
    const name = freshName();
    const storages = [await openStorage({ name }), await openStorage({ name })];
    const keys: string[] = [];
    const receipts = new Map<string, number>();
    let sending = 0;
    const send = async (_: Change, key: string) => {
      expect(++sending).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      sending--;
      if (!receipts.has(key)) keys.push(key);
      receipts.set(key, receipts.get(key) ?? receipts.size + 1);
      return { version: receipts.get(key)!, asOf: '', appended: 1, updated: 0, deleted: 0 };
    };
    const tabs = storages.map(({ outbox, alone }) => openOutbox({ shelf: outbox, alone, send }));
    const change: Change = { kind: 'append', dataset: 't', rows: [{ n: 1 }] };
    const stored = Array.from({ length: 20 }, (_, n) => tabs[n % 2]!.add(change).stored);
    const versions = (await Promise.all(stored)).map(({ version }) => version);
    expect(new Set(versions).size).toBe(20);
    expect(keys).toHaveLength(20);
    await Promise.all(tabs.map((tab) => tab.close()));
    await Promise.all(storages.map((storage) => storage.close()));
  });

  const reasons: [string, () => IDBFactory | undefined][] = [
    ['missing', () => undefined],
    [
      'forbidden',
      () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    ],
    [
      'silent',
      () => Object.assign(Object.create(indexedDB) as IDBFactory, { open: () => new EventTarget() }),
    ],
  ];
  test.each(reasons)('IndexedDB %s: memory, and it says so', async (_, factory) => {
    const storage = await openStorage({ name: freshName(), indexedDB: factory, openMs: 50 });
    expect(storage.keeps).toBe('memory');
    expect(storage.reason).toMatch(/^Nothing is kept after this tab is closed: ./);
    const page = await makePage('d/e/s/0/c1', 100);
    await storage.pages.putMany([page]);
    expect(await storage.pages.getMany([page.slot])).toEqual([page]);
    await storage.small.set('a', 1);
    expect(await storage.small.get('a')).toBe(1);
    await storage.close();
  });
});
