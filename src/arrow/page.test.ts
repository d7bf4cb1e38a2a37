import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryColumn, arbitraryLiteral, columnTypes } from './arbitrary-column.testing.ts';
import { columnFromLiterals, concatColumns, literalAt, takeRows } from './build-column.ts';
import type { ColumnData } from './column-data.ts';
import { encodeColumns } from './columns-stream.ts';
import { decodePage, encodePage } from './page.ts';
import { decodeColumns } from './read-columns.ts';

const literals = (data: ColumnData) => Array.from({ length: data.length }, (_, i) => literalAt(data, i));

describe.each(columnTypes)('a page of $kind', (type) => {
  it('holds the literals it was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.option(arbitraryLiteral(type))), (values) => {
        const data = columnFromLiterals(type, values);
        expect(literals(data)).toEqual(values.map((value) => (Object.is(value, -0) ? -0 : value)));
      }),
    );
  });

  it('survives the wire, bit for bit, and the same values give the same bytes', () => {
    fc.assert(
      fc.property(arbitraryColumn(type), (data) => {
        const bytes = encodePage(data);
        expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
        const read = decodePage(bytes);
        expect(read.kind).toBe(data.kind);
        expect(literals(read)).toEqual(literals(data));
        expect(encodePage(read)).toEqual(bytes);
      }),
    );
  });

  it('is taken and joined by rows', () => {
    fc.assert(
      fc.property(arbitraryColumn(type), fc.array(fc.nat()), (data, picks) => {
        const indices = picks.map((pick) => (pick % (data.length + 1)) - 1);
        const taken = takeRows(data, indices);
        expect(literals(taken)).toEqual(indices.map((i) => (i < 0 ? null : literalAt(data, i))));
        expect(literals(concatColumns([data, taken, data]))).toEqual([data, taken, data].flatMap(literals));
      }),
    );
  });
});

it('is read by other Arrow programs, decimals as Decimal128 where asked', () => {
  const price = columnFromLiterals({ kind: 'decimal', precision: 18, scale: 2 }, ['12.50', null, '-0.01']);
  const when = columnFromLiterals({ kind: 'timestamp' }, [
    '2011-12-09T12:50:00.000Z',
    null,
    '9999-12-31T23:59:59.999Z',
  ]);
  const table = tableFromIPC(encodeColumns({ price, when }, { form: 'standard' }));
  expect(String(table.schema.fields[0]!.type)).toBe('Decimal[18e+2]');
  expect(table.getChild('when')!.get(0)).toBe(Date.parse('2011-12-09T12:50:00Z'));
  expect(literals(decodeColumns(encodeColumns({ price }, { form: 'standard' })).price!)).toEqual(
    literals(price),
  );
});

it.each([
  [{ kind: 'date' } as const, '2011-02-31'],
  [{ kind: 'timestamp' } as const, '2011-02-31T00:00:00Z'],
  [{ kind: 'timestamp' } as const, 'yesterday'],
  [{ kind: 'int32' } as const, 2 ** 31],
  [{ kind: 'int64' } as const, '9223372036854775808'],
  [{ kind: 'decimal', precision: 5, scale: 2 } as const, '0.001'],
  [{ kind: 'decimal', precision: 5, scale: 2 } as const, '1000.00'],
  [{ kind: 'text' } as const, 1],
])('refuses %o for %s in one sentence', (type, literal) => {
  expect(() => columnFromLiterals(type, [literal])).toThrow(/^.* is not (a|a whole) .*\.$/);
});

it('drops bytes that are not a page', () => {
  expect(() => decodePage(new TextEncoder().encode('<!doctype html><title>Sign in</title>'))).toThrow(
    /not Arrow|not a page/,
  );
  expect(() => decodePage(new Uint8Array())).toThrow(/not Arrow|not a page/);
  expect(() =>
    decodePage(encodePage(columnFromLiterals({ kind: 'int32' }, [1, 2, 3])).slice(0, 120)),
  ).toThrow();
});
