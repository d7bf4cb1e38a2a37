import { columnFromLiterals } from '../../../arrow/build-column.ts';
import type { ColumnType, Literal } from '../../../protocol/column.ts';
import type { BlockInput } from '../../block.ts';
import { headOfColumns } from './head.testing.ts';

/** Three numbers, a class and a target that follows from two of them. */
export const types: Record<string, ColumnType> = {
  c1: { kind: 'float64' },
  c2: { kind: 'float64' },
  c3: { kind: 'float64' },
  c4: { kind: 'text' },
  c5: { kind: 'float64' },
};
export const head = headOfColumns(types, { c1: 'a', c2: 'b', c3: 'c', c4: 'name', c5: 'y' });

type Row = Record<string, Literal>;
type Change = (row: Row, i: number) => Row;

/** So many rows, each as `change` leaves it, in blocks of `size`; at least one block. */
export function blocksOf(rows: number, change: Change = (row) => row, size = 64): BlockInput[] {
  const all = Array.from({ length: rows }, (_, i) => {
    const a = Math.sin(i * 1.7) * 3;
    const b = ((i * 7919) % 53) / 7;
    const c = (i * 31) % 17;
    return change({ c1: a, c2: b, c3: c, c4: i % 3 ? 'no' : 'yes', c5: 2 * a - b + Math.sin(i * 3.3) }, i);
  });
  return Array.from({ length: Math.max(1, Math.ceil(rows / size)) }, (_, block) => {
    const own = all.slice(block * size, (block + 1) * size);
    const columns = Object.entries(types).map(([id, type]) => {
      const values = own.map((row) => row[id]!);
      return [id, columnFromLiterals(type, values)];
    });
    return { block, length: own.length, columns: Object.fromEntries(columns) };
  });
}
