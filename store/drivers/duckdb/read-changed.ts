import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnData } from '../../../src/arrow/column-data.ts';
import { blockRows, type ColumnInfo } from '../../../src/protocol/column.ts';
import type { DatasetState } from './catalogue.ts';
import { ColumnBuilder } from './column-builder.ts';
import { quoted } from './table-names.ts';

export interface ChangedRows {
  readonly rows: Float64Array;
  readonly live: Uint8Array;
  readonly columns: Readonly<Record<string, ColumnData>>;
}

/**
 * Rows of `blocks` with `_rev` above each block's `since`, by `_row`. A `since` from before the epoch asks for
 * every row; blocks that have not moved since are not even looked at.
 */
export async function readChanged(
  connection: DuckDBConnection,
  state: DatasetState,
  columns: readonly ColumnInfo[],
  blocks: readonly { readonly block: number; readonly since: number }[],
): Promise<ChangedRows> {
  const moved = blocks
    .filter(({ block, since }) => (state.revisions[block] ?? 0) > since)
    .map(({ block, since }) => ({ block, above: since < state.base ? -1 : since }));
  const builders = columns.map(({ type }) => type);
  if (moved.length === 0)
    return collect(
      builders.map((type) => new ColumnBuilder(type, 0)),
      columns,
      0,
    );
  const numbers = moved.map(({ block }) => block);
  const lowest = Math.min(...moved.map(({ above }) => above));
  const wanted = moved.map(({ block, above }) => `(${whole(block)}, ${whole(above)})`).join(', ');
  const list = columns.map(({ id }) => `, t.${quoted(id)}`).join('');
  const result = await connection.run(
    `SELECT t._row::DOUBLE, t._live${list} FROM ${quoted(state.table)} t JOIN (VALUES ${wanted}) s(block, above)
     ON (t._row >> 16) = s.block WHERE t._rev > s.above AND t._rev > ${whole(lowest)}
     AND t._row >= ${Math.min(...numbers) * blockRows} AND t._row < ${(Math.max(...numbers) + 1) * blockRows} ORDER BY t._row`,
  );
  const length = result.rowCount;
  const all = [rowType, liveType, ...builders].map((type) => new ColumnBuilder(type, length));
  let start = 0;
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
    const rows = chunk.rowCount;
    for (let i = 0; i < all.length; i++) all[i]!.add(chunk, i, { rows, start });
    start += rows;
  }
  const [row, live, ...rest] = all;
  return collect(rest, columns, length, row, live);
}

const rowType = { kind: 'float64' } as const;
const liveType = { kind: 'bool' } as const;

function collect(
  builders: readonly ColumnBuilder[],
  columns: readonly ColumnInfo[],
  length: number,
  row?: ColumnBuilder,
  live?: ColumnBuilder,
): ChangedRows {
  const rows = row?.finish();
  const flags = live?.finish();
  return {
    rows: rows?.kind === 'float64' ? rows.values : new Float64Array(length),
    live: flags?.kind === 'bool' ? flags.values : new Uint8Array(length),
    columns: Object.fromEntries(columns.map(({ id }, i) => [id, builders[i]!.finish()])),
  };
}

/** A number as SQL, or an error: nothing else may be pasted into a statement. */
function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number.`);
  return String(value);
}
