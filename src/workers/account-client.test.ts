import { expect, test } from 'vitest';
import type { AccountBook } from './account-book.ts';
import { accountClient } from './account-client.ts';
import type { CoordinatorPlace } from './account-place.ts';

test('other tabs are told that somebody signed out once the store has ended the session', async () => {
  const order: string[] = [];
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const book = {
    signOut: async () => {
      order.push('asked');
      await ended;
      order.push('ended');
    },
  } as unknown as AccountBook;
  const place = { storeUrl: 'http://store.test', account: 'ben', scope: 's', generation: 0, cache: 'disk' };
  const page = { here: () => '/', leaveFor() {}, startOver: () => void order.push('started over') };
  const channel = new BroadcastChannel('exanalytics account');
  const told = new Promise<void>((resolve) => {
    channel.onmessage = ({ data }) => {
      order.push(`told ${data}`);
      resolve();
    };
  });
  const client = accountClient({
    book,
    link: () => undefined,
    place: () => place as unknown as CoordinatorPlace,
    page,
    factory: () => undefined,
  });
  const done = client.signOut();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(order).toEqual(['asked']);
  end();
  await Promise.all([done, told]);
  channel.close();
  expect(order.slice(0, 2)).toEqual(['asked', 'ended']);
  expect(order).toContain('told ben');
  expect(order).toContain('started over');
});
