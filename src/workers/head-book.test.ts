import { expect, test } from 'vitest';
import { testHead } from '../kernels/table/table.testing.ts';
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
