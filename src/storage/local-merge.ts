import { takeRows } from '../arrow/build-column.ts';
import type { ColumnData } from '../arrow/column-data.ts';
import { nullColumn } from '../arrow/null-column.ts';
import type { Patch } from '../arrow/patch.ts';
import { keyLabel, keysOf, keyText, type PreparedRows, type RowsKind } from '../arrow/prepare-rows.ts';
import { blockRows } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import { liveColumn } from '../protocol/page.ts';
import { type LocalTable, lengthOf } from './local-table.ts';

/** What a write of rows does to a table. */
export interface Merged {
  readonly patches: readonly Patch[];
  readonly allocated: number;
  readonly appended: number;
  readonly updated: number;
  readonly deleted: number;
}

/** Reads a page of a table, undefined when there is none. */
export type ReadPage = (block: number, column: string) => Promise<ColumnData | undefined>;

/**
 * The patches that bring `prepared` into `table`. An upsert's last row with a key wins, new keys are numbered in the
 * order in which they first came; a delete of a key that is not there does nothing. Throws `invalid` when an append
 * repeats a key.
 */
export async function mergeRows(
  table: LocalTable,
  kind: RowsKind,
  { rows, columns }: PreparedRows,
  read: ReadPage,
): Promise<Merged> {
  const keys = keysOf(table);
  const none = { allocated: table.allocated, appended: 0, updated: 0, deleted: 0 };
  if (rows === 0) return { ...none, patches: [] };
  if (keys.length === 0) return appendAll(table, columns, identity(rows));
  const given = keys.map(({ id }) => columns.get(id)!);
  const known = await keyIndex(table, read);
  const updates = new Map<number, number>();
  const appends = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const key = keyText(given, row);
    const at = known.get(key);
    if (kind === 'append' && (at !== undefined || appends.has(key)))
      throw new ExaError(
        'invalid',
        `Row ${row + 1}: there is a row with the key ${keyLabel(given, row)} already: upsert, or leave it out.`,
        { facts: { row: row + 1, dataset: table.id } },
      );
    if (at !== undefined) updates.set(at, row);
    else if (kind !== 'delete') appends.set(key, row);
  }
  const targets = Float64Array.from(updates.keys()).sort();
  if (kind === 'delete') {
    const cleared = Object.fromEntries(
      table.columns.map(({ id, type }) => [id, nullColumn(type, targets.length)]),
    );
    const patch = { rows: targets, live: new Uint8Array(targets.length), columns: cleared };
    return { ...none, patches: targets.length > 0 ? [patch] : [], deleted: targets.length };
  }
  const added = appendAll(table, columns, [...appends.values()]);
  if (targets.length === 0) return added;
  const sources = Int32Array.from(targets, (row) => updates.get(row)!);
  const values = Object.fromEntries([...columns].map(([id, data]) => [id, takeRows(data, sources)]));
  const live = new Uint8Array(targets.length).fill(1);
  return {
    ...added,
    patches: [{ rows: targets, live, columns: values }, ...added.patches],
    updated: targets.length,
  };
}

function appendAll(
  table: LocalTable,
  columns: ReadonlyMap<string, ColumnData>,
  rows: readonly number[],
): Merged {
  const counts = { allocated: table.allocated + rows.length, appended: rows.length, updated: 0, deleted: 0 };
  if (rows.length === 0) return { ...counts, patches: [] };
  const values = Object.fromEntries(
    table.columns.map(({ id, type }) => {
      const data = columns.get(id);
      return [id, data ? takeRows(data, rows) : nullColumn(type, rows.length)];
    }),
  );
  const numbers = Float64Array.from(rows, (_, i) => table.allocated + i);
  return {
    ...counts,
    patches: [{ rows: numbers, live: new Uint8Array(rows.length).fill(1), columns: values }],
  };
}

/** Row number of each key of the live rows. */
export async function keyIndex(
  table: Pick<LocalTable, 'allocated' | 'columns' | 'profile' | 'live' | 'id' | 'name'>,
  read: ReadPage,
): Promise<Map<string, number>> {
  const keys = keysOf(table);
  const index = new Map<string, number>();
  for (let block = 0; block * blockRows < table.allocated; block++) {
    const length = lengthOf(table, block);
    const parts = await Promise.all(
      keys.map(async ({ id, type }) => (await read(block, id)) ?? nullColumn(type, length)),
    );
    const live = table.live[block]! < length ? await read(block, liveColumn) : undefined;
    for (let i = 0; i < length; i++)
      if (live?.kind !== 'bool' || live.values[i]) index.set(keyText(parts, i), block * blockRows + i);
  }
  return index;
}

/** Throws `invalid` when a live row lacks a part of the key, or two rows share it. */
export async function checkKeys(table: LocalTable, read: ReadPage): Promise<void> {
  const keys = keysOf(table);
  if (keys.length === 0) return;
  const names = keys.map(({ name }) => name).join(', ');
  const seen = new Map<string, number>();
  for (let block = 0; block * blockRows < table.allocated; block++) {
    const length = lengthOf(table, block);
    const parts = await Promise.all(
      keys.map(async ({ id, type }) => (await read(block, id)) ?? nullColumn(type, length)),
    );
    const live = table.live[block]! < length ? await read(block, liveColumn) : undefined;
    for (let i = 0; i < length; i++) {
      if (live?.kind === 'bool' && !live.values[i]) continue;
      checkRow(parts, i, block * blockRows + i, names, seen);
    }
  }
}

/** Throws `invalid` when row `i` of the key's columns, row number `row`, lacks a part or repeats one of `seen`. */
export function checkRow(
  parts: readonly ColumnData[],
  i: number,
  row: number,
  names: string,
  seen: Map<string, number>,
): void {
  if (parts.some((data) => data.validity && ((data.validity[i >> 3]! >> (i & 7)) & 1) === 0))
    throw new ExaError('invalid', `Row ${row + 1} has no ${names}, so it cannot be the key.`, {
      facts: { column: names, row: row + 1 },
    });
  const key = keyText(parts, i);
  const other = seen.get(key);
  if (other !== undefined)
    throw new ExaError(
      'invalid',
      `Rows ${other + 1} and ${row + 1} have the same ${names}, so it cannot be the key.`,
      { facts: { column: names, row: row + 1 } },
    );
  seen.set(key, row);
}

function identity(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
