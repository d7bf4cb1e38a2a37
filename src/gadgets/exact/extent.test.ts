import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shapeWords } from '../array/shape-words.ts';
import {
  centredOn,
  type Extent,
  elementAt,
  elementsIn,
  extentOf,
  fitExtent,
  fractionOf,
  panExtent,
  parseExtent,
  parts,
  positionAt,
  printExtent,
  wholeExtent,
  zoomExtent,
} from './extent.ts';
import { aboutText, groupDigits, parseIndex } from './index-text.ts';
import { civilOf, daysOf, isoInstant, parseInstant } from './instant.ts';
import { indexTicks, marks } from './ticks.ts';
import { timeTicks } from './time-ticks.ts';

const huge = 10n ** 18n;
const sizes = fc.bigInt({ min: 1n, max: 2n ** 63n });
const extents = fc
  .tuple(sizes, fc.bigInt({ min: 0n, max: 2n ** 84n }), fc.bigInt({ min: 0n, max: 2n ** 84n }))
  .map(([size, one, other]): { size: bigint; extent: Extent } => {
    const [from, to] = [one % (size * parts), other % (size * parts)].sort((a, b) => (a < b ? -1 : 1));
    return { size, extent: fitExtent({ from: from!, to: to! }, size) };
  });

function isWithin({ from, to }: Extent, size: bigint): boolean {
  return from >= 0n && to <= size * parts && to - from >= parts;
}

test('a zoom stays within the axis, and what is under the pointer stays there', () => {
  fc.assert(
    fc.property(
      extents,
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ size, extent }, factor, at) => {
        const next = zoomExtent(extent, factor, at, size);
        expect(isWithin(next, size)).toBe(true);
        const free = next.from > 0n && next.to < size * parts && next.to - next.from > parts;
        if (free && factor > 1)
          expect(Math.abs(fractionOf(next, positionAt(extent, at)) - at)).toBeLessThan(1e-5);
      },
    ),
  );
});

test('a pan keeps the length and stays within the axis', () => {
  fc.assert(
    fc.property(extents, fc.double({ min: -3, max: 3, noNaN: true }), ({ size, extent }, by) => {
      const next = panExtent(extent, by, size);
      expect(next.to - next.from).toBe(extent.to - extent.from);
      expect(isWithin(next, size)).toBe(true);
    }),
  );
});

test('text holds an extent whole', () => {
  fc.assert(
    fc.property(extents, ({ size, extent }) => {
      expect(parseExtent(printExtent(extent), size)).toEqual(extent);
    }),
  );
  expect(
    printExtent({ from: 123_456_789_012_345_678n * parts, to: 123_456_789_012_345_690n * parts + 500_000n }),
  ).toBe('123456789012345678:123456789012345690.5');
  for (const wrong of ['', '5:5', '7:3', '-1:4', '1e3:1e4', '1.1234567:3', 'a:b'])
    expect(parseExtent(wrong, huge)).toBeUndefined();
});

test('from the whole of 10^18 rows to one exact row and back', () => {
  const target = 700_000_000_000_012_345n;
  let extent = wholeExtent(huge);
  let steps = 0;
  while (extent.to - extent.from > parts) {
    extent = zoomExtent(extent, 2, fractionOf(extent, target * parts + parts / 2n), huge);
    if (++steps > 80) throw new Error('The zoom does not end.');
  }
  extent = centredOn(extent, target, huge);
  expect(elementsIn(extent)).toEqual({ start: target, end: target + 1n });
  expect(elementAt(positionAt(extent, 0.5))).toBe(target);
  for (let i = 0; i < steps + 2; i++) extent = zoomExtent(extent, 0.5, 0.5, huge);
  expect(extent).toEqual(wholeExtent(huge));
});

test('marks are round, whole, ascending, within, and no more than asked for', () => {
  fc.assert(
    fc.property(extents, fc.integer({ min: 1, max: 12 }), ({ extent }, most) => {
      const found = marks(extent, most);
      expect(found.length).toBeLessThanOrEqual(most + 1);
      for (const [i, at] of found.entries()) {
        expect(at * parts >= extent.from && at * parts < extent.to).toBe(true);
        if (i > 0) expect(String(at - found[i - 1]!)).toMatch(/^[125]0*$/);
      }
    }),
  );
});

test('marks of a deep zoom share what they have in common', () => {
  const start = 123_456_789_012_345_600n;
  const { ticks, base } = indexTicks(extentOf({ start, end: start + 100n }), 500);
  expect(base).toBe('123,456,789,012,345,…');
  expect(ticks.map(({ text }) => text)).toEqual(['…600', '…620', '…640', '…660', '…680']);
});

