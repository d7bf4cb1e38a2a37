import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeBatch } from '../src/arrow/read-batch.ts';
import type { BatchPart, BatchRequest } from '../src/protocol/batch.ts';
import { blockRows } from '../src/protocol/column.ts';
import { batchParts, maxBatchBytes } from './batch.ts';
import { importSales, type TestStore, testStore } from './http/store.testing.ts';

const mebibyte = 2 ** 20;
let store: TestStore;
let dataset: string;
let epoch: string;
let made = 0;

/** Pages of a MiB each, counted as they are made. */
const bigPage = async () => {
  made++;
  return { bytes: new Uint8Array(mebibyte).fill(made), checksum: '0' };
};

beforeAll(async () => {
  store = await testStore({ pageBytes: bigPage });
  dataset = await importSales(store.app, blockRows + 1);
  epoch = (await store.app.inject(`/api/datasets/${dataset}/head`)).json<{ epoch: string }>().epoch;
});
afterAll(() => store.close());

function pages(count: number): BatchRequest {
  const blocks = Array.from({ length: count }, (_, i) => i % 2);
  return { items: [{ kind: 'pages', dataset, epoch, column: 'c1', blocks }] };
}

const sources = () => ({ driver: store.driver, pageBytes: bigPage, partials: store.partials });

describe('a batch', () => {
  it('ends at 16 MiB; what did not fit is absent', async () => {
    const answer = await store.app.inject({ method: 'POST', url: '/api/batch', payload: pages(40) });
    const parts: BatchPart[] = [];
    async function* body() {
      yield new Uint8Array(answer.rawPayload);
    }
    for await (const part of decodeBatch(body())) parts.push(part);
    expect(parts).toHaveLength(maxBatchBytes / mebibyte);
    expect(parts.map((part) => part.block).slice(0, 4)).toEqual([0, 1, 0, 1]);
  });

  it('makes a part only when the one before it was taken', async () => {
    made = 0;
    const parts = batchParts(sources(), pages(40));
    await parts.next();
    await parts.next();
    expect(made).toBe(2);
    await parts.return(undefined);
    expect(made).toBe(2);
  });

  it('stops being made when its client goes', async () => {
    const url = await store.app.listen({ port: 0, host: '127.0.0.1' });
    made = 0;
    const leave = new AbortController();
    const answer = await fetch(`${url}/api/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(pages(40)),
      signal: leave.signal,
    });
    const reader = answer.body!.getReader();
    await reader.read();
    leave.abort();
    await reader.read().catch(() => {});
    for (;;) {
      const before = made;
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (made === before) break;
    }
    expect(made).toBeLessThan(maxBatchBytes / mebibyte);
    // The read transaction is over: the store closes without waiting for it.
    await store.driver.snapshot(async (snapshot) => expect(snapshot.version).toBeGreaterThan(0));
  });

  it('reads all of its items at one version', async () => {
    const write = (id: number) =>
      store.app.inject({
        method: 'POST',
        url: `/api/datasets/${dataset}/rows?mode=append`,
        headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': `v${id}` },
        payload: JSON.stringify({ id }),
      });
    const request = pages(6);
    const parts = batchParts(sources(), request);
    const versions = new Set<number>();
    let id = 1_000_000;
    for await (const part of parts) {
      versions.add(part.version);
      await write(id++);
    }
    expect(versions.size).toBe(1);
  });
});
