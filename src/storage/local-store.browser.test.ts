import { afterEach, describe, expect, test } from 'vitest';
import { columnFromLiterals, literalAt } from '../arrow/build-column.ts';
import { decodePage } from '../arrow/page.ts';
import { applyPatch, decodePatch } from '../arrow/patch.ts';
import type { BatchPart } from '../protocol/batch.ts';
import type { VersionEvent } from '../protocol/change.ts';
import { blockRows, type ColumnType, type Literal } from '../protocol/column.ts';
import type { Head } from '../protocol/head.ts';
import type { ImportMode } from '../protocol/import-columns.ts';
import { liveColumn, slotText } from '../protocol/page.ts';
import type { Profile } from '../protocol/profile.ts';
import { deleteDatabase } from './database.ts';
import type { ImportBatch } from './local-import.ts';
import { localPageCache } from './local-page-cache.ts';
import { type LocalStore, openLocalStore } from './local-store.ts';
import { memoryCache } from './memory-cache.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

let counter = 0;
function freshName(): string {
  const name = `test/local/${counter++}/${Math.random()}`;
  closers.push(() => deleteDatabase(name));
  return name;
}

function fresh(name = freshName(), options: { locks?: LockManager } = {}): LocalStore {
  const store = openLocalStore({ name, ...options });
  closers.push(() => store.close());
  return store;
}

const types: Readonly<Record<string, ColumnType>> = {
  id: { kind: 'int32' },
  country: { kind: 'text' },
  amount: { kind: 'decimal', precision: 18, scale: 2 },
};

const profile: Profile = {
  part: 'table',
  label: 'Sales',
  grain: 'row',
  keys: ['id'],
  roles: { id: 'id', country: 'country' },
  labels: {},
  links: [],
  calculated: [],
  measures: [],
  zone: 'UTC',
  dimensions: ['country'],
};

function batchOf(
  rows: readonly Readonly<Record<string, Literal>>[],
  names = Object.keys(types),
): ImportBatch {
  const columns = Object.fromEntries(
    names.map((name) => [
      name,
      columnFromLiterals(
        types[name]!,
        rows.map((row) => row[name] ?? null),
      ),
    ]),
  );
  return { columns, rows: rows.length };
}

async function* stream(batches: readonly ImportBatch[]): AsyncGenerator<ImportBatch> {
  for (const batch of batches) yield batch;
}

function request(mode: ImportMode = 'create', names = Object.keys(types)) {
  return { name: 'Sales', mode, columns: names.map((name) => ({ name, type: types[name]! })), profile };
}

const three = [
  { id: 1, country: 'France', amount: '10.50' },
  { id: 2, country: 'Spain', amount: '-2.00' },
  { id: 3, country: null, amount: '7.25' },
];

