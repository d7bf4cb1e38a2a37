import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramOf } from './histogram.ts';

function weighted(values: readonly number[]) {
  return {
    each: (tell: (value: number, count: number) => void) => {
      for (const value of values) tell(value, 1);
    },
    nans: 0,
    unwritten: 0n,
  };
}

const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);

describe('a histogram', () => {
  it('counts each number between the edges it says, of any size, equal or not, ±∞ outside', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -9, max: 9 }),
      fc.constantFrom(1e18, 1.7e18, -1.7e308, Number.MAX_VALUE, -Number.MAX_VALUE, Infinity, -Infinity),
    );
    fc.assert(
      fc.property(fc.array(number, { maxLength: 30 }), fc.integer({ min: 1, max: 48 }), (values, bins) => {
        const { edges, counts, below, above } = histogramOf(weighted(values), { bins });
        expect(edges.every(Number.isFinite)).toBe(true);
        expect(edges[0]).toBeLessThan(edges[bins]!);
        expect(sum(counts)).toBe(values.filter(Number.isFinite).length);
        expect([below, above]).toEqual(
          [-Infinity, Infinity].map((end) => values.filter((one) => one === end).length),
        );
        for (let bin = 0; bin < bins; bin++) {
          const [from, to] = [edges[bin]!, edges[bin + 1]!];
          expect(from).toBeLessThanOrEqual(to);
          if (from < to && counts[bin]! > 0)
            expect(values.some((value) => value >= from && value <= to)).toBe(true);
        }
      }),
    );
  });

  it('of one number of any size is not empty', () => {
    for (const value of [0, 1e18, -1.7e18, Number.MAX_VALUE, -Number.MAX_VALUE])
      expect(sum(histogramOf(weighted([value, value]), { bins: 48 }).counts)).toBe(2);
  });

  it('that has no bins is one sentence', () => {
    expect(() => histogramOf(weighted([1]), { bins: 0 })).toThrow(
      'A histogram has 1 to 1024 bins; 0 is none.',
    );
    expect(() => histogramOf(weighted([1]), { bins: 2, from: 3, to: 1 })).toThrow(
      'A histogram from 3 to 1 has no bins.',
    );
  });
});
