import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ClassRows, classSplit, classSplitPlain } from './class-split.ts';

test('module and twin cut alike, few rows and many, tree after tree', () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.oneof(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 61, max: 900 })),
        classes: fc.integer({ min: 2, max: 5 }),
        bins: fc.constantFrom(1, 2, 7, 256),
        least: fc.constantFrom(1, 5),
        seed: fc.nat(),
      }),
      ({ rows, classes, bins, least, seed }) => {
        let state = seed | 1;
        const below = (n: number) => {
          state = Math.imul(state, 1103515245) + 12345;
          return (state >>> 8) % n;
        };
        const data: ClassRows = {
          rows,
          classes,
          least,
          bins: Uint8Array.from({ length: 3 * rows }, () => below(bins)),
          codes: Int32Array.from({ length: rows }, () => below(classes)),
        };
        const twins = [classSplit(data), classSplitPlain(data)];
        for (let tree = 0; tree < 2; tree++) {
          const weights = Float64Array.from({ length: rows }, () => below(4));
          weights[0] = 1;
          const counts = twins.map((twin) => twin.begin(weights));
          expect(counts[0]).toBe(counts[1]);
          let [start, end] = [0, counts[0]!];
          for (let depth = 0; depth < 6 && end - start > 0; depth++) {
            const column = depth % 3;
            const pure = twins.map((twin) => twin.sum(start, end));
            expect(pure[0]).toBe(pure[1]);
            expect([...twins[0]!.totals]).toEqual([...twins[1]!.totals]);
            const weight = twins[0]!.totals.reduce((sum, one) => sum + one, 0);
            const found = twins.map((twin) => twin.look(column, start, end, weight));
            expect(found[0]).toBe(found[1]);
            if (found[0]! < 0) continue;
            expect(twins[0]!.score).toBe(twins[1]!.score);
            const middles = twins.map((twin) => twin.part(column, start, end, found[0]!));
            expect(middles[0]).toBe(middles[1]);
            if (depth % 2) start = middles[0]!;
            else end = middles[0]!;
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});
