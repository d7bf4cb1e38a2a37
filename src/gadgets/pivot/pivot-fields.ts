import type { ColumnType } from '../../protocol/column.ts';
import { findColumn } from '../../protocol/column-names.ts';
import type { Head } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import { columnLabel } from '../column-label.ts';
import { dimensionColumns } from '../explore/explore-choices.ts';
import { tableMeasures } from '../explore/table-measures.ts';
import { typeOfColumn } from '../subject.ts';
import { firstKey } from './pivot-bar.ts';
import type { PivotKey, PivotState } from './pivot-state.ts';

/** What a table offers a pivot: `linked` are the heads of the tables its links lead to. */
export interface PivotFields {
  label(column: ColumnRef): string;
  type(column: ColumnRef): ColumnType | undefined;
  /** Its own measures, then aggregates of its numbers. */
  measures(): readonly Measure[];
  /** Columns that can divide rows: dates, what tables are divided by, then the rest. */
  fields(): readonly ColumnRef[];
  /** The fields chosen, as far as they are there; until people choose, the table's first division by its dates. */
  keys(state: PivotState): { readonly rows: readonly PivotKey[]; readonly columns: readonly PivotKey[] };
}

export function pivotFields(head: Head, linked: readonly Head[]): PivotFields {
  const { profile } = head;
  const label = (column: ColumnRef): string => columnLabel(column, head, linked);
  const type = (column: ColumnRef): ColumnType | undefined => typeOfColumn(column, head, linked);
  return {
    label,
    type,
    measures: () => tableMeasures(head, linked),
    fields() {
      const { all } = dimensionColumns(head, linked);
      const own = [...head.columns.map(({ id }) => id), ...profile.calculated.map(({ id }) => id)];
      const dates = own.filter((column) => ['date', 'timestamp'].includes(type(column)?.kind ?? ''));
      return [...new Set([...dates, ...all, ...own])];
    },
    keys(state) {
      const isThere = ({ column }: PivotKey): boolean =>
        findColumn(head, column) !== undefined || type(column) !== undefined;
      const [rows, columns] = [state.rows.filter(isThere), state.columns.filter(isThere)];
      if (state.rows.length > 0 || state.columns.length > 0) return { rows, columns };
      const [first] = dimensionColumns(head, linked).usual;
      const { date } = profile.roles;
      return {
        rows: first === undefined ? [] : [firstKey(first, type(first))],
        columns: date === undefined ? [] : [{ column: date, grain: 'quarter' }],
      };
    },
  };
}
