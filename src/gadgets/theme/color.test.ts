import fc from 'fast-check';
import { expect, test } from 'vitest';
import { between, contrast, faded, hexOf, luminance, type Rgb, rgbOf } from './color.ts';

const byte = fc.integer({ min: 0, max: 255 });
const colors = fc.tuple(byte, byte, byte);

test('contrast is WCAG’s', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(luminance([255, 255, 255])).toBeCloseTo(1, 12);
});

test('a colour is read as it is written', () => {
  expect(rgbOf('#0a80ff')).toEqual([10, 128, 255]);
  expect(faded('#0a80ff', 0.5)).toBe('rgba(10, 128, 255, 0.5)');
  fc.assert(
    fc.property(colors, (color: Rgb) => {
      expect(rgbOf(hexOf(color))).toEqual(color);
    }),
  );
});

test('between two colours lie both ends, and the middle', () => {
  fc.assert(
    fc.property(colors, colors, (one, other) => {
      expect(between(hexOf(one), hexOf(other), 0)).toBe(hexOf(one));
      expect(between(hexOf(one), hexOf(other), 1)).toBe(hexOf(other));
    }),
  );
  expect(between('#000000', '#ffffff', 0.5)).toBe('#808080');
});