async function partsOf(parts: AsyncIterable<BatchPart>): Promise<BatchPart[]> {
  const all: BatchPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

function pagesOf(store: LocalStore, head: Head, column: string, blocks: readonly number[]) {
  const { id: dataset, epoch } = head;
  return partsOf(store.batch({ items: [{ kind: 'pages', dataset, epoch, column, blocks }] }));
}

async function valuesOf(store: LocalStore, head: Head, name: string): Promise<Literal[]> {
  const column = head.columns.find((known) => known.name === name)!.id;
  const values: Literal[] = [];
  for (const part of await pagesOf(store, head, column, [...head.revisions.keys()])) {
    const data = decodePage(part.body);
    for (let i = 0; i < data.length; i++) values.push(literalAt(data, i));
  }
  return values;
}

describe('data sets kept in this browser', () => {
  test('an import is there whole, in one version, with its head and pages', async () => {
    const store = fresh();
    const done = await store.importRows(request(), stream([batchOf(three)]));
    expect(done).toMatchObject({ dataset: 'local-sales', version: 1, appended: 3 });
    const head = await store.head('local-sales');
    expect(head).toMatchObject({ version: 1, allocated: 3, revisions: [1], live: [3], scope: 'public' });
    expect(head.profile.keys).toEqual(['c1']);
    expect(await valuesOf(store, head, 'amount')).toEqual(['10.50', '-2.00', '7.25']);
    expect(await valuesOf(store, head, 'country')).toEqual(['France', 'Spain', null]);
    expect((await store.datasets()).datasets).toMatchObject([{ id: 'local-sales', rows: 3, name: 'Sales' }]);
  });

  test('batches of any size become blocks of 65,536 rows', async () => {
    const store = fresh();
    const rows = blockRows + 10;
    let next = 0;
    const batches = [1000, 40_000, rows - 41_000].map((size) =>
      batchOf(Array.from({ length: size }, () => ({ id: next++, country: `c${next % 5}`, amount: '1.00' }))),
    );
    await store.importRows(request(), stream(batches));
    const head = await store.head('local-sales');
    expect(head.live).toEqual([blockRows, 10]);
    const ids = await valuesOf(store, head, 'id');
    expect(ids.length).toBe(rows);
    expect(ids.every((id, i) => id === i)).toBe(true);
  });

  test('page at a revision plus the patch since is the page now: update, append, delete', async () => {
    const store = fresh();
    await store.importRows(request(), stream([batchOf(three)]));
    const before = await store.head('local-sales');
    const old = new Map<string, ReturnType<typeof decodePage>>();
    for (const { id } of before.columns)
      old.set(id, decodePage((await pagesOf(store, before, id, [0]))[0]!.body));
    await store.write(
      {
        kind: 'upsert',
        dataset: 'local-sales',
        rows: [
          { id: 2, amount: '99.00' },
          { id: 9, country: 'Italy' },
        ],
      },
      'k1',
    );
    const receipt = await store.write({ kind: 'delete', dataset: 'local-sales', rows: [{ id: 1 }] }, 'k2');
    expect(receipt).toMatchObject({ version: 3, deleted: 1 });
    const head = await store.head('local-sales');
    expect(head).toMatchObject({ allocated: 4, live: [3], revisions: [3] });
    const columns = head.columns.map(({ id }) => id);
    const { id: dataset, epoch } = head;
    const [part] = await partsOf(
      store.batch({ items: [{ kind: 'patch', dataset, epoch, columns, blocks: [{ block: 0, since: 1 }] }] }),
    );
    const patch = decodePatch(part!.body);
    expect([...patch.rows]).toEqual([0, 1, 3]);
    expect([...patch.live]).toEqual([0, 1, 1]);
    for (const id of columns) {
      const patched = applyPatch(old.get(id), 0, id, patch, 4);
      const now = decodePage((await pagesOf(store, head, id, [0]))[0]!.body);
      const values = (data: typeof now) => Array.from({ length: 4 }, (_, i) => literalAt(data, i));
      expect(values(patched)).toEqual(values(now));
    }
    const [live] = await pagesOf(store, head, liveColumn, [0]);
    const flags = decodePage(live!.body);
    expect(flags.kind === 'bool' && [...flags.values]).toEqual([0, 1, 1, 1]);
    expect(await valuesOf(store, head, 'amount')).toEqual([null, '99.00', '7.25', null]);
  });

  test('the same idempotency key is written once; other contents are a conflict', async () => {
    const store = fresh();
    await store.importRows(request(), stream([batchOf(three)]));
    const change = { kind: 'append', dataset: 'local-sales', rows: [{ id: 10 }] } as const;
    const first = await store.write(change, 'key');
    expect(await store.write(change, 'key')).toEqual(first);
    expect((await store.head('local-sales')).allocated).toBe(4);
    await expect(store.write({ ...change, rows: [{ id: 11 }] }, 'key')).rejects.toMatchObject({
      tag: 'conflict',
    });
  });

  test('an import that fails, is cancelled or repeats a key leaves nothing, not even pages', async () => {
    const store = fresh();
    const cut = async function* () {
      yield batchOf(three);
      throw new Error('The file ended.');
    };
    await expect(store.importRows(request(), cut())).rejects.toThrow('The file ended.');
    const twice = [...three, { id: 2, country: 'Spain', amount: '1.00' }];
    await expect(store.importRows(request(), stream([batchOf(twice)]))).rejects.toThrow(
      'Rows 2 and 4 have the same id',
    );
    const life = new AbortController();
    const abort = async function* () {
      yield batchOf(three);
      life.abort();
      yield batchOf(three);
    };
    await expect(store.importRows(request(), abort(), { signal: life.signal })).rejects.toMatchObject({
      tag: 'cancelled',
    });
    expect((await store.datasets()).datasets).toEqual([]);
    expect(await store.database.read((transaction) => transaction.keys('pages'))).toEqual([]);
  });

  test('replace gives a new epoch and drops the old pages; the old epoch is gone', async () => {
    const store = fresh();
    await store.importRows(request(), stream([batchOf(three)]));
    const before = await store.head('local-sales');
    await store.importRows(request('replace'), stream([batchOf(three.slice(0, 1))]));
    const head = await store.head('local-sales');
    expect(head.epoch).not.toBe(before.epoch);
    expect(head.columns).toEqual(before.columns);
    await expect(pagesOf(store, before, 'c1', [0])).rejects.toMatchObject({ tag: 'gone' });
    const keys = await store.database.read((transaction) => transaction.keys('pages'));
    expect(keys.length).toBe(3);
    await expect(store.importRows(request(), stream([batchOf(three)]))).rejects.toMatchObject({
      tag: 'conflict',
    });
  });

  test('an upsert by file updates, appends, and adds the columns that are new', async () => {
    const store = fresh();
    const names = ['id', 'amount'];
    await store.importRows(
      { ...request('create', names), profile: { ...profile, roles: {}, dimensions: [] } },
      stream([batchOf(three, names)]),
    );
    const done = await store.importRows(
      request('upsert'),
      stream([
        batchOf([
          { id: 3, country: 'Chile', amount: '1.00' },
          { id: 4, country: 'Peru', amount: '2.00' },
        ]),
      ]),
    );
    expect(done).toMatchObject({ appended: 1, updated: 1 });
    const head = await store.head('local-sales');
    expect(await valuesOf(store, head, 'country')).toEqual([null, null, 'Chile', 'Peru']);
    expect(await valuesOf(store, head, 'amount')).toEqual(['10.50', '-2.00', '1.00', '2.00']);
  });

  test('an append that repeats a key is refused in a sentence', async () => {
    const store = fresh();
    await store.importRows(request(), stream([batchOf(three)]));
    await expect(
      store.write({ kind: 'append', dataset: 'local-sales', rows: [{ id: 2 }] }, 'k'),
    ).rejects.toThrow('Row 1: there is a row with the key 2 already');
  });

  test('versions are told in order, also those of another tab', async () => {
    const name = freshName();
    const here = fresh(name);
    const there = fresh(name);
    const events: VersionEvent[] = [];
    const opened: number[] = [];
    const stop = here.changes(0, {
      event: (event) => events.push(event),
      open: ({ version }) => opened.push(version),
      reset: () => {},
      lost: () => {},
    });
    closers.push(stop);
    await there.importRows(request(), stream([batchOf(three)]));
    await there.write({ kind: 'upsert', dataset: 'local-sales', rows: [{ id: 1, amount: '0.00' }] }, 'k');
    await expect.poll(() => events.map(({ version }) => version)).toEqual([1, 2]);
    expect(events[0]).toMatchObject({ previous: 0, datasets: [{ headChanged: true, allocated: 3 }] });
    expect(events[1]).toMatchObject({
      previous: 1,
      datasets: [{ headChanged: false, blocks: [{ block: 0, live: 3 }] }],
    });
    expect(opened).toEqual([0]);
  });

  test('two tabs writing at once lose nothing', async () => {
    const name = freshName();
    const [here, there] = [fresh(name), fresh(name)];
    await here.importRows(request(), stream([batchOf(three)]));
    await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        (i % 2 ? here : there).write(
          { kind: 'append', dataset: 'local-sales', rows: [{ id: 100 + i, amount: '1.00' }] },
          `key ${i}`,
        ),
      ),
    );
    const head = await here.head('local-sales');
    expect(head).toMatchObject({ allocated: 13, version: 11 });
    expect(new Set(await valuesOf(here, head, 'id')).size).toBe(13);
  });

  test('what a killed import left is swept, what one holds is not', async () => {
    const name = freshName();
    const store = fresh(name);
    await store.importRows(request(), stream([batchOf(three)]));
    await store.database.write(async (transaction) => {
      transaction.put('pages', 'dead-stamp/0/c1', { checksum: '', bytes: new Uint8Array(8) });
    });
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const slow = async function* () {
      yield batchOf(Array.from({ length: blockRows }, (_, i) => ({ id: i, country: 'x', amount: '1.00' })));
      await held;
    };
    const importing = store.importRows({ ...request(), name: 'Slow' }, slow());
    const stamps = async () =>
      new Set(
        (await store.database.read((transaction) => transaction.keys('pages'))).map(
          (key) => String(key).split('/')[0]!,
        ),
      );
    await expect.poll(async () => (await stamps()).size).toBe(3);
    await store.sweep();
    expect((await stamps()).has('dead-stamp')).toBe(false);
    expect((await stamps()).size).toBe(2);
    go();
    const { dataset } = await importing;
    expect(await importing).toMatchObject({ appended: blockRows });
    // Once the sweep has looked at what it let go of.
    await navigator.locks.request(`${name}/${[...(await stamps())].at(-1)}`, () => undefined);
    expect(await valuesOf(store, await store.head(dataset), 'id')).toHaveLength(blockRows);
  });

  test('what a killed import still holds as the page opens is swept when it lets go', async () => {
    const name = freshName();
    const store = fresh(name);
    const pages = () => store.database.read((transaction) => transaction.keys('pages'));
    let end = () => {};
    const dying = new Promise<void>((resolve) => {
      end = resolve;
    });
    let holds = () => {};
    const held = new Promise<void>((resolve) => {
      holds = resolve;
    });
    const ended = navigator.locks.request(`${name}/dead-stamp`, () => {
      holds();
      return dying;
    });
    await held;
    await store.sweep();
    await store.database.write(async (transaction) => {
      transaction.put('pages', 'dead-stamp/0/c1', { checksum: '', bytes: new Uint8Array(8) });
    });
    await store.sweep();
    expect(await pages()).toEqual(['dead-stamp/0/c1']);
    end();
    await ended;
    await expect.poll(pages).toEqual([]);
  });

  test('a removed data set takes its pages along', async () => {
    const store = fresh();
    await store.importRows(request(), stream([batchOf(three)]));
    await store.drop('local-sales');
    await expect(store.head('local-sales')).rejects.toMatchObject({ tag: 'missing' });
    expect(await store.database.read((transaction) => transaction.keys('pages'))).toEqual([]);
  });

  test('as a page cache it has every page at the newest revision, and drops a damaged one', async () => {
    const store = fresh();
    await store.importRows(request(), stream([batchOf(three)]));
    const head = await store.head('local-sales');
    const cache = localPageCache(store.database, memoryCache(1e6));
    const slot = slotText({ dataset: head.id, epoch: head.epoch, scope: 'public', block: 0, column: 'c2' });
    expect(await cache.held([slot, slot.replace(head.epoch, 'other')])).toEqual([1, undefined]);
    const [page] = await cache.getMany([slot]);
    expect(decodePage(page!.bytes).length).toBe(3);
    await cache.putMany([
      { slot: `${head.id}/${head.epoch}/public/~k/0/0`, revision: 1, checksum: '', bytes: new Uint8Array(4) },
      { ...page!, revision: 99 },
    ]);
    expect(await cache.held([slot])).toEqual([1]);
    expect((await cache.report()).pages).toBe(1);
    await store.database.write(async (transaction) => {
      const [key] = await transaction.keys('pages', IDBKeyRange.lowerBound(''));
      const keys = await transaction.keys('pages');
      const mine = keys.find((known) => String(known).endsWith('/0/c2')) ?? key!;
      const kept = (await transaction.get('pages', mine)) as { checksum: string; bytes: Uint8Array };
      const bytes = kept.bytes.slice();
      bytes[bytes.length - 20]! ^= 1;
      transaction.put('pages', mine, { ...kept, bytes });
    });
    expect(await cache.getMany([slot])).toEqual([undefined]);
    expect(await cache.held([slot])).toEqual([undefined]);
    await expect(pagesOf(store, head, 'c2', [0])).rejects.toThrow('is damaged: import its file again');
  });
});
