import type { Head } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import { columnLabel } from '../column-label.ts';
import { measuresOf } from '../subject.ts';
import { measureWords } from '../view-base.ts';
import { columnMeasures, numberColumns } from './explore-choices.ts';

/** All measures there are of a table: its profile's, then a sum a numeric column. `linked`: heads its links lead to. */
export function tableMeasures(head: Head, linked: readonly Head[]): readonly Measure[] {
  const { profile } = head;
  const known = measuresOf(profile, measureWords());
  const money = new Set([profile.roles.amount, profile.roles.price]);
  const columns = columnMeasures(
    numberColumns(head, linked),
    known,
    (column) => columnLabel(column, head, linked),
    (column) => money.has(column),
  );
  return [...known, ...columns];
}
