import { ExaError } from '../../../src/protocol/errors.ts';
import type { ArrayCatalogue, ArrayRecord } from '../array-catalogue.ts';
import type { ArrayFile } from './array-file.ts';
import type { ChunkEntry } from './chunk-index.ts';
import type { IndexEntry } from './journal.ts';

/**
 * Copies what is live into a new journal, then swaps to it in one commit: writers wait only for what changed since, readers
 * under way are waited for, newcomers wait. Chunks keep their revisions, so nothing anybody cached becomes stale.
 */
export async function compactJournal(file: ArrayFile, catalogue: ArrayCatalogue): Promise<void> {
  const next = file.journal.next();
  const moved = new Map<ChunkEntry, IndexEntry>();
  const move = async (entry: ChunkEntry): Promise<void> => {
    const location = await next.append(await file.journal.read(entry.location));
    moved.set(entry, { place: entry.place, extent: entry.extent, location });
  };
  let admit: (() => void) | undefined;
  try {
    for (const entry of [...file.index.entries()]) await move(entry);
    await catalogue.commitArray({ fingerprint: '' }, async ({ asOf }) => {
      const { record } = file;
      if (catalogue.arrays().get(record.id)?.epoch !== record.epoch)
        throw new ExaError('gone', `The array ${record.name} was replaced or dropped.`);
      const live = [...file.index.entries()];
      for (const entry of live) if (!moved.has(entry)) await move(entry);
      const byRevision = new Map<number, IndexEntry[]>();
      for (const entry of live) {
        const group = byRevision.get(entry.revision) ?? [];
        byRevision.set(entry.revision, group);
        group.push(moved.get(entry)!);
      }
      let { head } = next;
      for (const revision of [...byRevision.keys()].sort((left, right) => left - right)) {
        head = await next.seal(revision, byRevision.get(revision)!);
        next.committed(head);
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
    await next.close();
  }
}
