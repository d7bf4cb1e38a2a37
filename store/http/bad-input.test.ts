import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnFromLiterals } from '../../src/arrow/build-column.ts';
import { encodeColumns } from '../../src/arrow/columns-stream.ts';
import { importSales, salesColumns, salesProfile, type TestStore, testStore } from './store.testing.ts';

const json = { 'content-type': 'application/json' };
const ndjson = { 'content-type': 'application/x-ndjson', 'idempotency-key': 'k' };
const arrow = { 'content-type': 'application/vnd.apache.arrow.stream', 'idempotency-key': 'k' };

let store: TestStore;
let dataset: string;
beforeAll(async () => {
  store = await testStore();
  dataset = await importSales(store.app, 100);
});
afterAll(() => store.close());

interface Case {
  readonly name: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: () => string;
  readonly headers?: Record<string, string>;
  readonly payload?: string | Buffer | object;
  readonly status: number;
  readonly says: RegExp;
}

const rowsUrl = (mode: string) => () => `/api/datasets/${dataset}/rows?mode=${mode}`;
const deep = `{"items":${'['.repeat(5000)}${']'.repeat(5000)}}`;

const cases: readonly Case[] = [
  {
    name: 'malformed JSON',
    url: () => '/api/batch',
    headers: json,
    payload: '{"items": [}',
    status: 422,
    says: /not JSON.*line 1, column 12/,
  },
  {
    name: 'JSON cut short',
    url: () => '/api/batch',
    headers: json,
    payload: '{"items": [',
    status: 422,
    says: /ends too early/,
  },
  { name: 'no body', url: () => '/api/batch', headers: json, payload: '', status: 422, says: /no body/ },
  {
    name: 'nested too deep',
    url: () => '/api/batch',
    headers: json,
    payload: deep,
    status: 422,
    says: /64 deep/,
  },
  {
    name: 'a prototype',
    url: () => '/api/batch',
    headers: json,
    payload: '{"__proto__": {}}',
    status: 422,
    says: /__proto__/,
  },
  {
    name: 'not UTF-8',
    url: () => '/api/batch',
    headers: json,
    payload: Buffer.from([0x22, 0xff, 0x22]),
    status: 422,
    says: /UTF-8/,
  },
  {
    name: 'a wrong content type',
    url: () => '/api/imports',
    headers: { 'content-type': 'text/plain' },
    payload: '{}',
    status: 415,
    says: /content type/,
  },
  {
    name: 'an oversize body',
    url: () => '/api/imports',
    headers: json,
    payload: `"${'x'.repeat(1_100_000)}"`,
    status: 413,
    says: /smaller parts/,
  },
  {
    name: 'a member missing',
    url: () => '/api/batch',
    payload: {},
    status: 422,
    says: /“items” in the request is missing/,
  },
  {
    name: 'an unknown kind',
    url: () => '/api/batch',
    payload: { items: [{ kind: 'sql' }] },
    status: 422,
    says: /“items\[0\]\.kind”.*"sql"/,
  },
  {
    name: 'an unknown member',
    url: () => '/api/batch',
    payload: { items: [], sql: 'DROP' },
    status: 422,
    says: /items|“sql”/,
  },
  {
    name: 'a wrong type',
    url: () => '/api/batch',
    payload: { items: [{ kind: 'pages', dataset: 'd', epoch: 'e', column: 'c1', blocks: ['0'] }] },
    status: 422,
    says: /“items\[0\]\.blocks\[0\]” in the request must be a whole number/,
  },
  {
    name: 'an address that is not',
    method: 'GET',
    url: () => '/api/nothing',
    status: 404,
    says: /no address \/api\/nothing/,
  },
  {
    name: 'a data set that is not',
    method: 'GET',
    url: () => '/api/datasets/nope/head',
    status: 404,
    says: /nope/,
  },
  {
    name: 'a bad since',
    method: 'GET',
    url: () => '/api/changes?since=yesterday',
    status: 422,
    says: /“since”/,
  },
  {
    name: 'no idempotency key',
    url: rowsUrl('append'),
    headers: { 'content-type': 'application/x-ndjson' },
    payload: '{}',
    status: 422,
    says: /Idempotency-Key/,
  },
  {
    name: 'an unknown mode',
    url: rowsUrl('merge'),
    headers: ndjson,
    payload: '{}',
    status: 422,
    says: /"append", "upsert", "delete"/,
  },
  {
    name: 'rows as JSON',
    url: rowsUrl('append'),
    headers: { ...json, 'idempotency-key': 'k' },
    payload: '[]',
    status: 422,
    says: /x-ndjson/,
  },
  {
    name: 'a broken line',
    url: rowsUrl('append'),
    headers: ndjson,
    payload: '{"id": 1}\n{"id": \n',
    status: 422,
    says: /Line 2 is not JSON/,
  },
  {
    name: 'a line that is a list',
    url: rowsUrl('append'),
    headers: ndjson,
    payload: '[1]\n',
    status: 422,
    says: /Line 1 is not an object/,
  },
  {
    name: 'a nested value',
    url: rowsUrl('append'),
    headers: ndjson,
    payload: '{"id": {}}\n',
    status: 422,
    says: /“id”: a value must be plain/,
  },
  {
    name: 'an unknown column',
    url: rowsUrl('append'),
    headers: ndjson,
    payload: '{"idd": 1}\n',
    status: 422,
    says: /“idd”.*it has id, country/,
  },
  {
    name: 'a wrong value',
    url: rowsUrl('append'),
    headers: ndjson,
    payload: '{"id": 1}\n{"id": "many"}\n',
    status: 422,
    says: /Row 2, column “id”: "many" is not a whole number/,
  },
  {
    name: 'an upsert of unequal rows',
    url: rowsUrl('upsert'),
    headers: ndjson,
    payload: '{"id": 1, "units": 2}\n{"id": 2}\n',
    status: 422,
    says: /Line 2 does not have the same columns/,
  },
  {
    name: 'bytes that are not Arrow',
    url: rowsUrl('append'),
    headers: arrow,
    payload: Buffer.from('hello there'),
    status: 422,
    says: /not an Arrow IPC stream/,
  },
  {
    name: 'an Arrow column of another type',
    url: rowsUrl('append'),
    headers: arrow,
    payload: Buffer.from(encodeColumns({ units: columnFromLiterals({ kind: 'text' }, ['many']) })),
    status: 422,
    says: /“units” holds int32, but the rows sent bring text/,
  },
  {
    name: 'a profile of a wrong shape',
    method: 'PUT',
    url: () => `/api/datasets/${dataset}/profile`,
    headers: { ...json, 'idempotency-key': 'k' },
    payload: { ...salesProfile, part: 'invoices' },
    status: 422,
    says: /“part” in the request must be one of "orders"/,
  },
  {
    name: 'an import without columns',
    url: () => '/api/imports',
    payload: { name: 'x', mode: 'create', columns: [], profile: salesProfile },
    status: 422,
    says: /“columns”/,
  },
  {
    name: 'an import of a name in use',
    url: () => '/api/imports',
    payload: { name: 'sales', mode: 'create', columns: salesColumns, profile: salesProfile },
    status: 409,
    says: /sales/,
  },
  {
    name: 'a batch of no import',
    url: () => '/api/imports/nope/batches/0',
    headers: arrow,
    payload: Buffer.from([1]),
    status: 404,
    says: /no such import/,
  },
  {
    name: 'a commit of no import',
    url: () => '/api/imports/nope/commit',
    status: 404,
    says: /no such import/,
  },
];

describe('a bad input gets one clear sentence', () => {
  it.each(cases)('$name', async ({ method = 'POST', url, headers, payload, status, says }) => {
    const answer = await store.app.inject({ method, url: url(), headers, payload });
    expect(answer.statusCode, answer.body).toBe(status);
    const problem = answer.json<{ detail: string; status: number }>();
    expect(problem.status).toBe(status);
    expect(problem.detail).toMatch(says);
    expect(problem.detail).toMatch(/^[^\n]+\.$/);
    expect(store.warnings).toEqual([]);
  });

  it('leaves nothing half-written behind', async () => {
    const head = await store.app.inject(`/api/datasets/${dataset}/head`);
    expect(head.json()).toMatchObject({ allocated: 100 });
    expect((await store.app.inject('/api/datasets')).json<{ datasets: unknown[] }>().datasets).toHaveLength(
      1,
    );
  });
});
