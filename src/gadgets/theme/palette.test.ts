import { describe, expect, it } from 'vitest';
import { contrast } from './color.ts';
import { type ColorName, palette, type Scheme } from './palette.ts';

const schemes: readonly Scheme[] = ['light', 'dark'];
const grounds: readonly ColorName[] = ['canvas', 'surface', 'raised', 'hover'];
const texts: readonly ColorName[] = ['text', 'muted', 'accent-text', 'success', 'warning', 'danger'];

describe('palette', () => {
  for (const scheme of schemes) {
    for (const text of texts)
      for (const ground of grounds)
        it(`${text} reads on ${ground} (${scheme})`, () => {
          expect(contrast(palette[text][scheme], palette[ground][scheme])).toBeGreaterThanOrEqual(4.5);
        });

    it.each([
      ['on-accent', 'accent'],
      ['accent-text', 'accent-soft'],
      ['success', 'success-soft'],
      ['warning', 'warning-soft'],
      ['danger', 'danger-soft'],
      ['text', 'accent-soft'],
      ['muted', 'accent-soft'],
    ] as const)(`%s reads on %s (${scheme})`, (text, ground) => {
      expect(contrast(palette[text][scheme], palette[ground][scheme])).toBeGreaterThanOrEqual(4.5);
    });

    it.each(['border-strong', 'accent', 'series-1', 'series-2', 'series-3', 'series-4', 'other'] as const)(
      `%s stands out from the surface (${scheme})`,
      (mark) => {
        expect(contrast(palette[mark][scheme], palette.surface[scheme])).toBeGreaterThanOrEqual(
          mark.startsWith('series') ? 2.9 : 3,
        );
      },
    );
  }
});
