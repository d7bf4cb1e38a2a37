import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPoints, plainPoints, rbfSums, rbfSumsPlain } from './kernel-rows.ts';

const bits = (values: Float64Array) => new BigInt64Array(values.slice().buffer);
const real = fc.double({ min: -4, max: 4, noNaN: true });

test('module and twin give the same bits: rows', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 21 }),
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(real),
      (n, d, stream) => {
        const values = Float64Array.from({ length: n * d }, () => stream.next().value as number);
        const query = Float64Array.from({ length: d }, () => stream.next().value as number);
        const [fast, plain] = [openPoints(values, n, d), plainPoints(values, n, d)];
        expect(bits(fast.rbf(query, 0.3))).toEqual(bits(plain.rbf(query, 0.3)));
        expect(bits(fast.rbf(query, 40))).toEqual(bits(plain.rbf(query, 40)));
        expect(bits(fast.distances(query))).toEqual(bits(plain.distances(query)));
        expect(bits(fast.dots(query))).toEqual(bits(plain.dots(query)));
        expect(fast.rbfSingle(query, 0.3).slice()).toEqual(plain.rbfSingle(query, 0.3).slice());
      },
    ),
  );
});

test('module and twin give the same bits: weighted sums', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 19 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.infiniteStream(real),
      (n, d, outputs, stream) => {
        const draw = (length: number) => Float64Array.from({ length }, () => stream.next().value as number);
        const points = { values: draw(n * d), rows: n, columns: d };
        const [weights, queries] = [draw(n * outputs), draw(4 * d)];
        expect(bits(rbfSums(points, weights, outputs, 0.7, queries))).toEqual(
          bits(rbfSumsPlain(points, weights, outputs, 0.7, queries)),
        );
      },
    ),
  );
});
