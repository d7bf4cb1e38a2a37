import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnFromLiterals, literalAt } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import { isExaError } from '../../protocol/errors.ts';
import type { AggregateSpec, GroupSpec, StateSpec } from '../../protocol/kernel.ts';
import { aggregateKernel } from './aggregate.ts';
import { joinBags, maxExactValues } from './bag.ts';
import { codeTimeBins } from './bins.ts';
import { civilFromDays, daysFromCivil, startOfUnit } from './civil.ts';
import { codeColumn } from './key-codes.ts';
import type { AggregatePartial, Bag } from './partial.ts';
import { sortTexts } from './text-order.ts';
import { addWide, emptyWide, wideAt, wideFromWords } from './wide-sum.ts';

const x = { op: 'column', column: 'x' } as const;

function specOf(
  type: ColumnType,
  groupBy: readonly GroupSpec[],
  ...states: StateSpec['state'][]
): AggregateSpec {
  return {
    kernel: 'aggregate',
    columns: { x: type },
    groupBy,
    states: states.map((state): StateSpec => (state === 'rows' ? { state } : { state, operand: x })),
  };
}

function mapOf(spec: AggregateSpec, data: ColumnData): AggregatePartial {
  const kernel = aggregateKernel(spec);
  return kernel.decode(kernel.encode(kernel.map({ block: 0, length: data.length, columns: { x: data } })));
}

function floats(...values: number[]): ColumnData {
  return { kind: 'float64', length: values.length, values: Float64Array.from(values) };
}

