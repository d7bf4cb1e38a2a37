import { msg } from '@lit/localize';
import type { Literal } from '../../protocol/column.ts';
import type { Drill } from '../drill.ts';
import { allOf } from '../filter-group/where.ts';
import { keyFilter, type PivotSubject, pathFilters } from './pivot.query.ts';
import { type CellAt, leafOf } from './pivot-grid.ts';
import type { PivotModel } from './pivot-model.ts';
import type { PivotKey } from './pivot-state.ts';

/** The rows behind a cell, of a total or subtotal all that it counts; undefined where its row is not here. */
export function pivotDrill(
  model: PivotModel,
  subject: PivotSubject,
  { place, leaf }: CellAt,
  words: (key: PivotKey, value: Literal) => string,
): Drill | undefined {
  const row = model.rows.find((one) => one.place === place);
  if (place >= 0 && row?.key === undefined) return undefined;
  const { column, measure } = leafOf(Math.max(0, leaf), subject.measures.length);
  const values = (column === undefined ? undefined : model.columnKey(column)) ?? [];
  const path = row?.key !== undefined ? [...row.path, row.key] : [];
  const where = allOf([
    subject.where,
    ...pathFilters(subject, path),
    ...values.map((value, k) => keyFilter(subject, subject.columns[k]!, value)),
  ]);
  const names = [
    ...path.map((value, depth) => words(subject.rows[depth]!, value)),
    ...values.map((value, k) => words(subject.columns[k]!, value)),
  ];
  return {
    dataset: subject.dataset,
    where,
    title: names.join(' · ') || msg('All rows'),
    measure: subject.measures[measure],
  };
}
