import type { Head } from '../protocol/head.ts';
import { isLocal } from '../protocol/local.ts';
import type { CallMessage, PageCalls } from '../protocol/messages.ts';
import type { StoreClient } from '../storage/store-client.ts';
import type { Wire } from './rpc.ts';

/** A store that is asked while what this browser keeps is still being opened. */
export interface AskedAhead {
  /** The same store; what was asked ahead is answered from that, once. */
  readonly store: StoreClient;
  /** The same wire: what comes before anybody listens is kept, and the heads and the list it asks for are asked of the store. */
  hear(wire: Wire): Wire;
  /** Everything is open: what nobody took is dropped, as it grows old. */
  end(): void;
}

/** Asks at once how the store is. */
export function askedAhead(store: StoreClient): AskedAhead {
  let health: ReturnType<StoreClient['health']> | undefined = store.health();
  health.catch(() => {});
  let list: ReturnType<StoreClient['datasets']> | undefined;
  const heads = new Map<string, Promise<Head>>();

  const ask = (message: unknown): void => {
    const call = message as CallMessage;
    if (call.kind !== 'call') return;
    if (call.name === 'datasets' && !list) {
      list = store.datasets();
      list.catch(() => {});
    }
    if (call.name !== 'head') return;
    const { dataset } = call.ask as PageCalls['head']['ask'];
    if (isLocal(dataset) || heads.has(dataset)) return;
    const head = store.head(dataset);
    head.catch(() => {});
    heads.set(dataset, head);
  };

  return {
    store: {
      ...store,
      health(options) {
        const early = health;
        health = undefined;
        return early ?? store.health(options);
      },
      datasets(options) {
        const early = list;
        list = undefined;
        return early ?? store.datasets(options);
      },
      head(dataset, options) {
        const early = heads.get(dataset);
        heads.delete(dataset);
        return early ?? store.head(dataset, options);
      },
    },
    hear(wire) {
      const kept: unknown[] = [];
      let failure: Parameters<Parameters<Wire['listen']>[1]>[0] | undefined;
      wire.listen(
        (message) => {
          kept.push(message);
          ask(message);
        },
        (error) => {
          failure = error;
        },
      );
      return {
        ...wire,
        listen(on, broken) {
          wire.listen(on, broken);
          for (const message of kept.splice(0)) on(message);
          if (failure) broken(failure);
        },
      };
    },
    end() {
      health = undefined;
      list = undefined;
      heads.clear();
    },
  };
}
