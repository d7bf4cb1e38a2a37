import { concatColumns, takeRows } from '../../../src/arrow/build-column.ts';
import type { ColumnData } from '../../../src/arrow/column-data.ts';
import {
  keyLabel,
  keysOf,
  keyText,
  type PreparedRows,
  type RowsKind,
  widenYears,
} from '../../../src/arrow/prepare-rows.ts';
import { int64FromDoubles } from '../../../src/arrow/words.ts';
import { maskOf } from '../../../src/kernels/table/mask.ts';
import { blockRows, type ColumnInfo } from '../../../src/protocol/column.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { Write } from '../table-driver.ts';
import { appendColumns } from './append-columns.ts';
import type { DatasetState } from './catalogue.ts';
import { ColumnBuilder } from './column-builder.ts';
import { sqlType } from './column-type.ts';
import { keepFormerValues } from './former-values.ts';
import { quoted } from './table-names.ts';
import { type Draft, type Transaction, touchBlocks, wholeRows } from './transaction.ts';

export interface RowCounts {
  readonly appended: number;
  readonly updated: number;
  readonly deleted: number;
}

/** Which row of the table each row of a run becomes, and what each write of the run did. */
interface RunPlan {
  /** Table row → the run's last row for it, in order of table rows handed out. */
  readonly last: Map<number, number>;
  readonly outcomes: (RowCounts | ExaError)[];
  readonly allocated: number;
}

/**
 * Applies writes of one kind, to the same columns of one data set, in order, by set-based statements. A write that
 * breaks a key is answered with its error and leaves nothing; the others go on.
 */
export async function applyRows(
  transaction: Transaction,
  draft: Draft,
  kind: RowsKind,
  writes: readonly PreparedRows[],
  within?: Write['within'],
): Promise<(RowCounts | ExaError)[]> {
  const { state } = draft;
  const columns = new Map<string, ColumnData>();
  for (const id of writes[0]!.columns.keys())
    columns.set(id, concatColumns(writes.map((write) => write.columns.get(id)!)));
  const keys = keysOf(state);
  const keyData = keys.map(({ id }) => columns.get(id)!);
  const rows = writes.reduce((sum, write) => sum + write.rows, 0);
  const known = keys.length && rows ? await matchKeys(transaction, state, keys, keyData, rows) : undefined;
  if (within && known) await refuseHidden(transaction, state, known, within);
  const plan = planRun(state, kind, writes, keyData, known);
  await (kind === 'delete'
    ? deleteRows(transaction, draft, plan)
    : storeRows(transaction, draft, columns, plan));
  if (within && kind !== 'delete') await refuseHidden(transaction, state, [...plan.last.keys()], within);
  return plan.outcomes;
}

/** Throws `refused`, for the whole transaction, when one of these rows (−1 for none) is not one the writer may see. */
async function refuseHidden(
  { connection }: Transaction,
  { id, name, table }: DatasetState,
  rows: ArrayLike<number>,
  { where, columns }: NonNullable<Write['within']>,
): Promise<void> {
  const wanted = Float64Array.from(rows).filter((row) => row >= 0);
  if (wanted.length === 0) return;
  await connection.run('CREATE OR REPLACE TEMP TABLE exa_guarded (_row BIGINT)');
  const data = integers(wanted);
  await appendColumns(connection, 'exa_guarded', [{ type: { kind: 'int64' }, data }], wanted.length);
  const reads = Object.keys(columns);
  const types = [...reads.map((column) => columns[column]!)];
  const result = await connection.run(
    `SELECT ${['t._row', ...reads.map((column) => `t.${quoted(column)}`)].join(', ')}
     FROM ${quoted(table)} t JOIN exa_guarded g ON g._row = t._row WHERE t._live`,
  );
  const builders = types.map((type) => new ColumnBuilder(type, result.rowCount));
  let start = 0;
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
    for (const [i, builder] of builders.entries()) builder.add(chunk, i + 1, { rows: chunk.rowCount, start });
    start += chunk.rowCount;
  }
  const read = Object.fromEntries(reads.map((column, i) => [column, builders[i]!.finish()]));
  const mask = maskOf(where, { block: 0, length: start, columns: read }, columns);
  if (mask?.includes(0))
    throw new ExaError('refused', `You may not write rows of ${name} that you would not see.`, {
      facts: { dataset: id },
    });
}

