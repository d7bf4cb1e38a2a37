import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localPx, maxCanvasPx, placeAt, rowsInView, scaleOf, scrolledTo, toShow } from './scroll-scale.ts';

const rows = fc.integer({ min: 0, max: 20_000_000 });
const rowPx = fc.constantFrom(28, 36, 44, 96);
const viewPx = fc.integer({ min: 100, max: 2000 });

test('every row can be reached, wherever one scrolls from', () => {
  fc.assert(
    fc.property(
      rows,
      rowPx,
      viewPx,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (count, height, view, part) => {
        const scale = scaleOf(count, height, view);
        expect(scale.canvasPx).toBeLessThanOrEqual(maxCanvasPx);
        const lastTop = Math.max(0, scale.canvasPx - view);
        const start = placeAt(scale, part * scale.fullPx);
        expect(scrolledTo(scale, start, lastTop).abovePx).toBe(Math.max(0, scale.fullPx - view));
        expect(scrolledTo(scale, start, 0).abovePx).toBe(0);
        const seen = rowsInView(scrolledTo(scale, start, lastTop), count, height, view);
        expect(seen.end).toBe(count);
      },
    ),
  );
});

test('short moves are 1 : 1, long ones in proportion', () => {
  const scale = scaleOf(7_000_000, 36, 600);
  const middle = placeAt(scale, 100_000_000);
  expect(scrolledTo(scale, middle, middle.scrollTop + 72).abovePx).toBe(middle.abovePx + 72);
  const far = scrolledTo(scale, middle, middle.scrollTop + localPx + 1);
  expect(far.abovePx - middle.abovePx).toBeGreaterThan(30 * localPx);
  const small = scaleOf(1000, 36, 600);
  expect(scrolledTo(small, { scrollTop: 0, abovePx: 0 }, 20_000).abovePx).toBe(20_000);
});

test('showing a row moves no more than needed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 6_999_999 }), viewPx, (row, view) => {
      const scale = scaleOf(7_000_000, 36, view);
      const place = placeAt(scale, 90_000_000);
      const shown = placeAt(scale, toShow(place, row, 36, view));
      const { start, end } = rowsInView(shown, 7_000_000, 36, view);
      expect(row).toBeGreaterThanOrEqual(start);
      expect(row).toBeLessThan(end);
      expect(toShow(shown, row, 36, view)).toBe(shown.abovePx);
    }),
  );
});
