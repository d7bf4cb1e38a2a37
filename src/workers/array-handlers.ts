import type { ArrayPageCalls } from '../protocol/array-messages.ts';
import { ExaError } from '../protocol/errors.ts';
import { isLocal, localPrefix } from '../protocol/local.ts';
import type { SessionArrays } from './arrays/session-arrays.ts';
import { watching } from './coordinator.ts';
import type { Pool } from './pool.ts';
import { type Handlers, transferring } from './rpc.ts';
import type { World } from './world.ts';

/** What one tab is answered about the arrays of the store and of this browser; their engine is fetched with the first call. */
export function arrayHandlers({
  worlds,
  worldOf,
  pool,
  busy,
}: {
  readonly worlds: readonly World[];
  readonly worldOf: (array: string) => World;
  readonly pool: Pool;
  readonly busy: (working: boolean) => void;
}): Handlers<ArrayPageCalls> {
  const sessions = new Map<World, Promise<SessionArrays>>();
  const arraysOf = async (array: string) => {
    const world = worldOf(array);
    const opened = await world.arrayWorld();
    const known = sessions.get(world);
    const session =
      known ?? import('./arrays/session-arrays.ts').then(({ sessionArrays }) => sessionArrays(opened, pool));
    sessions.set(world, session);
    session.catch(() => sessions.delete(world));
    return { opened, session: await session };
  };
  /** Arrays of this browser. Rejects `refused` where nothing is kept. */
  const hereArrays = async () => {
    const opened = await worldOf(localPrefix).arrayWorld();
    const { keep, drop } = opened.store;
    if (!keep || !drop) throw new ExaError('refused', 'This browser keeps nothing here.');
    return { opened, keep, drop };
  };

  return {
    async arrays(_, { signal, next }) {
      const [opened, { watchArrayLists }] = await Promise.all([
        Promise.all(worlds.map((world) => world.arrayWorld().catch(() => undefined))),
        import('./arrays/array-lists.ts'),
      ]);
      const known = opened.filter((world) => world !== undefined);
      return watching(signal, next, (listener) => watchArrayLists(known, listener));
    },
    async localArrays() {
      const { opened } = await hereArrays();
      return (await opened.store.arrays()).arrays;
    },
    async arrayKeep({ file, name }, { signal, next }) {
      const { opened, keep } = await hereArrays();
      const id = await keep(file, name, { signal, progress: next });
      await opened.book.relist();
      return id;
    },
    async arrayDrop({ array }) {
      if (!isLocal(array))
        throw new ExaError('refused', 'Only arrays kept on this device can be deleted here.');
      const { opened, drop } = await hereArrays();
      await drop(array);
      opened.desk.forget(array);
      await opened.book.relist();
      await opened.book.refresh(array).catch(() => {});
      return undefined;
    },
    async arrayHead({ array }, { signal, next }) {
      const { book } = await worldOf(array).arrayWorld();
      return watching(signal, next, (listener) =>
        book.watch(array, { changed: ({ head }) => listener.changed(head), failed: listener.failed }),
      );
    },
    async arraySubscribe({ question }, { signal, next }) {
      const [{ opened, session: own }, { liveArray }, { buffersOf }] = await Promise.all([
        arraysOf(question.array),
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
      const { session: own } = await arraysOf(array);
      const elements = await own.read(array, at, { signal, progress: next });
      return transferring(elements, [elements.values.buffer]);
    },
    async arrayNextWritten({ question }, { signal }) {
      const [{ opened }, { nextWritten }] = await Promise.all([
        arraysOf(question.array),
        import('./arrays/next-written.ts'),
      ]);
      return nextWritten(opened, question, signal);
    },
    async arrayEvaluate({ expression, where }, { signal, next }) {
      const { evaluate, firstArray } = await import('./arrays/evaluate-here.ts');
      const { opened } = await arraysOf(firstArray(expression));
      busy(true);
      try {
        const elements = await evaluate(opened, pool, expression, { where, signal, progress: next });
        return transferring(elements, [elements.values.buffer]);
      } finally {
        busy(false);
      }
    },
    async arrayAdvise({ array, walk }) {
      const { session: own } = await arraysOf(array);
      return own.advise(array, walk);
    },
    async arrayRechunk({ array, chunk }, { signal, next }) {
      const { opened } = await arraysOf(array);
      await opened.store.rechunk(array, chunk, { signal, progress: next });
      return undefined;
    },
  };
}
