import type { ExaError } from '../protocol/errors.ts';
import type { DatasetSummary } from '../protocol/head.ts';
import type { ListListener } from './head-book.ts';
import type { World } from './world.ts';

/**
 * The data sets of several worlds as one list, in their order. A world whose store was never reached and cannot be now
 * has none: what is kept in this browser is not held up by a store that is not there; the status says that it is not.
 */
export function watchLists(worlds: readonly World[], listener: ListListener): () => void {
  const lists = new Map<World, readonly DatasetSummary[]>();
  const tell = (): void => {
    const known = worlds.map((world) => lists.get(world) ?? (isAway(world) ? [] : undefined));
    if (known.every((list) => list !== undefined)) listener.changed(known.flat());
  };
  const stops = worlds.flatMap((world) => [
    world.book.watchList({
      changed(datasets) {
        lists.set(world, datasets);
        tell();
      },
      failed: (error: ExaError) => {
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

function isAway({ connection }: World): boolean {
  return connection.contact === 'offline' && connection.asOf === null;
}