describe('states', () => {
  const float64: ColumnType = { kind: 'float64' };

  it('puts −0 before +0, and lets NaN through everything', () => {
    const extremes = (...values: number[]): number[] => {
      const [state] = mapOf(specOf(float64, [], 'minmax'), floats(...values)).states;
      if (state?.state !== 'minmax' || state.min.kind !== 'float64' || state.max.kind !== 'float64')
        throw state;
      return [state.min.values[0]!, state.max.values[0]!];
    };
    expect(extremes(0, -0)).toEqual([-0, 0]);
    expect(extremes(-0, 0)).toEqual([-0, 0]);
    expect(extremes(1, Number.NaN, -1)).toEqual([Number.NaN, Number.NaN]);
    expect(extremes(Number.POSITIVE_INFINITY, 5, Number.NEGATIVE_INFINITY)).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    const [sum] = mapOf(specOf(float64, [], 'sum'), floats(1, Number.NaN)).states;
    expect(sum).toMatchObject({
      state: 'float',
      count: Float64Array.of(2),
      sum: Float64Array.of(Number.NaN),
    });
  });

  it('groups −0 with +0, and every NaN with every other', () => {
    const odd = new Float64Array(new Uint32Array([7, 0xfff80000]).buffer)[0]!;
    const partial = mapOf(
      specOf(float64, [{ by: 'value', operand: x }], 'rows'),
      floats(-0, 0, Number.NaN, odd, 1),
    );
    expect([...(partial.keys[0] as { values: Float64Array }).values]).toEqual([0, 1, Number.NaN]);
    expect([...partial.rows]).toEqual([2, 1, 2]);
  });

  it('sums eight lanes of an ungrouped block by position, joined in pairs', () => {
    const values = Array.from({ length: 1000 }, (_, i) => Math.sin(i) * 10 ** (i % 17));
    const lanes = new Float64Array(8);
    values.forEach((value, i) => {
      lanes[i % 8]! += value;
    });
    const [a, b, c, d, e, f, g, h] = [...lanes] as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [state] = mapOf(specOf(float64, [], 'sum'), floats(...values)).states;
    expect(state).toMatchObject({ sum: Float64Array.of(a + b + (c + d) + (e + f + (g + h))) });
  });

  it('sums 2^63 exactly, past 64 bits', () => {
    const kernel = aggregateKernel(specOf({ kind: 'int64' }, [], 'sum'));
    const data = columnFromLiterals({ kind: 'int64' }, ['9223372036854775807', '9223372036854775807', 5]);
    const one = kernel.map({ block: 0, length: 3, columns: { x: data } });
    const [state] = kernel.merge(one, one).states;
    if (state?.state !== 'exact') throw state;
    expect(wideAt(state, 0)).toBe(4n * (2n ** 63n - 1n) + 10n);
  });

  it('adds wide sums as big integers do, and refuses past 128 bits', () => {
    const wide = fc.bigInt({ min: -(2n ** 126n), max: 2n ** 126n });
    const of = (value: bigint) => ({
      low: BigInt64Array.of(BigInt.asIntN(64, value)),
      high: BigInt64Array.of(value >> 64n),
    });
    fc.assert(
      fc.property(wide, wide, (a, b) => {
        const sum = emptyWide(1);
        addWide(sum, of(a), [0]);
        addWide(sum, of(b), [0]);
        expect(wideAt(sum, 0)).toBe(a + b);
      }),
    );
    const sum = of(2n ** 126n);
    expect(() => addWide(sum, of(2n ** 126n), [0])).toThrow('128 bits');
    const words = wideFromWords(Float64Array.of(-3), Float64Array.of(2 ** 47 + 5));
    expect(wideAt(words, 0)).toBe(-3n * 2n ** 32n + 2n ** 47n + 5n);
  });

  it('is empty, in the same bytes, for an empty block and one where nothing matches', () => {
    const spec: AggregateSpec = {
      ...specOf({ kind: 'text' }, [{ by: 'value', operand: x }], 'rows', 'minmax', 'distinct'),
      where: { op: 'in', operand: x, values: ['nowhere'] },
    };
    const kernel = aggregateKernel(spec);
    const none = columnFromLiterals({ kind: 'text' }, []);
    const some = columnFromLiterals({ kind: 'text' }, ['a', null]);
    const empty = kernel.map({ block: 0, length: 0, columns: { x: none } });
    expect(kernel.encode(kernel.map({ block: 1, length: 2, columns: { x: some } }))).toEqual(
      kernel.encode(empty),
    );
    expect(kernel.decode(kernel.encode(empty)).groups).toBe(0);
  });

  it('calls bytes of something else corrupt', () => {
    const count = aggregateKernel(specOf({ kind: 'int32' }, [], 'count'));
    const bag = aggregateKernel(specOf({ kind: 'int32' }, [], 'values'));
    const data = columnFromLiterals({ kind: 'int32' }, [1, 2, 2]);
    const input = { block: 0, length: 3, columns: { x: data } };
    const bytes = bag.encode(bag.map(input));
    for (const wrong of [
      count.encode(count.map(input)),
      bytes.slice(0, 40),
      new Uint8Array(3),
      bytes.slice(8),
    ])
      try {
        bag.decode(wrong);
        expect.unreachable();
      } catch (error) {
        expect(isExaError(error, 'corrupt')).toBe(true);
      }
  });

  it('refuses more than a million groups in one sentence', () => {
    const kernel = aggregateKernel(specOf({ kind: 'int32' }, [{ by: 'value', operand: x }], 'rows'));
    const part = (start: number): AggregatePartial => ({
      kernel: 'aggregate',
      groups: 600_000,
      keys: [
        { kind: 'int32', length: 600_000, values: Int32Array.from({ length: 600_000 }, (_, i) => start + i) },
      ],
      rows: new Float64Array(600_000).fill(1),
      states: [{ state: 'rows' }],
    });
    expect(() => kernel.merge(part(0), part(600_000))).toThrow(
      'more than 1,000,000 groups: choose a coarser grouping.',
    );
    expect(kernel.merge(part(0), part(300_000)).groups).toBe(900_000);
  });
});

