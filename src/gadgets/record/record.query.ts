import type { AnswerTable } from '../../arrow/answer-table.ts';
import type { Row } from '../../protocol/change.ts';
import type { Literal } from '../../protocol/column.ts';
import type { Head } from '../../protocol/head.ts';
import type { ColumnRef, Filter, RowsQuestion } from '../../protocol/query.ts';

/** The row's own number, as questions name it. */
export const rowColumn = '_row';

/** Related rows shown before "all of them". */
export const relatedLimit = 5;

/** One row by its number. */
export function recordQuestion(dataset: string, row: number, columns: readonly ColumnRef[]): RowsQuestion {
  return {
    kind: 'rows',
    dataset,
    where: { op: 'range', column: rowColumn, from: row, to: row + 1 },
    order: [],
    columns,
    offset: 0,
    limit: 1,
  };
}

/** The nearest row before or after one, in arrival order, among those a filter leaves. */
export function neighbourQuestion(
  dataset: string,
  row: number,
  direction: 'previous' | 'next',
  where: Filter | undefined,
): RowsQuestion {
  const beyond: Filter =
    direction === 'next'
      ? { op: 'range', column: rowColumn, from: row + 1 }
      : { op: 'range', column: rowColumn, to: row };
  return {
    kind: 'rows',
    dataset,
    where: where ? { op: 'and', of: [where, beyond] } : beyond,
    order: [{ column: rowColumn, descending: direction === 'previous' }],
    columns: [],
    offset: 0,
    limit: 1,
  };
}

/** Rows of a table that hold `value` in `column`: the one a link names, or those that name this one. */
export function relatedQuestion(
  dataset: string,
  column: ColumnRef,
  value: Literal,
  columns: readonly ColumnRef[],
  limit: number,
): RowsQuestion {
  return {
    kind: 'rows',
    dataset,
    where: { op: 'in', column, values: [value] },
    order: [],
    columns,
    offset: 0,
    limit,
  };
}

/** Columns of a table in the order a sheet shows them: keys, those that play a part, then the rest. */
export function sheetColumns(head: Head): readonly ColumnRef[] {
  const { keys, roles, calculated } = head.profile;
  const all = [...head.columns.map(({ id }) => id), ...calculated.map(({ id }) => id)];
  const first = [...keys, ...Object.values(roles)].filter((ref) => all.includes(ref));
  return [...new Set([...first, ...all])];
}

/** The few columns that tell a related row apart: key, name, date, amount, state. */
export function briefColumns(head: Head): readonly ColumnRef[] {
  const { keys, roles } = head.profile;
  const wanted = [
    ...keys,
    roles.id,
    roles.name,
    roles.order,
    roles.product,
    roles.date,
    roles.amount,
    roles.state,
    roles.quantity,
  ];
  const stored = new Set(head.columns.map(({ id }) => id));
  const brief = [...new Set(wanted.filter((ref) => ref !== undefined && stored.has(ref)))] as string[];
  return brief.length > 0 ? brief.slice(0, 5) : head.columns.slice(0, 4).map(({ id }) => id);
}

/** A cell as a JSON literal of its column's type, all digits kept. */
export function cellLiteral(table: AnswerTable, name: string, row: number): Literal {
  const value = table.value(name, row);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  const { kind } = table.type(name);
  return (kind === 'int32' || kind === 'float64') && typeof value === 'number' && Number.isFinite(value)
    ? value
    : table.exact(name, row);
}

/** The upsert that changes one field of a row: its declared keys and the new value; undefined without keys. */
export function editedRow(
  head: Head,
  table: AnswerTable,
  column: ColumnRef,
  value: Literal,
): Row | undefined {
  const { keys } = head.profile;
  if (keys.length === 0 || keys.includes(column)) return undefined;
  return {
    ...Object.fromEntries(keys.map((key) => [key, cellLiteral(table, key, 0)])),
    [column]: value,
  };
}

/** What a person typed as a literal of the column, or a reason it is none: `number`, `date`, `bool`. */
export function typedLiteral(
  typed: string,
  kind: Head['columns'][number]['type']['kind'],
): { readonly value: Literal } | { readonly wrong: 'number' | 'date' | 'bool' } {
  const text = typed.trim();
  if (kind === 'text') return { value: typed };
  if (text === '') return { value: null };
  if (kind === 'bool') return /^(true|false)$/.test(text) ? { value: text === 'true' } : { wrong: 'bool' };
  if (kind === 'date' || kind === 'timestamp')
    return Number.isNaN(Date.parse(text)) ? { wrong: 'date' } : { value: text };
  if (kind === 'int32' || kind === 'int64') {
    if (!/^[+-]?\d+$/.test(text)) return { wrong: 'number' };
    return { value: Number.isSafeInteger(Number(text)) ? Number(text) : text };
  }
  if (kind === 'decimal') return /^[+-]?\d+(\.\d+)?$/.test(text) ? { value: text } : { wrong: 'number' };
  return Number.isNaN(Number(text)) ? { wrong: 'number' } : { value: Number(text) };
}
