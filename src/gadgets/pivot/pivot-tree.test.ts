import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Literal } from '../../protocol/column.ts';
import { type LevelKnown, placeOfRow, treeRow, treeSize } from './pivot-tree.ts';

interface Shape {
  readonly count: number;
  readonly open: readonly { readonly index: number; readonly shape: Shape }[];
}

const shapes = (depth: number): fc.Arbitrary<Shape> =>
  fc.record({
    count: fc.integer({ min: 0, max: 6 }),
    open:
      depth === 0
        ? fc.constant([])
        : fc.array(fc.record({ index: fc.nat(5), shape: shapes(depth - 1) }), { maxLength: 2 }),
  });

const levels: fc.Arbitrary<LevelKnown> = shapes(3).map((shape) => levelOf(shape, []));

function levelOf({ count, open }: Shape, path: Literal[]): LevelKnown {
  const places = new Map(open.filter(({ index }) => index < count).map(({ index, shape }) => [index, shape]));
  return {
    path,
    count,
    key: (index) => `k${index}`,
    open: [...places]
      .sort(([a], [b]) => a - b)
      .map(([index, shape]) => ({ index, level: levelOf(shape, [...path, `k${index}`]) })),
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
