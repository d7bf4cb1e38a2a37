import type { Change, Receipt } from '../protocol/change.ts';
import { type ErrorTag, ExaError, toExaError } from '../protocol/errors.ts';
import { randomKey } from '../protocol/random-key.ts';
import { backoffMs, pause } from './backoff.ts';
import type { Outbox, Waiting } from './outbox.ts';
import type { OutboxShelf } from './outbox-shelf.ts';
import type { StoreClient } from './store-client.ts';

/** Effects of {@link openOutbox}. */
export interface OutboxOptions {
  readonly shelf: OutboxShelf;
  /** The store's `write`. */
  readonly send: StoreClient['write'];
  /** Runs `work` while no other tab sends from this shelf; one tab alone needs none. */
  readonly alone?: (work: () => Promise<void>, signal: AbortSignal) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly random?: () => number;
  /** Pauses between tries, first and longest; 500 and 60 000. */
  readonly retryMs?: { readonly first: number; readonly max: number };
}

interface Asker {
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: ExaError) => void;
  readonly waiting: Omit<Waiting, 'order'>;
}

/** What the store will say again however often it is asked. */
const final: readonly ErrorTag[] = ['invalid', 'conflict', 'refused', 'missing', 'gone'];

/** Asked again, later or signed in again, the store may take it: 429 (too many requests) and 401. */
function mayStillBeTaken({ facts }: ExaError): boolean {
  return facts.status === 429 || facts.status === 401;
}

/**
 * Starts an outbox over `shelf`: what an earlier session left is sent first. Writes go one at a time, in order, each
 * until the store takes it or says it never will; no connection, a full store or a bug of its own only delay. Another
 * tab may send our writes: then the store, asked again with the same key, repeats its receipt.
 */
export function openOutbox(options: OutboxOptions): Outbox {
  const {
    shelf,
    send,
    alone = (work) => work(),
    now = Date.now,
    random = Math.random,
    retryMs = { first: 500, max: 60_000 },
  } = options;
  const ending = new AbortController();
  const askers = new Map<string, Asker>();
  const kept = new Set<string>();
  const waitingListeners = new Set<(waiting: number) => void>();
  const refusedListeners = new Set<(waiting: Waiting, error: ExaError) => void>();
  let waiting = 0;
  let wanted = false;
  let running: Promise<void> | undefined;
  let resting = new AbortController();
  let adding: Promise<unknown> = Promise.resolve();

  function tell(count: number): void {
    if (count === waiting) return;
    waiting = count;
    for (const listener of waitingListeners) listener(count);
  }

  function settle(idempotencyKey: string, how: (asker: Asker) => void): void {
    const asker = askers.get(idempotencyKey);
    askers.delete(idempotencyKey);
    kept.delete(idempotencyKey);
    if (asker) how(asker);
  }

  /** Returns when the write is done with, well or badly; throws what is worth another try. */
  async function deliver(entry: Omit<Waiting, 'order'>, order?: number): Promise<void> {
    const { idempotencyKey, change } = entry;
    try {
      const receipt = await send(change, idempotencyKey, { signal: ending.signal });
      if (order !== undefined) await shelf.remove(order);
      settle(idempotencyKey, ({ resolve }) => resolve(receipt));
    } catch (cause) {
      const error = toExaError(cause);
      if (!final.includes(error.tag) || mayStillBeTaken(error)) throw error;
      if (order !== undefined) {
        await shelf.remove(order);
        for (const listener of refusedListeners) listener({ ...entry, order }, error);
      }
      settle(idempotencyKey, ({ reject }) => reject(error));
    }
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      const list = await shelf.list();
      tell(list.length);
      const [first] = list;
      if (first) {
        await deliver(first, first.order);
        continue;
      }
      // Kept, yet no longer there: another tab sent it. The store knows what came of it.
      const [elsewhere] = kept;
      if (elsewhere === undefined) return;
      const asker = askers.get(elsewhere);
      if (asker) await deliver(asker.waiting);
      else kept.delete(elsewhere);
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (wanted && !ending.signal.aborted) {
      wanted = false;
      try {
        await alone(sendAll, ending.signal);
        failures = 0;
      } catch {
        if (ending.signal.aborted) return;
        wanted = true;
        failures++;
        resting = new AbortController();
        const wake = AbortSignal.any([resting.signal, ending.signal]);
        await pause(backoffMs(failures, { firstMs: retryMs.first, maxMs: retryMs.max, random }), wake);
      }
    }
  }

  function wake(): void {
    wanted = true;
    running ??= run().finally(() => {
      running = undefined;
      if (wanted && !ending.signal.aborted) wake();
    });
  }

  wake();

  return {
    add(change: Change, idempotencyKey = randomKey()) {
      const entry = { idempotencyKey, change, madeAt: new Date(now()).toISOString() };
      const stored = new Promise<Receipt>((resolve, reject) => {
        askers.set(entry.idempotencyKey, { resolve, reject, waiting: entry });
      });
      // Who listens to `kept` alone must not cause an unhandled rejection.
      stored.catch(() => {});
      const adds = adding.then(async () => {
        if (ending.signal.aborted) throw closedError();
        await shelf.add(entry);
      });
      adding = adds.catch(() => {});
      const keptNow = adds.then(
        () => {
          kept.add(entry.idempotencyKey);
          tell(waiting + 1);
          wake();
        },
        (cause) => {
          const error = toExaError(cause);
          settle(entry.idempotencyKey, ({ reject }) => reject(error));
          throw error;
        },
      );
      keptNow.catch(() => {});
      return { kept: keptNow, stored };
    },
    get waiting() {
      return waiting;
    },
    onWaiting(listener) {
      waitingListeners.add(listener);
      return () => waitingListeners.delete(listener);
    },
    onRefused(listener) {
      refusedListeners.add(listener);
      return () => refusedListeners.delete(listener);
    },
    retry() {
      resting.abort();
      wake();
    },
    async close() {
      ending.abort();
      await running?.catch(() => {});
      for (const key of [...askers.keys()]) settle(key, ({ reject }) => reject(closedError()));
    },
  };
}

function closedError(): ExaError {
  return new ExaError('cancelled', 'The workbench was closed before the store answered; the change is kept.');
}
