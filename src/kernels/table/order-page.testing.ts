import fc from 'fast-check';
import { columnFromLiterals } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { FilterSpec } from '../../protocol/kernel.ts';
import type { BlockInput } from '../block.ts';
import type { RowOrder } from './order-page.ts';

/** A value as the oracle sees it. */
export type Value = number | bigint | string | null;

/** Blocks of random rows, a random order over them and a random filter, with the values apart for an oracle. */
export interface OrderCase {
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly inputs: readonly BlockInput[];
  readonly order: RowOrder;
  readonly where: FilterSpec | undefined;
  /** Matching rows in the order asked, by the oracle. */
  readonly expected: readonly number[];
  /** Values by column of each row by `_row`. */
  readonly values: ReadonlyMap<number, Readonly<Record<string, Value>>>;
}

const columns: Readonly<Record<string, ColumnType>> = {
  i: { kind: 'int32' },
  f: { kind: 'float64' },
  d: { kind: 'decimal', precision: 18, scale: 2 },
  l: { kind: 'int64' },
  t: { kind: 'text' },
  b: { kind: 'bool' },
};

const literals: Readonly<Record<string, fc.Arbitrary<Literal>>> = {
  i: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)),
  f: fc.oneof(
    fc.constantFrom<Literal>('NaN', 'Infinity', '-Infinity', 0, -0, 5e-324, -1e300),
    fc.integer({ min: -2, max: 2 }),
  ),
  d: fc.constantFrom('0.00', '-1.50', '12345678901234.56', '-12345678901234.56', '12345678901234.57'),
  l: fc.constantFrom<Literal>(
    0,
    -1,
    '9223372036854775807',
    '-9223372036854775808',
    '9007199254740993',
    4294967296,
  ),
  t: fc.constantFrom('', 'a', 'ab', 'b', 'é', '\uffff', '\u{1f600}', 'Z'),
  b: fc.boolean(),
};

const row = fc.record(
  Object.fromEntries(
    Object.entries(literals).map(([name, value]) => [name, fc.option(value, { freq: 5, nil: null })]),
  ),
);

const orderOf = fc.array(
  fc.record({ column: fc.constantFrom(...Object.keys(columns)), descending: fc.boolean() }),
  { maxLength: 3 },
);

/** Random cases; blocks are few and far apart, so that block numbers count. */
export const orderCases: fc.Arbitrary<OrderCase> = fc
  .record({
    blocks: fc.uniqueArray(
      fc.record({
        block: fc.integer({ min: 0, max: 40 }),
        rows: fc.array(fc.tuple(row, fc.boolean()), { minLength: 1, maxLength: 150 }),
      }),
      { selector: ({ block }) => block, maxLength: 5 },
    ),
    order: orderOf,
    filtered: fc.boolean(),
    deletions: fc.boolean(),
  })
  .map(({ blocks, order, filtered, deletions }) => makeCase(blocks, order, filtered, deletions));

function makeCase(
  blocks: readonly { block: number; rows: [Record<string, Literal>, boolean][] }[],
  order: readonly { column: string; descending: boolean }[],
  filtered: boolean,
  deletions: boolean,
): OrderCase {
  const values = new Map<number, Record<string, Value>>();
  const matching: number[] = [];
  const inputs = blocks.map(({ block, rows }): BlockInput => {
    const data = Object.fromEntries(
      Object.entries(columns).map(([name, type]) => [
        name,
        columnFromLiterals(
          type,
          rows.map(([r]) => r[name] ?? null),
        ),
      ]),
    );
    rows.forEach(([, live], position) => {
      const number = block * 65_536 + position;
      const read = Object.fromEntries(
        Object.entries(data).map(([name, column]) => [name, valueAt(column, position)]),
      );
      values.set(number, read);
      const here = typeof read.i === 'number' && read.i >= -1;
      if ((!deletions || live) && (!filtered || here)) matching.push(number);
    });
    const live = deletions ? Uint8Array.from(rows, ([, alive]) => Number(alive)) : undefined;
    return { block, length: rows.length, columns: data, live };
  });
  const expected = matching.sort((a, b) => {
    for (const { column, descending } of order) {
      const difference = compareValues(values.get(a)![column]!, values.get(b)![column]!, descending);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  return {
    columns,
    inputs,
    order: order.map(({ column, descending }) => ({ operand: { op: 'column', column }, descending })),
    where: filtered ? { op: 'range', operand: { op: 'column', column: 'i' }, from: -1 } : undefined,
    expected,
    values,
  };
}

/** A row's value, plainly. */
export function valueAt(data: ColumnData, i: number): Value {
  if (data.validity && ((data.validity[i >> 3]! >> (i & 7)) & 1) === 0) return null;
  return data.kind === 'text' ? data.dictionary[data.codes[i]!]! : data.values[i]!;
}

/** The order of values as the issue states it, without regard to speed. */
export function compareValues(a: Value, b: Value, descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const sign = descending ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string')
    return sign * Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (typeof a === 'bigint' && typeof b === 'bigint') return sign * (a < b ? -1 : Number(a > b));
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return sign * (Number(Number.isNaN(x)) - Number(Number.isNaN(y)));
  if (x === 0 && y === 0) return sign * (Number(Object.is(y, -0)) - Number(Object.is(x, -0)));
  return sign * (x < y ? -1 : Number(x > y));
}
