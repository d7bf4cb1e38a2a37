import { describe, expect, it } from 'vitest';
import { fakeShop } from '../gallery/fake-shop.ts';
import { choicesAt } from './completion.ts';

const [{ head }, clients] = fakeShop();
const at = (marked: string, kind: 'column' | 'measure' = 'column') => {
  const caret = marked.indexOf('|');
  return choicesAt(marked.replace('|', ''), caret, { kind, head, linked: [clients.head] });
};
const inserts = (marked: string, kind: 'column' | 'measure' = 'column') =>
  at(marked, kind)?.choices.map(({ insert }) => insert) ?? [];

describe('completion', () => {
  it('offers columns by label and functions, those that begin so first', () => {
    const all = inserts('|');
    expect(all).toContain('round(');
    expect(all).not.toContain('sum(');
    expect(inserts('|', 'measure')).toContain('share(');
    expect(inserts('1 + ro|')[0]).toBe('round(');
    expect(inserts('lower(co|').slice(0, 3)).toContain('Country');
    expect(inserts('sum|', 'measure')[0]).toBe('sum(');
  });

  it('replaces the word at the caret', () => {
    expect(at('1 + rou|nd')).toMatchObject({ from: 4 });
    expect(at('lower("Cou|')).toMatchObject({ from: 6 });
  });

  it('offers units where one is waited for, and nothing in other texts or numbers', () => {
    expect(inserts("startof('mo|")).toEqual(["day'", "week'", "month'", "quarter'", "year'"]);
    expect(inserts("datediff('|')")).toContain('hour');
    expect(at("lower('ab|")).toBeUndefined();
    expect(at('12|')).toBeUndefined();
    expect(at('zzzzz|')).toBeUndefined();
  });

  it('offers measures in measures, never the one that is changed', () => {
    const named = choicesAt('', 0, { kind: 'measure', head, id: 'revenue' });
    const measures = named?.choices.filter(({ kind }) => kind === 'measure').map(({ insert }) => insert);
    expect(measures?.length).toBe(head.profile.measures.length - 1);
    expect(measures).not.toContain('revenue');
  });
});
