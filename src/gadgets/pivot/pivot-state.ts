import type { Literal } from '../../protocol/column.ts';
import type { ColumnRef, TimeUnit } from '../../protocol/query.ts';

/** A field that divides rows or columns: a column's values, its calendar bins, or its bins of `width`. */
export interface PivotKey {
  readonly column: ColumnRef;
  readonly grain?: TimeUnit;
  readonly width?: number;
}

/** What rows are ordered by. Left out: time and numbers by themselves, texts by the first measure, most first. */
export interface PivotSort {
  /** `key`, or a measure's id. */
  readonly by: string;
  readonly descending: boolean;
  /** Of a measure: its values in the column of these keys alone, one a column field. */
  readonly at?: { readonly values: readonly Literal[] };
}

/** All of a pivot, as JSON: it is in the URL. */
export interface PivotState {
  readonly rows: readonly PivotKey[];
  readonly columns: readonly PivotKey[];
  /** Ids of measures of the profile, or of those its roles allow; empty: the first. */
  readonly measures: readonly string[];
  readonly sort?: PivotSort | undefined;
  /** Paths of the rows that are open: the values of their keys from the first on. */
  readonly open: readonly (readonly Literal[])[];
  readonly heat: boolean;
}

export const emptyPivot: PivotState = { rows: [], columns: [], measures: [], open: [], heat: true };

/** Keys at most: rows may be opened so deep. */
export const maxRowKeys = 5;
/** Column keys at most: a column is a combination of them that occurs. */
export const maxColumnKeys = 3;

export type Zone = 'rows' | 'columns';

/** The state with a field put into a zone (before `at`), taken from wherever it was. Where there is no room the last one goes. */
export function placed(state: PivotState, key: PivotKey, zone: Zone, at?: number): PivotState {
  const without = removed(state, key.column);
  const list = [...without[zone]];
  list.splice(at ?? list.length, 0, key);
  const most = zone === 'rows' ? maxRowKeys : maxColumnKeys;
  return settled({ ...without, [zone]: list.slice(0, most) }, zone);
}

/** The state without a field. */
export function removed(state: PivotState, column: ColumnRef): PivotState {
  const zone: Zone | undefined = state.rows.some((key) => key.column === column)
    ? 'rows'
    : state.columns.some((key) => key.column === column)
      ? 'columns'
      : undefined;
  if (!zone) return state;
  return settled({ ...state, [zone]: state[zone].filter((key) => key.column !== column) }, zone);
}

/** The state with a field's bins changed. */
export function rebinned(state: PivotState, key: PivotKey): PivotState {
  const change = (list: readonly PivotKey[]) => list.map((one) => (one.column === key.column ? key : one));
  const zone: Zone = state.rows.some(({ column }) => column === key.column) ? 'rows' : 'columns';
  return settled({ ...state, rows: change(state.rows), columns: change(state.columns) }, zone);
}

/** Rows and columns changed places, as far as there is room above. */
export function swapped(state: PivotState): PivotState {
  const rows = [...state.columns, ...state.rows.slice(maxColumnKeys)];
  return settled({ ...state, rows, columns: state.rows.slice(0, maxColumnKeys) }, 'rows');
}

/** What no longer has a meaning goes: open rows when the row fields change, an order by a column that is not there. */
function settled(state: PivotState, zone: Zone): PivotState {
  const { sort, ...rest } = state;
  const isGone = sort?.at !== undefined && zone === 'columns';
  return {
    ...rest,
    open: zone === 'rows' ? [] : state.open,
    ...(sort && !isGone && { sort }),
  };
}

/** The state with a row opened or closed; what is open below a closed one closes with it. */
export function toggledRow(state: PivotState, path: readonly Literal[]): PivotState {
  const isUnder = (one: readonly Literal[]): boolean => path.every((value, depth) => one[depth] === value);
  const isOpen = state.open.some((one) => samePath(one, path));
  return {
    ...state,
    open: isOpen ? state.open.filter((one) => !isUnder(one)) : [...state.open, path],
  };
}

export function samePath(a: readonly Literal[], b: readonly Literal[]): boolean {
  return a.length === b.length && a.every((value, depth) => value === b[depth]);
}
