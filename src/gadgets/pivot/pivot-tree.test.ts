import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Literal } from '../../protocol/column.ts';
import { type LevelKnown, placeOfRow, treeRow, treeSize } from './pivot-tree.ts';

const levels: fc.Arbitrary<LevelKnown> = fc
  .letrec<{ shape: { count: number; open: { index: number; shape: never }[] } }>((tie) => ({
    shape: fc.record({
      count: fc.integer({ min: 0, max: 6 }),
      open: fc.array(fc.record({ index: fc.nat(5), shape: tie('shape') as fc.Arbitrary<never> }), {
        maxLength: 2,
        depthSize: 'small',
      }),
    }),
  }))
  .shape.map((shape) => levelOf(shape, []));

function levelOf(shape: { count: number; open: { index: number; shape: unknown }[] }, path: Literal[]): LevelKnown {
  const indices = [...new Set(shape.open.map(({ index }) => index))].filter((index) => index < shape.count).sort((a, b) => a - b);
  return {
    path,
    count: shape.count,
    key: (index) => `k${index}`,
    open: indices.map((index) => ({
      index,
      level: levelOf(shape.open.find((one) => one.index === index)!.shape as Parameters<typeof levelOf>[0], [...path, `k${index}`]),
    })),
  };
}

/** All rows in their order, plainly. */
function listed(level: LevelKnown): string[] {
  return Array.from({ length: level.count }, (_, index) => {
    const child = level.open.find((one) => one.index === index);
    return [JSON.stringify([level.path, index, child !== undefined]), ...(child ? listed(child.level) : [])];
  }).flat();
}

describe('a tree of rows', () => {
  it('has every row at its place, and every place its row', () => {
    fc.assert(
      fc.property(levels, (level) => {
        const all = listed(level);
        expect(treeSize(level)).toBe(all.length);
        for (let place = 0; place < all.length; place++) {
          const row = treeRow(level, place)!;
          expect(JSON.stringify([row.path, row.index, row.isOpen])).toBe(all[place]);
          expect(placeOfRow(level, row.path, row.index)).toBe(place);
        }
        expect(treeRow(level, all.length)).toBeUndefined();
        expect(placeOfRow(level, ['nowhere'], 0)).toBeUndefined();
      }),
    );
  });
});
