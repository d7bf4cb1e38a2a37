import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type WalkedTree, walkTrees, walkTreesPlain } from './tree-walk.ts';

/** A tree of `splits` splits, each of the lowest leaf that is left. */
function treeOf(splits: readonly [number, number][]): WalkedTree {
  const [feature, threshold, left] = [[0], [0.5], [0]];
  splits.forEach(([column, cut], at) => {
    feature[at] = column;
    threshold[at] = cut;
    left[at] = feature.length;
    for (const value of [at + 0.1, -at / 3]) {
      feature.push(0);
      threshold.push(value);
      left.push(0);
    }
  });
  return { feature, threshold, left };
}

test('module and twin give the same bits, NaN and several passes included', () => {
  const split = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.double({ min: -1, max: 1, noNaN: true }));
  fc.assert(
    fc.property(
      fc.array(fc.array(split, { maxLength: 12 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(1, 7, 2049),
      (splits, rows) => {
        const trees = splits.map(treeOf);
        const values = Float64Array.from({ length: rows * 3 }, (_, i) =>
          i % 11 === 0 ? Number.NaN : ((i * 37) % 41) / 20 - 1,
        );
        const [fast, plain] = [walkTrees(trees, values, 3), walkTreesPlain(trees, values, 3)];
        expect(new BigInt64Array(fast.buffer)).toEqual(new BigInt64Array(plain.buffer));
      },
    ),
    { numRuns: 12 },
  );
});
