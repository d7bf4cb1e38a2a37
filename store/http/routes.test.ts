import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { literalAt } from '../../src/arrow/build-column.ts';
import { loadChecksum } from '../../src/arrow/checksum.ts';
import { decodePage } from '../../src/arrow/page.ts';
import { decodePatch } from '../../src/arrow/patch.ts';
import { decodeBatch } from '../../src/arrow/read-batch.ts';
import type { BatchPart, BatchRequest } from '../../src/protocol/batch.ts';
import type { Head } from '../../src/protocol/head.ts';
import { parseDatasetList, parseHead } from '../../src/protocol/parse-head.ts';
import { parseStart } from '../../src/protocol/start.ts';
import { importSales, type TestStore, testStore } from './store.testing.ts';

const rows = 70_000;
let store: TestStore;
let dataset: string;

beforeAll(async () => {
  store = await testStore();
  dataset = await importSales(store.app, rows);
});
afterAll(() => store.close());

async function readHeadNow(): Promise<Head> {
  const answer = await store.app.inject(`/api/datasets/${dataset}/head`);
  return parseHead(answer.json(), 'head');
}

async function batch(request: BatchRequest): Promise<BatchPart[]> {
  const answer = await store.app.inject({ method: 'POST', url: '/api/batch', payload: request });
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  const parts: BatchPart[] = [];
  async function* once() {
    yield new Uint8Array(answer.rawPayload);
  }
  for await (const part of decodeBatch(once())) parts.push(part);
  return parts;
}

