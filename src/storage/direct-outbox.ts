import { randomKey } from '../protocol/random-key.ts';
import type { Outbox } from './outbox.ts';
import type { StoreClient } from './store-client.ts';

/** An outbox before a store on this machine: what is written is kept and stored at once, so nothing ever waits. */
export function directOutbox(send: StoreClient['write']): Outbox {
  return {
    add(change, idempotencyKey = randomKey()) {
      const stored = send(change, idempotencyKey);
      const kept = stored.then(() => {});
      kept.catch(() => {});
      return { kept, stored };
    },
    waiting: 0,
    onWaiting: () => () => {},
    onRefused: () => () => {},
    retry() {},
    close: async () => {},
  };
}