describe('bags past what is kept exactly', () => {
  const half = maxExactValues / 2 + 50_000;
  const bag = (start: number, counted: boolean): Bag => ({
    sizes: Float64Array.of(half),
    values: { kind: 'int32', length: half, values: Int32Array.from({ length: half }, (_, i) => start + i) },
    counts: counted ? new Float64Array(half).fill(1) : undefined,
    level: 0,
  });

  const bytesOf = (one: Bag): Buffer =>
    Buffer.from((one.values as { values: Int32Array }).values.slice().buffer);
  const sameBytes = (one: Bag, other: Bag): boolean =>
    bytesOf(one).equals(bytesOf(other)) && one.sizes[0] === other.sizes[0];

  it('samples sets: the same whichever way they were joined, close to the truth', () => {
    const [a, b, c] = [bag(0, false), bag(half, false), bag(2 * half, false)];
    const left = joinBags([joinBags([a, b], [[0], [0]], 1), c], [[0], [0]], 1);
    const right = joinBags([a, joinBags([b, c], [[0], [0]], 1)], [[0], [0]], 1);
    expect(left.level).toBe(right.level);
    expect(sameBytes(left, right)).toBe(true);
    expect(left.level).toBeGreaterThan(0);
    const estimate = left.sizes[0]! * 2 ** left.level;
    expect(Math.abs(estimate / (3 * half) - 1)).toBeLessThan(0.01);
  });

  it('coarsens multisets, keeping every count', () => {
    const joined = joinBags([bag(0, true), bag(half, true)], [[0], [0]], 1);
    expect(joined.level).toBe(1);
    expect(joined.counts!.reduce((sum, count) => sum + count, 0)).toBe(2 * half);
    expect(joined.values.length).toBe(half);
  });
});

describe('calendar', () => {
  it('agrees with the engine on every day it can be asked about', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_932_896 }), (days) => {
        const date = new Date(days * 86_400_000);
        const civil = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
        expect(civilFromDays(days)).toEqual(civil);
        expect(daysFromCivil(civil.year, civil.month, civil.day)).toBe(days);
        const week = startOfUnit(days, 'week');
        expect(new Date(week * 86_400_000).getUTCDay()).toBe(1);
        expect(days - week).toBeLessThan(7);
      }),
    );
    expect(startOfUnit(daysFromCivil(9999, 12, 31), 'quarter')).toBe(daysFromCivil(9999, 10, 1));
    expect(startOfUnit(daysFromCivil(2024, 2, 29), 'year')).toBe(daysFromCivil(2024, 1, 1));
  });

  it('follows a zone through the days its clocks change', () => {
    const zone = {
      from: [-8.64e15, Date.UTC(2024, 2, 31, 1), Date.UTC(2024, 9, 27, 1)],
      offsetMs: [3_600_000, 7_200_000, 3_600_000],
    };
    const instants = [
      '2024-03-30T22:59:00.000Z',
      '2024-03-30T23:00:00.000Z',
      '2024-03-31T21:59:00.000Z',
      '2024-03-31T22:00:00.000Z',
      '2024-10-26T22:00:00.000Z',
      '2024-10-27T00:30:00.000Z',
      '2024-10-27T01:30:00.000Z',
      '2024-10-27T22:59:59.999Z',
      '2024-10-27T23:00:00.000Z',
    ];
    const data = columnFromLiterals({ kind: 'timestamp' }, instants);
    const read = (unit: 'day' | 'hour' | 'month'): Literal[] => {
      const { codes, take } = codeTimeBins(data, { unit, zone }, undefined);
      const column = take(codes);
      return instants.map((_, i) => literalAt(column, i));
    };
    expect(read('day')).toEqual([
      '2024-03-30',
      '2024-03-31',
      '2024-03-31',
      '2024-04-01',
      '2024-10-27',
      '2024-10-27',
      '2024-10-27',
      '2024-10-27',
      '2024-10-28',
    ]);
    expect(read('hour').slice(5, 7)).toEqual(['2024-10-27T00:00:00.000Z', '2024-10-27T01:00:00.000Z']);
    expect(read('month')[3]).toBe('2024-04-01');
  });
});

describe('codes', () => {
  it('are in the order of the values, texts by UTF-8 bytes, nulls last', () => {
    const texts = fc.array(fc.option(fc.string({ unit: 'binary' }), { freq: 4 }), { maxLength: 30 });
    fc.assert(
      fc.property(texts, (literals) => {
        const clean = literals.map((text) => text?.replace(/[\ud800-\udfff]/gu, '') ?? null);
        const { codes, take } = codeColumn(columnFromLiterals({ kind: 'text' }, clean));
        const bytes = (text: string) => Buffer.from(text);
        const sorted = [...new Set(clean)]
          .filter((t) => t !== null)
          .sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
        clean.forEach((text, i) => {
          expect(codes[i]).toBe(text === null ? sorted.length : sorted.indexOf(text));
        });
        const back = take(codes);
        expect(clean.map((_, i) => literalAt(back, i))).toEqual(clean);
        expect(sortTexts([...sorted].reverse())).toEqual(sorted);
      }),
    );
  });
});