/** Of each row of the run: the live row of the table with the same key, or −1. */
async function matchKeys(
  transaction: Transaction,
  state: DatasetState,
  keys: readonly ColumnInfo[],
  keyData: readonly ColumnData[],
  rows: number,
): Promise<Float64Array> {
  const { connection } = transaction;
  const positions = Int32Array.from({ length: rows }, (_, i) => i);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE exa_stage_keys (i INTEGER${keys.map(({ type }, k) => `, k${k} ${sqlType(type)}`).join('')})`,
  );
  await appendColumns(
    connection,
    'exa_stage_keys',
    [
      { type: { kind: 'int32' }, data: { kind: 'int32', length: rows, values: positions } },
      ...keys.map(({ type }, k) => ({ type, data: keyData[k] })),
    ],
    rows,
  );
  const same = keys.map(({ id }, k) => `t.${quoted(id)} = s.k${k}`).join(' AND ');
  const result = await connection.run(
    `SELECT s.i, t._row FROM exa_stage_keys s JOIN ${quoted(state.table)} t ON ${same} WHERE t._live`,
  );
  const found = new Float64Array(rows).fill(-1);
  for (const [i, row] of await result.getRowsJS()) found[Number(i)] = Number(row);
  return found;
}

function planRun(
  state: DatasetState,
  kind: RowsKind,
  writes: readonly PreparedRows[],
  keyData: readonly ColumnData[],
  known: Float64Array | undefined,
): RunPlan {
  const last = new Map<number, number>();
  const outcomes: (RowCounts | ExaError)[] = [];
  const rowOfKey = new Map<string, number>();
  let allocated = state.allocated;
  let start = 0;
  for (const write of writes) {
    const end = start + write.rows;
    const counts = { appended: 0, updated: 0, deleted: 0 };
    const repeated = kind === 'append' && known ? firstRepeated(start, end, keyData, known, rowOfKey) : -1;
    if (repeated >= 0) {
      outcomes.push(
        new ExaError(
          'invalid',
          `Row ${repeated - start + 1}: ${state.name} already has a row with the key ${keyLabel(keyData, repeated)}. Use upsert to change it.`,
          { facts: { row: repeated - start + 1 } },
        ),
      );
      start = end;
      continue;
    }
    for (let i = start; i < end; i++) {
      const text = known ? keyText(keyData, i) : undefined;
      const row = known && known[i]! >= 0 ? known[i]! : text === undefined ? undefined : rowOfKey.get(text);
      if (kind === 'delete') {
        if (row !== undefined && !last.has(row)) {
          last.set(row, i);
          counts.deleted++;
        }
      } else if (row === undefined) {
        if (text !== undefined) rowOfKey.set(text, allocated);
        last.set(allocated++, i);
        counts.appended++;
      } else {
        last.set(row, i);
        counts.updated++;
      }
    }
    outcomes.push(counts);
    start = end;
  }
  return { last, outcomes, allocated };
}

function firstRepeated(
  start: number,
  end: number,
  keyData: readonly ColumnData[],
  known: Float64Array,
  rowOfKey: ReadonlyMap<string, number>,
): number {
  const own = new Set<string>();
  for (let i = start; i < end; i++) {
    const text = keyText(keyData, i);
    if (known[i]! >= 0 || rowOfKey.has(text) || own.has(text)) return i;
    own.add(text);
  }
  return -1;
}

async function storeRows(
  transaction: Transaction,
  draft: Draft,
  columns: ReadonlyMap<string, ColumnData>,
  { last, allocated }: RunPlan,
): Promise<void> {
  const { state } = draft;
  const changed = [...last].filter(([row]) => row < state.allocated);
  const added = [...last].filter(([row]) => row >= state.allocated);
  const live = new Map<number, number>();
  if (changed.length) {
    const keys = new Set(state.profile.keys);
    const set = state.columns.filter(({ id }) => columns.has(id) && !keys.has(id));
    await stageRows(transaction, set, columns, changed);
    await keepFormerValues(
      transaction,
      state,
      set.map(({ id }) => id),
      'SELECT _row FROM exa_stage_rows',
    );
    for (const { id } of set) draft.written.add(id);
    const values = set.map(({ id }) => `, ${quoted(id)} = s.${quoted(id)}`).join('');
    await updateFromStage(transaction, state.table, `_rev = ${transaction.version}${values}`);
    for (const [row] of changed) live.set(Math.floor(row / blockRows), 0);
  }
  if (added.length) {
    draft.written.add(wholeRows);
    const from = Int32Array.from(added, ([, i]) => i);
    const whole = isIdentity(from);
    const take = (data: ColumnData): ColumnData =>
      whole && data.length === from.length ? data : takeRows(data, from);
    await appendRows(transaction, state, state.allocated, added.length, (id) => {
      const data = columns.get(id);
      return data && take(data);
    });
    for (const [row] of added) {
      const block = Math.floor(row / blockRows);
      live.set(block, (live.get(block) ?? 0) + 1);
    }
  }
  if (live.size) touchBlocks(draft, transaction.version, live, allocated);
  const years = widenYears(state.years, columns.values());
  if (years !== state.years) {
    draft.state = { ...draft.state, years };
    draft.headChanged = true;
  }
}

function isIdentity(indices: Int32Array): boolean {
  for (let i = 0; i < indices.length; i++) if (indices[i] !== i) return false;
  return true;
}

async function deleteRows(transaction: Transaction, draft: Draft, { last }: RunPlan): Promise<void> {
  const { state } = draft;
  if (last.size === 0) return;
  draft.written.add(wholeRows);
  await stageRows(transaction, [], new Map(), [...last]);
  await keepFormerValues(
    transaction,
    state,
    state.columns.map(({ id }) => id),
    'SELECT _row FROM exa_stage_rows',
  );
  const cleared = state.columns.map(({ id }) => `, ${quoted(id)} = NULL`).join('');
  await updateFromStage(transaction, state.table, `_live = false, _rev = ${transaction.version}${cleared}`);
  const live = new Map<number, number>();
  for (const row of last.keys()) {
    const block = Math.floor(row / blockRows);
    live.set(block, (live.get(block) ?? 0) - 1);
  }
  touchBlocks(draft, transaction.version, live);
}

async function stageRows(
  { connection }: Transaction,
  columns: readonly ColumnInfo[],
  data: ReadonlyMap<string, ColumnData>,
  rows: readonly (readonly [row: number, from: number])[],
): Promise<void> {
  const from = Int32Array.from(rows, ([, i]) => i);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE exa_stage_rows (_row BIGINT${columns.map(({ id, type }) => `, ${quoted(id)} ${sqlType(type)}`).join('')})`,
  );
  await appendColumns(
    connection,
    'exa_stage_rows',
    [
      { type: { kind: 'int64' }, data: integers(Float64Array.from(rows, ([row]) => row)) },
      ...columns.map(({ id, type }) => ({ type, data: takeRows(data.get(id)!, from) })),
    ],
    rows.length,
  );
}

async function updateFromStage(
  { connection }: Transaction,
  table: string,
  assignments: string,
): Promise<void> {
  await connection.run(
    `UPDATE ${quoted(table)} AS t SET ${assignments} FROM exa_stage_rows s WHERE t._row = s._row`,
  );
}

function integers(values: Float64Array): ColumnData {
  return { kind: 'int64', length: values.length, values: int64FromDoubles(values) };
}

/** Appends rows `[first, first + rows)` of a data set, live and of the transaction's version. */
async function appendRows(
  { connection, version }: Transaction,
  state: DatasetState,
  first: number,
  rows: number,
  dataOf: (column: string) => ColumnData | undefined,
): Promise<void> {
  const numbers = Float64Array.from({ length: rows }, (_, i) => first + i);
  await appendColumns(
    connection,
    state.table,
    [
      { type: { kind: 'int64' }, data: integers(numbers) },
      { type: { kind: 'int64' }, data: integers(new Float64Array(rows).fill(version)) },
      { type: { kind: 'bool' }, data: { kind: 'bool', length: rows, values: new Uint8Array(rows).fill(1) } },
      ...state.columns.map(({ id, type }) => ({ type, data: dataOf(id) })),
    ],
    rows,
  );
}
