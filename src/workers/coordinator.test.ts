import { afterEach, describe, expect, it } from 'vitest';
import { openAnswer } from '../arrow/answer-table.ts';
import { blockRows } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import type { AggregateQuestion, RowsQuestion } from '../protocol/query.ts';
import { answerOf, type Bench, type BenchOptions, bench } from './coordinator.testing.ts';
import { type FakeStore, fakeStore } from './fake-store.testing.ts';

const rows = blockRows + 1000;

const table = {
  rows,
  columns: [
    { id: 'n', type: { kind: 'int32' as const }, at: (row: number) => row % 1000 },
    { id: 'f', type: { kind: 'float64' as const }, at: (row: number) => row / 8 },
    { id: 's', type: { kind: 'text' as const }, at: (row: number) => (row % 3 ? 'b' : 'a') },
  ],
};

const sums: AggregateQuestion = {
  kind: 'aggregate',
  dataset: 't',
  groupBy: [{ by: 'value', column: 's' }],
  measures: [
    { id: 'total', label: '', formula: 'sum(n)', format: 'number' },
    { id: 'lines', label: '', formula: 'count()', format: 'count' },
  ],
};

const window: RowsQuestion = {
  kind: 'rows',
  dataset: 't',
  order: [],
  columns: ['n', 's'],
  offset: blockRows - 2,
  limit: 4,
};

function expected(store: FakeStore, group: string): number {
  let sum = 0;
  for (let row = 0; row < store.rows; row++)
    if (store.value(row, 's') === group) sum += Number(store.value(row, 'n'));
  return sum;
}

