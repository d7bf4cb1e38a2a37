import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kdTree } from '../ml/neighbours/kd-tree.ts';
import { searchPlain, treeSearch } from './kd-search.ts';

test('module and twin find the same rows at the same distances, ties included', () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 1, max: 700 }),
        columns: fc.integer({ min: 1, max: 6 }),
        queries: fc.constantFrom(1, 5, 1030),
        k: fc.integer({ min: 1, max: 9 }),
        values: fc.constantFrom(3, 1e6),
        seed: fc.nat(),
      }),
      ({ rows, columns, queries, k, values, seed }) => {
        let state = seed | 1;
        const next = () => {
          state = Math.imul(state, 1103515245) + 12345;
          return Math.floor((state >>> 8) % values) / 7;
        };
        const tree = kdTree({ rows, columns, values: Float64Array.from({ length: rows * columns }, next) });
        const asked = Float64Array.from({ length: queries * columns }, next);
        const most = Math.min(k, rows);
        for (const one of [most, 1]) {
          const fast = treeSearch(tree, one)(asked, queries);
          const plain = searchPlain(tree, one)(asked, queries);
          expect(fast.rows).toEqual(plain.rows);
          expect(new BigInt64Array(fast.squared.buffer)).toEqual(new BigInt64Array(plain.squared.buffer));
        }
      },
    ),
    { numRuns: 80 },
  );
});
