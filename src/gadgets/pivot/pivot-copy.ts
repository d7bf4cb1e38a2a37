import { msg } from '@lit/localize';
import type { Literal } from '../../protocol/column.ts';
import { defused } from '../../protocol/formula-safe.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { PivotSubject } from './pivot.query.ts';
import type { Spot } from './pivot-list.ts';
import type { PivotModel, Sight } from './pivot-model.ts';
import type { PivotKey } from './pivot-state.ts';

/** How keys are written, and which columns are in sight. */
export interface CopyWords {
  label(column: string): string;
  key(key: PivotKey, value: Literal): string;
  readonly sight: Sight;
}

/**
 * What is in sight as tab-separated text: headers, the total, the rows; exact values, one column a row field so that a
 * spreadsheet can take it apart. Texts that a spreadsheet would compute are defused.
 */
export function copiedPivot(model: PivotModel, subject: PivotSubject, words: CopyWords): string {
  const { measures, rows } = subject;
  const columnName = (column: number): string => {
    const values = model.columnKey(column) ?? [];
    const names = values.map((value, k) => words.key(subject.columns[k]!, value));
    return [...names, ...(names.length < subject.columns.length ? [msg('Total')] : [])].join(' › ');
  };
  const columns = Array.from({ length: model.columnCount }, (_, column) => column).filter(
    (column) =>
      column >= words.sight.firstColumn &&
      column < words.sight.endColumn &&
      model.columnKey(column) !== undefined,
  );
  const name = (title: string, measure: Measure): string =>
    measures.length > 1 ? `${title} · ${measure.label}` : title;
  const header = [
    ...rows.map(({ column }) => words.label(column)),
    ...measures.map((measure) =>
      subject.columns.length > 0 ? `${msg('Total')} · ${measure.label}` : measure.label,
    ),
    ...columns.flatMap((column) => measures.map((measure) => name(columnName(column), measure))),
  ];
  const line = (
    names: readonly string[],
    total: Spot | undefined,
    cell: (column: number) => Spot | undefined,
  ): string[] => [
    ...names,
    ...measures.map((measure) => exact(total, measure)),
    ...columns.flatMap((column) => measures.map((measure) => exact(cell(column), measure))),
  ];
  const padded = (names: readonly string[]): string[] => rows.map((_, depth) => names[depth] ?? '');
  const lines = [
    header,
    line(padded([msg('Total')]), model.grand, (column) => model.columnTotal(column)),
    ...model.rows
      .filter(({ key }) => key !== undefined)
      .map((row) =>
        line(
          padded([...row.path, row.key!].map((value, depth) => words.key(rows[depth]!, value))),
          row.total,
          (column) => row.cell(column),
        ),
      ),
  ];
  return lines.map((cells) => cells.map(safe).join('\t')).join('\n');
}

function exact(spot: Spot | undefined, { id }: Measure): string {
  return spot && spot.row >= 0 && spot.table.has(id) ? spot.table.exact(id, spot.row) : '';
}

/** One cell of a line: a number as it is, a text that begins as a formula made harmless. */
function safe(text: string): string {
  const flat = text.replace(/[\t\r\n]+/g, ' ');
  return Number.isNaN(Number(flat)) ? defused(flat) : flat;
}
