import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAnswer } from '../../src/arrow/answer-table.ts';
import type { Citation, SavedView } from '../../src/protocol/saved-view.ts';
import { importSales, sale, type TestStore, testStore } from './store.testing.ts';

let store: TestStore;
let dataset: string;

beforeAll(async () => {
  store = await testStore();
  dataset = await importSales(store.app, 30);
});
afterAll(() => store.close());

const view: SavedView = {
  id: 'view-0001',
  name: 'French <b>orders</b>',
  workspace: '#/orders?f.country=in(c2,France)',
  columns: { sales: { c2: 'country' } },
  at: '2026-11-28T10:00:00.000Z',
};

const json = (method: 'PUT' | 'POST' | 'DELETE', url: string, payload?: object) =>
  store.app.inject({ method, url, ...(payload ? { payload } : {}) });
const views = async () => (await store.app.inject('/api/views')).json<{ views: SavedView[] }>().views;

describe('saved views of all who use the store', () => {
  test('saving twice keeps one, renaming replaces, removing twice is no error', async () => {
    expect((await json('PUT', '/api/views/view-0001', view)).statusCode).toBe(200);
    expect((await json('PUT', '/api/views/view-0001', view)).statusCode).toBe(200);
    expect(await views()).toEqual([view]);
    await json('PUT', '/api/views/view-0001', { ...view, name: 'France' });
    expect((await views()).map(({ name }) => name)).toEqual(['France']);
    await json('DELETE', '/api/views/view-0001');
    expect((await json('DELETE', '/api/views/view-0001')).statusCode).toBe(200);
    expect(await views()).toEqual([]);
  });

  test.each([
    ['another id than its address', { ...view, id: 'view-0002' }, 'address'],
    ['no name', { ...view, name: '' }, 'name'],
    ['a member nobody knows', { ...view, extra: 1 }, 'extra'],
    ['a workspace without end', { ...view, workspace: 'x'.repeat(70_000) }, 'workspace'],
  ])('%s is refused in one sentence', async (_, body, word) => {
    const answer = await json('PUT', '/api/views/view-0001', body);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.json<{ detail: string }>().detail).toContain(word);
    expect(await views()).toEqual([]);
  });
});

describe('citations', () => {
  const request = () => ({
    question: {
      kind: 'aggregate',
      dataset,
      groupBy: [{ by: 'value', column: 'c2' }],
      measures: [{ id: 'm', label: 'Amount', formula: 'sum(amount)', format: 'number' }],
    },
    title: 'Amount by country',
    columns: [{ id: 'm', name: 'Amount' }],
    workspace: '#/explore',
  });
  const cite = async () => (await json('POST', '/api/citations', request())).json<Citation>();
  const read = async (id: string) => store.app.inject(`/api/citations/${id}`);
  const digits = (citation: Citation) => {
    const table = openAnswer(new Uint8Array(Buffer.from(citation.answer, 'base64')));
    return Array.from({ length: table.rows }, (_, row) => [table.exact('g0', row), table.exact('m', row)]);
  };

  test('the same digits after writes to the table, and after it is dropped', async () => {
    const first = await cite();
    expect(digits(first).length).toBeGreaterThan(1);
    expect(createHash('sha256').update(Buffer.from(first.answer, 'base64')).digest('hex')).toBe(first.hash);
    expect((await cite()).id).toBe(first.id);
    const write = await store.app.inject({
      method: 'POST',
      url: `/api/datasets/${dataset}/rows?mode=append`,
      headers: { 'idempotency-key': 'more', 'content-type': 'application/x-ndjson' },
      payload: JSON.stringify(sale(999)),
    });
    expect(write.statusCode, write.body).toBe(200);
    const second = await cite();
    expect(second.id).not.toBe(first.id);
    expect(digits(second)).not.toEqual(digits(first));
    expect((await read(first.id)).json<Citation>()).toEqual(first);
    await store.driver.drop(dataset);
    const later = await read(first.id);
    expect(later.headers['cache-control']).toContain('immutable');
    expect(later.json<Citation>().answer).toBe(first.answer);
  });

  test('one that is not there says plainly that it is gone', async () => {
    const answer = await read('0'.repeat(40));
    expect(answer.statusCode).toBe(410);
    expect(answer.json<{ detail: string }>().detail).toContain('keeps no such citation');
  });
});
