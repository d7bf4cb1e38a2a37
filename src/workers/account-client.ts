import type { AccountClient } from '../protocol/account.ts';
import { isLocal } from '../protocol/local.ts';
import { pause } from '../storage/backoff.ts';
import { filesDirectory, removeFiles } from '../storage/page-files.ts';
import type { AccountBook, KeptTexts } from './account-book.ts';
import { type CoordinatorPlace, localArraysName, localName, storageName } from './account-place.ts';
import type { Link } from './link.ts';

/** Tabs of one browser tell each other here that somebody signed out. */
const channelName = 'exanalytics account';

/** Longest wait for the store to end a session before the other tabs are told, in ms. */
const patienceMs = 5000;

/** What signing in and out does with the page itself. */
export interface PageParts {
  readonly kept?: KeptTexts;
  /** The page's own address, after its origin. */
  here(): string;
  leaveFor(address: string): void;
  /** Starts the page over, without anything it showed. */
  startOver(): void;
}

export interface AccountClientOptions {
  readonly book: AccountBook;
  readonly link: () => Link | undefined;
  readonly place: () => CoordinatorPlace | undefined;
  readonly page: PageParts | undefined;
  readonly factory?: () => IDBFactory | undefined;
}

/** Who is signed in, over a page's coordinator and what this browser keeps for them. */
export function accountClient(options: AccountClientOptions): AccountClient {
  const { book, link, place, page, factory = () => globalThis.indexedDB } = options;
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(channelName);
  if (channel)
    channel.onmessage = ({ data }) => {
      // A tab that still showed what somebody else saw would show it to whoever comes next.
      if (data === place()?.account) page?.startOver();
    };
  // Where nothing else keeps a process alive (tests in Node), neither does this.
  (channel as { unref?(): void } | undefined)?.unref?.();

  return {
    session(observer) {
      const stops = [
        book.watch((session) => observer.next(session)),
        book.failed((error) => observer.failed?.(error)),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },

    signIn() {
      const address = book.session?.signIn;
      if (address && page) page.leaveFor(`${address}?to=${encodeURIComponent(page.here())}`);
    },

    async loss() {
      const opened = link();
      if (!opened) return { waiting: 0, local: [] };
      const waiting = await new Promise<number>((resolve) => {
        const asking = new AbortController();
        opened
          .call('status', undefined, {
            signal: asking.signal,
            next: (status) => {
              resolve(status.waiting);
              asking.abort();
            },
          })
          .catch(() => resolve(0));
      });
      const { datasets } = await opened.call('storage', undefined);
      const arrays = await opened.call('localArrays', undefined).catch(() => []);
      const local = [...datasets, ...arrays].filter(({ id }) => isLocal(id)).map(({ name }) => name);
      return { waiting, local };
    },

    async signOut() {
      const from = place();
      await link()
        ?.call('end', undefined)
        .catch(() => {});
      link()?.close();
      const ended = new AbortController();
      const signedOut = book.signOut().finally(() => ended.abort());
      signedOut.catch(() => {});
      if (from) {
        const names = [storageName(from), localName(from.account), localArraysName(from.account)];
        for (const name of names) await emptied(name, factory());
        // Another tab that started over before the store knows would be let in as the same person again.
        await pause(patienceMs, ended.signal);
        channel?.postMessage(from.account);
        // Last: the tabs just told may still have some of them open.
        await removeFiles(filesDirectory(storageName(from)));
      }
      try {
        await signedOut;
      } finally {
        page?.startOver();
      }
    },
  };
}

/** Empties a database, also where another tab has it open, then removes it. */
async function emptied(name: string, factory: IDBFactory | undefined): Promise<void> {
  if (!factory) return;
  try {
    const known = await factory.databases?.();
    if (known && !known.some((one) => one.name === name)) return;
    const database = await asked(factory.open(name));
    const stores = [...database.objectStoreNames];
    if (stores.length > 0) {
      const transaction = database.transaction(stores, 'readwrite');
      for (const store of stores) transaction.objectStore(store).clear();
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
      });
    }
    database.close();
    factory.deleteDatabase(name);
  } catch {
    // A browser that lets nothing be opened keeps nothing, either.
  }
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
