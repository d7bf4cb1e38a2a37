import type { UseStore } from 'idb-keyval';

/** The object stores of a database; `outbox` numbers its records itself, the others are keyed by text. */
export const storeNames = ['pages', 'small', 'outbox'] as const;
export type StoreName = (typeof storeNames)[number];

/** One IndexedDB database over one connection, opened when first used and again when the browser closed it. */
export interface Database {
  readonly name: string;
  /**
   * A store as idb-keyval uses one. `relaxed` transactions resolve when the browser has the data, `strict` ones when
   * they are on the disk.
   */
  store(name: StoreName, durability: 'relaxed' | 'strict'): UseStore;
  close(): void;
}

/** The database `name`; nothing is opened yet. A failed open is forgotten: the next use tries again. */
export function openDatabase(name: string, factory: IDBFactory = indexedDB): Database {
  let opening: Promise<IDBDatabase> | undefined;

  function connect(): Promise<IDBDatabase> {
    opening ??= open(factory, name).then(
      (database) => {
        const forget = () => {
          opening = undefined;
        };
        database.onclose = forget;
        // Somebody deletes the database (sign-out): holding on would block them.
        database.onversionchange = () => {
          forget();
          database.close();
        };
        return database;
      },
      (error) => {
        opening = undefined;
        throw error;
      },
    );
    return opening;
  }

  return {
    name,
    store: (storeName, durability) => async (mode, use) => {
      const begin = async () => (await connect()).transaction(storeName, mode, { durability });
      // A connection may have died without its close event: then `transaction` throws, and a fresh one serves.
      const transaction = await begin().catch((error) => {
        if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
        opening = undefined;
        return begin();
      });
      return use(transaction.objectStore(storeName));
    },
    close() {
      opening?.then((database) => database.close()).catch(() => {});
      opening = undefined;
    },
  };
}

/** Deletes the database `name` with all it holds; resolves also when there was none. */
export function deleteDatabase(name: string, factory: IDBFactory = indexedDB): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = factory.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

function open(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => {
      for (const storeName of storeNames)
        request.result.createObjectStore(storeName, { autoIncrement: storeName === 'outbox' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
