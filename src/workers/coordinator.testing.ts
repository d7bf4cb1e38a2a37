import type { Answer } from '../protocol/answer.ts';
import type { DataClient } from '../protocol/client.ts';
import { ExaError, fromWireError } from '../protocol/errors.ts';
import type { AnswerEvent, PageCalls } from '../protocol/messages.ts';
import type { Question } from '../protocol/query.ts';
import { memoryCache } from '../storage/memory-cache.ts';
import { openOutbox } from '../storage/open-outbox.ts';
import { memoryOutboxShelf } from '../storage/outbox-shelf.ts';
import type { PageCache } from '../storage/page-cache.ts';
import { memorySmallStore, type SmallStore } from '../storage/small-store.ts';
import type { StoreClient } from '../storage/store-client.ts';
import { clientOver } from './client.ts';
import { computeHandlers } from './compute.ts';
import { type Coordinator, type CoordinatorParts, coordinator } from './coordinator.ts';
import { computeHere } from './open-coordinator.ts';
import { type Caller, callerOver, serve, wireOf } from './rpc.ts';

/** A coordinator with one tab, over a given store, all on this thread. */
export interface Bench {
  readonly coordinator: Coordinator;
  readonly client: DataClient;
  readonly caller: Caller<PageCalls>;
  readonly cache: PageCache;
  readonly small: SmallStore;
  /** Events of a subscription as they come. */
  watch(question: Question): {
    readonly events: AnswerEvent[];
    readonly stop: () => void;
    /** Waits until an event passes. */
    until(passes: (event: AnswerEvent) => boolean): Promise<AnswerEvent>;
  };
  close(): Promise<void>;
}

export interface BenchOptions extends Partial<CoordinatorParts> {
  readonly workers?: number;
}

export async function bench(store: StoreClient, options: BenchOptions = {}): Promise<Bench> {
  const cache = options.cache ?? memoryCache(512 * 2 ** 20);
  const small = options.small ?? memorySmallStore();
  const made = await coordinator({
    store,
    cache,
    small,
    outbox: openOutbox({ shelf: memoryOutboxShelf(), send: (change, key, o) => store.write(change, key, o) }),
    keeps: 'memory',
    localCompute: computeHere,
    portWire: wireOf,
    minIntervalMs: 0,
    backgroundAfterMs: 0,
    writeBackMs: 10,
    ...options,
  });
  const { port1, port2 } = new MessageChannel();
  made.attach(wireOf(port2));
  const caller = callerOver<PageCalls>(wireOf(port1));
  await caller.call('hello', {});
  for (let i = 0; i < (options.workers ?? 0); i++) {
    const lent = new MessageChannel();
    serve(wireOf(lent.port1), computeHandlers());
    await caller.call('lend', { port: lent.port2 }, { transfer: [lent.port2] });
  }
  return {
    coordinator: made,
    caller,
    client: clientOver(caller),
    cache,
    small,
    watch(question) {
      const events: AnswerEvent[] = [];
      const waiting = new Set<() => void>();
      const life = new AbortController();
      caller
        .call(
          'subscribe',
          { question },
          {
            signal: life.signal,
            next(event) {
              events.push(event);
              for (const look of [...waiting]) look();
            },
          },
        )
        .catch(() => {});
      return {
        events,
        stop: () => life.abort(),
        until: (passes) =>
          new Promise((resolve) => {
            const look = () => {
              const found = events.find(passes);
              if (!found) return;
              waiting.delete(look);
              resolve(found);
            };
            waiting.add(look);
            look();
          }),
      };
    },
    async close() {
      caller.close(new ExaError('cancelled', 'done'));
      await made.close();
    },
  };
}

/** The answer of an event, or its error thrown. */
export function answerOf(event: AnswerEvent): Answer {
  if (event.kind === 'answer') return event;
  throw event.kind === 'failed' ? fromWireError(event.error) : new Error('progress');
}
