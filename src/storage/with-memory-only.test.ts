import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryShelf } from './memory-shelf.ts';
import type { CachedPage } from './page-cache.ts';
import { withByteBudget } from './with-byte-budget.ts';
import { withMemoryOnly } from './with-memory-only.ts';

it('answers as one cache would; nothing of a memory-only data set is ever offered to the disk', async () => {
  const slot = fc
    .record({ dataset: fc.constantFrom('open', 'secret'), block: fc.integer({ min: 0, max: 4 }) })
    .map(({ dataset, block }) => `${dataset}/e/s/${block}/c1`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(slot, { minLength: 1, maxLength: 6 }), { maxLength: 6 }),
      async (rounds) => {
        const options = { maxBytes: 2 ** 20 };
        const disk = withByteBudget(memoryShelf(), options);
        const offered: string[] = [];
        const watched = {
          ...disk,
          putMany: (pages: readonly CachedPage[]) => {
            offered.push(...pages.map(({ slot }) => slot));
            return disk.putMany(pages);
          },
        };
        const cache = withMemoryOnly(
          watched,
          withByteBudget(memoryShelf(), options),
          (id) => id === 'secret',
        );
        const known = new Map<string, number>();
        for (const [revision, slots] of rounds.entries()) {
          await cache.putMany(
            slots.map((slot) => ({ slot, revision, checksum: '', bytes: new Uint8Array(8) })),
          );
          for (const slot of slots) known.set(slot, revision);
          const asked = [...new Set([...known.keys(), 'open/e/s/9/c1', 'secret/e/s/9/c1'])];
          expect(await cache.held(asked)).toEqual(asked.map((slot) => known.get(slot)));
        }
        expect(offered.filter((slot) => slot.startsWith('secret'))).toEqual([]);
        await cache.forget('secret');
        const asked = [...known.keys()];
        expect(await cache.held(asked)).toEqual(
          asked.map((slot) => (slot.startsWith('open') ? known.get(slot) : undefined)),
        );
      },
    ),
    { numRuns: 40 },
  );
});
