import { afterEach, describe, expect, test } from 'vitest';
import { encodeNpy } from '../arrays/npy.ts';
import { openAnswer } from '../arrow/answer-table.ts';
import { columnFromLiterals } from '../arrow/build-column.ts';
import { ExaError } from '../protocol/errors.ts';
import type { FitRequest, FitResult } from '../protocol/fit.ts';
import type { DatasetSummary } from '../protocol/head.ts';
import type { Profile } from '../protocol/profile.ts';
import type { AggregateQuestion, RowsQuestion } from '../protocol/query.ts';
import { deleteDatabase } from '../storage/database.ts';
import { localPageCache } from '../storage/local-page-cache.ts';
import { type LocalStore, openLocalStore } from '../storage/local-store.ts';
import { memoryCache } from '../storage/memory-cache.ts';
import { openLocalArrays } from './arrays/local-arrays.ts';
import { withLocalArrays } from './arrays/with-local-arrays.ts';
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
  const opened = openLocalArrays({ name: arraysName });
  const arrays = async () => opened;
  const made = await bench(away, {
    cache,
    local: {
      store: withLocalArrays(local, arrays),
      cache: localPageCache(local.database, cache),
      arrays,
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

  test('an array is learnt from as a table is, and asked like one', async () => {
    const { client } = await withoutStore();
    const length = 70_000;
    const values = new Float64Array(3 * length);
    for (let i = 0; i < length; i++) {
      const [x, z] = [((i * 31) % 997) / 100, ((i * 17) % 503) / 50];
      values.set([x, z, 4 * x - 3 * z + 2], 3 * i);
    }
    const file = new Blob([
      encodeNpy({ dtype: 'float64', shape: [length, 3], order: 'F', values: inColumns(values, 3) }),
    ]);
    const id = await client.arrays.keep(new File([file], 'readings.npy'), 'readings');
    const dataset = `array:${id}`;
    const request: FitRequest = {
      dataset,
      features: ['c1', 'c2'],
      target: 'c3',
      estimator: { method: 'LinearRegression' },
      heldOut: 0,
    };
    const fitted = (asked: FitRequest) =>
      new Promise<FitResult>((resolve, reject) => {
        client.fits!.fit(asked, {
          result: (result) => result.stage === 'final' && resolve(result),
          failed: reject,
        });
      });
    const { picture, coverage } = await fitted(request);
    expect(coverage).toMatchObject({ blocks: 2, rows: length, used: length, from: 'here' });
    if (picture.kind !== 'regression') throw new Error(picture.kind);
    expect(picture.coefficients!.values[0]).toBeCloseTo(4, 9);
    expect(picture.coefficients!.values[1]).toBeCloseTo(-3, 9);
    const part = await fitted({ ...request, dataset: `${dataset}[66000:70000,0:3]` });
    expect(part.coverage).toMatchObject({ blocks: 1, rows: 4000 });
    const answer = await client.ask({
      kind: 'aggregate',
      dataset,
      where: { op: 'range', column: 'i', from: 69_990 },
      groupBy: [],
      measures: [{ id: 'sum', label: '', formula: 'sum(c1)', format: 'number' }],
    });
    const last = Array.from({ length: 10 }, (_, i) => values[3 * (69_990 + i)]!).reduce((a, b) => a + b);
    expect(Number(openAnswer(answer.bytes).value('sum', 0))).toBeCloseTo(last, 9);
    await expect(fitted({ ...request, dataset: `${dataset}[0:70001]` })).rejects.toThrow(
      'is no part of axis 0',
    );
    await client.arrays.drop(id);
    await expect(
      fitted({ ...request, features: ['c1'], seed: 2, dataset: `${dataset}[0:9000]` }),
    ).rejects.toThrow('no longer kept on this device');
  });
});

/** Rows of `width` numbers, column by column. */
function inColumns(values: Float64Array, width: number): Float64Array<ArrayBuffer> {
  const rows = values.length / width;
  return Float64Array.from(
    { length: values.length },
    (_, i) => values[(i % rows) * width + Math.floor(i / rows)]!,
  );
}
