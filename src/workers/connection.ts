import { type ExaError, isExaError } from '../protocol/errors.ts';
import { backoffMs } from '../storage/backoff.ts';
import type { StoreClient } from '../storage/store-client.ts';
import type { HeadBook } from './head-book.ts';

export type Contact = 'connecting' | 'live' | 'offline';

/** The one event stream of a coordinator, and whether the store answers at all. */
export interface Connection {
  readonly contact: Contact;
  /** ISO time of the newest version known, null before any. */
  readonly asOf: string | null;
  /** Told when contact or `asOf` changes. */
  onChange(listener: () => void): () => void;
  /** A request ended well, or with this error: silence counts as a lost store. */
  outcome(error: ExaError | undefined): void;
  /** Tries now instead of at the end of the current pause. */
  retry(): void;
  close(): void;
}

export interface ConnectionOptions {
  readonly random?: () => number;
  readonly after?: (ms: number, task: () => void) => () => void;
  /** Newest `asOf` of an earlier session. */
  readonly asOf?: string | null;
}

const firstRetryMs = 1000;
const maxRetryMs = 30_000;

/** Connects at once and keeps trying; the book is told of events and of coming and going. */
export function connectionTo(
  store: StoreClient,
  book: Pick<HeadBook, 'apply' | 'connected'>,
  options: ConnectionOptions = {},
): Connection {
  const { random = Math.random, after = later } = options;
  const listeners = new Set<() => void>();
  let contact: Contact = 'connecting';
  let asOf = options.asOf ?? null;
  let failures = 0;
  let closed = false;
  let cancelRetry: (() => void) | undefined;
  let unfollow: (() => void) | undefined;
  let attempt = new AbortController();

  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const goLive = ({ asOf: at, version }: { readonly asOf: string; readonly version?: number }) => {
    failures = 0;
    const changed = contact !== 'live' || asOf !== at;
    contact = 'live';
    asOf = at;
    book.connected(true, version);
    if (changed) tell();
  };
  const goOffline = () => {
    book.connected(false);
    if (contact === 'offline') return;
    contact = 'offline';
    tell();
  };

  const follow = (since: number) => {
    unfollow = store.changes(since, {
      event(event) {
        if (closed) return;
        asOf = event.asOf;
        book.apply(event);
        tell();
      },
      open: (at) => {
        if (!closed) goLive(at);
      },
      reset() {
        book.connected(false);
        book.connected(true);
      },
      lost: () => {
        if (!closed) goOffline();
      },
    });
  };

  const connect = async () => {
    cancelRetry?.();
    cancelRetry = undefined;
    attempt.abort();
    attempt = new AbortController();
    const { signal } = attempt;
    try {
      const health = await store.health({ signal });
      if (signal.aborted || closed) return;
      if (!unfollow) follow(health.version);
      // Without waiting for the stream to open: it begins with whatever came after this version.
      goLive(health);
    } catch {
      if (signal.aborted || closed) return;
      failures++;
      goOffline();
      cancelRetry = after(backoffMs(failures, { firstMs: firstRetryMs, maxMs: maxRetryMs, random }), () => {
        void connect();
      });
    }
  };
  void connect();

  return {
    get contact() {
      return contact;
    },
    get asOf() {
      return asOf;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    outcome(error) {
      if (closed || !error || !isSilence(error) || contact === 'offline') return;
      goOffline();
      failures++;
      cancelRetry?.();
      cancelRetry = after(backoffMs(failures, { firstMs: firstRetryMs, maxMs: maxRetryMs, random }), () => {
        void connect();
      });
    },
    retry() {
      if (closed || contact === 'live') return;
      failures = 0;
      // A stream that broke pauses on its own before it tries again: a new one tries now.
      unfollow?.();
      unfollow = undefined;
      void connect();
    },
    close() {
      closed = true;
      attempt.abort();
      cancelRetry?.();
      unfollow?.();
      listeners.clear();
    },
  };
}

/** Whether an error says that the store is away rather than that something is wrong with the question. */
function isSilence(error: unknown): boolean {
  return isExaError(error, 'offline');
}

function later(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}
