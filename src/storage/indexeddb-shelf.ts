import { getMany, keys, promisifyRequest, setMany, type UseStore } from 'idb-keyval';
import { loadChecksum } from '../arrow/checksum.ts';
import { joined } from '../arrow/joined.ts';
import { groupBy } from '../protocol/group-by.ts';
import { randomKey } from '../protocol/random-key.ts';
import type { Database } from './database.ts';
import { type BundledPage, type BundleRun, layOut, PageBundles, runsOf } from './page-bundles.ts';
import type { CachedPage } from './page-cache.ts';
import type { PageFiles } from './page-files.ts';
import type { PageShelf } from './page-shelf.ts';

/** Keys of the two records that are no pages; a slot never begins so, for it begins with a data set's id. */
const manifestKey = '~manifest';
const outdatedKey = '~outdated';
/**
 * A bundle is a file of its own, or a record that is a Blob where there are no files; and a record that says where each
 * page lies in it.
 */
const bytesKey = (bundle: string) => `+${bundle}`;
const placesKey = (bundle: string) => `#${bundle}`;
const isPageKey = (key: IDBValidKey): key is string => typeof key === 'string' && !/^[~+#]/.test(key);

/** A page as a record: its slot is the key. */
interface PageRecord {
  readonly revision: number;
  readonly checksum: string;
  readonly bytes: Uint8Array;
}

interface BundleRecord {
  readonly bytes: number;
  readonly pages: readonly BundledPage[];
  readonly file?: string;
}

export interface ShelfOptions {
  /** Whether this shelf may write; asked each time. One shelf a database does. Always true by default. */
  readonly owns?: () => boolean;
  /** Least bytes that the pages of one data set in one call share a bundle for; 256 KiB. */
  readonly bundleBytes?: number;
  /** Where bundles lie; left out, or where it will not write, they are records. */
  readonly files?: PageFiles;
}

/** Bytes between two wanted pages of a bundle that are read along rather than read around. */
const readGap = 256 * 1024;

/**
 * Pages in IndexedDB, relaxed durability: losing the last seconds costs a fetch. Reading a record costs the browser more
 * than reading its bytes, so that pages that come together lie together: a bundle a data set and call. Its bytes are a
 * file where there are any, which a compute worker reads itself. One shelf a database writes. The database stays the caller's to close.
 */
export function indexedDbShelf(database: Database, options: ShelfOptions = {}): PageShelf {
  const { owns = () => true, bundleBytes = 256 * 1024, files } = options;
  const store = database.store('pages', 'relaxed');
  let bundles = new PageBundles();
  const blobs = new Map<string, Promise<Blob | undefined>>();
  /** Files written whose places are not on the disk yet. */
  const fresh = new Set<string>();
  let opened: Promise<void> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** What changes the shelf, one after the other: a bundle's places are read and written whole. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  };

  const open = (): Promise<void> => {
    opened ??= readPlaces(store).then(
      (records) => {
        bundles = new PageBundles();
        for (const [bundle, { bytes, pages, file }] of records) bundles.add(bundle, bytes, pages, file);
        if (files && owns()) void files.sweep(() => new Set([...bundles.files(), ...fresh]));
      },
      (error) => {
        opened = undefined;
        throw error;
      },
    );
    return opened;
  };

  const blobOf = (bundle: string): Promise<Blob | undefined> => {
    const known = blobs.get(bundle);
    if (known) return known;
    const reading = getMany<unknown>([bytesKey(bundle)], store).then(([blob]) =>
      blob instanceof Blob ? blob : undefined,
    );
    blobs.set(bundle, reading);
    reading.catch(() => blobs.delete(bundle));
    return reading;
  };

  const readRun = async (
    bundle: string,
    run: BundleRun,
    found: (page: CachedPage) => void,
  ): Promise<void> => {
    const { file } = bundles.get(bundle) ?? {};
    const buffer =
      file === undefined
        ? await (await blobOf(bundle))?.slice(run.start, run.end).arrayBuffer()
        : await files?.read(file, run.start, run.end);
    if (!buffer) return;
    const checksum = await loadChecksum();
    for (const { slot, revision, checksum: sum, at, length } of run.pages) {
      if (at - run.start + length > buffer.byteLength) continue;
      const bytes = new Uint8Array(buffer, at - run.start, length);
      if (checksum(bytes) === sum) found({ slot, revision, checksum: sum, bytes });
    }
  };

  /** The pages of `slots` that lie in bundles, and those of them that were not whole. */
  const readBundled = async (
    slots: readonly string[],
  ): Promise<{ readonly found: Map<string, CachedPage>; readonly damaged: string[] }> => {
    const places = slots.flatMap((slot) => bundles.find(slot) ?? []);
    const wanted = groupBy(places, ({ bundle }) => bundle);
    const found = new Map<string, CachedPage>();
    await Promise.all(
      [...wanted].flatMap(([bundle, group]) =>
        // A file that is gone is a page that is gone.
        runsOf(
          group.map(({ page }) => page),
          readGap,
        ).map((run) =>
          readRun(bundle, run, (page) => found.set(page.slot, page)).catch(() => blobs.delete(bundle)),
        ),
      ),
    );
    // A page that moved meanwhile (its bundle was packed anew) is only missed.
    const damaged = places.filter(
      ({ bundle, page }) => !found.has(page.slot) && bundles.find(page.slot)?.bundle === bundle,
    );
    return { found, damaged: damaged.map(({ page }) => page.slot) };
  };

  /** One transaction: `slots` leave, `pages` come as records, `bundle` as one. */
  const commit = async (
    slots: readonly string[],
    pages: readonly CachedPage[],
    bundled: readonly CachedPage[],
  ): Promise<void> => {
    await open();
    const bundle = bundled.length > 0 ? `${datasetOf(bundled[0]!.slot)}/${randomKey()}` : undefined;
    const laid = layOut(bundled);
    const leaving = [...slots, ...pages.map(({ slot }) => slot), ...bundled.map(({ slot }) => slot)];
    const left = bundles.without(leaving);
    const file = await writeFile(laid);
    await store('readwrite', (records) => {
      for (const slot of slots) records.delete(slot);
      for (const { slot } of bundled) records.delete(slot);
      for (const [old, rest] of left) {
        if (rest.length === 0) records.delete(bytesKey(old));
        if (rest.length === 0) records.delete(placesKey(old));
        else {
          const { bytes, file } = bundles.get(old)!;
          records.put({ bytes, pages: rest, file } satisfies BundleRecord, placesKey(old));
        }
      }
      for (const page of pages) records.put(toRecord(page), page.slot);
      if (bundle !== undefined) {
        if (file === undefined) records.put(new Blob(laid.parts as BlobPart[]), bytesKey(bundle));
        records.put({ bytes: laid.bytes, pages: laid.pages, file } satisfies BundleRecord, placesKey(bundle));
      }
      if (pages.length + bundled.length > 0) records.put(true, outdatedKey);
      return promisifyRequest(records.transaction);
    });
    const empty = [...left].flatMap(([old, rest]) => (rest.length === 0 ? old : []));
    void files?.remove(empty.flatMap((old) => bundles.get(old)?.file ?? []));
    bundles.remove(leaving);
    if (bundle !== undefined) bundles.add(bundle, laid.bytes, laid.pages, file);
    for (const old of empty) blobs.delete(old);
    if (file !== undefined) fresh.delete(file);
  };

  /** The name of a file that holds the bundle, or undefined where it has to be a record. */
  const writeFile = async ({ parts, bytes }: ReturnType<typeof layOut>): Promise<string | undefined> => {
    if (!files || bytes === 0) return undefined;
    const name = randomKey();
    fresh.add(name);
    if (await files.write(name, joined(parts))) return name;
    fresh.delete(name);
    return undefined;
  };

  /** Writes what still counts of half-empty bundles anew. */
  const repack = async (): Promise<void> => {
    for (let bundle = bundles.wasteful(); bundle !== undefined; bundle = bundles.wasteful()) {
      const slots = [...bundles.get(bundle)!.pages.keys()];
      const { found } = await readBundled(slots);
      await commit(slots, [], [...found.values()]);
    }
  };

  return {
    keeps: 'indexeddb',
    async getMany(slots) {
      await open();
      const single = slots.filter((slot) => !bundles.find(slot));
      const [checksum, records, { found, damaged }] = await Promise.all([
        loadChecksum(),
        single.length > 0 ? getMany<unknown>(single, store) : [],
        readBundled(slots),
      ]);
      for (const [index, slot] of single.entries()) {
        const record = records[index];
        if (record === undefined) continue;
        if (isRecord(record) && checksum(record.bytes) === record.checksum)
          found.set(slot, { slot, ...record });
        else damaged.push(slot);
      }
      if (damaged.length > 0 && owns()) await inTurn(() => commit(damaged, [], []));
      // The thread that writes may have bundled what this one looked for as a record of its own.
      if (found.size < slots.length && !owns()) opened = undefined;
      return slots.map((slot) => found.get(slot));
    },
    async locate(slots) {
      await open();
      return slots.map((slot) => {
        const found = files && bundles.find(slot);
        if (!found || found.file === undefined) return undefined;
        const { revision, checksum, at, length } = found.page;
        return { slot, revision, checksum, directory: files.directory, file: found.file, at, length };
      });
    },
    putMany: (pages) =>
      inTurn(async () => {
        const { single, bundled } = split(pages, bundleBytes);
        // The first goes with the single pages: as a rule all of a call are of one data set.
        const [first = [], ...others] = bundled;
        await commit([], single, first);
        for (const more of others) await commit([], [], more);
        await repack();
      }),
    delMany: (slots) =>
      inTurn(async () => {
        await commit(slots, [], []);
        await repack();
      }),
    async slots() {
      await open();
      return [...(await keys<IDBValidKey>(store)).filter(isPageKey), ...bundles.slots()];
    },
    async loadManifest() {
      opened = undefined;
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

/** Pages that get a record each, and those that share one, by data set. */
function split(
  pages: readonly CachedPage[],
  bundleBytes: number,
): { readonly single: readonly CachedPage[]; readonly bundled: readonly (readonly CachedPage[])[] } {
  const groups = groupBy(pages, ({ slot }) => datasetOf(slot));
  const isBundle = (group: readonly CachedPage[]) =>
    group.length > 1 && group.reduce((sum, { bytes }) => sum + bytes.byteLength, 0) >= bundleBytes;
  const all = [...groups.values()];
  return { single: all.filter((group) => !isBundle(group)).flat(), bundled: all.filter(isBundle) };
}

function datasetOf(slot: string): string {
  return slot.slice(0, slot.indexOf('/'));
}

/** Where every bundled page lies; a record that is not as it should be is passed over. */
async function readPlaces(store: UseStore): Promise<[string, BundleRecord][]> {
  const range = IDBKeyRange.bound('#', '#\uffff');
  const [names, records] = await store('readonly', (all) =>
    Promise.all([promisifyRequest(all.getAllKeys(range)), promisifyRequest<unknown[]>(all.getAll(range))]),
  );
  return names.flatMap((name, index): [string, BundleRecord][] => {
    const record = records[index];
    return isBundleRecord(record) ? [[String(name).slice(1), record]] : [];
  });
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

function isBundleRecord(value: unknown): value is BundleRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { bytes, pages, file } = value as Partial<Record<keyof BundleRecord, unknown>>;
  return (
    typeof bytes === 'number' &&
    (file === undefined || typeof file === 'string') &&
    Array.isArray(pages) &&
    pages.every(isBundledPage)
  );
}

function isBundledPage(value: unknown): value is BundledPage {
  if (typeof value !== 'object' || value === null) return false;
  const { slot, revision, checksum, at, length } = value as Partial<Record<keyof BundledPage, unknown>>;
  return (
    typeof slot === 'string' &&
    typeof revision === 'number' &&
    typeof checksum === 'string' &&
    Number.isSafeInteger(at) &&
    Number.isSafeInteger(length)
  );
}
