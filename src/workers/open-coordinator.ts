import { loadChecksum } from '../arrow/checksum.ts';
import { publicAccount } from '../protocol/account.ts';
import { lazily } from '../protocol/lazily.ts';
import { httpKeep } from '../storage/http-keep.ts';
import type { Fetch } from '../storage/http-request.ts';
import { httpStore } from '../storage/http-store.ts';
import { localPageCache } from '../storage/local-page-cache.ts';
import { type LocalStore, openLocalStore } from '../storage/local-store.ts';
import { openOutbox } from '../storage/open-outbox.ts';
import { openStorage, type Storage } from '../storage/open-storage.ts';
import type { StoreClient } from '../storage/store-client.ts';
import { type TokenDesk, tokenDesk, withToken } from '../storage/with-token.ts';
import { type CoordinatorPlace, localArraysName, localName, storageName } from './account-place.ts';
import { withLocalArrays } from './arrays/with-local-arrays.ts';
import { askedAhead } from './asked-ahead.ts';
import { computeHandlers } from './compute.ts';
import { type Coordinator, coordinator } from './coordinator.ts';
import { fileDesk } from './file-desk.ts';
import { serve, type Wire, wireOf } from './rpc.ts';

/** How long what was asked ahead may be taken by the pages that came while everything was opened. */
const aheadMs = 2000;

/**
 * A coordinator over the store at `storeUrl` and what this browser keeps of it, on whatever thread this runs. Pages attach
 * at once; they are served when it is open.
 */
export function openCoordinator(place: CoordinatorPlace): Pick<Coordinator, 'attach' | 'close'> {
  const tokens = tokenDesk({ expects: place.hasToken });
  const fetch: Fetch = withToken((url, init) => globalThis.fetch(url, init), tokens);
  const ahead = askedAhead(httpStore(place.storeUrl, { fetch }), { whose: place, asked: !place.hasToken });
  const opening = open(place, ahead.store, fetch, tokens);
  opening.then(
    () => setTimeout(ahead.end, aheadMs),
    () => {},
  );
  return {
    attach(wire) {
      const heard = ahead.hear(wire);
      opening.then(
        (coordinator) => coordinator.attach(heard),
        () => {},
      );
    },
    close: () =>
      opening.then(
        (coordinator) => coordinator.close(),
        () => {},
      ),
  };
}

async function open(
  place: CoordinatorPlace,
  store: StoreClient,
  fetch: Fetch,
  tokens: TokenDesk,
): Promise<Coordinator> {
  const { storeUrl, account, scope } = place;
  void loadChecksum();
  const files = fileDesk();
  const storage = await openStorage({
    name: storageName(place),
    writeFile: files.write,
    first: ['scope', 'asOf'],
    ...(place.cache === 'memory' && { indexedDB: () => undefined }),
  });
  await dropOtherScope(storage, scope);
  const outbox = openOutbox({
    shelf: storage.outbox,
    send: (change, key, options) => store.write(change, key, options),
    alone: storage.alone,
  });
  const local = storage.keeps === 'indexeddb' ? openLocal(localName(account)) : undefined;
  const localArrays = lazily(async () =>
    (await import('./arrays/local-arrays.ts')).openLocalArrays({ name: localArraysName(account) }),
  );
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return coordinator({
    store,
    cache: storage.pages,
    small: storage.small,
    outbox,
    arrays: async () => (await import('../storage/http-array-store.ts')).httpArrayStore(storeUrl, { fetch }),
    local: local && {
      store: withLocalArrays(local, localArrays),
      cache: localPageCache(local.database, storage.pages),
      arrays: localArrays,
    },
    keeps: storage.keeps,
    files,
    tokens,
    remoteKeep: httpKeep(storeUrl, { fetch }),
    localCompute: computeHere,
    portWire: wireOf,
    whenFree: locks
      ? async (lock, signal) => {
          await locks.request(lock, { signal }, () => {});
        }
      : undefined,
  });
}

/** What was kept for the same person with other rights is not theirs to see any more. */
async function dropOtherScope({ small, pages }: Storage, scope: string): Promise<void> {
  const before = await small.get('scope').catch(() => undefined);
  if (before === scope) return;
  if (before !== undefined || scope !== publicAccount) {
    await pages.forget();
    const heads = await Promise.all(['head/', 'array/'].map((kind) => small.keys(kind).catch(() => [])));
    for (const key of [...heads.flat(), 'datasets', 'arrays', 'asOf']) await small.del(key).catch(() => {});
  }
  const noted = small.set('scope', scope).catch(() => {});
  // What is kept under other rights goes before it is forgotten which they were; where nothing was, nothing waits.
  if (before !== undefined) await noted;
}

function openLocal(name: string): LocalStore {
  const local = openLocalStore({ name });
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
