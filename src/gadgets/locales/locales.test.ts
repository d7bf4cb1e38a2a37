import { describe, expect, it } from 'vitest';
import { templates as de } from './generated/de.ts';
import { templates as fr } from './generated/fr.ts';
import { sourceLocale, targetLocales } from './localization.ts';

describe('translations', () => {
  it('say the same things in every language', () => {
    expect([sourceLocale, ...targetLocales]).toEqual(['en', 'de', 'fr']);
    expect(Object.keys(fr).sort()).toEqual(Object.keys(de).sort());
  });
  it('speak of the same values', () => {
    const values = (template: unknown): unknown =>
      typeof template === 'object' && template !== null && 'values' in template
        ? [...(template.values as unknown[])].sort()
        : [];
    for (const [id, template] of Object.entries(de))
      expect(values(Object.entries(fr).find(([other]) => other === id)?.[1]), id).toEqual(values(template));
  });
});
