import Papa from 'papaparse';
import { afterEach, describe, expect, test } from 'vitest';
import { blockRows } from '../protocol/column.ts';
import { ExaError, isExaError } from '../protocol/errors.ts';
import type { ExportDone, ExportOptions, ExportRequest } from '../protocol/export.ts';
import type { RowsQuestion } from '../protocol/query.ts';
import { type Bench, type BenchOptions, bench } from './coordinator.testing.ts';
import { type FakeStore, fakeStore } from './fake-store.testing.ts';

const rows = 2 * blockRows + 500;

const table = {
  rows,
  columns: [
    {
      id: 'n',
      type: { kind: 'int64' as const },
      at: (row: number) => `${9_007_199_254_740_993n + BigInt(row)}`,
    },
    {
      id: 'd',
      type: { kind: 'decimal' as const, precision: 12, scale: 2 },
      at: (row: number) => `${(row * 7) % 1000}.05`,
    },
    { id: 's', type: { kind: 'text' as const }, at: (row: number) => (row % 3 ? 'b' : '=a') },
  ],
};

const all: RowsQuestion = {
  kind: 'rows',
  dataset: 't',
  order: [],
  columns: ['n', 'd', 's'],
  offset: 100,
  limit: 5,
};
const columns = [
  { id: 'n', name: 'Number' },
  { id: 'd', name: 'Amount' },
  { id: 's', name: 'State' },
];

interface Exported {
  readonly done: ExportDone;
  readonly rows: string[][];
}

async function csv(
  { client }: Bench,
  what: ExportRequest['what'],
  options: Partial<ExportOptions> = {},
  wanted = columns,
): Promise<Exported> {
  const parts: Uint8Array[] = [];
  const done = await client.export(
    { what, columns: wanted },
    { format: 'csv', chunk: (bytes) => void parts.push(bytes), ...options },
  );
  const text = new TextDecoder().decode(Buffer.concat(parts));
  return { done, rows: Papa.parse<string[]>(text, { newline: '\r\n', delimiter: ',' }).data.slice(0, -1) };
}

function expected(store: FakeStore, keep: (row: number) => boolean = () => true): string[][] {
  const found = [columns.map(({ name }) => name)];
  for (let row = 0; row < store.rows; row++) {
    const text = store.value(row, 's');
    if (keep(row))
      found.push([
        String(store.value(row, 'n')),
        String(store.value(row, 'd')),
        text === '=a' ? "'=a" : String(text),
      ]);
  }
  return found;
}

