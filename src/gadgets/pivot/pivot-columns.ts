import type { Literal } from '../../protocol/column.ts';
import type { AggregateQuestion } from '../../protocol/query.ts';
import { columnsQuestion, columnsWindow, type PivotSubject, wholeColumns } from './pivot.query.ts';
import { type AxisColumn, withSubtotals } from './pivot-axis.ts';
import { type List, type Spot, spotAt, tupleAt, tupleIndex, tupleName, windowsOf } from './pivot-list.ts';

/** The columns of a pivot as far as they are here: what its column fields come to, with subtotals of the outer ones. */
export interface PivotColumns {
  readonly count: number;
  /** Something of them is here. */
  readonly isHere: boolean;
  /** The values of a column's fields: of a subtotal those of the outer ones. */
  key(column: number): readonly Literal[] | undefined;
  total(column: number): Spot | undefined;
  /** Several fields have more combinations than are asked at once: there are no subtotals. */
  readonly lacksSubtotals: boolean;
  /** Columns that have as many values as `depth`. */
  countAt(depth: number): number;
}

/** A list of groups and what brings a window of it. */
export interface Asked {
  readonly list: List;
  bring(offset: number): void;
}

/** Asks for the columns in `[first, end)`. Several fields of at most {@link wholeColumns} combinations have subtotals. */
export function pivotColumns(
  subject: PivotSubject,
  { first, end }: { readonly first: number; readonly end: number },
  ask: (at: (offset: number) => AggregateQuestion) => Asked,
): PivotColumns | undefined {
  const fields = subject.columns.length;
  if (fields === 0) return undefined;
  const size = columnsWindow(fields);
  const { list, bring } = ask((offset) => columnsQuestion(subject, offset)!);
  const whole = fields > 1 && list.count <= wholeColumns ? list.windows.get(0) : undefined;
  if (!whole) {
    for (const offset of windowsOf(first, Math.min(end, list.count), size)) if (offset) bring(offset);
    const spot = (column: number) => spotAt(list, column, size);
    return {
      count: list.count,
      isHere: list.windows.size > 0,
      lacksSubtotals: fields > 1 && list.count > wholeColumns,
      key: (column) => {
        const at = spot(column);
        return at && tupleAt(at.table, at.row, fields);
      },
      total: spot,
      countAt: (depth) => (depth === fields ? list.count : 0),
    };
  }
  const keys = Array.from({ length: whole.rows }, (_, row) => tupleAt(whole, row, fields));
  const columns: readonly AxisColumn[] = withSubtotals(keys, fields);
  const outer = Array.from({ length: fields - 1 }, (_, k) => k + 1);
  const sums = new Map(
    outer.map((depth) => [depth, ask((offset) => columnsQuestion(subject, offset, depth)!).list]),
  );
  const counts = new Map<number, number>();
  for (const { values } of columns) counts.set(values.length, (counts.get(values.length) ?? 0) + 1);
  return {
    count: columns.length,
    isHere: true,
    lacksSubtotals: false,
    key: (column) => columns[column]?.values,
    total(column) {
      const { values, leaf } = columns[column] ?? {};
      if (leaf !== undefined) return { table: whole, row: leaf };
      const table = values && sums.get(values.length)?.windows.get(0);
      return table && { table, row: tupleIndex(table, values.length).get(tupleName(values)) ?? -1 };
    },
    countAt: (depth) => counts.get(depth) ?? 0,
  };
}
