import type { ArrayCatalogue, ArrayRecord } from '../array-catalogue.ts';
import type { ArrayFile } from './array-file.ts';
import type { IndexEntry } from './journal.ts';

/**
 * Copies what is live into a new journal and swaps to it in one commit; readers under way are waited for, newcomers wait.
 * Chunks keep their revisions, so nothing anybody cached becomes stale.
 */
export async function compactJournal(file: ArrayFile, catalogue: ArrayCatalogue): Promise<void> {
  let admit: (() => void) | undefined;
  try {
    await catalogue.commitArray({ fingerprint: '' }, async ({ asOf }) => {
      const { record } = file;
      const next = file.journal.next();
      const byRevision = new Map<number, IndexEntry[]>();
      let head = next.head;
      try {
        for (const entry of file.index.entries()) {
          const location = await next.append(await file.journal.read(entry.location));
          const moved = { place: entry.place, extent: entry.extent, location };
          const group = byRevision.get(entry.revision) ?? [];
          byRevision.set(entry.revision, group);
          group.push(moved);
        }
        for (const revision of [...byRevision.keys()].sort((left, right) => left - right)) {
          head = await next.seal(revision, byRevision.get(revision)!);
          next.committed(head);
        }
      } finally {
        await next.close();
      }
      admit = await file.exclude();
      const compacted: ArrayRecord = { ...record, journal: head, bytes: head.end, asOf };
      return {
        record: compacted,
        written: 0,
        change: { id: record.id, epoch: record.epoch, headChanged: false, chunks: [] },
        committed: () => {
          file.index.compact(record.version, [...byRevision.values()].flat());
          file.committed(compacted, []);
        },
      };
    });
    await file.journal.dropOthers();
  } finally {
    admit?.();
  }
}
