import { promisifyRequest } from 'idb-keyval';
import { toExaError } from '../protocol/errors.ts';

const storeNames = ['tables', 'pages', 'changes', 'receipts'] as const;

/** Object stores of the data sets kept in this browser; `changes` is keyed by version, the others by text. */
export type LocalStoreName = (typeof storeNames)[number];

/** The object stores within one transaction. Nothing else may be awaited while it lasts. */
export interface LocalTransaction {
  get(store: LocalStoreName, key: IDBValidKey): Promise<unknown>;
  getAll(store: LocalStoreName, range?: IDBKeyRange): Promise<readonly unknown[]>;
  keys(store: LocalStoreName, range?: IDBKeyRange): Promise<readonly IDBValidKey[]>;
  put(store: LocalStoreName, key: IDBValidKey, value: unknown): void;
  del(store: LocalStoreName, key: IDBValidKey | IDBKeyRange): void;
}

/** The database of the data sets kept in this browser: all its stores in one transaction, strict durability. */
export interface LocalDatabase {
  readonly name: string;
  /** Everything read is as of one moment. */
  read<T>(use: (transaction: LocalTransaction) => Promise<T>): Promise<T>;
  /** All of it is on the disk when this resolves, or none of it. Rejects `quota` when there is no space. */
  write<T>(use: (transaction: LocalTransaction) => Promise<T>): Promise<T>;
  close(): void;
}

/** The database `name`, opened when first used. A failed open is forgotten: the next use tries again. */
export function openLocalDatabase(name: string, factory: IDBFactory = indexedDB): LocalDatabase {
  let opening: Promise<IDBDatabase> | undefined;

  const connect = (): Promise<IDBDatabase> => {
    opening ??= open(factory, name).then(
      (database) => {
        const forget = () => {
          opening = undefined;
        };
        database.onclose = forget;
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
  };

  const begin = async (mode: IDBTransactionMode): Promise<IDBTransaction> => {
    const start = async () => (await connect()).transaction([...storeNames], mode, { durability: 'strict' });
    // A connection may have died without its close event: then a fresh one serves.
    return start().catch((error) => {
      if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
      opening = undefined;
      return start();
    });
  };

  const run = async <T>(
    mode: IDBTransactionMode,
    use: (transaction: LocalTransaction) => Promise<T>,
  ): Promise<T> => {
    try {
      const transaction = await begin(mode);
      const done = promisifyRequest(transaction);
      done.catch(() => {});
      let value: T;
      try {
        value = await use(storesOf(transaction));
      } catch (error) {
        try {
          transaction.abort();
        } catch {
          // It is over already, by itself.
        }
        throw transaction.error ?? error;
      }
      await done;
      return value;
    } catch (error) {
      throw toExaError(error);
    }
  };

  return {
    name,
    read: (use) => run('readonly', use),
    write: (use) => run('readwrite', use),
    close() {
      opening?.then((database) => database.close()).catch(() => {});
      opening = undefined;
    },
  };
}

function storesOf(transaction: IDBTransaction): LocalTransaction {
  return {
    get: (store, key) => promisifyRequest(transaction.objectStore(store).get(key)),
    getAll: (store, range) => promisifyRequest(transaction.objectStore(store).getAll(range)),
    keys: (store, range) => promisifyRequest(transaction.objectStore(store).getAllKeys(range)),
    // A failed request aborts the transaction, which tells.
    put: (store, key, value) => void transaction.objectStore(store).put(value, key),
    del: (store, key) => void transaction.objectStore(store).delete(key),
  };
}

function open(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => {
      for (const storeName of storeNames) request.result.createObjectStore(storeName);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
