import type { CachedPage } from './page-cache.ts';
import { isDetached, type PageShelf } from './page-shelf.ts';

/** Pages in this thread's memory. They are handed out as they are, not copied: transferring one loses it here. */
export function memoryShelf(): PageShelf {
  const pages = new Map<string, CachedPage>();
  let manifest: unknown;
  let outdated = false;
  return {
    keeps: 'memory',
    getMany: async (slots) =>
      slots.map((slot) => {
        const page = pages.get(slot);
        if (page === undefined || !isDetached(page)) return page;
        pages.delete(slot);
        return undefined;
      }),
    locate: async (slots) => slots.map(() => undefined),
    async putMany(added) {
      for (const page of added) pages.set(page.slot, page);
      outdated = true;
    },
    async delMany(slots) {
      for (const slot of slots) pages.delete(slot);
    },
    slots: async () => [...pages.keys()],
    loadManifest: async () => ({ manifest, outdated }),
    async saveManifest(saved) {
      manifest = saved;
      outdated = false;
    },
    close: async () => pages.clear(),
  };
}
