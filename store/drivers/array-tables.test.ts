import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockRows } from '../../src/protocol/column.ts';
import type { FitRequest, FitResult } from '../../src/protocol/fit.ts';
import { parseFitLine } from '../../src/protocol/fit-wire.ts';
import type { Head } from '../../src/protocol/head.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import { withArrayTables } from './array-tables.ts';

const rows = blockRows + 700;
const noise = (i: number) => ((i * 7919) % 1013) / 1013;
const a = (i: number) => ((i * 31) % 997) / 100;
const b = (i: number) => ((i * 17) % 503) / 50;

let directory: string;
let store: OpenStore;
let id: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-array-tables-'));
  store = await openStore({ data: directory, release: '0.0.0-test', warn: () => {} });
  const made = await store.arrays.create(
    { name: 'readings', shape: [BigInt(rows), 3n], dtype: 'float64', chunk: [4096, 2] },
    { fingerprint: 'made' },
  );
  id = made.array;
  const values = new Float64Array(3 * rows);
  for (let i = 0; i < rows; i++) values.set([a(i), b(i), 4 * a(i) - 3 * b(i) + noise(i)], 3 * i);
  await store.arrays.write(id, [], 'float64', values, { fingerprint: 'filled' });
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const driverOf = () => withArrayTables(store.driver, store.arrays);

async function fitted(request: Omit<FitRequest, 'dataset'>): Promise<FitResult> {
  const answer = await store.app.inject({
    method: 'POST',
    url: '/api/fits',
    payload: { dataset: `array:${id}`, ...request },
  });
  expect(answer.statusCode, answer.body).toBe(200);
  const lines = answer.body.trimEnd().split('\n').map(parseFitLine);
  const results = lines.flatMap((line) => (line !== 'end' && line.kind === 'result' ? [line.result] : []));
  return results.at(-1)!;
}

test('an array’s columns are the data of a fit', async () => {
  const request = {
    features: ['c1', 'c2'],
    target: 'c3',
    estimator: { method: 'LinearRegression' as const },
    heldOut: 0,
  };
  const { picture, coverage } = await fitted(request);
  expect(coverage).toMatchObject({ rows, used: rows, blocks: 2, from: 'store' });
  if (picture.kind !== 'regression') throw new Error(picture.kind);
  expect(picture.coefficients!.values[0]).toBeCloseTo(4, 2);
  expect(picture.coefficients!.values[1]).toBeCloseTo(-3, 2);
  await store.arrays.write(
    id,
    [{ kind: 'slice' }, { kind: 'at', at: 2n }],
    'float64',
    Float64Array.from({ length: rows }, (_, i) => a(i) + 7),
    { fingerprint: 'changed' },
  );
  const after = (await fitted(request)).picture;
  if (after.kind !== 'regression') throw new Error(after.kind);
  expect(after.coefficients!.values[0]).toBeCloseTo(1, 9);
  expect(after.coefficients!.values[1]).toBeCloseTo(0, 9);
  expect(after.intercept).toBeCloseTo(7, 9);
});

test('its head, pages and patches are those of a table; it is not listed', async () => {
  const get = (path: string) => store.app.inject(`/api${path}`);
  const head = (await get(`/datasets/array:${id}/head`)).json<Head>();
  expect(head).toMatchObject({ name: 'readings', allocated: rows, live: [blockRows, 700] });
  expect(head.columns.map(({ name }) => name)).toEqual(['column 0', 'column 1', 'column 2']);
  expect(driverOf().datasets()).toEqual([]);
  const batch = await store.app.inject({
    method: 'POST',
    url: '/api/batch',
    payload: {
      items: [
        { kind: 'pages', dataset: head.id, epoch: head.epoch, column: 'c2', blocks: [1] },
        {
          kind: 'patch',
          dataset: head.id,
          epoch: head.epoch,
          columns: ['c1'],
          blocks: [{ block: 1, since: head.revisions[1]! - 1 }],
        },
      ],
    },
  });
  expect(batch.statusCode).toBe(200);
  const counted = await store.app.inject({
    method: 'POST',
    url: '/api/query',
    payload: {
      kind: 'aggregate',
      dataset: head.id,
      groupBy: [],
      measures: [{ id: 'n', label: 'n', formula: 'sum(c1)', format: 'number' }],
    },
  });
  expect(counted.statusCode, counted.body).toBe(200);
  const page = await driverOf().snapshot((tables) => tables.readBlock(head.id, 'c2', 1));
  if (page.kind !== 'float64') throw new Error(page.kind);
  expect([...page.values]).toEqual(Array.from({ length: 700 }, (_, i) => b(blockRows + i)));
});

test('an array that is no table is refused in a sentence', async () => {
  const made = await store.arrays.create(
    { name: 'huge', shape: [10n ** 18n, 2n], dtype: 'float64' },
    { fingerprint: 'huge' },
  );
  const answer = await store.app.inject(`/api/datasets/array:${made.array}/head`);
  expect(answer.statusCode).toBe(403);
  expect(answer.body).toContain('cannot be read as a table');
  expect((await store.app.inject('/api/datasets/array:none/head')).statusCode).toBe(404);
});
