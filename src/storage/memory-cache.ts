import { memoryShelf } from './memory-shelf.ts';
import type { PageCache } from './page-cache.ts';
import { withByteBudget } from './with-byte-budget.ts';

/** A page cache of at most `maxBytes` that lives as long as this thread. */
export function memoryCache(maxBytes: number): PageCache {
  return withByteBudget(memoryShelf(), { maxBytes });
}
