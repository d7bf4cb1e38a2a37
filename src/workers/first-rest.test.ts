import { expect, test } from 'vitest';
import type { Status } from '../protocol/client.ts';
import { firstRest } from './first-rest.ts';

function watched() {
  let tell = (_: Status['connection']): void => {};
  let expire = (): void => {};
  let stopped = 0;
  let isDone = false;
  const client = {
    status(observer: { next(status: Status): void }) {
      tell = (connection) => observer.next({ connection } as Status);
      return () => {
        stopped++;
      };
    },
  };
  const done = firstRest(client, (_, run) => {
    expire = run;
  }).then(() => {
    isDone = true;
  });
  const settled = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    return isDone;
  };
  return {
    tell: (at: Status['connection']) => tell(at),
    expire: () => expire(),
    settled,
    done,
    stopped: () => stopped,
  };
}

test('rest is when what was asked is answered; not before anything was', async () => {
  const { tell, settled, stopped } = watched();
  for (const at of ['connecting', 'live', 'updating'] as const) tell(at);
  expect(await settled()).toBe(false);
  tell('live');
  expect(await settled()).toBe(true);
  expect(stopped()).toBe(1);
});

test('rest is at once where the store cannot be reached, and after a while where people go on asking', async () => {
  const away = watched();
  away.tell('offline');
  expect(await away.settled()).toBe(true);
  const busy = watched();
  busy.tell('updating');
  expect(await busy.settled()).toBe(false);
  busy.expire();
  expect(await busy.settled()).toBe(true);
});
