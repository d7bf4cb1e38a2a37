import { loadChecksum } from '../arrow/checksum.ts';
import { isArrayTable } from '../protocol/array-table.ts';
import { liveColumn } from '../protocol/page.ts';
import { blankPage } from './local-batch.ts';
import type { LocalDatabase } from './local-database.ts';
import { type LocalPage, type LocalTable, localScope, pageKey, readTables } from './local-table.ts';
import type { CachedPage, PageCache } from './page-cache.ts';

interface Place {
  readonly table: LocalTable;
  readonly block: number;
  readonly column: string;
}

/**
 * The data sets of this browser as a page cache that has every page, at its newest revision: so plans find the columns
 * here, and nothing is kept twice. Partials, and what is made of arrays, are cache, and go to `partials`; a damaged page
 * is not there.
 */
export function localPageCache(database: LocalDatabase, partials: PageCache): PageCache {
  const damaged = new Set<string>();
  // Pages of arrays are made of their chunks, so they are cache as well.
  const isCache = (slot: string) => slot.includes('/~') || isArrayTable(slot);

  const placeOf = (tables: ReadonlyMap<string, LocalTable>, slot: string): Place | undefined => {
    const [id, epoch, scope, number, column] = slot.split('/');
    const table = tables.get(id ?? '');
    const block = Number(number);
    if (!table || table.epoch !== epoch || scope !== localScope || column === undefined) return undefined;
    if (table.revisions[block] === undefined) return undefined;
    if (column !== liveColumn && !table.columns.some((known) => known.id === column)) return undefined;
    return { table, block, column };
  };

  const own = (slots: readonly string[]) => slots.filter((slot) => !isCache(slot));

  return {
    async getMany(slots) {
      const checksum = await loadChecksum();
      const kept = await partials.getMany(slots.filter(isCache));
      const mine = own(slots);
      const read = await database
        .read(async (transaction) => {
          const tables = await readTables(transaction);
          const found: { readonly place: Place | undefined; readonly page: LocalPage | undefined }[] = [];
          for (const slot of mine) {
            const place = placeOf(tables, slot);
            const page = place
              ? await transaction.get(
                  'pages',
                  pageKey(place.table.stamps[place.block]!, place.block, place.column),
                )
              : undefined;
            found.push({ place, page: page as LocalPage | undefined });
          }
          return found;
        })
        .catch(() => []);
      const pages = new Map<string, CachedPage>();
      for (const [i, slot] of mine.entries()) {
        const { place, page } = read[i] ?? {};
        if (!place) continue;
        if (page && checksum(page.bytes) !== page.checksum) {
          damaged.add(slot);
          continue;
        }
        const revision = place.table.revisions[place.block]!;
        pages.set(slot, { slot, revision, ...(page ?? (await blankPage(place.table, place.block, place))) });
      }
      const partial = kept[Symbol.iterator]();
      return slots.map((slot) => (isCache(slot) ? partial.next().value : pages.get(slot)));
    },
    locate: async (slots) => slots.map(() => undefined),
    async held(slots) {
      const kept = await partials.held(slots.filter(isCache));
      const tables = await database.read(readTables).catch((): ReadonlyMap<string, LocalTable> => new Map());
      const partial = kept[Symbol.iterator]();
      return slots.map((slot) => {
        if (isCache(slot)) return partial.next().value;
        const place = damaged.has(slot) ? undefined : placeOf(tables, slot);
        return place?.table.revisions[place.block];
      });
    },
    putMany: (pages) => partials.putMany(pages.filter(({ slot }) => isCache(slot))),
    delMany: (slots) => partials.delMany(slots.filter(isCache)),
    async forget(dataset) {
      damaged.clear();
      await partials.forget(dataset);
    },
    report: () => partials.report(),
    // The cache of partials is closed by whoever opened it.
    close: async () => {},
  };
}
