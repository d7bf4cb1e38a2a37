import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TimeUnit, timeUnits } from '../../protocol/query.ts';
import { formatsOf } from '../format.ts';
import { calendarTicks } from './calendar-ticks.ts';
import { floorLocal, nextLocal } from './series.ts';

const formats = formatsOf('en-GB');

function startsOf(from: string | number, unit: TimeUnit, count: number): number[] {
  const starts = [floorLocal(new Date(from).getTime(), unit)];
  while (starts.length < count) starts.push(nextLocal(starts[starts.length - 1]!, unit));
  return starts;
}

function ticksOf(starts: readonly number[], unit: TimeUnit, width: number) {
  return calendarTicks({
    starts,
    pace: width / starts.length,
    text: (bin, after) =>
      formats.binAfter(after === undefined ? undefined : starts[after], starts[bin]!, unit),
  });
}

const textsOf = (from: string, unit: TimeUnit, count: number, width: number): string[] =>
  ticksOf(startsOf(from, unit, count), unit, width).map(({ text }) => text);

test('labels stand where the calendar begins something, and say a year once', () => {
  expect(textsOf('2023-11-30', 'month', 25, 600)).toEqual([
    'Jan 2024',
    'Apr',
    'Jul',
    'Oct',
    'Jan 2025',
    'Apr',
    'Jul',
    'Oct',
  ]);
  expect(textsOf('2023-11-30', 'month', 5, 600)).toEqual(['Nov 2023', 'Dec', 'Jan 2024', 'Feb', 'Mar']);
  expect(textsOf('2023-11-30', 'month', 60, 360)).toEqual([
    'Jan 2024',
    'Jan 2025',
    'Jan 2026',
    'Jan 2027',
    'Jan 2028',
  ]);
  expect(textsOf('2026-10-30', 'day', 30, 700)).toEqual(['2 Nov 2026', '9 Nov', '16 Nov', '23 Nov']);
  expect(textsOf('2026-09-01', 'day', 90, 500)).toEqual([
    '1 Sept 2026',
    '15 Sept',
    '1 Oct',
    '15 Oct',
    '1 Nov',
    '15 Nov',
  ]);
  // The first Monday of each month that begins a quarter.
  expect(textsOf('2026-01-14', 'week', 52, 360)).toEqual(['6 Apr 2026', '6 Jul', '5 Oct', '4 Jan 2027']);
  expect(textsOf('2024-02-01', 'quarter', 9, 360)).toEqual(['Q1 2024', 'Q3', 'Q1 2025', 'Q3', 'Q1 2026']);
  expect(textsOf('1987-01-01', 'year', 40, 260)).toEqual(['1990', '2000', '2010', '2020']);
  expect(textsOf('2026-03-14', 'hour', 24, 560)).toEqual([
    '14 Mar 2026',
    '03:00',
    '06:00',
    '09:00',
    '12:00',
    '15:00',
    '18:00',
    '21:00',
  ]);
});

test('labels never touch, follow each other, and one is there wherever a bin is', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(1700, 0, 1), max: Date.UTC(2200, 0, 1) }),
      fc.constantFrom(...timeUnits),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 160, max: 1200 }),
      (from, unit, count, width) => {
        const ticks = ticksOf(startsOf(from, unit, count), unit, width);
        expect(ticks.length).toBeGreaterThan(0);
        for (const [i, { bin, text }] of ticks.entries()) {
          expect(bin).toBeLessThan(count);
          const before = ticks[i - 1];
          if (before)
            expect(((bin - before.bin) * width) / count).toBeGreaterThan(
              ((before.text.length + text.length) / 2) * 6.6,
            );
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(calendarTicks({ starts: [], pace: 10, text: String })).toEqual([]);
});
