import type { ArrayPageCalls } from '../protocol/array-messages.ts';
import type { SessionArrays } from './arrays/session-arrays.ts';
import { watching } from './coordinator.ts';
import type { Pool } from './pool.ts';
import { type Handlers, transferring } from './rpc.ts';
import type { World } from './world.ts';

/** What one tab is answered about the arrays of a store; their engine is fetched with the first call. */
export function arrayHandlers({
  world,
  pool,
  busy,
}: {
  readonly world: World;
  readonly pool: Pool;
  readonly busy: (working: boolean) => void;
}): Handlers<ArrayPageCalls> {
  let session: Promise<SessionArrays> | undefined;
  const arrays = async () => {
    const opened = await world.arrayWorld();
    session ??= import('./arrays/session-arrays.ts').then(({ sessionArrays }) => sessionArrays(opened, pool));
    session.catch(() => {
      session = undefined;
    });
    return { opened, session: await session };
  };

  return {
    async arrays(_, { signal, next }) {
      const { book } = await world.arrayWorld();
      return watching(signal, next, (listener) => book.watchList(listener));
    },
    async arrayHead({ array }, { signal, next }) {
      const { book } = await world.arrayWorld();
      return watching(signal, next, (listener) =>
        book.watch(array, { changed: ({ head }) => listener.changed(head), failed: listener.failed }),
      );
    },
    async arraySubscribe({ question }, { signal, next }) {
      const [{ opened, session: own }, { liveArray }, { buffersOf }] = await Promise.all([
        arrays(),
        import('./arrays/live-array.ts'),
        import('./arrays/array-compute.ts'),
      ]);
      if (signal.aborted) return undefined;
      return new Promise((resolve) => {
        const stop = liveArray(question, { world: opened, compute: own.compute, busy }, (event) =>
          next(event.kind === 'answer' ? transferring(event, buffersOf(event.answer)) : event),
        );
        signal.addEventListener('abort', () => {
          stop();
          resolve(undefined);
        });
      });
    },
    async arrayRead({ array, at }, { signal, next }) {
      const { session: own } = await arrays();
      const elements = await own.read(array, at, { signal, progress: next });
      return transferring(elements, [elements.values.buffer]);
    },
    async arrayNextWritten({ question }, { signal }) {
      const [{ opened }, { nextWritten }] = await Promise.all([arrays(), import('./arrays/next-written.ts')]);
      return nextWritten(opened, question, signal);
    },
    async arrayEvaluate({ expression, where }, { signal, next }) {
      const [{ opened }, { evaluate }] = await Promise.all([arrays(), import('./arrays/evaluate-here.ts')]);
      busy(true);
      try {
        const elements = await evaluate(opened, pool, expression, { where, signal, progress: next });
        return transferring(elements, [elements.values.buffer]);
      } finally {
        busy(false);
      }
    },
    async arrayAdvise({ array, walk }) {
      const { session: own } = await arrays();
      return own.advise(array, walk);
    },
    async arrayRechunk({ array, chunk }, { signal, next }) {
      const { opened } = await arrays();
      await opened.store.rechunk(array, chunk, { signal, progress: next });
      return undefined;
    },
  };
}
