import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodePage } from '../../src/arrow/page.ts';
import { blockRows } from '../../src/protocol/column.ts';
import type { FitRequest, FitResult } from '../../src/protocol/fit.ts';
import { parseFitLine } from '../../src/protocol/fit-wire.ts';
import type { Head } from '../../src/protocol/head.ts';
import type { Callers } from '../http/caller.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import { scopeOf } from '../scope/scope.ts';

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

async function pageOf(head: Head, column: string, block: number) {
  const { id, epoch, scope, revisions } = head;
  const answer = await store.app.inject(
    `/api/pages/${encodeURIComponent(id)}/${epoch}/${scope}/0/${block}/${column}/${revisions[block]}`,
  );
  expect(answer.statusCode, answer.body).toBe(200);
  return decodePage(new Uint8Array(answer.rawPayload));
}

const headAt = async (dataset: string) =>
  store.app.inject(`/api/datasets/${encodeURIComponent(dataset)}/head`);

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
  expect(head.columns.map(({ name }) => name)).toEqual(['index', 'column 0', 'column 1', 'column 2']);
  expect((await get('/datasets')).json<{ datasets: object[] }>().datasets).toEqual([]);
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
  const page = await pageOf(head, 'c2', 1);
  if (page.kind !== 'float64') throw new Error(page.kind);
  expect([...page.values]).toEqual(Array.from({ length: 700 }, (_, i) => b(blockRows + i)));
});

test('a part of an array larger than any table is a table of its own', async () => {
  const size = 10n ** 18n;
  const { array } = await store.arrays.create(
    { name: 'huge', shape: [size, 300n], dtype: 'float32', chunk: [1024, 8], fill: 'NaN' },
    { fingerprint: 'huge' },
  );
  const start = size - 2000n;
  const values = Float32Array.from({ length: 4 * 500 }, (_, i) => i / 4);
  await store.arrays.write(
    array,
    [
      { kind: 'slice', start: start + 100n, stop: start + 600n },
      { kind: 'slice', start: 290n, stop: 294n },
    ],
    'float32',
    values,
    { fingerprint: 'written' },
  );
  const whole = await headAt(`array:${array}`);
  expect(whole.statusCode).toBe(403);
  expect(whole.json<{ detail: string }>().detail).toMatch(/cannot be read as a table.*Name a part of it/);
  const dataset = `array:${array}[${start}:${size},250:300]`;
  const head = (await headAt(dataset)).json<Head>();
  expect(head).toMatchObject({ allocated: 2000, live: [2000], id: dataset });
  expect(head.columns[1]).toEqual({ id: 'c251', name: 'column 250', type: { kind: 'float64' } });
  expect(head.columns).toHaveLength(51);
  const [index, written, empty] = [
    await pageOf(head, 'i', 0),
    await pageOf(head, 'c292', 0),
    await pageOf(head, 'c300', 0),
  ];
  expect(index.kind === 'int64' && index.values[1999]).toBe(size - 1n);
  expect(written.kind === 'float64' && [...written.values.subarray(99, 102)]).toEqual([
    Number.NaN,
    0.25,
    1.25,
  ]);
  expect(empty.kind === 'float64' && empty.values.every(Number.isNaN)).toBe(true);
  for (const [wrong, why] of [
    [`array:${array}[5:5]`, 'is no part of axis 0'],
    [`array:${array}[0:10,299:301]`, 'is no part of axis 1'],
    [`array:${array}[0:10,0:10,0:10]`, 'names no part of an array'],
    [`array:${array}[a:b]`, 'names no part of an array'],
  ] as const) {
    const answer = await headAt(wrong);
    expect(answer.statusCode, wrong).toBe(422);
    expect(answer.json<{ detail: string }>().detail).toContain(why);
  }
});

test('an array that is no table is refused in a sentence, and one in a table’s place is not written as one', async () => {
  const made = await store.arrays.create(
    { name: 'cube', shape: [4n, 4n, 4n], dtype: 'float64' },
    { fingerprint: 'cube' },
  );
  const answer = await headAt(`array:${made.array}`);
  expect(answer.statusCode).toBe(403);
  expect(answer.body).toContain('cannot be read as a table');
  expect((await headAt('array:none')).statusCode).toBe(404);
  const written = await store.app.inject({
    method: 'POST',
    url: `/api/datasets/array:${id}/rows?mode=append`,
    headers: { 'idempotency-key': 'row', 'content-type': 'application/x-ndjson' },
    payload: '{"c1":1}',
  });
  expect(written.statusCode).toBe(403);
  expect(written.body).toContain('it is written and dropped as an array');
  const dropped = await store.app.inject({ method: 'DELETE', url: `/api/datasets/array:${id}` });
  expect(dropped.statusCode).toBe(403);
  expect((await headAt(`array:${id}`)).statusCode).toBe(200);
});

test('with accounts an array in a table’s place is seen by whoever sees the array', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'exanalytics-array-rights-'));
  const callers: Callers = ({ headers }) => ({
    scope: scopeOf([[{ arrays: headers['x-who'] === 'ann' ? ['readings'] : [], role: 'reader' }]]),
    expires: Date.now() + 60_000,
  });
  const shut = await openStore({ data: folder, release: '0.0.0-test', warn: () => {}, callers });
  try {
    const { array } = await shut.arrays.create(
      { name: 'readings', shape: [200n, 2n], dtype: 'float64' },
      { fingerprint: 'r' },
    );
    const values = Float64Array.from({ length: 400 }, (_, i) => ((i * 31) % 97) / 7);
    await shut.arrays.write(array, [], 'float64', values, { fingerprint: 'w' });
    const ask = (who: string) =>
      shut.app.inject({
        method: 'POST',
        url: '/api/fits',
        headers: { 'x-who': who },
        payload: { dataset: `array:${array}`, features: ['c1', 'c2'], estimator: { method: 'PCA' } },
      });
    const seen = (await ask('ann')).body.trimEnd().split('\n').map(parseFitLine);
    const [result] = seen.flatMap((line) => (line !== 'end' && line.kind === 'result' ? [line.result] : []));
    expect(result!.coverage).toMatchObject({ rows: 200, used: 200 });
    expect((await ask('bob')).body).toContain('"status":404');
    for (const [who, status] of [
      ['ann', 200],
      ['bob', 404],
    ] as const) {
      const head = await shut.app.inject({
        url: `/api/datasets/array:${array}/head`,
        headers: { 'x-who': who },
      });
      expect(head.statusCode).toBe(status);
      if (status === 200) expect(head.json<Head>().scope).not.toBe('public');
    }
  } finally {
    await shut.close();
    await rm(folder, { recursive: true, force: true });
  }
});
