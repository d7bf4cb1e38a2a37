import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainWorkingSet, workingSet } from './working-set.ts';

const bits = (values: Float64Array) => new BigInt64Array(values.buffer);
const real = fc.double({ min: -4, max: 4, noNaN: true });
/** Few different values, so that many are alike. */
const coarse = fc.integer({ min: -2, max: 2 });

test.each([
  ['strewn values', real],
  ['many alike', coarse],
] as const)('module and twin give the same bits and choose the same variables: %s', (_, values) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.constantFrom(1 as const, 2 as const),
      fc.infiniteStream(values),
      fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
      (rows, copies, stream, allowed) => {
        const next = () => stream.next().value as number;
        const single = () => Float32Array.from({ length: rows }, next);
        const diagonal = Float64Array.from({ length: rows }, () => Math.abs(next()));
        const sets = [workingSet(diagonal, copies), plainWorkingSet(diagonal, copies)];
        for (let t = 0; t < rows * copies; t++) {
          const [value, may] = [next(), allowed.next().value as number];
          for (const set of sets) {
            set.put(t, value);
            set.allow(t, (may & 1) !== 0, (may & 2) !== 0);
          }
        }
        for (let round = 0; round < 4; round++) {
          const [first, second, by, bySecond, own, high] = [
            single(),
            single(),
            next(),
            next(),
            next(),
            next(),
          ];
          const [carried, twin] = sets.map((set) => set.carry(first, second, by, bySecond));
          expect(carried).toBe(twin);
          const [chosen, twins] = sets.map((set) => set.choose(first, own, high));
          expect(chosen).toBe(twins);
          expect(sets[0]!.lowest()).toBe(sets[1]!.lowest());
          const [fast, plain] = sets.map((set) =>
            bits(Float64Array.from({ length: rows * copies }, (_, t) => set.value(t))),
          );
          expect(fast).toEqual(plain);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('without any that may move there is none', () => {
  const diagonal = Float64Array.of(1, 1, 1);
  for (const set of [workingSet(diagonal, 2), plainWorkingSet(diagonal, 2)]) {
    const row = new Float32Array(3);
    expect(set.carry(row, row, 0, 0)).toBe(-1);
    expect(set.choose(row, 1, 5)).toBe(-1);
    set.allow(4, true, true);
    set.put(4, -1);
    expect(set.carry(row, row, 0, 0)).toBe(4);
    expect(set.choose(row, 1, 5)).toBe(4);
    expect(set.choose(row, 1, -1)).toBe(-1);
  }
});
