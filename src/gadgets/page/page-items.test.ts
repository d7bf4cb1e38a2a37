import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedCard } from './page-drag.ts';
import {
  added,
  cardKinds,
  columnsOfPage,
  moved,
  overlaps,
  type PageItem,
  readItems,
  settled,
} from './page-items.ts';

const box = fc.record({
  x: fc.integer({ min: 0, max: 11 }),
  y: fc.integer({ min: 0, max: 30 }),
  w: fc.integer({ min: 1, max: 12 }),
  h: fc.integer({ min: 1, max: 6 }),
});
const pages = fc
  .array(box, { minLength: 1, maxLength: 10 })
  .map((boxes) =>
    readItems(boxes.map((one, i) => ({ ...one, id: `c${i}`, kind: 'bars', dataset: 'd', column: 'a' }))),
  );

/** By cells, as a person would check it with a pencil. */
function isSound(items: readonly PageItem[]): void {
  const cells = new Set<string>();
  for (const { x, y, w, h } of items) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + w).toBeLessThanOrEqual(columnsOfPage);
    for (let row = y; row < y + h; row++)
      for (let column = x; column < x + w; column++) {
        expect(cells.has(`${row}/${column}`)).toBe(false);
        cells.add(`${row}/${column}`);
      }
  }
}

describe('cards on a page', () => {
  it('never overlap nor leave the page, however they are moved, resized, added and taken away', () => {
    fc.assert(
      fc.property(pages, box, fc.nat(), (items, to, which) => {
        isSound(items);
        const { id } = items[which % items.length]!;
        const after = moved(items, id, to);
        isSound(after);
        expect(after.map((item) => item.id)).toEqual(items.map((item) => item.id));
        isSound(added(after, { id: 'new', kind: 'grid', dataset: 'd', w: 4, h: 3 }));
        isSound(settled(after.filter((item) => item.id !== id)));
      }),
    );
  });

  it('rise as far as they go: settling again changes nothing', () => {
    fc.assert(
      fc.property(pages, (items) => {
        expect(settled(items)).toEqual(items);
      }),
    );
  });

  it('are moved and resized by arrow keys, down past what stands below', () => {
    const items = readItems([
      { id: 'a', kind: 'figure', dataset: 'd', x: 0, y: 0, w: 3, h: 2 },
      { id: 'b', kind: 'bars', dataset: 'd', x: 0, y: 2, w: 4, h: 4 },
    ]);
    const at = (key: string, shiftKey = false) => keyedCard({ key, shiftKey }, items[0]!, items)?.[0];
    expect(at('ArrowRight')).toMatchObject({ x: 1, y: 0 });
    expect(at('ArrowRight', true)).toMatchObject({ w: 4 });
    expect(at('ArrowDown', true)).toMatchObject({ h: 3 });
    expect(at('ArrowDown')).toMatchObject({ y: 4 });
    expect(at('Enter')).toBeUndefined();
    expect(overlaps(items[0]!, items[1]!)).toBe(false);
  });

  it('read by hand: what is no card is left out, sizes are kept within the page', () => {
    const items = readItems([
      { id: 'a', kind: 'nothing', dataset: 'd' },
      { id: 'b', kind: 'bars' },
      null,
      'x',
      { id: 'c', kind: 'bars', dataset: 'd', x: 99, y: -4, w: 1e9, h: Number.NaN, label: '<script>' },
      { id: 'c', kind: 'bars', dataset: 'd' },
    ]);
    expect(items).toEqual([
      { id: 'c', kind: 'bars', dataset: 'd', label: '<script>', x: 0, y: 0, w: 12, h: 4 },
    ]);
    expect(readItems({})).toEqual([]);
    expect(cardKinds).toContain('grid');
  });
});
