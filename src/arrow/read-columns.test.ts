import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isExaError } from '../protocol/errors.ts';
import { arbitraryColumns, columnTypes } from './arbitrary-column.testing.ts';
import { columnFromLiterals } from './build-column.ts';
import { encodeColumns } from './columns-stream.ts';
import { foreignColumns } from './foreign-columns.ts';
import { decodeColumns } from './read-columns.ts';

it('reads what the library reads, in both forms, wherever the bytes lie', () => {
  fc.assert(
    fc.property(
      arbitraryColumns({ maxRows: 40, minColumns: 1 }),
      fc.constantFrom('packed', 'standard'),
      fc.nat(9),
      (columns, form, before) => {
        const bytes = encodeColumns(columns, { form });
        const moved = new Uint8Array(before + bytes.length);
        moved.set(bytes, before);
        const read = decodeColumns(moved.subarray(before));
        expect(read).toEqual(foreignColumns(bytes));
        expect(Object.keys(read)).toEqual(Object.keys(columns));
      },
    ),
  );
});

it('no columns, or no rows, are such', () => {
  expect(decodeColumns(encodeColumns({}))).toEqual({});
  expect(
    decodeColumns(encodeColumns({ n: { kind: 'text', length: 0, codes: new Int32Array(), dictionary: [] } })),
  ).toEqual({
    n: { kind: 'text', length: 0, codes: new Int32Array(), dictionary: [] },
  });
});

it('a stream cut anywhere is corrupt', () => {
  const bytes = encodeColumns({
    n: { kind: 'int32', length: 3, values: Int32Array.of(1, 2, 3) },
    t: { kind: 'text', length: 3, codes: Int32Array.of(0, 1, 0), dictionary: ['a', 'é'] },
  });
  for (let end = 0; end < bytes.length; end++)
    expect(() => decodeColumns(bytes.subarray(0, end))).toThrow(/not Arrow/);
});

it('rows without their bytes are corrupt, however many there are said to be', () => {
  for (const type of columnTypes) {
    const columns = { a: columnFromLiterals(type, [null, null]) };
    const bytes = encodeColumns(columns);
    const view = new DataView(bytes.buffer);
    let found = 0;
    // The length of the batch's node stands before its count of nulls.
    for (let at = 0; at + 16 <= bytes.length; at += 8)
      if (view.getBigInt64(at, true) === 2n && view.getBigInt64(at + 8, true) === 2n)
        for (const length of [-1n, 2n ** 33n, 2n ** 62n]) {
          const changed = bytes.slice();
          found++;
          new DataView(changed.buffer).setBigInt64(at, length, true);
          expect(() => decodeColumns(changed), type.kind).toThrow(/not Arrow/);
        }
    expect(found, type.kind).toBe(3);
  }
});

it('whatever bytes are changed, it reads columns or says corrupt, and ends', () => {
  fc.assert(
    fc.property(
      arbitraryColumns({ maxRows: 40, minColumns: 1 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (columns, changes) => {
        const bytes = encodeColumns(columns);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          decodeColumns(bytes);
        } catch (error) {
          expect(isExaError(error, 'corrupt') || isExaError(error, 'invalid'), String(error)).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
});
