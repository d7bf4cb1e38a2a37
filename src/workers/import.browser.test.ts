import { afterEach, describe, expect, test } from 'vitest';
import type { ImportPlan, ImportProgress } from '../protocol/import.ts';
import type { ImportCalls } from '../protocol/import-messages.ts';
import { deleteDatabase } from '../storage/database.ts';
import { type LocalStore, openLocalStore } from '../storage/local-store.ts';
import { openImportClient } from './import-client.ts';
import { importHandlers } from './import-handlers.ts';
import { type Caller, callerOver, serve, type Wire, wireOf } from './rpc.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function freshLocal(name: string): LocalStore {
  const local = openLocalStore({ name });
  closers.push(() => local.close());
  return local;
}

/** An import worker on this thread over data sets of its own. */
function worker(): { readonly wire: () => Wire; readonly local: LocalStore } {
  const name = `test/import/${Math.random()}`;
  closers.push(() => deleteDatabase(name));
  const local = freshLocal(name);
  const wire = () => {
    const { port1, port2 } = new MessageChannel();
    serve(wireOf(port2), importHandlers({ openLocal: () => freshLocal(name) }));
    return wireOf(port1);
  };
  return { wire, local };
}

async function opened(
  text: string,
  name = 'sales.csv',
): Promise<{ caller: Caller<ImportCalls>; local: LocalStore }> {
  const { wire, local } = worker();
  const caller = callerOver<ImportCalls>(wire());
  await caller.call('open', {
    file: new Blob([text]),
    name,
    account: 'public',
    storeUrl: 'http://127.0.0.1:1',
  });
  return { caller, local };
}

const plan: ImportPlan = { name: 'Sales', place: 'here', mode: 'create', decisions: {} };

describe('the import worker', () => {
  test('looks at a file: types, roles, first rows, and what cannot be decided', async () => {
    const lines = Array.from(
      { length: 100 },
      (_, i) => `${i},2011-02-${String((i % 28) + 1).padStart(2, '0')},${i}.50`,
    );
    lines[50] = '50,31/02/2011,1.00';
    const { caller } = await opened(`order_id,date,amount\n${lines.join('\n')}\n`);
    const first = await caller.call('preview', { decisions: {} });
    expect(first).toMatchObject({ name: 'Sales', rows: 100, format: 'csv' });
    expect(first.columns.map(({ type }) => type.kind)).toEqual(['int32', 'date', 'decimal']);
    expect(first.sample[0]).toEqual(['0', '2011-02-01', '0.50']);
    expect(first.doubts).toEqual([{ kind: 'not-a-date', column: 'date', row: 51, value: '31/02/2011' }]);
    const text = await caller.call('preview', { decisions: { types: { date: { kind: 'text' } } } });
    expect(text.doubts).toEqual([]);
    expect(text.columns[1]).toMatchObject({ type: { kind: 'text' }, inferred: { kind: 'date' } });
    const role = await caller.call('preview', {
      decisions: { bad: 'skip', roles: { amount: 'price' }, part: 'products' },
    });
    expect(role.profile).toMatchObject({ part: 'products', roles: { price: 'amount' } });
    expect(role.doubts).toEqual([]);
  });

  test('stores here what was decided, with progress; rows that do not fit are left out and counted', async () => {
    const { caller, local } = await opened(
      'id,day\n1,2011-02-01\n2,31/02/2011\n3,2011-02-03\n4,2011-02-03\n5,2011-02-03\n6,2011-02-03\n7,2011-02-03\n8,2011-02-03\n9,2011-02-03\n10,2011-02-03\n11,2011-02-04\n',
    );
    await expect(caller.call('store', { plan })).rejects.toMatchObject({ tag: 'invalid', facts: { row: 2 } });
    expect((await local.datasets()).datasets).toEqual([]);
    const told: ImportProgress[] = [];
    const done = await caller.call(
      'store',
      { plan: { ...plan, decisions: { bad: 'skip' } } },
      { next: (progress) => told.push(progress) },
    );
    expect(done).toMatchObject({ dataset: 'local-sales', appended: 10, skipped: 1 });
    expect(told.at(-1)).toMatchObject({ phase: 'store', rowsTotal: 11 });
  });

  test('says what an update would change, then does just that', async () => {
    const { wire, local } = worker();
    const open = async (text: string) => {
      const caller = callerOver<ImportCalls>(wire());
      await caller.call('open', {
        file: new Blob([text]),
        name: 'sales.csv',
        account: 'public',
        storeUrl: 'http://127.0.0.1:1',
      });
      return caller;
    };
    await (await open('id,units\n1,10\n2,20\n')).call('store', { plan });
    const caller = await open('id,units,note\n2,21,x\n3,30,\n');
    const merge: ImportPlan = { ...plan, mode: 'upsert', dataset: 'local-sales' };
    expect(await caller.call('difference', { plan: merge })).toMatchObject({
      rowsThere: 2,
      updated: 1,
      appended: 1,
      newColumns: ['note'],
      missingColumns: [],
      keys: ['id'],
    });
    expect((await local.head('local-sales')).version).toBe(1);
    expect(await caller.call('store', { plan: merge })).toMatchObject({ updated: 1, appended: 1 });
    const head = await local.head('local-sales');
    expect(head.columns.map(({ name }) => name)).toEqual(['id', 'units', 'note']);
    expect(head.live).toEqual([3]);
  });

  test('cancelled half way, nothing is stored', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},${i % 7}`).join('\n');
    const { caller, local } = await opened(`id,units\n${rows}\n`);
    const life = new AbortController();
    const storing = caller.call(
      'store',
      { plan },
      { signal: life.signal, next: ({ rows }) => rows > 0 && life.abort() },
    );
    await expect(storing).rejects.toMatchObject({ tag: 'cancelled' });
    const keys = () => local.database.read((transaction) => transaction.keys('pages'));
    await expect.poll(async () => (await keys()).length).toBe(0);
    expect((await local.datasets()).datasets).toEqual([]);
  });

  test('a store that is not there is one sentence', async () => {
    const { caller } = await opened('id\n1\n');
    await expect(caller.call('store', { plan: { ...plan, place: 'store' } })).rejects.toMatchObject({
      tag: 'offline',
    });
  });

  test('runs off this thread, and asks for persistence once', async () => {
    let asked = 0;
    const client = openImportClient({
      storeUrl: 'http://127.0.0.1:1',
      persist: async () => {
        asked++;
      },
    });
    const job = client.open(new Blob(['id,units\n1,10\n']), 'sales.csv');
    closers.push(() => job.close());
    expect(await job.preview({})).toMatchObject({ rows: 1, name: 'Sales' });
    expect(asked).toBe(0);
    const { wire } = worker();
    const here = openImportClient({ storeUrl: '', start: wire, persist: async () => void asked++ });
    for (const name of ['A', 'B']) {
      const one = here.open(new Blob(['id\n1\n']), 'one.csv');
      await one.store({ ...plan, name });
      one.close();
    }
    expect(asked).toBe(1);
  });
});
