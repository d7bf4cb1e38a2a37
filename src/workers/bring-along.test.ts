import { afterEach, describe, expect, it } from 'vitest';
import { openAnswer } from '../arrow/answer-table.ts';
import type { KeptShare } from '../protocol/client.ts';
import { blockRows } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import type { AggregateQuestion } from '../protocol/query.ts';
import { type Bench, type BenchOptions, bench } from './coordinator.testing.ts';
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
/** Reads one column of three. */
const count: AggregateQuestion = {
  kind: 'aggregate',
  dataset: 't',
  groupBy: [{ by: 'value', column: 's' }],
  measures: [{ id: 'total', label: '', formula: 'count()', format: 'count' }],
};
/** Reads the other two. */
const sum: AggregateQuestion = {
  ...count,
  groupBy: [],
  measures: [{ id: 'total', label: '', formula: 'sum(n) + sum(f)', format: 'number' }],
};

describe('a data set brought along', () => {
  const open: Bench[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  const start = async (store: FakeStore, options?: BenchOptions) => {
    const made = await bench(store, { quietMs: 1, ...options });
    open.push(made);
    return made;
  };
  const follow = ({ client }: Bench, whole = false) => {
    const shares: KeptShare[] = [];
    const stop = client.bringAlong?.('t', whole, { next: (share) => shares.push(share) });
    return { shares, stop: () => stop?.() };
  };

  it('answers offline about columns that nobody asked about', async () => {
    const store = await fakeStore(table);
    const made = await start(store);
    await made.client.ask(count);
    const { shares } = follow(made);
    await expect.poll(() => shares.at(-1)?.pages).toBe(6);
    expect(shares.at(-1)).toEqual({ pages: 6, pagesTotal: 6, bytes: 18 * rows, fits: true });
    expect(store.counts.pages).toBe(6);
    store.down = new ExaError('offline', 'away');
    const { bytes, coverage } = await made.client.ask(sum);
    expect(coverage).toMatchObject({ blocks: 2, blocksTotal: 2, rows });
    let wanted = 0;
    for (let row = 0; row < rows; row++) wanted += (row % 1000) + row / 8;
    expect(openAnswer(bytes).value('total', 0)).toBe(wanted);
  });

  it('stops with whoever watches', async () => {
    const store = await fakeStore(table);
    const made = await start(store);
    const { shares, stop } = follow(made);
    await expect.poll(() => shares.at(-1)?.pages).toBe(6);
    stop();
    store.append(Array.from({ length: 3 }, () => ({ n: 1, f: 1, s: 'a' })));
    const before = store.counts.requests;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(store.counts.requests).toBe(before);
  });

  it('brings nothing while a question is under way', async () => {
    const store = await fakeStore(table);
    const made = await start(store);
    await made.client.ask(count);
    store.silent = true;
    const asked = new AbortController();
    const answer = made.client.ask(sum, { signal: asked.signal }).catch(() => 'cancelled');
    await expect.poll(() => store.counts.requests).toBeGreaterThan(1);
    const { shares } = follow(made);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(shares).toEqual([]);
    store.silent = false;
    asked.abort();
    await answer;
    await expect.poll(() => shares.at(-1)?.pages).toBe(6);
  });

  it('brings nothing of what is larger than may be brought unasked, all of it when asked', async () => {
    const store = await fakeStore(table);
    const small = await start(store, { unaskedBytes: 18 * rows - 1 });
    const unasked = follow(small);
    await expect.poll(() => unasked.shares.at(-1)?.fits).toBe(false);
    expect(store.counts.pages).toBe(0);
    const whole = follow(small, true);
    await expect.poll(() => whole.shares.at(-1)?.pages).toBe(6);
  });
});
