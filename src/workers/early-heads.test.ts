import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Observer } from '../protocol/client.ts';
import { ExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import { plainProfile } from '../protocol/plain-profile.ts';
import { publicSession } from './account-book.ts';
import { withEarlyHeads } from './early-heads.ts';

const headOf = (id: string, version: number): Head => ({
  id,
  name: id,
  epoch: 'e',
  scope: 'public',
  version,
  asOf: '2026-01-01T00:00:00Z',
  allocated: 1,
  columns: [],
  revisions: [version],
  live: [1],
  zones: {},
  profile: plainProfile(id),
});
const start = {
  session: publicSession,
  version: 4,
  asOf: 'then',
  datasets: [],
  heads: [headOf('orders', 4)],
};
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A watch of heads, and what a coordinator tells of them later. */
function watched(asked: Promise<unknown> | undefined) {
  const told: unknown[] = [];
  let coordinator: Observer<Head> | undefined;
  const stop = vi.fn();
  const head = withEarlyHeads((_, observer) => {
    coordinator = observer;
    return stop;
  }, asked);
  return {
    told,
    stop,
    coordinator: () => coordinator!,
    watch: (dataset: string) =>
      head(dataset, {
        next: ({ version }) => told.push(version),
        failed: ({ tag }) => told.push(tag),
      }),
  };
}

test('a head that came with the start is told at once, the coordinator’s after it', async () => {
  const { told, coordinator, watch, stop } = watched(Promise.resolve(start));
  const end = watch('orders');
  await settled();
  expect(told).toEqual([4]);
  coordinator().next(headOf('orders', 5));
  expect(told).toEqual([4, 5]);
  end();
  expect(stop).toHaveBeenCalledOnce();
});

test('never after the coordinator’s, nor after the watch has ended, nor of other data sets', async () => {
  const { told, coordinator, watch } = watched(Promise.resolve(start));
  watch('orders');
  coordinator().next(headOf('orders', 5));
  await settled();
  watch('orders')();
  watch('clients');
  await settled();
  expect(told).toEqual([5]);
  coordinator().failed?.(new ExaError('missing', 'There is none.'));
  expect(told).toEqual([5, 'missing']);
});

test('once it has grown old, heads begin with the coordinator’s', async () => {
  const { told, watch } = watched(Promise.resolve(start));
  await vi.advanceTimersByTimeAsync(2001);
  watch('orders');
  await settled();
  expect(told).toEqual([]);
});

test.each([
  ['that never was asked', undefined],
  ['of a store that has none', async () => undefined],
  ['that failed', () => Promise.reject(new TypeError('away'))],
  ['that is none', async () => ({ hello: 'there' })],
  ['of somebody who must sign in', async () => ({ session: publicSession, version: 4, asOf: 'then' })],
])('a start %s tells nothing', async (_, ask) => {
  const { told, coordinator, watch } = watched(ask?.());
  watch('orders');
  await settled();
  expect(told).toEqual([]);
  coordinator().next(headOf('orders', 5));
  expect(told).toEqual([5]);
});
