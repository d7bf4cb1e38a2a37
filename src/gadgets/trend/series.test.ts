import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openAnswer } from '../../arrow/answer-table.ts';
import { columnFromLiterals } from '../../arrow/build-column.ts';
import { encodeColumns } from '../../arrow/columns-stream.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import { timeUnits } from '../../protocol/query.ts';
import { binAt, binStarts, floorLocal, nextLocal, seriesOf } from './series.ts';

const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };
/** Paris in 2011: clocks forward on 27 March, back on 30 October, at 01:00 UTC. */
const paris: ZoneTable = {
  from: [-8.64e15, Date.UTC(2011, 2, 27, 1), Date.UTC(2011, 9, 30, 1)],
  offsetMs: [3_600_000, 7_200_000, 3_600_000],
};
const instant = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 0, 1) });

test('a bin holds its instant and ends where the next begins', () => {
  fc.assert(
    fc.property(instant, fc.constantFrom(...timeUnits), (at, unit) => {
      const start = floorLocal(at, unit);
      const next = nextLocal(start, unit);
      expect(start).toBeLessThanOrEqual(at);
      expect(next).toBeGreaterThan(at);
      expect(floorLocal(next, unit)).toBe(next);
      expect(floorLocal(next - 1, unit)).toBe(start);
    }),
  );
});

test('bins cover the span, and an instant is found in its own', () => {
  fc.assert(
    fc.property(
      instant,
      fc.integer({ min: 1, max: 400 * 86_400_000 }),
      fc.constantFrom('day' as const, 'week' as const, 'month' as const),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (from, length, unit, part) => {
        const starts = binStarts(from, from + length, unit, utc);
        expect(starts[0]).toBeLessThanOrEqual(from);
        expect(starts[starts.length - 1]).toBeGreaterThanOrEqual(from + length);
        const at = from + Math.floor(length * part);
        expect(binAt(starts, at)).toBe(starts.findIndex((_, i) => (starts[i + 1] ?? 0) > at));
      },
    ),
  );
});

test('months of a zone begin at its midnights, weeks on Mondays', () => {
  expect(binStarts(Date.UTC(2011, 1, 15), Date.UTC(2011, 4, 2), 'month', paris)).toEqual([
    Date.UTC(2011, 0, 31, 23),
    Date.UTC(2011, 1, 28, 23),
    Date.UTC(2011, 2, 31, 22),
    Date.UTC(2011, 3, 30, 22),
    Date.UTC(2011, 4, 31, 22),
  ]);
  expect(new Date(floorLocal(Date.UTC(2011, 11, 9), 'week')).getUTCDay()).toBe(1);
  expect(binAt([0, 10, 20], 20)).toBeUndefined();
  expect(binAt([], 1)).toBeUndefined();
});

test('bins in local days find their place in a zone; absent ones are empty', () => {
  const starts = binStarts(Date.UTC(2011, 2, 5), Date.UTC(2011, 4, 2), 'month', paris);
  const table = openAnswer(
    encodeColumns({
      g0: columnFromLiterals({ kind: 'date' }, ['2011-03-01', '2011-05-01']),
      n: columnFromLiterals({ kind: 'int32' }, [3, null]),
    }),
  );
  expect(seriesOf(table, 'n', starts, 0, paris).values).toEqual([3, 0, null]);
});
