import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatsOf, missing } from './format.ts';

const en = formatsOf('en');
const fr = formatsOf('fr');
const de = formatsOf('de');
const plain = (text: string): string => text.replace(/[\s\u00a0\u202f]/g, ' ');

describe('numbers', () => {
  it('is compact with three digits and a space before the unit', () => {
    expect(plain(en.compact(1_240_000))).toBe('1.24 M');
    expect(plain(fr.compact(1_240_000))).toBe('1,24 M');
    expect(plain(de.compact(1_240_000))).toBe('1,24 Mio.');
    expect(plain(en.compact(9_999))).toBe('9,999');
    expect(plain(en.compact('9747747.934'))).toBe('9.75 M');
    expect(plain(en.compact(-25_000))).toBe('−25.0 K');
    expect(plain(formatsOf('en-GB').compact(1_240_000))).toBe('1.24 M');
  });

  it('keeps every digit of huge integers and decimal text, without exponent', () => {
    expect(en.number(9_223_372_036_854_775_807n)).toBe('9,223,372,036,854,775,807');
    expect(en.number('123456789012345678.90', 2)).toBe('123,456,789,012,345,678.90');
    expect(plain(de.number('9747747.934', 3))).toBe('9.747.747,934');
    expect(en.number(1e21)).toBe('1,000,000,000,000,000,000,000');
  });

  it('writes exact integers as their own grouped digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(en.number(value).replace('−', '-').replaceAll(',', '')).toBe(value.toString());
      }),
    );
  });

  it('writes money with its ISO code', () => {
    expect(plain(en.money('1234.5', 'EUR'))).toBe('EUR 1,234.50');
    expect(plain(de.money('1234.5', 'EUR'))).toBe('1.234,50 EUR');
    expect(plain(fr.money('1234.5', 'EUR'))).toBe('1 234,50 EUR');
    expect(plain(en.moneyCompact('9747747.934', 'GBP'))).toBe('£9.75 M');
    expect(plain(fr.moneyCompact('9747747.934', 'EUR'))).toBe('9,75 M €');
    expect(plain(de.moneyCompact('247.876', 'EUR'))).toBe('247,88 €');
    expect(plain(en.moneyCompact('9747747.934'))).toBe('9.75 M');
    expect(en.money('1234.5')).toBe('1,234.50');
    expect(en.money('12', 'not a code')).toBe('12.00');
  });

  it('writes percent and bytes', () => {
    expect(plain(en.percent(0.125, { signed: true }))).toBe('+12.5%');
    expect(plain(de.percent(-0.5))).toBe('−50 %');
    expect(plain(en.bytes(0))).toBe('0 bytes');
    expect(plain(en.bytes(1024 * 1024 * 1.5))).toBe('1.5 MB');
    expect(plain(fr.bytes(1536))).toBe('1,5 ko');
  });
});

describe('dates', () => {
  const instant = Date.UTC(2026, 2, 14, 12, 4);

  it('writes day, month, year', () => {
    expect(en.date(instant)).toBe('14 Mar 2026');
    expect(fr.date(instant)).toBe('14 mars 2026');
    expect(plain(de.date(instant))).toContain('14.');
    expect(plain(en.dateTime(instant))).toBe('14 Mar 2026, 12:04');
  });

  it('shows the last day of a half-open period', () => {
    const text = plain(en.period(Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 1)));
    expect(text).toContain('31 Mar 2026');
    expect(text).not.toContain('Apr');
  });

  it('writes ISO in a zone', () => {
    expect(en.isoDateTime(Date.UTC(2026, 6, 1, 22, 30), 'Europe/Berlin')).toBe('2026-07-02 00:30');
    expect(en.isoDateTime(Date.UTC(2026, 6, 1, 22, 30, 5))).toBe('2026-07-01 22:30:05');
    expect(en.isoDate(instant, 'No/Such_Zone')).toBe('2026-03-14');
  });

  it('shortens to the time on the same day', () => {
    expect(en.moment(instant, { zone: 'UTC', now: instant + 60_000 })).toBe('12:04');
    expect(plain(en.moment(instant, { zone: 'UTC', now: instant + 86_400_000 }))).toBe('14 Mar, 12:04');
    expect(plain(en.moment(instant, { zone: 'UTC', now: instant + 400 * 86_400_000 }))).toBe(
      '14 Mar 2026, 12:04',
    );
  });

  it('labels bins', () => {
    const january = Date.UTC(2026, 0, 1);
    expect(en.bin(january, 'month')).toBe('Jan 2026');
    expect(en.bin(january, 'quarter')).toBe('Q1 2026');
    expect(en.bin(january, 'year')).toBe('2026');
  });

  it('leaves out of a label what the bin before it has said', () => {
    const at = (text: string): number => Date.parse(text);
    const march = at('2026-03-01');
    expect(en.binAfter(march, at('2026-04-01'), 'month')).toBe('Apr');
    expect(en.binAfter(march, at('2027-01-01'), 'month')).toBe('Jan 2027');
    expect(en.binAfter(march, at('2026-03-08'), 'week')).toBe('8 Mar');
    expect(en.binAfter(march, at('2027-03-07'), 'day')).toBe('7 Mar 2027');
    expect(en.binAfter(march, at('2026-07-01'), 'quarter')).toBe('Q3');
    expect(en.binAfter(march, at('2027-07-01'), 'quarter')).toBe('Q3 2027');
    expect(en.binAfter(march, at('2028-01-01'), 'year')).toBe('2028');
    expect(en.binAfter(march, at('2026-03-01T06:00Z'), 'hour')).toBe('06:00');
    expect(en.binAfter(march, at('2026-03-02'), 'hour')).toBe('2 Mar');
    expect(en.binAfter(march, at('2026-03-02T06:00Z'), 'hour')).toBe('2 Mar 2026, 06:00');
    expect(en.binAfter(at('2026-03-01T22:00Z'), at('2026-03-01T23:00Z'), 'hour', 'Europe/Paris')).toBe(
      '2 Mar',
    );
    expect(en.binAfter(undefined, march, 'month')).toBe('Mar 2026');
    expect(en.binAfter(undefined, march, 'hour')).toBe('1 Mar 2026');
  });
});

describe('cells', () => {
  it('is exact', () => {
    expect(en.cell('12.50', { kind: 'decimal', precision: 18, scale: 2 })).toBe('12.50');
    expect(en.cell(536365, { kind: 'int32' }, { plain: true })).toBe('536365');
    expect(en.cell(2026, { kind: 'int32' })).toBe('2026');
    expect(en.cell(12_026, { kind: 'int32' })).toBe('12,026');
    expect(en.cell(14_000, { kind: 'date' })).toBe('2008-05-01');
    expect(en.cell('2011-12-09T12:50:00.000Z', { kind: 'timestamp' })).toBe('2011-12-09 12:50');
    expect(en.cell(Number.NaN, { kind: 'float64' })).toBe('NaN');
  });

  it('writes a missing value as a dash', () => {
    for (const text of [
      en.number(null),
      en.compact(undefined),
      en.money(null, 'EUR'),
      en.percent(null),
      en.date(null),
    ])
      expect(text).toBe(missing);
  });
});

describe('locales', () => {
  it('falls back to English', () => {
    expect(formatsOf('x').number(1.5)).toBe('1.5');
    expect(formatsOf('not a locale').number(1234)).toBe('1,234');
  });
  it('makes one set of formats a locale', () => {
    expect(formatsOf('de')).toBe(de);
  });
});
