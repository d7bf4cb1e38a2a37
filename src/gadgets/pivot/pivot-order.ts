import { checkFormula } from '../../protocol/check-formula.ts';
import type { Literal } from '../../protocol/column.ts';
import type { Head } from '../../protocol/head.ts';
import { type PivotSubject, withinColumn } from './pivot.query.ts';
import type { PivotSort } from './pivot-state.ts';

/** Whether every measure can be taken of the rows of one column alone, here that of `values`. */
export function canOrderAt(
  { columns, measures }: PivotSubject,
  values: readonly Literal[] | undefined,
  head: Head,
  linked: readonly Head[],
): boolean {
  if (columns.length === 0 || values?.length !== columns.length) return false;
  try {
    for (const { formula } of measures)
      checkFormula(withinColumn(formula, columns, values), { kind: 'measure', head, linked });
    return true;
  } catch {
    return false;
  }
}

/** The order after a header was pressed: most first, then least first, then as it comes. */
export function nextSort(
  sort: PivotSort | undefined,
  by: string,
  at: PivotSort['at'],
): PivotSort | undefined {
  const isIt = sort?.by === by && JSON.stringify(sort.at) === JSON.stringify(at);
  const first = by !== 'key';
  const descending = !isIt ? first : sort.descending === first ? !first : undefined;
  return descending === undefined ? undefined : { by, descending, ...(at && { at }) };
}
