import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byteLru } from './byte-lru.ts';

it('keeps what a slow twin keeps, and never more than its budget', () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
          bytes: fc.integer({ min: 1, max: 20 }),
          set: fc.boolean(),
        }),
      ),
      (steps) => {
        const budget = 80;
        const cache = byteLru<number>(budget);
        let twin: { key: string; bytes: number }[] = [];
        for (const { key, bytes, set } of steps) {
          const found = twin.find((one) => one.key === key);
          if (!set) {
            expect(cache.get(key)).toBe(found?.bytes);
            if (found) twin = [...twin.filter((one) => one !== found), found];
            continue;
          }
          cache.set(key, bytes, bytes);
          twin = twin.filter((one) => one !== found);
          if (bytes <= budget / 8) twin.push({ key, bytes });
          while (twin.reduce((sum, one) => sum + one.bytes, 0) > budget) twin.shift();
        }
        expect(cache.bytes()).toBe(twin.reduce((sum, one) => sum + one.bytes, 0));
        expect(cache.bytes()).toBeLessThanOrEqual(budget);
      },
    ),
  ));