describe('the coordinator', () => {
  const open: Bench[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  const start = async (store: FakeStore, options?: BenchOptions) => {
    const made = await bench(store, options);
    open.push(made);
    return made;
  };
  const totals = (bytes: Uint8Array) => {
    const answer = openAnswer(bytes);
    return Object.fromEntries(
      Array.from({ length: answer.rows }, (_, row) => [
        answer.value('g0', row),
        Number(answer.value('total', row)),
      ]),
    );
  };

  it('answers a small table from its pages, the next question without asking again', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store);
    const answer = await client.ask(sums);
    expect(totals(answer.bytes)).toEqual({ a: expected(store, 'a'), b: expected(store, 'b') });
    expect(answer.coverage).toMatchObject({ settled: true, blocks: 2, blocksTotal: 2, rows, version: 1 });
    expect(store.counts).toMatchObject({ pages: 4, partials: 0, patches: 0 });
    store.reset();
    await client.ask({ ...sums, groupBy: [] });
    expect(store.counts).toMatchObject({ requests: 0, bytes: 0 });
  });

  it('asks the store for the root of a large one, then fetches its pages behind the answer', async () => {
    const store = await fakeStore(table);
    const { watch, cache } = await start(store, { smallBytes: 1000 });
    const live = watch(sums);
    const first = await live.until((event) => event.kind === 'answer' && event.final);
    expect(answerOf(first).coverage).toMatchObject({ settled: true, from: 'store' });
    expect(store.counts).toMatchObject({ partials: 1 });
    await expect.poll(async () => (await cache.report()).pages).toBeGreaterThanOrEqual(4);
    expect(store.counts.pages).toBe(4);
    const other = watch({ ...sums, groupBy: [] });
    await other.until((event) => event.kind === 'answer' && event.final);
    other.stop();
    live.stop();
    expect(store.counts).toMatchObject({ pages: 4, partials: 1 });
  });

  it('gives the same bytes here, from the store, and with any number of workers', async () => {
    const store = await fakeStore({ ...table, rows: 3 * blockRows + 77 });
    const question: AggregateQuestion = {
      ...sums,
      measures: [
        { id: 'mean', label: '', formula: 'mean(f)', format: 'number' },
        { id: 'sd', label: '', formula: 'stddev(f)', format: 'number' },
        { id: 'f', label: '', formula: 'sum(f)', format: 'number' },
      ],
    };
    const seen: Uint8Array[] = [];
    for (const options of [{ smallBytes: 2 ** 30 }, { smallBytes: 1 }, { smallBytes: 2 ** 30, workers: 3 }]) {
      const { client } = await start(store, options);
      seen.push((await client.ask(question)).bytes);
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it('refreshes one row with one patch, and maps what changed', async () => {
    const store = await fakeStore(table);
    const { watch } = await start(store);
    const live = watch(sums);
    await live.until((event) => event.kind === 'answer' && event.final);
    store.reset();
    store.update([{ row: 70_000, column: 'n', value: 5_000_000 }]);
    const next = await live.until(
      (event) => event.kind === 'answer' && event.coverage.version === 2 && event.final,
    );
    expect(totals(answerOf(next).bytes)).toEqual({ a: expected(store, 'a'), b: expected(store, 'b') });
    expect(answerOf(next).coverage.settled).toBe(true);
    expect(store.counts).toMatchObject({ pages: 0, patches: 1, heads: 0, partials: 0 });
    expect(store.counts.bytes).toBeLessThan(4096);
    live.stop();
  });

  it('follows appended and deleted rows', async () => {
    const store = await fakeStore(table);
    const { watch } = await start(store);
    const live = watch(sums);
    await live.until((event) => event.kind === 'answer' && event.final);
    store.append([{ n: 7, f: 1, s: 'c' }]);
    store.remove([1, 2, 3]);
    const next = await live.until(
      (event) => event.kind === 'answer' && event.coverage.version === 3 && event.final,
    );
    expect(totals(answerOf(next).bytes)).toEqual({
      a: expected(store, 'a'),
      b: expected(store, 'b'),
      c: 7,
    });
    expect(answerOf(next).coverage.rows).toBe(rows - 2);
    live.stop();
  });

  it('never shows rows that moved while they were read', async () => {
    const store = await fakeStore(table);
    const { watch } = await start(store);
    let moves = 0;
    store.beforeBatch = () => {
      if (moves-- > 0) store.update([{ row: 5, column: 'n', value: 1000 + moves }]);
    };
    const live = watch(sums);
    await live.until((event) => event.kind === 'answer' && event.final);
    moves = 3;
    store.update([{ row: 70_000, column: 'n', value: 77 }]);
    const event = await live.until(
      (event) => event.kind === 'answer' && event.final && event.coverage.version >= 4,
    );
    expect(answerOf(event).coverage.settled).toBe(true);
    expect(totals(answerOf(event).bytes)).toEqual({ a: expected(store, 'a'), b: expected(store, 'b') });
    expect(store.counts.pages).toBe(4);
    live.stop();
  });

  it('answers offline from what is kept, dated; and catches up with a patch', async () => {
    const store = await fakeStore(table);
    const first = await start(store);
    await first.client.ask(sums);
    await expect.poll(() => first.small.get('head/t')).toBeTruthy();
    store.down = new ExaError('offline', 'The store does not answer.');
    const again = await start(store, { cache: first.cache, small: first.small });
    const answer = await again.client.ask(sums);
    expect(totals(answer.bytes)).toEqual({ a: expected(store, 'a'), b: expected(store, 'b') });
    expect(answer.coverage).toMatchObject({ settled: true, version: 1, mixed: false });
    const offlineRows = await again.client.ask(window);
    expect(openAnswer(offlineRows.bytes).rows).toBe(4);
    store.update([{ row: 9, column: 'n', value: 123_456 }]);
    store.reset();
    const live = again.watch(sums);
    await live.until((event) => event.kind === 'answer');
    store.down = undefined;
    again.client.retry();
    const next = await live.until(
      (event) => event.kind === 'answer' && event.coverage.version === 2 && event.final,
    );
    expect(totals(answerOf(next).bytes)).toEqual({ a: expected(store, 'a'), b: expected(store, 'b') });
    expect(store.counts).toMatchObject({ pages: 0, patches: 1 });
    live.stop();
  });

  it('says in one sentence that nothing is kept, offline', async () => {
    const store = await fakeStore(table);
    store.down = new ExaError('offline', 'The store does not answer.');
    const { client } = await start(store);
    await expect(client.ask(sums)).rejects.toMatchObject({ tag: 'offline' });
  });

  it('fetches a corrupt part again, once; then fails with a sentence', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store);
    store.corrupt = 1;
    expect(totals((await client.ask(sums)).bytes)).toEqual({
      a: expected(store, 'a'),
      b: expected(store, 'b'),
    });
    const other = await fakeStore(table);
    const second = await start(other);
    other.corrupt = 1000;
    await expect(second.client.ask(sums)).rejects.toMatchObject({ tag: 'corrupt' });
  });

  it('aborts the request when nobody wants the answer any more, and asks once for two', async () => {
    const store = await fakeStore(table);
    const { watch } = await start(store);
    store.silent = true;
    const one = watch(sums);
    const two = watch(sums);
    await expect.poll(() => store.counts.requests).toBe(1);
    one.stop();
    two.stop();
    await expect.poll(() => store.counts.aborted).toBe(1);
    expect(store.counts.requests).toBe(1);
  });

  it('reads only the blocks of a window in arrival order', async () => {
    const store = await fakeStore({ ...table, rows: 3 * blockRows });
    const { client } = await start(store);
    const answer = await client.ask({ ...window, offset: blockRows + 5 });
    const table2 = openAnswer(answer.bytes);
    expect([...table2.numbers('_row')]).toEqual([5, 6, 7, 8].map((i) => blockRows + i));
    expect(table2.value('s', 0)).toBe(store.value(blockRows + 5, 's'));
    expect(answer.coverage.matching).toBe(3 * blockRows);
    expect(store.counts.pages).toBe(2);
  });

  it('reads only the last blocks for the newest rows, deleted ones left out', async () => {
    const rows = 3 * blockRows + 10;
    const store = await fakeStore({ ...table, rows });
    store.remove([rows - 2]);
    const { client } = await start(store);
    const newest: RowsQuestion = { ...window, order: [{ column: '_row', descending: true }], offset: 0 };
    const first = openAnswer((await client.ask(newest)).bytes);
    expect([...first.numbers('_row')]).toEqual([1, 3, 4, 5].map((back) => rows - back));
    expect(first.value('s', 1)).toBe(store.value(rows - 3, 's'));
    // n, s and which rows live, of one block.
    expect(store.counts.pages).toBeLessThanOrEqual(3);
    const across = openAnswer((await client.ask({ ...newest, offset: 7 })).bytes);
    expect([...across.numbers('_row')]).toEqual([9, 10, 11, 12].map((back) => rows - back));
    expect(store.counts.pages).toBeLessThanOrEqual(6);
    const last = openAnswer((await client.ask({ ...newest, offset: rows - 3 })).bytes);
    expect([...last.numbers('_row')]).toEqual([1, 0]);
  });

  it('orders and filters here, or takes the first rows from the store: the same rows', async () => {
    const store = await fakeStore(table);
    store.remove([999]);
    const question: RowsQuestion = {
      ...window,
      where: { op: 'range', column: 'n', from: 500 },
      order: [
        { column: 'n', descending: true },
        { column: 's', descending: false },
      ],
      offset: 10,
      limit: 20,
    };
    const here = await (await start(store)).client.ask(question);
    store.reset();
    const there = await (await start(store, { smallBytes: 1 })).client.ask(question);
    expect(store.counts.partials).toBe(1);
    expect(there.bytes).toEqual(here.bytes);
    expect(there.coverage.matching).toBe(here.coverage.matching);
    let matching = 0;
    for (let row = 0; row < rows; row++) if (Number(store.value(row, 'n') ?? -1) >= 500) matching++;
    expect(here.coverage.matching).toBe(matching);
  });

  it('brushes: slices agree with the question asked of that range', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store);
    const brush = await client.brush({
      dataset: 't',
      active: { column: 'n', from: 0, to: 1000, bins: 100 },
      questions: [sums],
    });
    const [bytes] = brush.slice(20, 50);
    const asked = await client.ask({ ...sums, where: { op: 'range', column: 'n', from: 200, to: 500 } });
    expect(totals(bytes!)).toEqual(totals(asked.bytes));
    brush.close();
  });

  it('refuses a question for a column that is not there, in one sentence', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store);
    const question = { ...sums, groupBy: [{ by: 'value' as const, column: 'nope' }] };
    await expect(client.ask(question)).rejects.toMatchObject({ tag: 'missing' });
  });

  it('keeps a write until the store has it, and tells how many wait', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store);
    const { kept, stored } = client.write({ kind: 'append', dataset: 't', rows: [{ n: 1 }] });
    await kept;
    expect((await stored).version).toBe(2);
  });

  it('forgets what it kept, and asks again', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store);
    await client.ask(sums);
    expect((await client.storage()).bytes).toBeGreaterThan(0);
    await client.forget('t');
    expect((await client.storage()).bytes).toBe(0);
    store.reset();
    await client.ask(sums);
    expect(store.counts.pages).toBe(4);
  });
});