test('long round marks are written without their noughts, which stand once', () => {
  for (const width of [1200, 560, 300]) {
    const { ticks, base, unit } = indexTicks(wholeExtent(huge), width);
    expect([base, unit]).toEqual(['', '× 10¹⁵']);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    for (const { text } of ticks) expect(text).toMatch(/^([1-9]00|0)$/);
  }
  const billions = indexTicks(wholeExtent(2n * 10n ** 9n), 300);
  expect([billions.unit, billions.ticks.map(({ text }) => text)]).toEqual(['× 10⁹', ['0', '1']]);
  expect(indexTicks(wholeExtent(10n ** 6n), 1200).unit).toBe('');
});

test('marks stand apart by more than their texts are wide, and say the index they stand at', () => {
  fc.assert(
    fc.property(extents, fc.integer({ min: 240, max: 1600 }), ({ extent }, width) => {
      const { ticks, unit } = indexTicks(extent, width);
      if (unit === '') return;
      const noughts = [...unit.slice('× 10'.length)].map((one) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(one)).join('');
      for (const [i, { at, text }] of ticks.entries()) {
        const index = BigInt(text.replaceAll(',', '')) * 10n ** BigInt(noughts);
        expect(index * parts >= extent.from && index * parts < extent.to).toBe(true);
        if (i > 0) expect((at - ticks[i - 1]!.at) * width).toBeGreaterThan(7 * text.length);
      }
    }),
  );
});

test('indices as people write them', () => {
  expect(parseIndex('1e17', huge)).toBe(10n ** 17n);
  expect(parseIndex('1.5e3', huge)).toBe(1500n);
  expect(parseIndex('123_456', huge)).toBe(123_456n);
  expect(parseIndex(' 1,000,000 ', huge)).toBe(1_000_000n);
  expect(parseIndex('−1', huge)).toBe(huge - 1n);
  expect(parseIndex('2^40', huge)).toBe(2n ** 40n);
  expect(parseIndex('999 999 999 999 999 999', huge)).toBe(huge - 1n);
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: huge - 1n }), (index) => {
      expect(parseIndex(groupDigits(index), huge)).toBe(index);
      expect(parseIndex(String(index - huge), huge)).toBe(index);
    }),
  );
  for (const wrong of ['', 'row 7', '1.5', '1e-3', '0x10', '1e99', '1,00', 'NaN', '∞'])
    expect(() => parseIndex(wrong, huge)).toThrow(/whole number|outside/);
  expect(() => parseIndex('1e18', huge)).toThrow('the last index is 999,999,999,999,999,999');
  expect(shapeWords([String(huge), '2'])).toBe('10¹⁸ × 2');
  expect(shapeWords(['2000000000', '4096'])).toBe('2·10⁹ × 4,096');
});

test('the calendar agrees with Date where Date reaches', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      const days = BigInt(Math.floor(date.getTime() / 86_400_000));
      const { year, month, day } = civilOf(days);
      expect([Number(year), month, day]).toEqual([
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
      ]);
      expect(daysOf(year, month, day)).toBe(days);
      if (date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999)
        expect(isoInstant(BigInt(date.getTime()) * 1_000_000n)).toBe(
          date.toISOString().replace(/\.?0*Z$/, 'Z'),
        );
    }),
  );
});

test('instants are exact to the nanosecond', () => {
  const origin = parseInstant('2026-03-14T12:34:56.000000001Z')!;
  expect(isoInstant(origin)).toBe('2026-03-14T12:34:56.000000001Z');
  expect(parseInstant('2011-02-31')).toBeUndefined();
  expect(parseInstant('yesterday')).toBeUndefined();
  const { ticks, base } = timeTicks(extentOf({ start: 0n, end: 10n }), { origin, step: 1n }, 1200);
  expect(ticks.map(({ text }) => text).slice(0, 2)).toEqual(['.000000001', '.000000002']);
  expect(base).toBe('2026-03-14 12:34:56 UTC');
});

test('time marks lie within the extent, whatever its length', () => {
  fc.assert(
    fc.property(extents, fc.bigInt({ min: 1n, max: 10n ** 12n }), ({ extent }, step) => {
      const { ticks } = timeTicks(extent, { origin: 0n, step }, 800);
      expect(ticks.length).toBeLessThanOrEqual(8);
      for (const { at } of ticks) expect(at >= -1e-6 && at <= 1 + 1e-6).toBe(true);
    }),
  );
});

test('counts at a glance: exact up to a billion, past it about how many', () => {
  expect([0n, 999_999_999n].map(aboutText)).toEqual(['0', '999,999,999']);
  expect([10n ** 9n, 10n ** 18n - 524_288n, 1_999_999_999_998_237_696n].map(aboutText)).toEqual([
    '≈ 10⁹',
    '≈ 10¹⁸',
    '≈ 2·10¹⁸',
  ]);
});
