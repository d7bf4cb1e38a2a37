import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ZoneTable } from './head.ts';
import {
  isDay,
  offsetAt,
  parsePeriod,
  periodDays,
  periodPresets,
  periodRange,
  printPeriod,
  utcOfLocal,
} from './period.ts';

const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };
const hour = 3_600_000;
/** Berlin in 2011: summer time from 27 March 01:00 UTC to 30 October 01:00 UTC. */
const berlin: ZoneTable = {
  from: [-8.64e15, Date.UTC(2011, 2, 27, 1), Date.UTC(2011, 9, 30, 1)],
  offsetMs: [hour, 2 * hour, hour],
};
const dayOf = (text: string): number => Date.parse(text) / 86_400_000;

describe('choices', () => {
  it('come back from their text', () => {
    for (const preset of periodPresets) expect(parsePeriod(printPeriod(preset))).toEqual(preset);
    expect(parsePeriod('2011-01-01..')).toEqual({ kind: 'between', from: '2011-01-01' });
  });
  it('refuses what is no period', () => {
    for (const text of ['', '..', 'last-0-days', '2011-02-30..', '2011-02-01..2011-01-01', 'this-day'])
      expect(parsePeriod(text)).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => void parsePeriod(text)));
  });
  it('knows the calendar', () => {
    expect(isDay('2012-02-29')).toBe(true);
    expect(isDay('2011-02-29')).toBe(false);
  });
});

describe('days', () => {
  const newest = dayOf('2011-12-09');
  it.each([
    [{ kind: 'last', count: 30, unit: 'day' }, '2011-11-10', '2011-12-10'],
    [{ kind: 'last', count: 12, unit: 'month' }, '2010-12-10', '2011-12-10'],
    [{ kind: 'this', unit: 'month' }, '2011-12-01', '2011-12-10'],
    [{ kind: 'this', unit: 'quarter' }, '2011-10-01', '2011-12-10'],
    [{ kind: 'this', unit: 'year' }, '2011-01-01', '2011-12-10'],
    [{ kind: 'past', unit: 'month' }, '2011-11-01', '2011-12-01'],
    [{ kind: 'past', unit: 'quarter' }, '2011-07-01', '2011-10-01'],
    [{ kind: 'past', unit: 'year' }, '2010-01-01', '2011-01-01'],
  ] as const)('%j', (choice, from, to) => {
    expect(periodDays(choice, newest)).toEqual({ from, to });
  });
  it('counts months back from the end of long ones', () => {
    expect(periodDays({ kind: 'last', count: 1, unit: 'month' }, dayOf('2011-03-31'))).toEqual({
      from: '2011-03-01',
      to: '2011-04-01',
    });
  });
  it('a span of days holds as many days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 40_000 }), (count, day) => {
        const { from, to } = periodDays({ kind: 'last', count, unit: 'day' }, day);
        expect(dayOf(to!) - dayOf(from!)).toBe(count);
      }),
    );
  });
});

describe('ranges', () => {
  it('begins and ends at local midnight, across a change of clocks', () => {
    const choice = { kind: 'last', count: 30, unit: 'day' } as const;
    expect(periodRange(choice, Date.UTC(2011, 3, 1, 23), { kind: 'timestamp' }, berlin)).toEqual({
      from: '2011-03-03T23:00:00.000Z',
      to: '2011-04-02T22:00:00.000Z',
    });
    expect(periodRange(choice, dayOf('2011-04-02'), { kind: 'date' }, berlin)).toEqual({
      from: '2011-03-04',
      to: '2011-04-03',
    });
  });
  it('finds the instant of a local time', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2011, 0), max: Date.UTC(2011, 11) }), (instant) => {
        const local = instant + offsetAt(instant, berlin);
        const found = utcOfLocal(local, berlin);
        expect(found + offsetAt(found, berlin)).toBe(local);
        expect(found).toBeLessThanOrEqual(instant);
        expect(utcOfLocal(instant, utc)).toBe(instant);
      }),
    );
  });
});
