import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnFromLiterals } from '../../src/arrow/build-column.ts';
import { encodeColumns } from '../../src/arrow/columns-stream.ts';
import { parseReceipt } from '../../src/protocol/parse-change.ts';
import { importSales, salesColumns, salesProfile, type TestStore, testStore } from './store.testing.ts';

let store: TestStore;
beforeEach(async () => {
  store = await testStore();
});
afterEach(() => store.close());

function rows(dataset: string, mode: string, key: string, lines: readonly object[] | string) {
  return store.app.inject({
    method: 'POST',
    url: `/api/datasets/${dataset}/rows?mode=${mode}`,
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': key },
    payload: typeof lines === 'string' ? lines : lines.map((line) => JSON.stringify(line)).join('\n'),
  });
}

async function live(dataset: string): Promise<number> {
  const head = await store.app.inject(`/api/datasets/${dataset}/head`);
  return head.json<{ live: number[] }>().live.reduce((sum, n) => sum + n, 0);
}

describe('rows', () => {
  it('are appended, upserted and deleted, each with a receipt', async () => {
    const dataset = await importSales(store.app, 10);
    const appended = await rows(dataset, 'append', 'a', [{ id: 10, units: 1 }, { id: 11 }]);
    expect(parseReceipt(appended.json(), 'receipt')).toMatchObject({ appended: 2, updated: 0, deleted: 0 });
    const upserted = await rows(dataset, 'upsert', 'b', [
      { id: 3, units: 5 },
      { id: 77, units: 6 },
    ]);
    expect(upserted.json()).toMatchObject({ appended: 1, updated: 1 });
    const deleted = await rows(dataset, 'delete', 'c', [{ id: 3 }]);
    expect(deleted.json()).toMatchObject({ deleted: 1 });
    expect(await live(dataset)).toBe(12);
  });

  it('are written once for one key, and refused for the key with other rows', async () => {
    const dataset = await importSales(store.app, 10);
    const first = await rows(dataset, 'append', 'same', [{ id: 10 }]);
    const again = await rows(dataset, 'append', 'same', [{ id: 10 }]);
    expect(again.json()).toEqual(first.json());
    expect(await live(dataset)).toBe(11);
    const other = await rows(dataset, 'append', 'same', [{ id: 11 }]);
    expect(other.statusCode).toBe(409);
    expect(other.json()).toMatchObject({ tag: 'conflict' });
  });

  it('keep every digit of integers and decimals', async () => {
    const dataset = await importSales(store.app, 1);
    const written = await rows(
      dataset,
      'append',
      'big',
      '{"id": 9223372036854775807, "amount": 1234567890.10}',
    );
    expect(written.statusCode, written.body).toBe(200);
    const head = await store.app.inject(`/api/datasets/${dataset}/head`);
    const { columns } = head.json<{ columns: { id: string; name: string }[] }>();
    const id = columns.find((column) => column.name === 'id')!.id;
    const value = await store.driver.snapshot((snapshot) => snapshot.readBlock(dataset, id, 0));
    expect(value.kind === 'int64' && value.values[1]).toBe(9223372036854775807n);
  });

  it('come as Arrow too', async () => {
    const dataset = await importSales(store.app, 1);
    const body = encodeColumns({
      id: columnFromLiterals({ kind: 'int64' }, [5, 6]),
      country: columnFromLiterals({ kind: 'text' }, ['Spain', null]),
    });
    const written = await store.app.inject({
      method: 'POST',
      url: `/api/datasets/${dataset}/rows?mode=append`,
      headers: { 'content-type': 'application/vnd.apache.arrow.stream', 'idempotency-key': 'arrow' },
      payload: Buffer.from(body),
    });
    expect(written.json()).toMatchObject({ appended: 2 });
  });
});

