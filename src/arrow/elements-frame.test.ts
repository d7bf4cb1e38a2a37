import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dtypes } from '../protocol/array.ts';
import { elementsIn, framedElements } from './elements-frame.ts';
import { encodeElements } from './elements-page.ts';

const arbitraryChunk = fc
  .record({ dtype: fc.constantFrom(...dtypes), count: fc.integer({ min: 1, max: 70 }) })
  .chain(({ dtype, count }) => {
    const size = /64/.test(dtype) ? 8 : /32/.test(dtype) ? 4 : /16/.test(dtype) ? 2 : 1;
    return fc
      .uint8Array({ minLength: count * size, maxLength: count * size })
      .map((bytes) => ({ dtype, size, bytes }));
  });

function viewOf(size: number, bytes: Uint8Array) {
  const { buffer } = bytes.slice();
  if (size === 8) return new BigInt64Array(buffer);
  if (size === 4) return new Uint32Array(buffer);
  return size === 2 ? new Uint16Array(buffer) : new Uint8Array(buffer);
}

it('a frame filled with elements is the page Arrow makes of them', () => {
  fc.assert(
    fc.property(arbitraryChunk, ({ dtype, size, bytes }) => {
      const { body, elements } = framedElements(dtype, bytes.length, () =>
        viewOf(size, new Uint8Array(bytes.length)),
      );
      elements.set(bytes);
      const values = viewOf(size, bytes);
      const typed = dtype.startsWith('float') && size === 8 ? new Float64Array(values.buffer) : values;
      expect(body).toEqual(encodeElements(dtype, typed));
    }),
  );
});

it('elements are read the same, the first time and the next', () => {
  fc.assert(
    fc.property(fc.array(arbitraryChunk, { minLength: 1, maxLength: 8 }), (chunks) => {
      for (const { dtype, size, bytes } of [...chunks, ...chunks]) {
        const page = encodeElements(dtype, viewOf(size, bytes));
        const read = elementsIn(page);
        expect({ dtype: read.dtype, bytes: read.bytes }).toEqual({ dtype, bytes });
      }
    }),
  );
});

it('a page that is cut, or says otherwise before or behind its elements, is not taken for a known one', () => {
  const page = encodeElements('float64', Float64Array.of(1, 2, 3));
  elementsIn(page);
  expect(() => elementsIn(page.slice(0, 40))).toThrow('not a chunk');
  const other = encodeElements('int64', BigInt64Array.of(1n, 2n, 3n));
  expect(elementsIn(other).dtype).toBe('int64');
});
