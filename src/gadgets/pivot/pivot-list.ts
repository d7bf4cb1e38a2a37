import type { AnswerTable } from '../../arrow/answer-table.ts';
import type { Literal } from '../../protocol/column.ts';
import { literalOf } from './pivot.query.ts';
import type { PivotAnswer } from './pivot-answers.ts';

/** Where a number stands: a row of an answer. */
export interface Spot {
  readonly table: AnswerTable;
  readonly row: number;
}

/** Windows of one list of groups that came, by where they begin. */
export interface List {
  count: number;
  version: number;
  readonly windows: Map<number, AnswerTable>;
  /** Place of each first key that came. */
  readonly places: Map<Literal, number>;
  /** The build that used it last. */
  used: number;
}

export function emptyList(): List {
  return { count: 0, version: -1, windows: new Map(), places: new Map(), used: 0 };
}

export function keepWindow(list: List, offset: number, { table, coverage }: PivotAnswer): void {
  if (list.windows.get(offset) === table) return;
  // Groups may have changed places since the other windows came.
  if (coverage.version > list.version && list.version >= 0) {
    list.windows.clear();
    list.places.clear();
  }
  list.version = Math.max(list.version, coverage.version);
  list.count = coverage.groups ?? table.rows;
  list.windows.set(offset, table);
  for (let row = 0; row < table.rows; row++) list.places.set(literalOf(table, 'g0', row), offset + row);
}

export function windowStart(index: number, size: number): number {
  return index - (index % size);
}

/** Where the windows that meet `[first, end)` begin. */
export function windowsOf(first: number, end: number, size: number): number[] {
  const starts: number[] = [];
  for (let start = windowStart(Math.max(0, first), size); start < end; start += size) starts.push(start);
  return starts;
}

export function spotAt(list: List, index: number, size: number): Spot | undefined {
  const start = windowStart(index, size);
  const table = list.windows.get(start);
  return table && index - start < table.rows ? { table, row: index - start } : undefined;
}

export function keyAt(list: List, index: number, size: number): Literal | undefined {
  const spot = spotAt(list, index, size);
  return spot && literalOf(spot.table, 'g0', spot.row);
}

/** The first keys of a window. */
export function keysOf(list: List, offset: number): Literal[] | undefined {
  const table = list.windows.get(offset);
  return table && Array.from({ length: table.rows }, (_, row) => literalOf(table, 'g0', row));
}

/** The values of `count` keys in a row of an answer. */
export function tupleAt(table: AnswerTable, row: number, count: number, from = 0): readonly Literal[] {
  return Array.from({ length: count }, (_, k) => literalOf(table, `g${from + k}`, row));
}

const indices = new WeakMap<AnswerTable, ReadonlyMap<string, number>>();

/** Row of each combination of an answer's first `count` keys, by its {@link tupleName}. */
export function tupleIndex(table: AnswerTable, count: number): ReadonlyMap<string, number> {
  let index = indices.get(table);
  if (!index) {
    index = new Map(
      Array.from({ length: table.rows }, (_, row) => [tupleName(tupleAt(table, row, count)), row]),
    );
    indices.set(table, index);
  }
  return index;
}

export function tupleName(values: readonly Literal[]): string {
  return JSON.stringify(values);
}