describe('profile', () => {
  it('is replaced, once for one key', async () => {
    const dataset = await importSales(store.app, 1);
    const head = await store.app.inject(`/api/datasets/${dataset}/head`);
    const { profile } = head.json<{ profile: object }>();
    const put = () =>
      store.app.inject({
        method: 'PUT',
        url: `/api/datasets/${dataset}/profile`,
        headers: { 'idempotency-key': 'p' },
        payload: { ...profile, label: 'Renamed' },
      });
    const first = await put();
    expect(first.statusCode, first.body).toBe(200);
    expect((await put()).json()).toEqual(first.json());
    const after = await store.app.inject(`/api/datasets/${dataset}/head`);
    expect(after.json<{ profile: { label: string } }>().profile.label).toBe('Renamed');
  });
});

describe('imports', () => {
  async function begin(name: string): Promise<string> {
    const begun = await store.app.inject({
      method: 'POST',
      url: '/api/imports',
      payload: {
        name,
        mode: 'create',
        columns: salesColumns.slice(0, 1),
        profile: { ...salesProfile, roles: {}, measures: [], dimensions: [] },
      },
    });
    expect(begun.statusCode, begun.body).toBe(201);
    return begun.json<{ id: string }>().id;
  }
  const send = (id: string, n: number, ids: readonly number[]) =>
    store.app.inject({
      method: 'POST',
      url: `/api/imports/${id}/batches/${n}`,
      headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
      payload: Buffer.from(encodeColumns({ id: columnFromLiterals({ kind: 'int64' }, ids) })),
    });

  it('take each numbered batch once, in order, and show nothing before the commit', async () => {
    const id = await begin('numbered');
    expect((await send(id, 1, [1])).statusCode).toBe(409);
    expect((await send(id, 0, [1, 2])).json()).toEqual({ next: 1, rows: 2 });
    expect((await send(id, 0, [1, 2])).json()).toEqual({ next: 1, rows: 2 });
    expect((await send(id, 1, [3])).json()).toEqual({ next: 2, rows: 3 });
    expect((await store.app.inject('/api/datasets')).json<{ datasets: unknown[] }>().datasets).toEqual([]);
    const committed = await store.app.inject({ method: 'POST', url: `/api/imports/${id}/commit` });
    const again = await store.app.inject({ method: 'POST', url: `/api/imports/${id}/commit` });
    expect(committed.json()).toMatchObject({ appended: 3 });
    expect(again.json()).toEqual(committed.json());
    expect(await live(committed.json<{ dataset: string }>().dataset)).toBe(3);
  });

  it('are dropped without a trace', async () => {
    const id = await begin('dropped');
    await send(id, 0, [1]);
    expect((await store.app.inject({ method: 'DELETE', url: `/api/imports/${id}` })).statusCode).toBe(204);
    expect((await send(id, 1, [2])).statusCode).toBe(404);
    expect((await store.app.inject('/api/datasets')).json<{ datasets: unknown[] }>().datasets).toEqual([]);
    await begin('dropped');
  });

  it('refuse a batch with other columns', async () => {
    const id = await begin('columns');
    const other = await store.app.inject({
      method: 'POST',
      url: `/api/imports/${id}/batches/0`,
      headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
      payload: Buffer.from(encodeColumns({ units: columnFromLiterals({ kind: 'int64' }, [1]) })),
    });
    expect(other.statusCode).toBe(422);
    expect(other.json<{ detail: string }>().detail).toMatch(/lacks the column “id”/);
  });
});

describe('data sets', () => {
  it('are dropped', async () => {
    const dataset = await importSales(store.app, 1);
    expect((await store.app.inject({ method: 'DELETE', url: `/api/datasets/${dataset}` })).statusCode).toBe(
      204,
    );
    expect((await store.app.inject(`/api/datasets/${dataset}/head`)).statusCode).toBe(404);
    expect((await store.app.inject({ method: 'DELETE', url: `/api/datasets/${dataset}` })).statusCode).toBe(
      404,
    );
  });
});
