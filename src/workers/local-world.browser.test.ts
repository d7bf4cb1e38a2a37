import { afterEach, describe, expect, test } from 'vitest';
import { openAnswer } from '../arrow/answer-table.ts';
import { columnFromLiterals } from '../arrow/build-column.ts';
import { ExaError } from '../protocol/errors.ts';
import type { DatasetSummary } from '../protocol/head.ts';
import type { Profile } from '../protocol/profile.ts';
import type { AggregateQuestion, RowsQuestion } from '../protocol/query.ts';
import { deleteDatabase } from '../storage/database.ts';
import { localPageCache } from '../storage/local-page-cache.ts';
import { type LocalStore, openLocalStore } from '../storage/local-store.ts';
import { memoryCache } from '../storage/memory-cache.ts';
import { openLocalArrays } from './arrays/local-arrays.ts';
import { bench } from './coordinator.testing.ts';
import { fakeStore } from './fake-store.testing.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const profile: Profile = {
  part: 'orders',
  label: 'Sales',
  grain: 'order',
  keys: ['id'],
  roles: { id: 'id' },
  labels: {},
  links: [],
  calculated: [],
  measures: [],
  zone: 'UTC',
  dimensions: ['country'],
};
const rows = 70_000;
const countries = ['France', 'Spain', 'Italy'];

async function filled(): Promise<LocalStore> {
  const name = `test/world/${Math.random()}`;
  const local = openLocalStore({ name });
  closers.push(
    () => deleteDatabase(name),
    () => local.close(),
  );
  const ids = Array.from({ length: rows }, (_, i) => i);
  const columns = {
    id: columnFromLiterals({ kind: 'int32' }, ids),
    country: columnFromLiterals(
      { kind: 'text' },
      ids.map((i) => countries[i % 3]!),
    ),
  };
  const types = [
    { name: 'id', type: { kind: 'int32' } as const },
    { name: 'country', type: { kind: 'text' } as const },
  ];
  await local.importRows(
    { name: 'Sales', mode: 'create', columns: types, profile },
    (async function* () {
      yield { columns, rows };
    })(),
  );
  return local;
}

/** A page whose store was never there. */
async function withoutStore() {
  const away = await fakeStore({ rows: 0, columns: [] });
  away.down = new ExaError('offline', 'The store cannot be reached.');
  const local = await filled();
  const cache = memoryCache(64 * 2 ** 20);
  const arraysName = `test/arrays/${Math.random()}`;
  closers.push(() => deleteDatabase(arraysName));
  const made = await bench(away, {
    cache,
    local: {
      store: local,
      cache: localPageCache(local.database, cache),
      arrays: async () => openLocalArrays({ name: arraysName }),
    },
  });
  closers.push(() => made.close());
  return { ...made, local, cache };
}

const byCountry: AggregateQuestion = {
  kind: 'aggregate',
  dataset: 'local-sales',
  groupBy: [{ by: 'value', column: 'c2' }],
  measures: [{ id: 'n', label: '', formula: 'count()', format: 'count' }],
};

describe('data sets of this browser, without any store', () => {
  test('are listed, answered, settled and live', async () => {
    const { client, cache } = await withoutStore();
    const list = await new Promise<readonly DatasetSummary[]>((resolve) => {
      client.datasets({ next: (datasets) => datasets.length > 0 && resolve(datasets) });
    });
    expect(list).toMatchObject([{ id: 'local-sales', rows }]);
    const answer = await client.ask(byCountry);
    expect(answer.coverage).toMatchObject({ settled: true, mixed: false, rows, rowsTotal: rows });
    const table = openAnswer(answer.bytes);
    const counts = Object.fromEntries(
      Array.from({ length: table.rows }, (_, i) => [table.value('g0', i), table.value('n', i)]),
    );
    expect(Object.values(counts).map(Number).sort()).toEqual([23_333, 23_333, 23_334]);
    // Pages are kept once: only partials are cache.
    const { datasets } = await cache.report();
    expect(datasets.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(20_000);
  });

  test('windows of rows in any order', async () => {
    const { client } = await withoutStore();
    const window: RowsQuestion = {
      kind: 'rows',
      dataset: 'local-sales',
      order: [{ column: 'c1', descending: true }],
      columns: ['c1', 'c2'],
      offset: 10,
      limit: 3,
    };
    const table = openAnswer((await client.ask(window)).bytes);
    expect(Array.from({ length: 3 }, (_, i) => Number(table.value('c1', i)))).toEqual([
      69_989, 69_988, 69_987,
    ]);
  });

  test('a write is stored at once and answered anew', async () => {
    const { client, watch } = await withoutStore();
    const live = watch(byCountry);
    await live.until((event) => event.kind === 'answer' && event.final);
    const { stored } = client.write({
      kind: 'upsert',
      dataset: 'local-sales',
      rows: [{ id: 0, country: 'Peru' }],
    });
    expect(await stored).toMatchObject({ updated: 1 });
    const event = await live.until(
      (next) => next.kind === 'answer' && next.final && openAnswer(next.bytes).rows === 4,
    );
    expect(event.kind === 'answer' && event.coverage.settled).toBe(true);
    live.stop();
  });

  test('are deleted for good; those of the store are not deleted here', async () => {
    const { client, local } = await withoutStore();
    await expect(client.drop('t')).rejects.toMatchObject({ tag: 'refused' });
    await client.drop('local-sales');
    expect((await local.datasets()).datasets).toEqual([]);
    await expect(client.ask(byCountry)).rejects.toMatchObject({ tag: 'missing' });
  });

  test('stand in the report of what is kept here, arrays too, under their names', async () => {
    const { client } = await withoutStore();
    const numbers = Array.from({ length: 2000 }, (_, i) => `${i},${-i}`).join('\n');
    const array = await client.arrays.keep(new Blob([numbers]), 'Readings');
    const { datasets } = await client.storage();
    expect(datasets.map(({ id, name }) => ({ id, name }))).toEqual([
      { id: 'local-sales', name: 'Sales' },
      { id: array, name: 'Readings' },
    ]);
    expect(datasets[1]!.bytes).toBeGreaterThanOrEqual(2000 * 2 * 8);
    await client.arrays.drop(array);
    expect((await client.storage()).datasets.map(({ id }) => id)).toEqual(['local-sales']);
  });
});
