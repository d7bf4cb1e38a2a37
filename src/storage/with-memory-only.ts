import type { CachedPage, FiledPage, PageCache } from './page-cache.ts';

/** A cache in which the pages of some data sets never reach the disk. `isMemoryOnly` may change its mind to true. */
export function withMemoryOnly(
  disk: PageCache,
  memory: PageCache,
  isMemoryOnly: (dataset: string) => boolean,
): PageCache {
  const isHere = (slot: string) => isMemoryOnly(slot.slice(0, slot.indexOf('/')));
  /** Each item answered by the cache it belongs to, in order. */
  const each = async <T>(
    slots: readonly string[],
    ask: (cache: PageCache, slots: readonly string[]) => Promise<(T | undefined)[]>,
  ): Promise<(T | undefined)[]> => {
    const here = slots.map(isHere);
    if (!here.includes(true)) return ask(disk, slots);
    const [far, near] = await Promise.all([
      ask(
        disk,
        slots.filter((_, i) => !here[i]),
      ),
      ask(
        memory,
        slots.filter((_, i) => here[i]),
      ),
    ]);
    return here.map((isNear) => (isNear ? near.shift() : far.shift()));
  };
  return {
    getMany: (slots) => each<CachedPage>(slots, (cache, some) => cache.getMany(some)),
    locate: (slots) => each<FiledPage>(slots, (cache, some) => cache.locate(some)),
    held: (slots) => each<number>(slots, (cache, some) => cache.held(some)),
    async putMany(pages) {
      const near = pages.filter(({ slot }) => isHere(slot));
      const far = near.length === 0 ? pages : pages.filter(({ slot }) => !isHere(slot));
      await Promise.all([
        near.length > 0 ? memory.putMany(near) : undefined,
        far.length > 0 ? disk.putMany(far) : undefined,
      ]);
    },
    async delMany(slots) {
      await Promise.all([disk.delMany(slots), memory.delMany(slots.filter(isHere))]);
    },
    async forget(dataset) {
      await Promise.all([disk.forget(dataset), memory.forget(dataset)]);
    },
    async report() {
      const [far, near] = await Promise.all([disk.report(), memory.report()]);
      const datasets = [...far.datasets, ...near.datasets].sort((a, b) => b.bytes - a.bytes);
      return { ...far, bytes: far.bytes + near.bytes, pages: far.pages + near.pages, datasets };
    },
    async close() {
      await Promise.all([disk.close(), memory.close()]);
    },
  };
}
