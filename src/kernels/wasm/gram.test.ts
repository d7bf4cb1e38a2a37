import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gramModule, shiftedGram, shiftedGramPlain } from './gram.ts';

const bits = (values: Float64Array) => new BigInt64Array(values.buffer, values.byteOffset, values.length);

test('module and twin give the same bits: any rows, any columns, any start', () => {
  expect(gramModule()).toBeDefined();
  fc.assert(
    fc.property(
      fc.nat({ max: 5000 }),
      fc.nat({ max: 200 }),
      fc.integer({ min: 1, max: 11 }),
      fc.nat(),
      (rows, start, q, seed) => {
        let state = seed | 1;
        const next = () => {
          state = Math.imul(state, 1103515245) + 12345;
          return (state >> 8) / 65_537;
        };
        const columns = Array.from({ length: q }, () => Float64Array.from({ length: start + rows }, next));
        const shift = Float64Array.from({ length: q }, next);
        const fast = shiftedGram(columns, start, start + rows, shift);
        const plain = shiftedGramPlain(columns, start, start + rows, shift);
        expect(bits(fast.sums)).toEqual(bits(plain.sums));
        expect(bits(fast.products)).toEqual(bits(plain.products));
      },
    ),
    { numRuns: 60 },
  );
});
