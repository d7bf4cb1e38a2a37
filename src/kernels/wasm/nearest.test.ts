import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  assignRows,
  assignRowsPlain,
  type Compared,
  emptyTally,
  nearestModule,
  squaredDistance,
  squaredDistancePlain,
  type Tally,
} from './nearest.ts';
import { openArena } from './resident.ts';

const bits = (values: Float64Array) => new BigInt64Array(values.buffer, values.byteOffset, values.length);

interface Case {
  readonly rows: number;
  readonly d: number;
  readonly k: number;
  readonly seed: number;
}

const cases = fc.record({
  rows: fc.nat({ max: 4500 }),
  d: fc.integer({ min: 1, max: 9 }),
  k: fc.integer({ min: 1, max: 13 }),
  seed: fc.nat(),
});

function made({ rows, d, k, seed }: Case): { columns: Float64Array[]; steps: Compared[] } {
  let state = seed | 1;
  const next = () => {
    state = Math.imul(state, 1103515245) + 12345;
    return (state >> 8) / 65_537;
  };
  const columns = Array.from({ length: d }, () => Float64Array.from({ length: rows }, next));
  let centers = Array.from({ length: k }, () => Array.from({ length: d }, next));
  const origin = Array.from({ length: d }, next);
  const reach = columns.map(
    (x, j) => x.reduce((most, value) => Math.max(most, Math.abs(value)), 0) + Math.abs(origin[j]!),
  );
  const steps = Array.from({ length: 4 }, (_, step) => {
    centers = centers.map((center) => center.map((c) => c + next() / 10 ** step));
    return { centers, origin, reach };
  });
  return { columns, steps };
}

const held = (tally: Tally, d: number) =>
  [tally.high, tally.low].map((values) =>
    Array.from(tally.counts, (_, c) => bits(values.slice(c * tally.width, c * tally.width + d))),
  );

test('module and twin give the same bits, any rows, columns and centres; so do rows held between steps', () => {
  expect(nearestModule()).toBeDefined();
  fc.assert(
    fc.property(cases, (one) => {
      const { columns, steps } = made(one);
      const arena = openArena(steps[0]!.origin, one.k, 2 ** 24)!;
      const slot = arena.take(columns, one.rows, steps[0]!)!;
      for (const what of steps) {
        const [labels, plainLabels] = [new Int32Array(one.rows), new Int32Array(one.rows)];
        const [tally, plain] = [emptyTally(what), emptyTally(what)];
        assignRows(columns, one.rows, what, labels, tally);
        assignRowsPlain(columns, one.rows, what, plainLabels, plain);
        expect(labels.findIndex((label, i) => label !== plainLabels[i])).toBe(-1);
        expect(tally.counts).toEqual(plain.counts);
        expect(held(tally, one.d)).toEqual(held(plain, one.d));
        const { centers } = what;
        expect(squaredDistance(columns, centers, labels)).toBe(
          squaredDistancePlain(columns, centers, labels),
        );
        arena.advance(slot, what.centers);
        expect(arena.labelsOf(slot).findIndex((label, i) => label !== plainLabels[i])).toBe(-1);
        expect(slot.tally.counts).toEqual(plain.counts);
        expect(held(slot.tally, one.d)).toEqual(held(plain, one.d));
      }
    }),
    { numRuns: 30 },
  );
});

test('an arena that is full takes no more', () => {
  const columns = [new Float64Array(60_000).fill(1)];
  const what = { centers: [[0], [2]], origin: [0], reach: [1] };
  const arena = openArena([0], 2, 1_800_000)!;
  expect(arena.take(columns, 60_000, what)).toBeDefined();
  expect(arena.take(columns, 60_000, what)).toBeUndefined();
});
