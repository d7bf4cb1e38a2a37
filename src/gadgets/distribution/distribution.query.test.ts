import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, edgeOf, narrower, niceBins } from './bins.ts';
import { binsQuestion, rangeOf, selectedBins } from './distribution.query.ts';
import { beginWindow, binsOf, looked, lookOf, type Window } from './window.ts';

const ends = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 1, max: 1_000_000 }))
  .map(([low, span]) => [low, low + span] as const);

describe('bins', () => {
  it('cover their window, round and not many more than wanted', () => {
    fc.assert(
      fc.property(ends, fc.integer({ min: 4, max: 80 }), fc.boolean(), (pair, wanted, whole) => {
        const [low, high] = pair;
        const bins = niceBins(low, high, wanted, whole);
        expect(edgeOf(bins, 0)).toBeLessThanOrEqual(low);
        expect(edgeOf(bins, bins.count)).toBeGreaterThan(high);
        expect(bins.count).toBeLessThanOrEqual(wanted + 2);
        expect(bins.count * 3).toBeGreaterThan(Math.min(wanted, whole ? high - low : wanted));
        const digits = Number(bins.width.toExponential().split('e')[0]);
        expect([1, 2, 2.5, 5].includes(digits) || Number.isInteger(Math.log2(bins.width))).toBe(true);
        if (whole) expect(Number.isInteger(bins.width)).toBe(true);
      }),
    );
  });
  it('hold each edge in the bin above it', () => {
    fc.assert(
      fc.property(ends, ([low, high]) => {
        const bins = niceBins(low / 100, high / 100, 40, false);
        for (let i = 0; i < bins.count; i++) expect(binOf(bins, edgeOf(bins, i))).toBe(i);
        expect(binOf(bins, edgeOf(bins, bins.count))).toBeUndefined();
      }),
    );
  });
  it('are one where all values are the same', () => {
    expect(niceBins(3, 3, 40, true)).toEqual({ from: 3, width: 1, count: 1 });
    expect(niceBins(0, 0, 40, false).count).toBe(1);
    expect(binOf(niceBins(12.34, 12.34, 40, false), 12.34)).toBe(0);
  });
});

describe('the window', () => {
  /** Runs all looks over plain values. */
  const find = (values: readonly number[], whole: boolean): Window => {
    let window = beginWindow('k', Math.min(...values), Math.max(...values), values.length, whole);
    for (let looks = 0; !window.isFound; looks++) {
      expect(looks).toBeLessThan(5);
      const bins = lookOf(window);
      const counts = new Array<number>(bins.count).fill(0);
      for (const value of values) {
        const bin = binOf(bins, value);
        if (bin !== undefined) counts[bin]! += 1;
      }
      window = looked(window, counts);
    }
    return window;
  };
  it('keeps at least 88 % of the values of any column, within its ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 1, maxLength: 300 }),
        (values) => {
          const bins = binsOf(find(values, true));
          const inside = values.filter((value) => binOf(bins, value) !== undefined).length;
          expect(inside / values.length).toBeGreaterThanOrEqual(0.88);
        },
      ),
    );
  });
  it('leaves two far values out of a thousand near ones', () => {
    const near = Array.from({ length: 1000 }, (_, i) => 1 + (i % 24));
    const bins = binsOf(find([...near, -80_995, 80_995], true));
    expect(bins.count).toBeGreaterThan(10);
    expect(edgeOf(bins, 0)).toBeGreaterThan(-200);
    expect(edgeOf(bins, bins.count)).toBeLessThan(200);
  });
  it('is not narrowed where rows fill it', () => {
    expect(narrower({ from: 0, width: 1, count: 8 }, [5, 5, 5, 5, 5, 5, 5, 5], 40)).toBeUndefined();
  });
});

describe('questions', () => {
  const bins = { from: 0, width: 0.5, count: 4 };
  it('bin in SQL words, edges as the column has them', () => {
    const asked = binsQuestion({
      dataset: 'd',
      column: 'c',
      type: { kind: 'decimal', precision: 18, scale: 2 },
      bins,
      where: undefined,
    });
    expect(asked.where).toEqual({ op: 'range', column: 'c', from: '0.00', to: '2.00' });
    expect(asked.groupBy).toEqual([{ by: 'number', column: 'c', origin: 0, width: 0.5 }]);
  });
  it('a range of integers begins at a whole number', () => {
    expect(rangeOf('c', { kind: 'int32' }, 0.5, 2)).toEqual({ op: 'range', column: 'c', from: 1, to: 2 });
    expect(rangeOf('c', { kind: 'int64' }, undefined, 2 ** 60)).toEqual({
      op: 'range',
      column: 'c',
      to: '1152921504606846976',
    });
  });
  it('finds the bins a filter selects', () => {
    expect(selectedBins(rangeOf('c', { kind: 'float64' }, 0.5, 1.5), bins)).toEqual({ start: 1, end: 3 });
    expect(selectedBins(rangeOf('c', { kind: 'float64' }, 2), bins)).toBeUndefined();
    expect(selectedBins({ op: 'in', column: 'c', values: [1] }, bins)).toBeUndefined();
  });
});
