import type { ColumnInfo } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import { maintainedColumns } from '../protocol/profile-references.ts';
import { coerceColumn } from './coerce-column.ts';
import { type ColumnData, isValid } from './column-data.ts';

/** A batch of rows in columns, all of one length. */
export interface RowColumns {
  readonly columns: Readonly<Record<string, ColumnData>>;
  readonly rows: number;
}

/** The table that rows are checked against. */
export type Table = Pick<Head, 'id' | 'name' | 'columns' | 'profile'>;

export type RowsKind = 'append' | 'upsert' | 'delete';

/** A batch checked against its data set: columns by id, each of its stored type. */
export interface PreparedRows {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ColumnData>;
}

/**
 * Checks a batch before anything is written: columns known, types fitting, keys declared, given and not null.
 * Column names are ids or names (an id first). Throws `invalid` with one sentence; rows count from 1.
 */
export function prepareRows(state: Table, kind: RowsKind, batch: RowColumns): PreparedRows {
  const keys = keysOf(state);
  if (kind !== 'append' && keys.length === 0)
    throw new ExaError(
      'invalid',
      `${state.name} has no declared key: give its profile keys, or append instead.`,
      {
        facts: { dataset: state.id },
      },
    );
  refuseMaintained(state, kind === 'delete' ? [] : Object.keys(batch.columns));
  const columns = new Map<string, ColumnData>();
  for (const [reference, data] of Object.entries(batch.columns)) {
    const column = findColumn(state, reference);
    if (columns.has(column.id))
      throw new ExaError('invalid', `The column ${column.name} was given twice.`, {
        facts: { column: column.name },
      });
    if (data.length !== batch.rows)
      throw new ExaError(
        'invalid',
        `The column ${column.name} has ${data.length} values for ${batch.rows} rows.`,
      );
    if (kind !== 'delete' || keys.includes(column)) columns.set(column.id, coerceColumn(data, column));
  }
  for (const key of keys) {
    const data = columns.get(key.id);
    if (!data)
      throw new ExaError(
        'invalid',
        `Rows of ${state.name} need a value for ${key.name}: it is part of the key.`,
        {
          facts: { column: key.name },
        },
      );
    for (let row = 0; data.validity && row < batch.rows; row++)
      if (!isValid(data, row))
        throw new ExaError('invalid', `Row ${row + 1} has no ${key.name}, which is part of the key.`, {
          facts: { column: key.name, row: row + 1 },
        });
  }
  return { rows: batch.rows, columns };
}

/** Throws `invalid` when rows of a roll-up are written, or columns (ids or names) that the store alone writes. */
export function refuseMaintained(state: Table, written: readonly string[]): void {
  if (state.profile.rollUp)
    throw new ExaError(
      'invalid',
      `${state.name} is a roll-up, which the store keeps itself: change the rows of the table it counts.`,
      { facts: { dataset: state.id } },
    );
  const maintained = maintainedColumns(state);
  if (maintained.size === 0) return;
  const column = state.columns.find(
    ({ id, name }) => maintained.has(id) && (written.includes(id) || written.includes(name)),
  );
  if (column)
    throw new ExaError(
      'invalid',
      `${column.name} of ${state.name} is kept by the store, copied from another table: change it there.`,
      { facts: { column: column.name } },
    );
}

/** The declared key's columns, in order. */
export function keysOf(state: Table): readonly ColumnInfo[] {
  return state.profile.keys.flatMap((id) => state.columns.filter((column) => column.id === id));
}

function findColumn(state: Table, reference: string): ColumnInfo {
  const column =
    state.columns.find(({ id }) => id === reference) ?? state.columns.find(({ name }) => name === reference);
  if (column) return column;
  throw new ExaError('invalid', `${state.name} has no column ${reference}.`, {
    facts: { column: reference },
  });
}

/** A text that two rows share when, and only when, their keys are the same. */
export function keyText(keys: readonly ColumnData[], row: number): string {
  if (keys.length === 1) return partText(keys[0]!, row);
  return keys
    .map((key) => {
      const part = partText(key, row);
      return `${part.length}:${part}`;
    })
    .join('');
}

function partText(data: ColumnData, row: number): string {
  return data.kind === 'text' ? data.dictionary[data.codes[row]!]! : String(data.values[row]!);
}

/** A key as a sentence shows it. */
export function keyLabel(keys: readonly ColumnData[], row: number): string {
  return keys.map((key) => partText(key, row)).join(', ');
}

/** Calendar years `[first, end)` of the times given, together with those known; held within [1800, 2200). */
export function widenYears(
  years: readonly [number, number] | undefined,
  columns: Iterable<ColumnData>,
): readonly [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const data of columns) {
    if (data.kind !== 'timestamp') continue;
    for (let row = 0; row < data.length; row++) {
      const instant = data.values[row]!;
      if ((instant < low || instant > high) && isValid(data, row)) {
        if (instant < low) low = instant;
        if (instant > high) high = instant;
      }
    }
  }
  if (low > high) return years;
  const yearOf = (instant: number): number => {
    const year = new Date(instant).getUTCFullYear();
    return Math.min(2199, Math.max(1800, Number.isNaN(year) ? 1800 : year));
  };
  const first = Math.min(years?.[0] ?? 2200, yearOf(low));
  const end = Math.max(years?.[1] ?? 0, yearOf(high) + 1);
  return years && first === years[0] && end === years[1] ? years : [first, end];
}
