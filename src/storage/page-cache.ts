/**
 * A page (or an encoded partial) as it is kept. A slot is a page's place without its revision (`slotText`; of
 * partials `dataset/epoch/scope/~kernelhash/level/index`); a slot holds one revision at a time.
 */
export interface CachedPage {
  readonly slot: string;
  readonly revision: number;
  /** xxHash64 of `bytes`, hexadecimal. */
  readonly checksum: string;
  /** Treated as immutable by the cache and by everybody who gets it. Best a whole buffer: a view is copied. */
  readonly bytes: Uint8Array;
}

/** Where a page lies that whoever may open files reads sooner there: bytes `[at, at + length)` of a file. */
export interface FiledPage extends Omit<CachedPage, 'bytes'> {
  readonly directory: string;
  readonly file: string;
  readonly at: number;
  readonly length: number;
}

/** What a cache holds now. */
export interface CacheReport {
  readonly keeps: 'indexeddb' | 'memory';
  readonly maxBytes: number;
  readonly bytes: number;
  readonly pages: number;
  /** By the data set's id (the slot's first part), largest first. */
  readonly datasets: readonly { readonly id: string; readonly bytes: number; readonly pages: number }[];
  /** The last write that failed, as a sentence; gone after the next that succeeds. */
  readonly trouble?: string;
}

/** Pages kept on this machine. Losing any of them costs a fetch and nothing else, so no method ever rejects. */
export interface PageCache {
  /** One entry a slot, in order; undefined where there is nothing, or where it was damaged (then it is dropped). */
  getMany(slots: readonly string[]): Promise<(CachedPage | undefined)[]>;
  /** Where the pages are that lie in files, unverified: one entry a slot. The others are to be had by `getMany`. */
  locate(slots: readonly string[]): Promise<(FiledPage | undefined)[]>;
  /** The revision each slot holds, without reading its bytes; undefined where nothing is known to be there. A hint. */
  held(slots: readonly string[]): Promise<(number | undefined)[]>;
  /**
   * Resolves when the pages are kept, or given up (see `CacheReport.trouble`). They are readable at once.
   * Await it before offering many more: pages wait in memory until written.
   */
  putMany(pages: readonly CachedPage[]): Promise<void>;
  delMany(slots: readonly string[]): Promise<void>;
  /** Drops all of one data set, or everything. */
  forget(dataset?: string): Promise<void>;
  report(): Promise<CacheReport>;
  /** Writes what waits and lets go of the storage; afterwards every read finds nothing. */
  close(): Promise<void>;
}
