import { del, get, promisifyRequest, set } from 'idb-keyval';
import { toExaError } from '../protocol/errors.ts';
import type { Database } from './database.ts';
import type { SmallStore } from './small-store.ts';

/** A small store in `database`. Rejects with `quota` when there is no space, `broken` when the storage fails. */
export function indexedDbSmallStore(database: Database): SmallStore {
  const relaxed = database.store('small', 'relaxed');
  const strict = database.store('small', 'strict');
  const attempt = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error) => {
      throw toExaError(error);
    });
  return {
    keeps: 'indexeddb',
    get: (key) => attempt(get<unknown>(key, relaxed)),
    set: (key, value, options) => attempt(set(key, value, options?.strict ? strict : relaxed)),
    del: (key) => attempt(del(key, relaxed)),
    keys: (prefix) =>
      attempt(
        relaxed('readonly', async (store) => {
          const found = await promisifyRequest(
            store.getAllKeys(IDBKeyRange.bound(prefix, `${prefix}\uffff`)),
          );
          return found.filter((key) => typeof key === 'string');
        }),
      ),
  };
}
