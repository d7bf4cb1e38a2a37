import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSlice, printSlice } from './slice-text.ts';

const shape = [10n ** 18n, 2n];

test('slices as people write them', () => {
  expect(parseSlice('0:1e12, 0', shape)).toEqual([
    { start: 0n, end: 10n ** 12n, isOne: false },
    { start: 0n, end: 1n, isOne: true },
  ]);
  expect(parseSlice('-1000:', shape)[0]).toEqual({
    start: 10n ** 18n - 1000n,
    end: 10n ** 18n,
    isOne: false,
  });
  expect(parseSlice('[..., -1]', shape)[1]).toEqual({ start: 1n, end: 2n, isOne: true });
  expect(parseSlice('', shape)[0]).toEqual({ start: 0n, end: 10n ** 18n, isOne: false });
  expect(parseSlice('5:1e30', shape)[0]).toEqual({ start: 5n, end: 10n ** 18n, isOne: false });
});

test('what is no slice is said in a sentence', () => {
  expect(() => parseSlice('1, 2, 3', shape)).toThrow('3 indices for an array of 2 axes');
  expect(() => parseSlice('0:10:2', shape)).toThrow('has no step');
  expect(() => parseSlice('7:7', shape)).toThrow('is empty');
  expect(() => parseSlice('0, 2', shape)).toThrow('the last index is 1');
  expect(() => parseSlice('a:b', shape)).toThrow('“a” is not an index');
  expect(() => parseSlice('..., ...', shape)).toThrow('one “...” at most');
  expect(() => parseSlice('1:2:3:4', shape)).toThrow(/step|slice/);
});

test('a part survives its text', () => {
  const bound = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n });
  fc.assert(
    fc.property(bound, bound, fc.integer({ min: 0, max: 1 }), (one, other, column) => {
      const [start, end] = one < other ? [one, other] : [other, one + 1n];
      const parts = [
        { start, end, isOne: false },
        { start: BigInt(column), end: BigInt(column) + 1n, isOne: true },
      ];
      expect(parseSlice(printSlice(parts, shape), shape)).toEqual(parts);
    }),
  );
});
