import { expect, test } from 'vitest';
import { contrast, hexOf } from '../theme/color.ts';
import { palette } from '../theme/palette.ts';
import { shadeOf, textOn } from './pivot-heat.ts';

const values = Array.from({ length: 101 }, (_, i) => i);

test('the lowest value lies on the ground, and the more a value is the farther it stands out from it', () => {
  for (const scheme of ['light', 'dark'] as const) {
    const ground = palette.surface[scheme];
    expect(hexOf(shadeOf(0, [0, 100], scheme))).toBe(ground);
    const standsOut = values.map((value) => contrast(hexOf(shadeOf(value, [0, 100], scheme)), ground));
    expect([...standsOut].sort((one, other) => one - other)).toEqual(standsOut);
    expect(standsOut.at(-1)).toBeGreaterThan(2);
  }
});

test('either side of zero has a colour of its own, zero none', () => {
  for (const scheme of ['light', 'dark'] as const) {
    const ground = palette.surface[scheme];
    expect(hexOf(shadeOf(0, [-50, 100], scheme))).toBe(ground);
    const [less, more] = [shadeOf(-100, [-100, 100], scheme), shadeOf(100, [-100, 100], scheme)];
    expect(contrast(hexOf(less), ground)).toBeGreaterThan(2);
    expect(contrast(hexOf(more), ground)).toBeGreaterThan(2);
    expect(less).not.toEqual(more);
  }
});

test('numbers can be read on every shade, and on one side of zero in one colour', () => {
  for (const scheme of ['light', 'dark'] as const) {
    for (const ends of [[0, 100] as const, [-100, 100] as const, [-40, 100] as const])
      for (const value of values.map((one) => ends[0] + (one * (ends[1] - ends[0])) / 100)) {
        const shade = shadeOf(value, ends, scheme);
        expect(contrast(hexOf(shade), textOn(shade))).toBeGreaterThanOrEqual(4.5);
      }
    expect(new Set(values.map((value) => textOn(shadeOf(value, [0, 100], scheme)))).size).toBe(1);
  }
});
