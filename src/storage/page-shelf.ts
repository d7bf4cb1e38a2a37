import { emptyChecksum } from '../arrow/checksum.ts';
import type { CachedPage, FiledPage } from './page-cache.ts';

/**
 * Where pages lie, without limit or policy: what a byte budget is put around. Methods reject with the storage's own
 * errors.
 */
export interface PageShelf {
  readonly keeps: 'indexeddb' | 'memory';
  /** Verified against the checksum; damaged pages are dropped and come back undefined. */
  getMany(slots: readonly string[]): Promise<(CachedPage | undefined)[]>;
  /** Where the pages are that lie in files, unverified. */
  locate(slots: readonly string[]): Promise<(FiledPage | undefined)[]>;
  /** One transaction: all of them or none. The manifest counts as outdated from then on. */
  putMany(pages: readonly CachedPage[]): Promise<void>;
  delMany(slots: readonly string[]): Promise<void>;
  /** Every slot there is; slow, for recovery. */
  slots(): Promise<string[]>;
  /** The one record about all pages, as last saved, and whether pages were put since. */
  loadManifest(): Promise<{ readonly manifest: unknown; readonly outdated: boolean }>;
  saveManifest(manifest: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Whether the page's bytes were transferred to another thread: then this one has lost them. */
export function isDetached(page: CachedPage): boolean {
  return page.bytes.buffer.byteLength === 0 && page.bytes.byteOffset === 0 && page.checksum !== emptyChecksum;
}
