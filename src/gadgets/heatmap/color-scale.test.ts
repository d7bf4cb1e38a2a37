import { expect, test } from 'vitest';
import { colorAt, colorRange, colorScales } from './color-scale.ts';

test('zero lies in the middle of the scale of two sides, ends are those of the values of the other', () => {
  expect(colorRange('puor', [-3, 1])).toEqual([-3, 3]);
  expect(colorRange('puor', [0, 0])).toEqual([-1, 1]);
  expect(colorRange('cividis', [-3, 1])).toEqual([-3, 1]);
  expect(colorRange('cividis', undefined)).toEqual([0, 1]);
});

test('one value of any size has ends either side of it', () => {
  for (const scale of colorScales)
    for (const value of [0, 7, 1e18, -1.7e18]) {
      const [low, high] = colorRange(scale, [value, value]);
      expect(low < high && low <= value && value <= high).toBe(true);
    }
});

test('more is darker on light and lighter on dark', () => {
  const light = (scheme: 'light' | 'dark') =>
    [0, 0.25, 0.5, 0.75, 1].map((t) => colorAt('cividis', scheme, t).reduce((sum, part) => sum + part, 0));
  for (const scheme of ['light', 'dark'] as const) {
    const rising = scheme === 'dark' ? light(scheme) : light(scheme).reverse();
    expect([...rising].sort((one, other) => one - other)).toEqual(rising);
  }
  expect(colorAt('puor', 'light', 0.5)).toEqual([247, 247, 247]);
});
