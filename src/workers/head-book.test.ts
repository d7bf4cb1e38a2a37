import { expect, test } from 'vitest';
import { testHead } from '../kernels/table/table.testing.ts';
import type { VersionEvent } from '../protocol/change.ts';
import type { Head } from '../protocol/head.ts';
import { memorySmallStore } from '../storage/small-store.ts';
import type { StoreClient } from '../storage/store-client.ts';
import { headBook } from './head-book.ts';

const head: Head = { ...testHead('orders', { c1: { kind: 'int32' } }), version: 7 };
const profile = {
  ...head.profile,
  measures: [{ id: 'm', label: 'M', formula: 'sum(c1)', format: 'number' as const }],
};

function opened() {
  const store = { head: async () => head, datasets: async () => ({ datasets: [] }) };
  return headBook(store as unknown as StoreClient, memorySmallStore(), {
    parseHead: () => undefined,
    parseList: () => undefined,
  });
}

test('a profile written while the store is away is shown at once, until the store’s own is read', async () => {
  const book = opened();
  book.connected(true);
  await book.refresh('orders');
  book.expect('orders', profile);
  expect((await book.known('orders'))?.head.profile.measures).toEqual(head.profile.measures);
  book.connected(false);
  book.expect('orders', profile);
  expect((await book.known('orders'))?.head.profile.measures).toHaveLength(1);
  book.connected(true);
  await book.refresh('orders');
  expect((await book.known('orders'))?.head.profile).toEqual(head.profile);
});

test('an array in a table’s place is read again when the array changes, and not when another does', async () => {
  let reads = 0;
  const dataset = 'array:readings[0:10]';
  const at = (version: number): Head => ({ ...testHead(dataset, { c1: { kind: 'float64' } }), version });
  const store = {
    head: async () => at(7 + reads++),
    datasets: async () => ({ datasets: [] }),
  };
  const book = headBook(store as unknown as StoreClient, memorySmallStore(), {
    parseHead: () => undefined,
    parseList: () => undefined,
  });
  book.connected(true);
  const told: number[] = [];
  book.watch(dataset, { changed: ({ head }) => told.push(head.version), failed: () => {} });
  await expect.poll(() => told).toEqual([7]);
  const event = (version: number, id: string): VersionEvent => ({
    version,
    previous: version - 1,
    asOf: '2026-11-28T10:00:00.000Z',
    datasets: [],
    arrays: [{ id, epoch: 'e', headChanged: false, chunks: [[0, 0]] }],
  });
  book.apply(event(8, 'others'));
  expect(reads).toBe(1);
  expect((await book.known(dataset))?.head.version).toBe(8);
  book.apply(event(9, 'readings'));
  await expect.poll(() => reads).toBe(2);
});

test('a list is read once while it is kept up: not again for whoever watches it later, but after an outage', async () => {
  let reads = 0;
  const store = {
    datasets: async () => {
      reads++;
      return { version: 7, asOf: '2026-11-28T10:00:00.000Z', datasets: [] };
    },
  };
  const book = headBook(store as unknown as StoreClient, memorySmallStore(), {
    parseHead: () => undefined,
    parseList: () => undefined,
  });
  const told: number[] = [];
  const watch = () => book.watchList({ changed: (list) => told.push(list.length), failed: () => {} });
  const stop = watch();
  // Connected while what was kept is still being looked for.
  book.connected(true, 7);
  await expect.poll(() => told.length).toBeGreaterThan(0);
  const before = told.length;
  watch();
  await expect.poll(() => told.length).toBeGreaterThan(before);
  await new Promise((resolve) => setTimeout(resolve));
  expect(reads).toBe(1);
  stop();
  book.connected(false);
  book.connected(true, 9);
  await expect.poll(() => reads).toBe(2);
});
