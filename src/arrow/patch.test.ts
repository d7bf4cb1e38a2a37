import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blockRows } from '../protocol/column.ts';
import { arbitraryLiteral, columnTypes } from './arbitrary-column.testing.ts';
import { columnFromLiterals, literalAt } from './build-column.ts';
import type { ColumnData } from './column-data.ts';
import { applyPatch, decodePatch, encodePatch } from './patch.ts';

const literals = (data: ColumnData) => Array.from({ length: data.length }, (_, i) => literalAt(data, i));

it.each(columnTypes)('brings a page of $kind up to date, growing it where rows were added', (type) => {
  const block = 3;
  const changes = fc.uniqueArray(fc.tuple(fc.nat(60), fc.option(arbitraryLiteral(type))), {
    selector: ([at]) => at,
  });
  fc.assert(
    fc.property(
      fc.array(fc.option(arbitraryLiteral(type)), { maxLength: 50 }),
      changes,
      (before, unsorted) => {
        const sorted = [...unsorted].sort(([a], [b]) => a - b);
        const length = Math.max(before.length, ...sorted.map(([at]) => at + 1));
        const page = columnFromLiterals(type, before);
        const copy = literals(page);
        const elsewhere = [
          { row: (block - 1) * blockRows, value: null },
          ...sorted.map(([at, value]) => ({ row: block * blockRows + at, value })),
          { row: (block + 1) * blockRows, value: null },
        ];
        const patch = decodePatch(
          encodePatch({
            rows: Float64Array.from(elsewhere, ({ row }) => row),
            live: new Uint8Array(elsewhere.length).fill(1),
            columns: {
              c: columnFromLiterals(
                type,
                elsewhere.map(({ value }) => value),
              ),
            },
          }),
        );
        const expected = Array.from({ length }, (_, i) => before[i] ?? null);
        for (const [at, value] of sorted) expected[at] = value;
        expect(literals(applyPatch(page, block, 'c', patch, length))).toEqual(expected);
        expect(literals(page)).toEqual(copy);
      },
    ),
  );
});

it('makes a `_live` page where there was none', () => {
  const patch = { rows: Float64Array.of(2, 5), live: Uint8Array.of(0, 1), columns: {} };
  expect(literals(applyPatch(undefined, 0, '_live', patch, 6))).toEqual([
    true,
    true,
    false,
    true,
    true,
    true,
  ]);
});
