import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Values, valuesOf } from '../../src/arrays/dtype.ts';
import { decodeNpy, encodeNpy, npyType } from '../../src/arrays/npy.ts';
import { decodeCells } from '../../src/arrays/pyramid/cells-page.ts';
import { loadChecksum } from '../../src/arrow/checksum.ts';
import { decodeElements } from '../../src/arrow/elements-page.ts';
import { decodeBatch } from '../../src/arrow/read-batch.ts';
import type { ArrayHead } from '../../src/protocol/array.ts';
import type { BatchPart } from '../../src/protocol/batch.ts';
import { parseVersionEvent } from '../../src/protocol/parse-change.ts';
import { type OpenStore, openStore } from '../open-store.ts';

let store: OpenStore;
let app: FastifyInstance;
let directory: string;
let keys = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-array-http-'));
  store = await openStore({ data: directory, release: '0.0.0-test', warn: () => undefined });
  ({ app } = store);
});

afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const key = () => ({ 'idempotency-key': `k${keys++}` });

async function create(spec: object): Promise<string> {
  const reply = await app.inject({ method: 'POST', url: '/api/arrays', headers: key(), payload: spec });
  expect(reply.statusCode, reply.body).toBe(200);
  return reply.json<{ array: string }>().array;
}

async function headOf(id: string): Promise<ArrayHead> {
  return (await app.inject(`/api/arrays/${id}/head`)).json<ArrayHead>();
}

function npy(values: Values, shape: number[]) {
  return Buffer.from(encodeNpy({ dtype: 'float64', shape, order: 'C', values }));
}

async function put(id: string, at: string, values: number[], shape = [values.length]) {
  return await app.inject({
    method: 'PUT',
    url: `/api/arrays/${id}/values?at=${encodeURIComponent(at)}`,
    headers: { ...key(), 'content-type': npyType },
    payload: npy(Float64Array.from(values), shape),
  });
}

async function batch(
  id: string,
  items: { level: number; chunks: number[][] }[],
  epoch?: string,
): Promise<BatchPart[]> {
  const reply = await app.inject({
    method: 'POST',
    url: `/api/arrays/${id}/batch`,
    payload: { epoch: epoch ?? (await headOf(id)).epoch, items },
  });
  expect(reply.statusCode, reply.body.slice(0, 300)).toBe(200);
  const parts: BatchPart[] = [];
  for await (const part of decodeBatch(
    (async function* () {
      yield new Uint8Array(reply.rawPayload);
    })(),
  ))
    parts.push(part);
  return parts;
}

