import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kernelOf } from '../src/kernels/kernel.ts';
import { blockRows } from '../src/protocol/column.ts';
import type { Head } from '../src/protocol/head.ts';
import type { AggregateSpec, TopSpec } from '../src/protocol/kernel.ts';
import { importSales, type TestStore, testStore } from './http/store.testing.ts';
import { type PartialFiles, type PartialReader, partialStore } from './partials.ts';

let store: TestStore;
let dataset: string;
beforeEach(async () => {
  store = await testStore();
  dataset = await importSales(store.app, 2 * blockRows + 100);
});
afterEach(() => store.close());

function column(head: Head, name: string) {
  const found = head.columns.find((one) => one.name === name)!;
  return { id: found.id, type: found.type, operand: { op: 'column', column: found.id } as const };
}

/** Rows by country and the exact sum of amounts; with `mean`, ordered moments too. */
function specOf(head: Head, { mean = false } = {}): AggregateSpec {
  const country = column(head, 'country');
  const amount = column(head, 'amount');
  const sum = { state: 'sum', operand: amount.operand } as const;
  const moments = { state: 'moments', operand: amount.operand } as const;
  return {
    kernel: 'aggregate',
    columns: { [country.id]: country.type, [amount.id]: amount.type },
    groupBy: [{ by: 'value', operand: country.operand }],
    states: mean ? [{ state: 'rows' }, sum, moments] : [{ state: 'rows' }, sum],
  };
}

function open<T>(
  use: (reader: PartialReader, head: Head) => Promise<T>,
  options: { mean?: boolean; partials?: TestStore['partials'] } = {},
): Promise<T> {
  return store.driver.snapshot(async (snapshot) => {
    const head = snapshot.head(dataset, 'public');
    return use((options.partials ?? store.partials).open(snapshot, head, specOf(head, options)), head);
  });
}

async function touch(id: number, key: string): Promise<void> {
  const answer = await store.app.inject({
    method: 'POST',
    url: `/api/datasets/${dataset}/rows?mode=upsert`,
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': key },
    payload: JSON.stringify({ id, amount: '1.00' }),
  });
  expect(answer.statusCode, answer.body).toBe(200);
}

describe('partials', () => {
  it('of the root are the blocks’, merged in order', async () => {
    const { root, merged } = await open(async (reader) => {
      const parts = await Promise.all([0, 1, 2].map((index) => reader.node({ level: 0, index })));
      const left = reader.kernel.merge(parts[0]!, parts[1]!);
      return {
        root: reader.kernel.encode(await reader.root()),
        merged: reader.kernel.encode(reader.kernel.merge(left, parts[2]!)),
      };
    });
    expect(root).toEqual(merged);
  });

  it('are the same whether the engine or the kernel made them', async () => {
    const pushed = await open(async (reader) => reader.encoded({ level: 0, index: 1 }));
    const mapped = await store.driver.snapshot(async (snapshot) => {
      const head = snapshot.head(dataset, 'public');
      const spec = specOf(head);
      const kernel = kernelOf(spec);
      const columns: Record<string, Awaited<ReturnType<typeof snapshot.readBlock>>> = {};
      for (const id of Object.keys(spec.columns)) columns[id] = await snapshot.readBlock(dataset, id, 1);
      return kernel.encode(kernel.map({ block: 1, length: blockRows, columns }));
    });
    expect(pushed!.bytes).toEqual(mapped);
  });

  it('are computed once however many ask', async () => {
    await open(
      async (reader) => {
        await Promise.all(Array.from({ length: 10 }, () => reader.root()));
      },
      { mean: true },
    );
    await open((reader) => reader.root(), { mean: true });
    expect(store.partials.counts.mapped).toBe(3);
    expect(store.partials.counts.merged).toBe(1);
  });

  it('are computed again only for the block that changed', async () => {
    await open((reader) => reader.root(), { mean: true });
    await touch(blockRows + 5, 'one');
    await open((reader) => reader.root(), { mean: true });
    expect(store.partials.counts.mapped).toBe(4);
  });

  it('that were mapped are kept in files', async () => {
    const kept = new Map<string, Uint8Array>();
    const files: PartialFiles = {
      get: async (key) => kept.get(key),
      put: async (key, bytes) => void kept.set(key, bytes),
    };
    const first = partialStore({ files });
    const one = await open(async (reader) => reader.kernel.encode(await reader.root()), {
      mean: true,
      partials: first,
    });
    const second = partialStore({ files });
    const two = await open(async (reader) => reader.kernel.encode(await reader.root()), {
      mean: true,
      partials: second,
    });
    expect(two).toEqual(one);
    expect(first.counts).toMatchObject({ mapped: 3, fromFile: 0 });
    expect(second.counts).toMatchObject({ mapped: 0, fromFile: 3 });
  });

  it('go on for others when one asker leaves', async () => {
    await open(
      async (reader) => {
        const leave = new AbortController();
        const left = reader.root(leave.signal).then(
          () => 'answered',
          (error: { tag?: string }) => error.tag,
        );
        const stayed = reader.root();
        leave.abort();
        expect(await left).toBe('cancelled');
        expect(await stayed).toBeDefined();
      },
      { mean: true },
    );
  });

  it('of a node beyond the last block are not there', async () => {
    expect(await open((reader) => reader.encoded({ level: 0, index: 3 }))).toBeUndefined();
    expect(await open((reader) => reader.encoded({ level: 1, index: 1 }))).toBeUndefined();
  });

  it('skip deleted rows', async () => {
    const gone = await store.app.inject({
      method: 'POST',
      url: `/api/datasets/${dataset}/rows?mode=delete`,
      headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': 'gone' },
      payload: '{"id": 0}\n{"id": 3}',
    });
    expect(gone.json()).toMatchObject({ deleted: 2 });
    for (const mean of [false, true]) {
      const rows = await open(
        async (reader) => {
          const root = await reader.root();
          return root.kernel === 'aggregate' ? root.rows.reduce((sum, n) => sum + n, 0) : 0;
        },
        { mean },
      );
      expect(rows).toBe(2 * blockRows + 98);
    }
  });

  it('refuse columns and types that are not the data set’s, and aggregates inside a row', async () => {
    await store.driver.snapshot(async (snapshot) => {
      const head = snapshot.head(dataset, 'public');
      const units = column(head, 'units');
      const spec = (columns: TopSpec['columns'], operand: TopSpec['take'][number]): TopSpec => ({
        kernel: 'top',
        columns,
        order: [],
        take: [operand],
        limit: 1,
      });
      const open = (one: TopSpec) => store.partials.open(snapshot, head, one);
      expect(() => open(spec({ c99: { kind: 'text' } }, units.operand))).toThrow(/no column “c99”/);
      expect(() => open(spec({ [units.id]: { kind: 'text' } }, units.operand))).toThrow(/is int32, not text/);
      expect(() => open(spec({}, units.operand))).toThrow(/without naming it/);
      expect(() => open(spec({}, { op: 'aggregate', fn: 'count' }))).toThrow(/many rows/);
    });
  });
});