describe('data sets', () => {
  it('answers health', async () => {
    const answer = await store.app.inject('/api/health');
    expect(answer.json()).toMatchObject({ status: 'ok', release: '0.0.0-test' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('lists data sets as of one version', async () => {
    const list = parseDatasetList((await store.app.inject('/api/datasets')).json(), 'list');
    expect(list.datasets).toHaveLength(1);
    expect(list.datasets[0]).toMatchObject({ id: dataset, name: 'sales', rows });
    expect(list.version).toBe(list.datasets[0]!.version);
  });

  it('tells a page all it begins with in one answer', async () => {
    const answer = await store.app.inject('/api/start');
    const { session, datasets, heads, version } = parseStart(answer.json(), 'start');
    const list = parseDatasetList((await store.app.inject('/api/datasets')).json(), 'list');
    expect({ version, datasets }).toEqual({ version: list.version, datasets: list.datasets });
    expect(heads).toEqual([await readHeadNow()]);
    expect(session).toEqual((await store.app.inject('/api/session')).json());
    // For a moment, so that what the page asked for is there when its worker asks.
    expect(answer.headers['cache-control']).toMatch(/^private, max-age=\d+$/);
    expect(answer.headers.vary).toMatch(/Authorization.*Cookie/);
  });

  it('revalidates a head by its ETag', async () => {
    const url = `/api/datasets/${dataset}/head`;
    const first = await store.app.inject(url);
    const { etag } = first.headers;
    expect(parseHead(first.json(), 'head')).toMatchObject({ allocated: rows, live: [65_536, rows - 65_536] });
    const again = await store.app.inject({ url, headers: { 'if-none-match': String(etag) } });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
  });
});

describe('batch', () => {
  it('answers pages whose bytes match their checksum', async () => {
    const head = await readHeadNow();
    const column = head.columns.find((one) => one.name === 'amount')!;
    const parts = await batch({
      items: [{ kind: 'pages', dataset, epoch: head.epoch, column: column.id, blocks: [1, 0] }],
    });
    const checksum = await loadChecksum();
    expect(parts.map((part) => part.block)).toEqual([1, 0]);
    for (const part of parts) {
      expect(part).toMatchObject({ item: 0, kind: 'page', version: head.version, level: 0 });
      expect(checksum(part.body)).toBe(part.checksum);
    }
    const page = decodePage(parts[0]!.body);
    expect(page.length).toBe(rows - 65_536);
    expect(literalAt(page, 0)).toBe(`${65_536 % 1000}.25`);
  });

  it('answers only the rows changed since a revision', async () => {
    const head = await readHeadNow();
    const units = head.columns.find((one) => one.name === 'units')!;
    const written = await store.app.inject({
      method: 'POST',
      url: `/api/datasets/${dataset}/rows?mode=upsert`,
      headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': 'patch-1' },
      payload: '{"id": 69999, "units": 123}\n',
    });
    expect(written.json()).toMatchObject({ updated: 1, appended: 0 });
    const parts = await batch({
      items: [
        {
          kind: 'patch',
          dataset,
          epoch: head.epoch,
          columns: [units.id],
          blocks: [
            { block: 0, since: head.revisions[0]! },
            { block: 1, since: head.revisions[1]! },
          ],
        },
      ],
    });
    expect(parts).toHaveLength(1);
    const patch = decodePatch(parts[0]!.body);
    expect([...patch.rows]).toEqual([69_999]);
    expect(literalAt(patch.columns[units.id]!, 0)).toBe(123);
    expect(parts[0]!.revision).toBe(written.json<{ version: number }>().version);
    const note = store.notes.at(-1)!;
    expect(note.items).toEqual([{ kind: 'patch', dataset, columns: [units.id], blocks: 2 }]);
    expect(note.parts!.patch!.count).toBe(1);
    expect(note.bytes).toBeLessThan(4096);
  });

  it('is compressed for callers behind a proxy, and not for this machine', async () => {
    const head = await readHeadNow();
    const payload = { items: [{ kind: 'pages', dataset, epoch: head.epoch, column: 'c3', blocks: [0, 1] }] };
    const post = (headers: Record<string, string>) =>
      store.app.inject({ method: 'POST', url: '/api/batch', headers, payload });
    const here = await post({ 'accept-encoding': 'gzip, deflate, br' });
    expect(here.headers['content-encoding']).toBeUndefined();
    for (const [encoding, decode] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const there = await post({ 'accept-encoding': encoding, 'x-forwarded-for': '10.1.2.3' });
      expect(there.headers['content-encoding']).toBe(encoding);
      expect(there.rawPayload.length).toBeLessThan(here.rawPayload.length / 2);
      expect(decode(there.rawPayload).equals(here.rawPayload)).toBe(true);
    }
  });

  it('says one sentence for what is not there', async () => {
    const head = await readHeadNow();
    const items = [
      [{ kind: 'pages', dataset: 'nope', epoch: 'e', column: 'c1', blocks: [0] }, 404, 'missing'],
      [{ kind: 'pages', dataset, epoch: 'old', column: 'c1', blocks: [0] }, 410, 'gone'],
      [{ kind: 'pages', dataset, epoch: head.epoch, column: 'c99', blocks: [0] }, 404, 'missing'],
      [{ kind: 'pages', dataset, epoch: head.epoch, column: 'c1', blocks: [2] }, 404, 'missing'],
      [
        { kind: 'patch', dataset, epoch: head.epoch, columns: ['c1'], blocks: [{ block: 0, since: 99_999 }] },
        410,
        'gone',
      ],
    ] as const;
    for (const [item, status, tag] of items) {
      const answer = await store.app.inject({
        method: 'POST',
        url: '/api/batch',
        payload: { items: [item] },
      });
      expect(answer.statusCode, answer.body).toBe(status);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({ tag, status });
      expect(answer.json<{ detail: string }>().detail).toMatch(/^[A-Z“].*[.]$/);
    }
  });
});

describe('page addresses', () => {
  async function address(column = 'country'): Promise<string> {
    const head = await readHeadNow();
    const id = head.columns.find((one) => one.name === column)!.id;
    return `/api/pages/${dataset}/${head.epoch}/${head.scope}/0/0/${id}/${head.revisions[0]}`;
  }

  it('are immutable, checksummed, and the same after br and gzip', async () => {
    const url = await address();
    const plain = await store.app.inject(url);
    const checksum = await loadChecksum();
    expect(plain.headers['cache-control']).toContain('immutable');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers['exa-checksum']).toBe(checksum(plain.rawPayload));
    for (const [encoding, decode] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const encoded = await store.app.inject({ url, headers: { 'accept-encoding': encoding } });
      expect(encoded.headers['content-encoding']).toBe(encoding);
      expect(encoded.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
      expect(decode(encoded.rawPayload).equals(plain.rawPayload)).toBe(true);
    }
  });

  it('are compressed once', async () => {
    const url = await address('day');
    const before = store.built.pages;
    for (let i = 0; i < 3; i++) await store.app.inject({ url, headers: { 'accept-encoding': 'br' } });
    expect(store.built.pages - before).toBe(1);
  });

  it('are 304 for a checksum the caller has', async () => {
    const url = await address();
    const { etag } = (await store.app.inject(url)).headers;
    const again = await store.app.inject({ url, headers: { 'if-none-match': String(etag) } });
    expect(again.statusCode).toBe(304);
  });

  it('are 410 for a revision that is gone, 404 for a scope, level, block or column that is not', async () => {
    const url = await address();
    const steps = url.split('/');
    const with_ = (at: number, value: string) => steps.map((step, i) => (i === at ? value : step)).join('/');
    const cases = [
      [with_(9, '0'), 410],
      [with_(4, 'other'), 410],
      [with_(5, 'secret'), 404],
      [with_(6, '1'), 404],
      [with_(7, '77'), 404],
      [with_(8, 'c77'), 404],
      [with_(9, 'x'), 422],
    ] as const;
    for (const [path, status] of cases) {
      const answer = await store.app.inject(path);
      expect(answer.statusCode, `${path} ${answer.body}`).toBe(status);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });
});
