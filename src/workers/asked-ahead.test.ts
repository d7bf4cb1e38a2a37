import { expect, test, vi } from 'vitest';
import { localPrefix } from '../protocol/local.ts';
import type { StoreClient } from '../storage/store-client.ts';
import { askedAhead } from './asked-ahead.ts';
import type { Wire } from './rpc.ts';

function asked() {
  const store = {
    health: vi.fn(async () => 'health'),
    head: vi.fn(async (dataset: string) => `head of ${dataset}`),
    datasets: vi.fn(async () => 'list'),
  };
  let say = (_: unknown): void => {};
  const wire: Wire = {
    post() {},
    listen(on) {
      say = on;
    },
    close() {},
  };
  const ahead = askedAhead(store as unknown as StoreClient);
  return { store, ahead, wire, say: (message: unknown) => say(message) };
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
