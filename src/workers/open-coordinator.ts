import { httpKeep } from '../storage/http-keep.ts';
import { httpStore } from '../storage/http-store.ts';
import { localPageCache } from '../storage/local-page-cache.ts';
import { type LocalStore, openLocalStore } from '../storage/local-store.ts';
import { openOutbox } from '../storage/open-outbox.ts';
import { openStorage } from '../storage/open-storage.ts';
import { computeHandlers } from './compute.ts';
import { type Coordinator, coordinator } from './coordinator.ts';
import { localDatabaseName } from './local-database-name.ts';
import { serve, type Wire, wireOf } from './rpc.ts';

/** A coordinator over the store at `storeUrl` and what this browser keeps of it, on whatever thread this runs. */
export async function openCoordinator(storeUrl: string): Promise<Coordinator> {
  const store = httpStore(storeUrl);
  const storage = await openStorage({ name: `exanalytics ${storeUrl}` });
  const outbox = openOutbox({
    shelf: storage.outbox,
    send: (change, key, options) => store.write(change, key, options),
    alone: storage.alone,
  });
  const local = storage.keeps === 'indexeddb' ? openLocal() : undefined;
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return coordinator({
    store,
    cache: storage.pages,
    small: storage.small,
    outbox,
    arrays: async () => (await import('../storage/http-array-store.ts')).httpArrayStore(storeUrl),
    local: local && { store: local, cache: localPageCache(local.database, storage.pages) },
    keeps: storage.keeps,
    remoteKeep: httpKeep(storeUrl),
    localCompute: computeHere,
    portWire: wireOf,
    whenFree: locks
      ? async (lock, signal) => {
          await locks.request(lock, { signal }, () => {});
        }
      : undefined,
  });
}

function openLocal(): LocalStore {
  const local = openLocalStore({ name: localDatabaseName });
  void local.sweep().catch(() => {});
  return local;
}

/** A compute worker on this thread, in slices. */
export function computeHere(): Wire {
  const { port1, port2 } = new MessageChannel();
  const near = wireOf(port1);
  const far = wireOf(port2);
  const stop = serve(far, computeHandlers());
  return {
    ...near,
    close() {
      stop();
      near.close();
      far.close();
    },
  };
}
