import fc from 'fast-check';
import { expect, it } from 'vitest';
import xxhash from 'xxhash-wasm';
import { checksumInSlab, laneSumInSlab, openSlab } from './slab.ts';

const slab = openSlab(65_536)!;

it('checksums of a slab are xxHash64, of any length at any place', async () => {
  const { h64Raw } = await xxhash();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(50), (bytes, at) => {
      slab.set(bytes, at);
      const there = slab.subarray(at, at + bytes.length);
      expect(checksumInSlab(there)).toBe(h64Raw(bytes).toString(16).padStart(16, '0'));
    }),
  );
});

it('sums of a slab have the bits of eight lanes added up in order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { maxLength: 200 }), (numbers) => {
      const values = new Float64Array(slab.buffer, slab.byteOffset, numbers.length);
      values.set(numbers);
      const lanes = new Array<number>(8).fill(0);
      for (const [i, value] of numbers.entries()) lanes[i % 8]! += value;
      const [a, b, c, d, e, f, g, h] = lanes as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const expected = numbers.length % 8 === 0 ? a + b + (c + d) + (e + f + (g + h)) : undefined;
      expect(laneSumInSlab(values)).toBe(expected);
    }),
  );
});

it('bytes elsewhere are left to others', () => {
  expect(checksumInSlab(new Uint8Array(8))).toBeUndefined();
  expect(laneSumInSlab(new Float64Array(8))).toBeUndefined();
});
