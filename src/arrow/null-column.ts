import type { ColumnType } from '../protocol/column.ts';
import { columnOfLength, emptyColumn } from './build-column.ts';
import type { ColumnData } from './column-data.ts';

/** A column of `length` nulls. */
export function nullColumn(type: ColumnType, length: number): ColumnData {
  const { codeOf: _, ...column } = {
    codeOf: undefined,
    ...columnOfLength(undefined, emptyColumn(type), length),
  };
  return column as ColumnData;
}
