import { describe, expect, test, vi } from 'vitest';
import { ExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import { localPrefix } from '../protocol/local.ts';
import type { Start } from '../protocol/start.ts';
import type { StoreClient } from '../storage/store-client.ts';
import { publicSession } from './account-book.ts';
import { askedAhead } from './asked-ahead.ts';
import type { Wire } from './rpc.ts';

const ann = { account: 'ann', scope: 'hers' };

/** A wire, and what the other end says on it. */
function wired() {
  let say = (_: unknown): void => {};
  const wire: Wire = {
    post() {},
    listen(on) {
      say = on;
    },
    close() {},
  };
  return { wire, say: (message: unknown) => say(message) };
}

function asked() {
  const store = {
    health: vi.fn(async () => 'health'),
    head: vi.fn(async (dataset: string) => `head of ${dataset}`),
    datasets: vi.fn(async () => 'list'),
  };
  const ahead = askedAhead(store as unknown as StoreClient, { whose: ann, asked: true });
  return { store, ahead, ...wired() };
}

const call = (name: string, ask: unknown) => ({ kind: 'call', id: 1, name, ask });

test('what pages ask while all is opened is asked of the store at once, and once', async () => {
  const { store, ahead, wire, say } = asked();
  const heard = ahead.hear(wire);
  const sent = [
    call('datasets', undefined),
    call('head', { dataset: 'orders' }),
    call('head', { dataset: 'orders' }),
    call('head', { dataset: `${localPrefix}mine` }),
    { kind: 'cancel', id: 7 },
    call('subscribe', { question: {} }),
  ];
  for (const message of sent) say(message);
  expect(store.health).toHaveBeenCalledOnce();
  expect(store.datasets).toHaveBeenCalledOnce();
  expect(store.head.mock.calls).toEqual([['orders']]);

  // Whoever listens then hears all of it, in order, and goes on hearing.
  const got: unknown[] = [];
  heard.listen(
    (message) => got.push(message),
    () => {},
  );
  say('more');
  expect(got).toEqual([...sent, 'more']);

  expect(await ahead.store.head('orders')).toBe('head of orders');
  expect(await ahead.store.datasets()).toBe('list');
  expect(store.head).toHaveBeenCalledOnce();
  await ahead.store.head('orders');
  await ahead.store.datasets();
  await ahead.store.health();
  await ahead.store.health();
  expect([store.head, store.datasets, store.health].map((one) => one.mock.calls.length)).toEqual([2, 2, 2]);
});

test('what nobody took is asked anew once all has been open for a while', async () => {
  const { store, ahead, wire, say } = asked();
  ahead.hear(wire);
  say(call('head', { dataset: 'orders' }));
  ahead.end();
  await ahead.store.head('orders');
  expect(store.head).toHaveBeenCalledTimes(2);
});

describe('a store that has the start in one answer', () => {
  const begun = (start: () => Promise<Start>) => {
    const store = {
      start: vi.fn(start),
      health: vi.fn(async () => ({ version: 9, asOf: 'now' })),
      head: vi.fn(async (id: string) => ({ id, by: 'itself' })),
      datasets: vi.fn(async () => ({ version: 9, asOf: 'now', datasets: [] })),
    };
    const ahead = askedAhead(store as unknown as StoreClient, { whose: ann, asked: true });
    return { store, ahead };
  };
  const answer = (account: string): Start => ({
    session: { ...publicSession, ...ann, account },
    version: 4,
    asOf: 'then',
    datasets: [],
    heads: [{ id: 'orders' } as Head],
  });

  test('is asked for nothing else, the first time', async () => {
    const { store, ahead } = begun(async () => answer('ann'));
    expect(await ahead.store.health()).toEqual({ version: 4, asOf: 'then' });
    expect(await ahead.store.datasets()).toEqual({ version: 4, asOf: 'then', datasets: [] });
    expect(await ahead.store.head('orders')).toEqual({ id: 'orders' });
    expect(store.start).toHaveBeenCalledExactlyOnceWith({ asked: true });
    expect([store.health, store.head, store.datasets].map((one) => one.mock.calls.length)).toEqual([0, 0, 0]);
    // A head that did not come with it, and everything the second time.
    expect(await ahead.store.head('clients')).toEqual({ id: 'clients', by: 'itself' });
    expect(await ahead.store.head('orders')).toEqual({ id: 'orders', by: 'itself' });
    expect((await ahead.store.health()).version).toBe(9);
    expect((await ahead.store.datasets()).version).toBe(9);
  });

  test('has the heads that pages ask for meanwhile', async () => {
    const { store, ahead } = begun(async () => answer('ann'));
    const { wire, say } = wired();
    ahead.hear(wire);
    for (const dataset of ['orders', 'clients']) say(call('head', { dataset }));
    expect(await ahead.store.head('orders')).toEqual({ id: 'orders' });
    expect(await ahead.store.head('clients')).toEqual({ id: 'clients', by: 'itself' });
    expect(store.head.mock.calls).toEqual([['clients']]);
  });

  test('of somebody else is not taken', async () => {
    const { ahead } = begun(async () => answer('ben'));
    expect((await ahead.store.health()).version).toBe(9);
    expect((await ahead.store.datasets()).version).toBe(9);
    expect(await ahead.store.head('orders')).toEqual({ id: 'orders', by: 'itself' });
  });

  test('that is older is asked for each by itself; one that is away is away', async () => {
    const older = begun(() => Promise.reject(new ExaError('missing', 'There is no such address.')));
    expect((await older.ahead.store.health()).version).toBe(9);
    const away = begun(() => Promise.reject(new ExaError('offline', 'Away.')));
    await expect(away.ahead.store.health()).rejects.toMatchObject({ tag: 'offline' });
    await expect(away.ahead.store.datasets()).rejects.toMatchObject({ tag: 'offline' });
    // Asked again, it is asked.
    expect((await away.ahead.store.health()).version).toBe(9);
  });

  test('grows old', async () => {
    const { ahead } = begun(async () => answer('ann'));
    ahead.end();
    expect((await ahead.store.health()).version).toBe(9);
  });
});
