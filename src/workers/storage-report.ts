import type { ArrayHead } from '../protocol/array.ts';
import type { StorageReport } from '../protocol/client.ts';
import { isLocal, localPrefix } from '../protocol/local.ts';
import type { CoordinatorParts } from './coordinator.ts';
import type { World } from './world.ts';

/** What is kept here, by data set and array: cached pages and partials of the store's, everything of this browser's own. */
export async function storageReport(
  parts: Pick<CoordinatorParts, 'cache' | 'keeps' | 'local'>,
  worldOf: (dataset: string) => World,
): Promise<StorageReport> {
  const report = await parts.cache.report();
  const cached = await Promise.all(
    report.datasets
      .filter(({ id }) => !isLocal(id))
      .map(async (entry) => {
        const world = worldOf(entry.id);
        const booked =
          (await world.book.known(entry.id)) ??
          (await world.arrayWorld().then(
            ({ book }) => book.known(entry.id),
            () => undefined,
          ));
        return { ...entry, name: booked?.head.name ?? entry.id };
      }),
  );
  const own = await parts.local?.store.datasets().catch(() => undefined);
  const arrays = await arraysHere(parts, worldOf);
  const kept = [
    ...(own?.datasets ?? []).map(({ id, name, bytes }) => ({ id, name, bytes, pages: 0 })),
    ...arrays.map(({ id, name, bytes, chunks }) => ({ id, name, bytes, pages: chunks })),
  ].map((entry) => {
    const derived = report.datasets.find(({ id }) => id === entry.id);
    return {
      ...entry,
      bytes: entry.bytes + (derived?.bytes ?? 0),
      pages: entry.pages + (derived?.pages ?? 0),
    };
  });
  const { maxBytes, bytes } = report;
  return { keeps: parts.keeps, maxBytes, bytes, datasets: [...kept, ...cached] };
}

/** Arrays kept in this browser; none where it keeps nothing. */
async function arraysHere(
  { local }: Pick<CoordinatorParts, 'local'>,
  worldOf: (dataset: string) => World,
): Promise<readonly ArrayHead[]> {
  if (!local) return [];
  try {
    const { store } = await worldOf(localPrefix).arrayWorld();
    return (await store.arrays()).arrays;
  } catch {
    return [];
  }
}
