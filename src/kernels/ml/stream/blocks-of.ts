import type { ColumnData } from '../../../arrow/column-data.ts';
import { blockRows } from '../../../protocol/column.ts';
import type { BlockInput } from '../../block.ts';

/** Plain columns cut into blocks of `rows` rows (at most {@link blockRows}): how a fit reads what is in memory. */
export function blocksOf(
  columns: Readonly<Record<string, Float64Array>>,
  rows: number = blockRows,
): BlockInput[] {
  const names = Object.keys(columns);
  const length = names.length ? columns[names[0]!]!.length : 0;
  return Array.from({ length: Math.ceil(length / rows) }, (_, block) => {
    const start = block * rows;
    const size = Math.min(rows, length - start);
    const data = names.map((name): [string, ColumnData] => [
      name,
      { kind: 'float64', length: size, values: columns[name]!.subarray(start, start + size) },
    ]);
    return { block, length: size, columns: Object.fromEntries(data) };
  });
}
