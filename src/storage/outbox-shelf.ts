import { del, entries, promisifyRequest } from 'idb-keyval';
import type { Change } from '../protocol/change.ts';
import { toExaError } from '../protocol/errors.ts';
import type { Database } from './database.ts';
import type { Waiting } from './outbox.ts';

/** Where an outbox keeps what waits; shared by all tabs of an origin. */
export interface OutboxShelf {
  readonly keeps: 'indexeddb' | 'memory';
  /** Resolves once kept, with its place in the order. Rejects with `quota` or `broken`. */
  add(waiting: Omit<Waiting, 'order'>): Promise<number>;
  /** In order. Records no version of the outbox could have written are left out. */
  list(): Promise<Waiting[]>;
  remove(order: number): Promise<void>;
}

/** An outbox that lasts as long as this thread: nothing survives a reload. */
export function memoryOutboxShelf(): OutboxShelf {
  const waiting = new Map<number, Waiting>();
  let next = 1;
  return {
    keeps: 'memory',
    async add(added) {
      const order = next++;
      waiting.set(order, structuredClone({ ...added, order }));
      return order;
    },
    list: async () => [...waiting.values()],
    remove: async (order) => void waiting.delete(order),
  };
}

/** An outbox in `database`, on disk (strict durability) before `add` resolves. */
export function indexedDbOutboxShelf(database: Database): OutboxShelf {
  const store = database.store('outbox', 'strict');
  const attempt = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error) => {
      throw toExaError(error);
    });
  return {
    keeps: 'indexeddb',
    add: (added) =>
      attempt(
        store('readwrite', async (records) => {
          const request = records.add(added);
          await promisifyRequest(records.transaction);
          return Number(request.result);
        }),
      ),
    list: () =>
      attempt(
        entries<number, unknown>(store).then((found) =>
          found.flatMap(([order, record]) => (isWaiting(record) ? [{ ...record, order }] : [])),
        ),
      ),
    remove: (order) => attempt(del(order, store)),
  };
}

const kinds: readonly unknown[] = [
  'append',
  'upsert',
  'delete',
  'profile',
  'assign',
] satisfies Change['kind'][];

function isWaiting(record: unknown): record is Omit<Waiting, 'order'> {
  if (typeof record !== 'object' || record === null) return false;
  const { idempotencyKey, change, madeAt } = record as Partial<Record<keyof Waiting, unknown>>;
  if (typeof idempotencyKey !== 'string' || typeof madeAt !== 'string') return false;
  return typeof change === 'object' && change !== null && 'kind' in change && kinds.includes(change.kind);
}
