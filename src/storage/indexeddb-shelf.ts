import { delMany, getMany, keys, setMany } from 'idb-keyval';
import { loadChecksum } from '../arrow/checksum.ts';
import type { Database } from './database.ts';
import type { CachedPage } from './page-cache.ts';
import type { PageShelf } from './page-shelf.ts';

/** Keys of the two records that are no pages; a slot never begins so, for it begins with a data set's id. */
const manifestKey = '~manifest';
const outdatedKey = '~outdated';

/** A page as a record: its slot is the key. */
interface PageRecord {
  readonly revision: number;
  readonly checksum: string;
  readonly bytes: Uint8Array;
}

/** Pages in IndexedDB, relaxed durability: losing the last seconds costs a fetch. The database stays the caller's to close. */
export function indexedDbShelf(database: Database): PageShelf {
  const store = database.store('pages', 'relaxed');
  return {
    keeps: 'indexeddb',
    async getMany(slots) {
      const [checksum, records] = await Promise.all([loadChecksum(), getMany<unknown>([...slots], store)]);
      const damaged: string[] = [];
      const pages = slots.map((slot, index) => {
        const record = records[index];
        if (record === undefined) return undefined;
        if (isRecord(record) && checksum(record.bytes) === record.checksum) return { slot, ...record };
        damaged.push(slot);
        return undefined;
      });
      if (damaged.length > 0) await delMany(damaged, store);
      return pages;
    },
    putMany: (pages) =>
      setMany(
        [...pages.map((page): [string, PageRecord] => [page.slot, toRecord(page)]), [outdatedKey, true]],
        store,
      ),
    delMany: (slots) => delMany([...slots], store),
    slots: async () =>
      (await keys<IDBValidKey>(store)).filter(
        (key) => typeof key === 'string' && !key.startsWith('~'),
      ) as string[],
    async loadManifest() {
      const [manifest, outdated] = await getMany<unknown>([manifestKey, outdatedKey], store);
      return { manifest, outdated: outdated === true };
    },
    saveManifest: (manifest) =>
      setMany(
        [
          [manifestKey, manifest],
          [outdatedKey, false],
        ],
        store,
      ),
    close: async () => {},
  };
}

/** A record of just the page's bytes: structured clone of a view would store the whole buffer under it. */
function toRecord({ revision, checksum, bytes }: CachedPage): PageRecord {
  const whole = bytes.byteLength === bytes.buffer.byteLength;
  return { revision, checksum, bytes: whole ? bytes : bytes.slice() };
}

function isRecord(value: unknown): value is PageRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { revision, checksum, bytes } = value as Partial<Record<keyof PageRecord, unknown>>;
  return typeof revision === 'number' && typeof checksum === 'string' && bytes instanceof Uint8Array;
}
