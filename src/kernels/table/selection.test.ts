import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ColumnTypes } from '../../protocol/formula-type.ts';
import type { FilterSpec } from '../../protocol/kernel.ts';
import { type BlockInput, rowColumn } from '../block.ts';
import { maskOf } from './mask.ts';
import { selector } from './selection.ts';

const types: ColumnTypes = { i: { kind: 'int32' }, f: { kind: 'float64' } };
const withRows: ColumnTypes = { ...types, [rowColumn]: { kind: 'float64' } };

const ofColumn = (column: string, from: number, to?: number): FilterSpec => ({
  op: 'range',
  operand: { op: 'column', column },
  from,
  ...(to !== undefined && { to }),
});
const filters: readonly (FilterSpec | undefined)[] = [
  undefined,
  ofColumn('i', 3),
  ofColumn('f', 2, 9),
  { op: 'and', of: [ofColumn('i', 2, 8), ofColumn('f', 1, 7)] },
  { op: 'not', of: ofColumn('i', 5) },
  { op: 'or', of: [ofColumn('i', 7), ofColumn('f', 4)] },
  ofColumn(rowColumn, 65_540),
  { op: 'and', of: [ofColumn(rowColumn, 65_539), ofColumn('i', 2)] },
];

/** Ten rows as block `block`; of tables that share their first column where `shared` is given. */
function blockOf(block: number, turn: number, live?: Uint8Array, shared?: BlockInput): BlockInput {
  const values = Array.from({ length: 10 }, (_, i) => (i * turn + block) % 10);
  return {
    block,
    length: 10,
    columns: {
      i: shared?.columns.i ?? { kind: 'int32', length: 10, values: Int32Array.from(values) },
      f: { kind: 'float64', length: 10, values: Float64Array.from(values, (value) => 9 - value) },
    },
    ...(live && { live }),
  };
}

const one = blockOf(0, 3);
const blocks: readonly BlockInput[] = [
  one,
  blockOf(1, 3),
  blockOf(1, 7),
  blockOf(0, 3, Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 0, 1, 0), one),
  blockOf(1, 3, undefined, one),
];

test('whatever was asked before, a selection is what the filter says of that block', () => {
  const selectors = filters.map((where) => selector(where, withRows));
  const asked = fc.tuple(
    fc.integer({ min: 0, max: filters.length - 1 }),
    fc.integer({ min: 0, max: blocks.length - 1 }),
  );
  fc.assert(
    fc.property(fc.array(asked, { minLength: 1, maxLength: 60 }), (sequence) => {
      for (const [f, b] of sequence) {
        const input = blocks[b]!;
        const mask = maskOf(filters[f], input, withRows) ?? new Uint8Array(input.length).fill(1);
        const expected = [...mask.keys()].filter((row) => mask[row] === 1);
        expect([...(selectors[f]!(input) ?? mask.keys())]).toEqual(expected);
      }
    }),
  );
});

test('views that share a filter share the selection while they look at the same block', () => {
  const first = selector(ofColumn('i', 3), types)(one);
  for (const from of [4, 5, 6]) selector(ofColumn('i', from), types)(one);
  expect(selector(ofColumn('i', 3), types)(one)).toBe(first);
});
