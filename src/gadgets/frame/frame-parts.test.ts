import { describe, expect, it } from 'vitest';
import { languageFor } from '../locales/localization.ts';
import { defaultPreferences, openPreferences, withRecent } from '../preferences.ts';
import { freshnessWords } from './freshness.ts';
import { searchFinds } from './search-finds.ts';
import { memoryHistory } from './workspace-history.ts';

describe('search', () => {
  const all = [
    { label: 'Bestellungen', hint: '' },
    { label: 'Order lines', hint: '500 rows' },
    { label: 'Orders', hint: '' },
    { label: 'Événements', hint: '' },
  ];
  it('finds every word, accents and case aside, beginnings first', () => {
    expect(searchFinds(all, 'LINE').map(({ label }) => label)).toEqual(['Order lines']);
    expect(searchFinds(all, 'lines order').map(({ label }) => label)).toEqual(['Order lines']);
    expect(searchFinds(all, 'evene').map(({ label }) => label)).toEqual(['Événements']);
    expect(searchFinds(all, '  ')).toEqual([]);
  });
});

describe('preferences', () => {
  const memory = (text: string | null): Storage =>
    ({ getItem: () => text, setItem: () => {} }) as unknown as Storage;
  it('takes what it understands', () => {
    expect(openPreferences(memory('{"appearance":"dark","density":7,"recent":["a",1]}')).get()).toEqual({
      ...defaultPreferences,
      appearance: 'dark',
      recent: ['a'],
    });
    for (const text of ['null', '7', '{', ''])
      expect(openPreferences(memory(text)).get()).toEqual(defaultPreferences);
  });
  it('works without storage, and tells of changes', () => {
    const preferences = openPreferences(null);
    const told: string[] = [];
    preferences.listen(({ appearance }) => told.push(appearance));
    preferences.set({ appearance: 'light' });
    expect(told).toEqual(['light']);
  });
  it('keeps the latest data sets', () => {
    expect(withRecent(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c']);
  });
});

describe('language', () => {
  it('is the chosen one, else the browser’s, else English', () => {
    expect(languageFor('de', ['fr-CA'])).toBe('de');
    expect(languageFor('', ['pt-BR', 'fr-CA'])).toBe('fr');
    expect(languageFor('', [])).toBe('en');
    expect(languageFor('xx', [])).toBe('en');
  });
});

describe('freshness', () => {
  it('says how fresh in a word', () => {
    expect(freshnessWords('live', '12:04')).toMatchObject({ word: 'Live', long: '' });
    expect(freshnessWords('updating', '12:04')).toMatchObject({ word: 'As of 12:04', long: ', updating' });
    expect(freshnessWords('offline', '12:04')).toMatchObject({ word: 'Offline', long: ', as of 12:04' });
    expect(freshnessWords('connecting', undefined)).toMatchObject({ word: 'Connecting' });
  });
});

describe('history', () => {
  it('goes back', () => {
    const history = memoryHistory('#/home');
    let told = 0;
    history.listen(() => told++);
    history.push('#/orders');
    history.replace('#/clients');
    expect(history.steps).toBe(2);
    history.back();
    expect([history.read(), told]).toEqual(['#/home', 1]);
  });
});
