import type { ArrayHead } from '../../protocol/array.ts';
import type { ArrayListener } from './array-book.ts';
import type { ArrayWorld } from './array-world.ts';

/** The arrays of several worlds as one list, in their order; a store that was never reached and cannot be now has none. */
export function watchArrayLists(
  worlds: readonly ArrayWorld[],
  listener: ArrayListener<readonly ArrayHead[]>,
): () => void {
  const lists = new Map<ArrayWorld, readonly ArrayHead[]>();
  const tell = (): void => {
    const known = worlds.map((world) => lists.get(world) ?? (isAway(world) ? [] : undefined));
    if (known.every((list) => list !== undefined)) listener.changed(known.flat());
  };
  const stops = worlds.flatMap((world) => [
    world.book.watchList({
      changed(arrays) {
        lists.set(world, arrays);
        tell();
      },
      failed(error) {
        if (!isAway(world)) listener.failed(error);
      },
    }),
    world.connection.onChange(() => {
      if (!lists.has(world) && isAway(world)) tell();
    }),
  ]);
  if (worlds.every(isAway)) tell();
  return () => {
    for (const stop of stops) stop();
  };
}

function isAway({ connection }: ArrayWorld): boolean {
  return connection.contact === 'offline' && connection.asOf === null;
}
