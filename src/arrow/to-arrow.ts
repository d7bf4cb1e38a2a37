import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int,
  makeData,
  Timestamp,
  TimeUnit,
} from 'apache-arrow';
import type { ColumnData } from './column-data.ts';
import { type LayoutType, layoutOf } from './column-layout.ts';

/** A column as the library's field and data, in the `standard` form. */
export function toArrow(
  name: string,
  column: Exclude<ColumnData, { kind: 'text' }>,
): { field: Field; data: Data } {
  const { type: made, length, nullCount, nullBitmap, values } = layoutOf(column, 'standard');
  const type = typeOf(made);
  const data = makeData({ type, length, nullCount, nullBitmap, data: values } as Parameters<
    typeof makeData
  >[0]);
  return { field: new Field(name, type, true), data };
}

function typeOf(type: LayoutType): DataType {
  switch (type.kind) {
    case 'bool':
      return new Bool();
    case 'int':
      return new Int(true, type.bitWidth as 32 | 64);
    case 'float64':
      return new Float64();
    case 'date':
      return new DateDay();
    case 'timestamp':
      return new Timestamp(TimeUnit.MILLISECOND, 'UTC');
    case 'decimal':
      return new Decimal(type.scale, type.precision, 128);
  }
}