describe('arrays over HTTP', () => {
  it('carries an array of 10^18 rows: head, write, values, levels, event', async () => {
    const events: unknown[] = [];
    store.driver.onVersion((event) => events.push(JSON.parse(JSON.stringify(event))));
    const id = await create({ name: 'far', shape: ['1e18', 2], dtype: 'float64', fill: 'NaN' });
    expect((await headOf(id)).shape).toEqual(['1000000000000000000', '2']);
    const written = await put(id, '999999999999999998:', [1, 2, 3, 4], [2, 2]);
    expect(written.json()).toMatchObject({ updated: 4 });
    const read = await app.inject(`/api/arrays/${id}/values?at=-3:`);
    const dense = decodeNpy(read.rawPayload);
    expect(dense.shape).toEqual([3, 2]);
    expect([...dense.values]).toEqual([Number.NaN, Number.NaN, 1, 2, 3, 4]);
    const [root, hole] = await batch(id, [
      { level: 17, chunks: [[0, 0]] },
      { level: 0, chunks: [[5, 0]] },
    ]);
    const checksum = await loadChecksum();
    expect(checksum(root!.body)).toBe(root!.checksum);
    expect([...decodeCells(root!.body).counts]).toEqual([2n, 2n]);
    expect([hole!.revision, hole!.body.length]).toEqual([0, 0]);
    const last = parseVersionEvent(events.at(-1), '');
    expect(last.arrays).toEqual([
      { id, epoch: (await headOf(id)).epoch, headChanged: false, chunks: [[61_035_156_249_999, 0]] },
    ]);
  });

  it('appends, resizes, rechunks, summarises, checkpoints, drops', async () => {
    const id = await create({ name: 'small', shape: [2, 2], dtype: 'float64' });
    const appended = await app.inject({
      method: 'POST',
      url: `/api/arrays/${id}/append`,
      headers: { ...key(), 'content-type': npyType },
      payload: npy(Float64Array.of(5, 6), [1, 2]),
    });
    expect(appended.statusCode, appended.body).toBe(200);
    expect((await headOf(id)).shape).toEqual(['3', '2']);
    const resized = await app.inject({
      method: 'PUT',
      url: `/api/arrays/${id}/shape`,
      headers: key(),
      payload: { shape: [4, 2] },
    });
    expect(resized.statusCode, resized.body).toBe(200);
    const rechunked = await app.inject({
      method: 'POST',
      url: `/api/arrays/${id}/rechunk`,
      payload: { chunk: [1, 2] },
    });
    expect(rechunked.body.trim().split('\n').at(-1)).toMatch(/^\{"result":\{"version":\d+/);
    expect((await headOf(id)).chunk).toEqual([1, 2]);
    const values = decodeNpy((await app.inject(`/api/arrays/${id}/values`)).rawPayload);
    expect([...values.values]).toEqual([0, 0, 0, 0, 5, 6, 0, 0]);
    const [part] = await batch(id, [{ level: 0, chunks: [[2, 0]] }]);
    const elements = decodeElements(part!.body);
    expect([...valuesOf(elements.dtype, elements.bytes)]).toEqual([5, 6]);
    for (const step of ['summarise', 'checkpoint']) {
      const reply = await app.inject({ method: 'POST', url: `/api/arrays/${id}/${step}` });
      expect(reply.body.trim().split('\n').at(-1)).toMatch(/^\{"result":/);
    }
    expect((await app.inject({ method: 'DELETE', url: `/api/arrays/${id}` })).statusCode).toBe(204);
    expect((await app.inject(`/api/arrays/${id}/head`)).statusCode).toBe(404);
  });

  it('imports whole', async () => {
    const begun = await app.inject({
      method: 'POST',
      url: '/api/array-imports',
      payload: { name: 'imported', shape: [5], dtype: 'float64' },
    });
    const { id } = begun.json<{ id: string }>();
    const sent = await app.inject({
      method: 'PUT',
      url: `/api/array-imports/${id}/values?at=1:4`,
      headers: { 'content-type': npyType },
      payload: npy(Float64Array.of(1, 2, 3), [3]),
    });
    expect(sent.statusCode, sent.body).toBe(204);
    expect((await app.inject('/api/arrays/imported/head')).statusCode).toBe(404);
    const committed = await app.inject({ method: 'POST', url: `/api/array-imports/${id}/commit` });
    expect(committed.json()).toMatchObject({ array: 'imported', updated: 3 });
    const listed = (await app.inject('/api/arrays')).json<{ arrays: ArrayHead[] }>();
    expect(listed.arrays.map(({ name }) => name)).toContain('imported');
  });

  it.each<[string, InjectOptions, number, RegExp]>([
    [
      'a negative size',
      { method: 'POST', url: '/api/arrays', payload: { name: 'x', shape: [-1], dtype: 'int8' } },
      422,
      /axis 0 is -1: a size cannot be negative/,
    ],
    [
      'a fractional size',
      { method: 'POST', url: '/api/arrays', payload: { name: 'x', shape: [1.5], dtype: 'int8' } },
      422,
      /axis 0 must be a whole number/,
    ],
    [
      'a size past 2^63',
      { method: 'POST', url: '/api/arrays', payload: { name: 'x', shape: ['2**63'], dtype: 'int8' } },
      422,
      /at most 2\^63 − 1 elements/,
    ],
    [
      'an unknown type',
      { method: 'POST', url: '/api/arrays', payload: { name: 'x', shape: [1], dtype: 'complex64' } },
      422,
      /no element type \\"complex64\\" here/,
    ],
    [
      'an unclear index',
      { method: 'GET', url: '/api/arrays/imported/values?at=a:b' },
      422,
      /“a:b” in the index/,
    ],
    ['no array', { method: 'GET', url: '/api/arrays/nope/values' }, 404, /no array called nope/],
    [
      'no .npy',
      {
        method: 'PUT',
        url: '/api/arrays/imported/values',
        headers: { 'content-type': npyType },
        payload: 'hello',
      },
      422,
      /not a .npy file/,
    ],
    [
      'another type',
      {
        method: 'PUT',
        url: '/api/arrays/imported/values',
        headers: { 'content-type': npyType },
        payload: Buffer.from(
          encodeNpy({ dtype: 'int32', shape: [5], order: 'C', values: new Int32Array(5) }),
        ),
      },
      422,
      /imported holds float64 and the values are int32: convert them to float64 first/,
    ],
    [
      'an index out of range',
      { method: 'GET', url: '/api/arrays/imported/values?at=5' },
      422,
      /no element 5 along axis 0: it has 5 elements, 0 to 4/,
    ],
    [
      'a growth past 2^63',
      { method: 'PUT', url: '/api/arrays/imported/shape', payload: { shape: ['1e19'] } },
      422,
      /at most 2\^63 − 1 elements/,
    ],
    [
      'a chunk before the first',
      {
        method: 'POST',
        url: '/api/arrays/imported/batch',
        payload: { epoch: 'x', items: [{ level: 0, chunks: [[-1]] }] },
      },
      422,
      /items\[0\]\.chunks\[0\]\[0\]” in the request must be >= 0/,
    ],
    [
      'an old epoch',
      { method: 'POST', url: '/api/arrays/imported/batch', payload: { epoch: 'old', items: [] } },
      410,
      /was replaced: read its head again/,
    ],
    [
      'a million chunks',
      {
        method: 'POST',
        url: '/api/arrays/imported/batch',
        payload: { epoch: 'x', items: [{ level: 0, chunks: Array.from({ length: 10 ** 6 }, () => [0]) }] },
      },
      403,
      /1000000 chunks: at most 4096/,
    ],
  ])('%s: one sentence', async (_, request, status, sentence) => {
    const reply = await app.inject({ ...request, headers: { ...key(), ...request.headers } });
    expect(reply.body).toMatch(sentence);
    expect(reply.statusCode).toBe(status);
  });
});
