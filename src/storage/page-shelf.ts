import type { CachedPage } from './page-cache.ts';

/** Where pages lie, without limit or policy: what a byte budget is put around. Methods reject with the storage's errors. */
export interface PageShelf {
  readonly keeps: 'indexeddb' | 'memory';
  /** Verified against the checksum; damaged pages are dropped and come back undefined. */
  getMany(slots: readonly string[]): Promise<(CachedPage | undefined)[]>;
  /** One transaction: all of them or none. `mark` is stored as the manifest in the same transaction. */
  putMany(pages: readonly CachedPage[], mark?: unknown): Promise<void>;
  delMany(slots: readonly string[]): Promise<void>;
  /** Every slot there is; slow, for recovery. */
  slots(): Promise<string[]>;
  /** The one record about all pages, as last saved; undefined when there is none. */
  loadManifest(): Promise<unknown>;
  saveManifest(manifest: unknown): Promise<void>;
  close(): Promise<void>;
}
