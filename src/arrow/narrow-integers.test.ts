import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnFromLiterals, literalAt } from './build-column.ts';
import { narrowInts, narrowWide } from './narrow-integers.ts';
import { decodePage, encodePage } from './page.ts';
import { wideFromInts } from './words.ts';

const edges = [0, -1, 127, 128, -128, -129, 32_767, 32_768, -32_768, -32_769, 2 ** 31 - 1, -(2 ** 31)];

it('integers keep their values in the narrowest type', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...edges), fc.integer())), (values) => {
      const narrow = narrowInts(Int32Array.from(values), undefined);
      expect([...narrow].map(Number)).toEqual(values.map((value) => value | 0));
      const bytes = narrow.BYTES_PER_ELEMENT;
      const fits = (width: number) =>
        values.every((value) => Number(BigInt.asIntN(width, BigInt(value))) === value);
      expect(bytes).toBe(fits(8) ? 1 : fits(16) ? 2 : 4);
    }),
  );
});

it('64-bit integers too, and they come back', () => {
  const wide = fc.oneof(
    fc.constantFrom(...edges).map(BigInt),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  );
  fc.assert(
    fc.property(fc.array(wide), (values) => {
      const narrow = narrowWide(BigInt64Array.from(values), undefined);
      const back = narrow instanceof BigInt64Array ? narrow : wideFromInts(narrow);
      expect([...back]).toEqual(values);
    }),
  );
});

it('what lies under a null does not widen a page', () => {
  const data = columnFromLiterals({ kind: 'int32' }, [1, null, 3]);
  if (data.kind !== 'int32') throw new Error('an int32 column');
  data.values[1] = 2 ** 31 - 1;
  expect(narrowInts(data.values, data.validity).BYTES_PER_ELEMENT).toBe(1);
  const read = decodePage(encodePage(data));
  expect([0, 1, 2].map((i) => literalAt(read, i))).toEqual([1, null, 3]);
});
