import type { AccountSession } from '../protocol/account.ts';
import { isExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import { isLocal } from '../protocol/local.ts';
import type { CallMessage, PageCalls } from '../protocol/messages.ts';
import type { Start } from '../protocol/start.ts';
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

export interface AskedAheadOptions {
  /** Whose answers these are: a start that is somebody else's is not taken. */
  readonly whose: Pick<AccountSession, 'account' | 'scope'>;
  /** Whether the page has just asked for the start itself. */
  readonly asked: boolean;
}

/** Asks at once for what everything begins with: where the store has it in one answer, for that; else how it is. */
export function askedAhead(store: StoreClient, { whose, asked }: AskedAheadOptions): AskedAhead {
  let start = store.start?.({ asked }).then(
    (answer) => (isOf(answer, whose) ? answer : undefined),
    (error: unknown): undefined => {
      // An older store is asked for each by itself.
      if (isExaError(error, 'offline')) throw error;
    },
  );
  let health = start ? undefined : store.health();
  let list: ReturnType<StoreClient['datasets']> | undefined;
  for (const early of [start, health]) early?.catch(() => {});
  const heads = new Map<string, Promise<Head>>();
  const taken = new Set<string>();

  /** What the start has of something, the first time; undefined: to be asked for. */
  const ofStart = async <T>(name: string, of: (start: Start) => T | undefined): Promise<T | undefined> => {
    if (taken.has(name)) return undefined;
    taken.add(name);
    const answer = await start;
    return answer && of(answer);
  };

  const ask = (message: unknown): void => {
    const call = message as CallMessage;
    if (call.kind !== 'call') return;
    if (call.name === 'datasets' && !list && !start) {
      list = store.datasets();
      list.catch(() => {});
    }
    if (call.name !== 'head') return;
    const { dataset } = call.ask as PageCalls['head']['ask'];
    if (isLocal(dataset) || heads.has(dataset)) return;
    const head = start
      ? ofStart(`head ${dataset}`, (answer) => headOf(answer, dataset)).then(
          (found) => found ?? store.head(dataset),
        )
      : store.head(dataset);
    head.catch(() => {});
    heads.set(dataset, head);
  };

  return {
    store: {
      ...store,
      async health(options) {
        const early = health;
        health = undefined;
        return (await ofStart('health', clockOf)) ?? early ?? store.health(options);
      },
      async datasets(options) {
        const early = list;
        list = undefined;
        return (await ofStart('datasets', listOf)) ?? early ?? store.datasets(options);
      },
      async head(dataset, options) {
        const early = heads.get(dataset);
        heads.delete(dataset);
        if (early) return early;
        const found = await ofStart(`head ${dataset}`, (answer) => headOf(answer, dataset));
        return found ?? store.head(dataset, options);
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
      start = undefined;
      health = undefined;
      list = undefined;
      heads.clear();
    },
  };
}

function isOf({ session }: Start, { account, scope }: AskedAheadOptions['whose']): boolean {
  return session.open && session.account === account && session.scope === scope;
}

function headOf({ heads }: Start, dataset: string): Head | undefined {
  return heads?.find(({ id }) => id === dataset);
}

function clockOf({ version, asOf }: Start) {
  return { version, asOf };
}

function listOf({ version, asOf, datasets }: Start) {
  return datasets && { version, asOf, datasets };
}
