import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeNpy, npyType } from '../../src/arrays/npy.ts';
import { loadChecksum } from '../../src/arrow/checksum.ts';
import { decodeElements } from '../../src/arrow/elements-page.ts';
import { decodeBatch } from '../../src/arrow/read-batch.ts';
import type { ArrayHead } from '../../src/protocol/array.ts';
import { type OpenStore, openStore } from '../open-store.ts';

/** Elements of a chunk: a quarter of a megabyte, as slots hold. */
const chunk = 32_768;
const chunks = 40;

let store: OpenStore;
let url: string;
let directory: string;
let head: ArrayHead;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-array-batch-'));
  store = await openStore({ data: directory, release: '0.0.0-test', warn: () => undefined });
  url = await store.app.listen({ host: '127.0.0.1', port: 0 });
  const post = (path: string, init: RequestInit) => fetch(`${url}/api/arrays${path}`, init);
  const json = { 'content-type': 'application/json' };
  await post('', {
    method: 'POST',
    headers: { ...json, 'idempotency-key': 'made' },
    body: JSON.stringify({ name: 'a', shape: [chunks * chunk], dtype: 'float64', chunk: [chunk] }),
  });
  // Chunk `i` holds `i` everywhere: whoever is given another's is found out.
  const values = Float64Array.from({ length: chunks * chunk }, (_, i) => Math.floor(i / chunk));
  const written = await post('/a/values', {
    method: 'PUT',
    headers: { 'content-type': npyType, 'idempotency-key': 'written' },
    body: encodeNpy({
      dtype: 'float64',
      shape: [values.length],
      order: 'C',
      values,
    }) as Uint8Array<ArrayBuffer>,
  });
  expect(written.status, await written.clone().text()).toBe(200);
  head = (await (await post('/a/head', {})).json()) as ArrayHead;
});

afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

/** Reads parts of a batch until `most` came, or all; each is what it ought to be. */
async function read(places: readonly number[], most: number): Promise<number> {
  const leaves = new AbortController();
  const checksum = await loadChecksum();
  const response = await fetch(`${url}/api/arrays/a/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ epoch: head.epoch, items: [{ level: 0, chunks: places.map((at) => [at]) }] }),
    signal: leaves.signal,
  });
  let came = 0;
  for await (const part of decodeBatch(response.body!)) {
    expect(checksum(part.body)).toBe(part.checksum);
    const values = new Float64Array(decodeElements(part.body).bytes.slice().buffer);
    expect([values[0], values[chunk - 1]]).toEqual([places[part.item], places[part.item]]);
    if (++came === most) break;
  }
  leaves.abort();
  return came;
}

it('many readers at once, some of whom leave in the middle, are each sent their own chunks', async () => {
  const forwards = Array.from({ length: chunks }, (_, i) => i);
  const backwards = [...forwards].reverse();
  for (let round = 0; round < 4; round++) {
    const readers = Array.from({ length: 10 }, (_, i) => {
      const leaves = i % 3 === 0;
      return read(i % 2 === 0 ? forwards : backwards, leaves ? 1 + i : chunks);
    });
    const came = await Promise.all(readers);
    expect(came).toEqual(came.map((_, i) => (i % 3 === 0 ? 1 + i : chunks)));
  }
}, 60_000);
