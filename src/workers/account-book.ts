import { type AccountSession, parseAccountSession, publicAccount } from '../protocol/account.ts';
import { ExaError, isExaError, toExaError } from '../protocol/errors.ts';
import { parseStartSession } from '../protocol/start.ts';
import { type Fetch, readJson } from '../storage/http-request.ts';
import { inTime } from '../storage/in-time.ts';

/** A token, or what gets one from the portal's own server; it is asked again when one no longer holds. */
export type TokenSource = string | (() => string | Promise<string>);

/** Who this page is to a store. */
export interface AccountBook {
  /** Undefined until it is known. */
  readonly session: AccountSession | undefined;
  watch(listener: (session: AccountSession) => void): () => void;
  failed(listener: (error: ExaError) => void): () => void;
  /** The token to send; undefined where requests carry none. */
  token(): Promise<string | undefined>;
  /** Another token than `spent`, asked for once however many need it; undefined where there is none to be had. */
  renew(spent: string | undefined): Promise<string | undefined>;
  /** Asks the store again. */
  refresh(): Promise<void>;
  /** Ends the session at the store, and forgets who it was. */
  signOut(): Promise<void>;
  close(): void;
}

/** Small texts that outlive the page: its `localStorage`. Each may throw where a browser forbids it. */
export interface KeptTexts {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface AccountBookOptions {
  readonly storeUrl: string;
  readonly token?: TokenSource;
  readonly fetch?: Fetch;
  /** The start that was asked for before any script was here, in JSON; undefined where the store has none. */
  readonly asked?: Promise<unknown>;
  /** Where the last session is remembered, for starting offline; without it nothing is. */
  readonly kept?: KeptTexts;
  /** Pauses between asking a store that cannot be reached, first and longest. */
  readonly retryMs?: { readonly first: number; readonly max: number };
}

const quietMs = 6000;

/** What a store without accounts, or one that cannot be reached for the first time, makes of anybody. */
export const publicSession: AccountSession = {
  account: publicAccount,
  scope: publicAccount,
  open: true,
  role: 'admin',
  cache: 'disk',
  gadgets: '*',
  workspaces: '*',
  canSignOut: false,
};

/**
 * Finds out who this page is to the store before anything kept here is opened. The last session is remembered: it stands
 * while the store cannot be reached. Of a store without accounts it stands at once, as everybody may see the same.
 */
export function accountBook(options: AccountBookOptions): AccountBook {
  const {
    storeUrl,
    token: source,
    fetch = (url, init) => globalThis.fetch(url, init),
    asked,
    kept,
    retryMs = { first: 2000, max: 30_000 },
  } = options;
  const api = `${storeUrl.replace(/\/+$/, '').replace(/\/api$/, '')}/api`;
  const place = `exanalytics account ${storeUrl}`;
  const listeners = new Set<(session: AccountSession) => void>();
  const failures = new Set<(error: ExaError) => void>();
  let session: AccountSession | undefined;
  let token: string | undefined;
  let renewing: Promise<string | undefined> | undefined;
  let asking: Promise<void> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let pause = retryMs.first;
  let closed = false;
  let early = asked;
  early?.catch(() => {});

  const tell = (next: AccountSession) => {
    if (closed || JSON.stringify(next) === JSON.stringify(session)) return;
    session = next;
    for (const listener of [...listeners]) listener(next);
  };

  const renew = (spent: string | undefined): Promise<string | undefined> => {
    if (source === undefined) return Promise.resolve(undefined);
    if (token !== undefined && token !== spent) return Promise.resolve(token);
    renewing ??= (async () => {
      try {
        const next = typeof source === 'string' ? source : await source();
        token = next;
        return next === spent ? undefined : next;
      } finally {
        renewing = undefined;
      }
    })();
    return renewing;
  };

  const askWith = async (authorization: string | undefined): Promise<AccountSession> => {
    const headers: Record<string, string> = {};
    if (authorization !== undefined) headers.authorization = `Bearer ${authorization}`;
    const init = { cache: 'no-store', headers } as const;
    return parseAccountSession(await readJson({ fetch, url: `${api}/session`, init, quietMs }), 'session');
  };

  /** Who asks, as far as the early start says; undefined where it does not, and is to be asked. */
  const askedEarly = async (): Promise<AccountSession | undefined> => {
    const answer = early;
    early = undefined;
    const silent = () =>
      new ExaError('offline', `The store did not answer within ${quietMs / 1000} seconds.`);
    const found = answer && (await inTime(answer, quietMs, silent));
    return found === undefined ? undefined : parseStartSession(found, 'start').session;
  };

  const ask = async (): Promise<AccountSession> => {
    const known = await askedEarly();
    if (known) return known;
    const first = source === undefined ? undefined : (token ?? (await renew(undefined)));
    try {
      return await askWith(first);
    } catch (error) {
      if (!isExaError(error, 'refused') || error.facts.status !== 401) throw error;
      const another = await renew(first);
      if (another === undefined) throw error;
      return await askWith(another);
    }
  };

  const refresh = (): Promise<void> => {
    asking ??= (async () => {
      try {
        const found = await ask();
        pause = retryMs.first;
        remember(found);
        tell(found);
      } catch (cause) {
        const error = toExaError(cause);
        // An older store, or none at all behind this address: nobody has accounts there.
        if (error.tag === 'missing') return tell(publicSession);
        if (error.tag === 'refused') {
          tell({ ...nobody, ...(session?.signIn && { signIn: session.signIn }) });
          for (const listener of [...failures]) listener(error);
          return;
        }
        tell(session ?? remembered() ?? publicSession);
        if (closed) return;
        clearTimeout(retry);
        retry = setTimeout(() => void refresh(), pause);
        pause = Math.min(pause * 2, retryMs.max);
      } finally {
        asking = undefined;
      }
    })();
    return asking;
  };

  const remember = (found: AccountSession) => {
    try {
      if (!found.open || found.cache === 'memory' || source !== undefined) kept?.removeItem(place);
      else kept?.setItem(place, JSON.stringify(found));
    } catch {
      // Starting offline then begins with nothing.
    }
  };

  const remembered = (): AccountSession | undefined => {
    if (source !== undefined) return undefined;
    try {
      const text = kept?.getItem(place);
      return text ? parseAccountSession(JSON.parse(text), 'kept') : undefined;
    } catch {
      return undefined;
    }
  };

  const before = remembered();
  if (before?.account === publicAccount) session = before;
  void refresh();

  return {
    get session() {
      return session;
    },
    watch(listener) {
      listeners.add(listener);
      if (session) listener(session);
      return () => listeners.delete(listener);
    },
    failed(listener) {
      failures.add(listener);
      return () => failures.delete(listener);
    },
    token: async () => (source === undefined ? undefined : (token ?? (await renew(undefined)))),
    renew,
    refresh,
    async signOut() {
      try {
        kept?.removeItem(place);
      } catch {
        // Nothing was remembered, then.
      }
      const response = await fetch(`${api}/sign-out`, { method: 'POST' }).catch(() => undefined);
      if (!response?.ok)
        throw new ExaError(
          'offline',
          'Everything of yours is removed from this browser, but the store could not be told: sign out again when it can be reached.',
        );
    },
    close() {
      closed = true;
      clearTimeout(retry);
      listeners.clear();
    },
  };
}

const nobody: AccountSession = {
  account: 'nobody',
  scope: 'nobody',
  open: false,
  role: 'reader',
  cache: 'memory',
  gadgets: [],
  workspaces: [],
  canSignOut: false,
};
