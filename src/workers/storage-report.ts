import type { StorageReport } from '../protocol/client.ts';
import { isLocal } from '../protocol/local.ts';
import type { CoordinatorParts } from './coordinator.ts';
import type { World } from './world.ts';

/** What is kept here, by data set: cached pages and partials of the store's, everything of this browser's own. */
export async function storageReport(
  parts: Pick<CoordinatorParts, 'cache' | 'keeps' | 'local'>,
  worldOf: (dataset: string) => World,
): Promise<StorageReport> {
  const report = await parts.cache.report();
  const cached = await Promise.all(
    report.datasets
      .filter(({ id }) => !isLocal(id))
      .map(async (entry) => {
        const booked = await worldOf(entry.id).book.known(entry.id);
        return { ...entry, name: booked?.head.name ?? entry.id };
      }),
  );
  const own = await parts.local?.store.datasets().catch(() => undefined);
  const kept = (own?.datasets ?? []).map(({ id, name, bytes }) => {
    const derived = report.datasets.find((entry) => entry.id === id);
    return { id, name, bytes: bytes + (derived?.bytes ?? 0), pages: derived?.pages ?? 0 };
  });
  const { maxBytes, bytes } = report;
  return { keeps: parts.keeps, maxBytes, bytes, datasets: [...kept, ...cached] };
}