describe('exports', () => {
  const open: Bench[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  const start = async (store: FakeStore, options?: BenchOptions) => {
    const made = await bench(store, options);
    open.push(made);
    return made;
  };

  test('every row, whatever the window; 64-bit numbers and decimals to the last digit', async () => {
    const store = await fakeStore(table);
    const told: number[] = [];
    const { done, rows: read } = await csv(await start(store, { workers: 2 }), all, {
      progress: ({ done }) => told.push(done),
    });
    expect(read).toEqual(expected(store));
    expect(done).toMatchObject({
      rows,
      order: 'asked',
      coverage: { settled: true, blocks: 3, blocksTotal: 3 },
    });
    expect(told).toEqual([1 / 3, 2 / 3, 1]);
  });

  test('only what is filtered, newest first', async () => {
    const store = await fakeStore(table);
    const { done, rows: read } = await csv(await start(store), {
      ...all,
      where: { op: 'in', column: 's', values: ['=a'] },
      order: [{ column: '_row', descending: true }],
    });
    const [head, ...some] = expected(store, (row) => row % 3 === 0);
    expect(read).toEqual([head, ...some.reverse()]);
    expect(done.rows).toBe(some.length);
  });

  test('an outlook counts what the filters leave', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store);
    const whole = await client.exportOutlook({ what: all, columns });
    expect(whole.rows).toBe(rows);
    const where = { op: 'in' as const, column: 's', values: ['=a'] };
    const some = await client.exportOutlook({ what: { ...all, where }, columns });
    expect(some.rows).toBe(Math.ceil(rows / 3));
    expect(some.bytes / whole.bytes).toBeCloseTo(1 / 3, 4);
    const none = await client.exportOutlook({
      what: { ...all, where: { ...where, values: ['c'] } },
      columns,
    });
    expect(none).toMatchObject({ rows: 0, bytes: 0 });
  });

  test('in the order of a column, as the grid shows it', async () => {
    const store = await fakeStore({ ...table, rows: 5000 });
    const { rows: read } = await csv(await start(store), {
      ...all,
      order: [{ column: 'd', descending: true }],
    });
    const [head, ...some] = expected(store);
    expect(read).toEqual([
      head,
      ...some.sort((a, b) => Number(b[1]) - Number(a[1]) || Number(BigInt(a[0]!) - BigInt(b[0]!))),
    ]);
  });

  test('an aggregate answer', async () => {
    const store = await fakeStore({ ...table, rows: 9 });
    const { rows: read } = await csv(
      await start(store),
      {
        kind: 'aggregate',
        dataset: 't',
        groupBy: [{ by: 'value', column: 's' }],
        measures: [{ id: 'm', label: 'Lines', formula: 'count()', format: 'count' }],
        order: [{ by: 'm', descending: true }],
      },
      {},
      [
        { id: 'g0', name: 'State' },
        { id: 'm', name: 'Lines' },
      ],
    );
    expect(read).toEqual([
      ['State', 'Lines'],
      ['b', '6'],
      ["'=a", '3'],
    ]);
  });

  test('offline: what is here, and it says how much that is', async () => {
    const store = await fakeStore(table);
    const first = await start(store);
    await first.client.ask({ ...all, offset: 0, limit: 10 });
    await expect.poll(() => first.small.get('head/t')).toBeTruthy();
    store.down = new ExaError('offline', 'away');
    const made = await start(store, { cache: first.cache, small: first.small });
    const { done, rows: read } = await csv(made, all);
    expect(await made.client.exportOutlook({ what: all, columns })).toMatchObject({
      blocks: 1,
      blocksTotal: 3,
    });
    expect(read).toHaveLength(1 + blockRows);
    expect(done.coverage).toMatchObject({ settled: false, blocks: 1, blocksTotal: 3, rowsTotal: rows });
  });

  test('a store that goes away on the way: no file that looks complete', async () => {
    const store = await fakeStore(table);
    const made = await start(store);
    const failing = csv(made, all, {
      chunk: () => {
        store.down = new ExaError('offline', 'away');
        made.client.retry();
        return new Promise((resolve) => setTimeout(resolve, 50));
      },
    });
    const outcome = await failing.then(
      ({ done }) => done.coverage.blocks,
      (error: unknown) => error,
    );
    // The blocks read ahead may have been enough.
    expect(outcome === 3 || isExaError(outcome, 'offline')).toBe(true);
  });

  test('rows that change meanwhile: the file says that it is not of one moment', async () => {
    const store = await fakeStore({ ...table, rows: 5 * blockRows });
    const made = await start(store);
    let hit = false;
    const { done } = await csv(made, all, {
      chunk: async () => {
        if (hit) return;
        hit = true;
        store.update([{ row: 3 * blockRows, column: 'd', value: '1.00' }]);
        await new Promise((resolve) => setTimeout(resolve, 100));
      },
    });
    expect(done.rows).toBe(5 * blockRows);
    expect(done.coverage.settled).toBe(false);
  });

  test('cancel: nothing more is asked of the store', async () => {
    const store = await fakeStore({ ...table, rows: 6 * blockRows });
    const made = await start(store);
    const stop = new AbortController();
    await expect(csv(made, all, { signal: stop.signal, chunk: () => stop.abort() })).rejects.toMatchObject({
      name: expect.stringMatching(/AbortError|ExaError/),
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { pages } = store.counts;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(store.counts.pages).toBe(pages);
    expect(pages).toBeLessThan(6 * 3);
  });

  test('an unknown column is one clear sentence', async () => {
    const store = await fakeStore({ ...table, rows: 9 });
    await expect(csv(await start(store), { ...all, columns: ['gone'] })).rejects.toMatchObject({
      tag: 'missing',
    });
  });
});
