import fc from 'fast-check';
import type { ColumnType, Literal } from '../protocol/column.ts';
import { columnFromLiterals } from './build-column.ts';
import type { ColumnData } from './column-data.ts';
import type { Columns } from './columns-stream.ts';

/** Every kind of column type. */
export const columnTypes: readonly ColumnType[] = [
  { kind: 'bool' },
  { kind: 'int32' },
  { kind: 'int64' },
  { kind: 'decimal', precision: 18, scale: 3 },
  { kind: 'float64' },
  { kind: 'date' },
  { kind: 'timestamp' },
  { kind: 'text' },
];

const instants = fc.date({
  min: new Date('0001-01-01'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

/** Literals of a type as people and programs write them, extremes included. */
export function arbitraryLiteral(type: ColumnType): fc.Arbitrary<Exclude<Literal, null>> {
  switch (type.kind) {
    case 'bool':
      return fc.boolean();
    case 'int32':
      return fc.integer();
    case 'int64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => {
        const number = Number(value);
        return Number.isSafeInteger(number) ? number : String(value);
      });
    case 'decimal':
      return fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }).map(
        (value) =>
          `${value < 0n ? '-' : ''}${String(value < 0n ? -value : value)
            .padStart(4, '0')
            .replace(/(\d{3})$/, '.$1')}`,
      );
    case 'float64':
      return fc.double().map((value) => (Number.isFinite(value) ? value : String(value)));
    case 'date':
      return instants.map((date) => date.toISOString().slice(0, 10));
    case 'timestamp':
      return instants.map((date) => date.toISOString());
    case 'text':
      return fc.string({ unit: 'grapheme' });
  }
}

export function arbitraryColumn(
  type: ColumnType,
  options: { minLength?: number; maxLength?: number } = {},
): fc.Arbitrary<ColumnData> {
  return fc
    .array(fc.option(arbitraryLiteral(type), { freq: 5 }), {
      minLength: options.minLength ?? 0,
      maxLength: options.maxLength ?? 200,
    })
    .map((literals) => columnFromLiterals(type, literals));
}

/** Up to six columns of any types, of the same length. */
export function arbitraryColumns({
  maxRows,
  minColumns = 0,
}: {
  readonly maxRows: number;
  readonly minColumns?: number;
}): fc.Arbitrary<Columns> {
  return fc
    .tuple(
      fc.nat(maxRows),
      fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), {
        minLength: minColumns,
        maxLength: 6,
      }),
    )
    .chain(([rows, names]) =>
      fc
        .tuple(
          ...names.map(() =>
            fc.oneof(
              ...columnTypes.map((type) => arbitraryColumn(type, { minLength: rows, maxLength: rows })),
            ),
          ),
        )
        .map((columns) => Object.fromEntries(names.map((name, i) => [name, columns[i]!]))),
    );
}
