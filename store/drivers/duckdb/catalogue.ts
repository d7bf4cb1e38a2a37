import type { DuckDBConnection } from '@duckdb/node-api';
import { blockRows, type ColumnInfo } from '../../../src/protocol/column.ts';
import type { Profile } from '../../../src/protocol/profile.ts';
import type { ArrayRecord } from '../array-catalogue.ts';
import { quoted, rowTablePrefix } from './table-names.ts';

/** A data set as of one version. Never changed in place: a commit makes the next one. */
export interface DatasetState {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
  /** The table of its rows. */
  readonly table: string;
  /** Version its epoch began: what `_rev` 0 means. */
  readonly base: number;
  /** Version that last changed it, and when (ISO). */
  readonly version: number;
  readonly asOf: string;
  readonly columns: readonly ColumnInfo[];
  /** Number of the next column id: ids are never reused. */
  readonly nextColumn: number;
  readonly profile: Profile;
  /** Calendar years `[first, end)` its times fall in, or undefined when it has none. */
  readonly years?: readonly [number, number];
  readonly allocated: number;
  readonly revisions: readonly number[];
  readonly live: readonly number[];
}

/** Everything the catalogue says as of `version`. */
export interface Catalogue {
  readonly version: number;
  readonly asOf: string;
  readonly datasets: ReadonlyMap<string, DatasetState>;
  readonly arrays: ReadonlyMap<string, ArrayRecord>;
}

const schema = `
CREATE TABLE IF NOT EXISTS exa_clock (version BIGINT NOT NULL, as_of VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS exa_datasets (id VARCHAR NOT NULL, version BIGINT NOT NULL, as_of VARCHAR NOT NULL, record VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS exa_arrays (id VARCHAR NOT NULL, record VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS exa_kept (kind VARCHAR NOT NULL, scope VARCHAR NOT NULL, id VARCHAR NOT NULL, made VARCHAR NOT NULL, record VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS exa_keys (key VARCHAR PRIMARY KEY, fingerprint VARCHAR NOT NULL, version BIGINT NOT NULL, day BIGINT NOT NULL, receipt VARCHAR NOT NULL)`;

/** What a data set's catalogue row keeps as JSON; revisions, live rows and `allocated` are derived from its rows. */
type DatasetRecord = Pick<
  DatasetState,
  'name' | 'epoch' | 'table' | 'base' | 'columns' | 'nextColumn' | 'profile' | 'years'
>;

const dayMs = 86_400_000;
/** Days an idempotency key is kept: an outbox retries within minutes, a laptop comes back within weeks. */
const keyDays = 30;

/** Makes the catalogue's tables where they are missing, drops what unfinished imports left, and reads it. */
export async function openCatalogue(connection: DuckDBConnection, now: () => number): Promise<Catalogue> {
  await connection.run(schema);
  const clock = await rowsOf(connection, 'SELECT version, as_of FROM exa_clock');
  if (clock.length === 0)
    await connection.run('INSERT INTO exa_clock VALUES (0, $1)', [new Date(now()).toISOString()]);
  const version = Number(clock[0]?.[0] ?? 0);
  const asOf = String(clock[0]?.[1] ?? new Date(now()).toISOString());
  const datasets = new Map<string, DatasetState>();
  for (const row of await rowsOf(
    connection,
    'SELECT id, version, as_of, record FROM exa_datasets ORDER BY id',
  )) {
    const record = JSON.parse(String(row[3])) as DatasetRecord;
    const blocks = await blocksOf(connection, record.table, record.base);
    const id = String(row[0]);
    datasets.set(id, { ...record, ...blocks, id, version: Number(row[1]), asOf: String(row[2]) });
  }
  const used = new Set([...datasets.values()].map(({ table }) => table));
  const tables = await rowsOf(connection, 'SELECT table_name FROM duckdb_tables() WHERE NOT temporary');
  for (const [table] of tables)
    if (String(table).startsWith(rowTablePrefix) && !used.has(String(table)))
      await connection.run(`DROP TABLE ${quoted(String(table))}`);
  await connection.run('DELETE FROM exa_keys WHERE day < $1::BIGINT', [BigInt(today(now) - keyDays)]);
  const arrays = new Map<string, ArrayRecord>();
  for (const [id, record] of await rowsOf(connection, 'SELECT id, record FROM exa_arrays ORDER BY id'))
    arrays.set(String(id), JSON.parse(String(record)) as ArrayRecord);
  return { version, asOf, datasets, arrays };
}

/** Writes or deletes an array's row inside the caller's transaction. */
export async function saveArray(
  connection: DuckDBConnection,
  id: string,
  record: ArrayRecord | undefined,
): Promise<void> {
  await connection.run('DELETE FROM exa_arrays WHERE id = $1', [id]);
  if (record) await connection.run('INSERT INTO exa_arrays VALUES ($1, $2)', [id, JSON.stringify(record)]);
}

export function today(now: () => number): number {
  return Math.floor(now() / dayMs);
}

/** Rows handed out, and each block's revision and live rows, from the rows themselves. */
export async function blocksOf(
  connection: DuckDBConnection,
  table: string,
  base: number,
): Promise<Pick<DatasetState, 'allocated' | 'revisions' | 'live'>> {
  const rows = await rowsOf(
    connection,
    `SELECT _row >> 16 AS block, max(_rev), count(*) FILTER (_live), max(_row) FROM ${quoted(table)} GROUP BY block ORDER BY block`,
  );
  return {
    allocated: rows.length ? Number(rows[rows.length - 1]![3]) + 1 : 0,
    revisions: rows.map((row) => Math.max(base, Number(row[1]))),
    live: rows.map((row) => Number(row[2])),
  };
}

/** Writes a data set's row, new or changed, inside the caller's transaction. */
export async function saveDataset(
  connection: DuckDBConnection,
  state: DatasetState,
  whole: boolean,
): Promise<void> {
  const { id, version, asOf } = state;
  if (!whole) {
    await connection.run('UPDATE exa_datasets SET version = $2::BIGINT, as_of = $3 WHERE id = $1', [
      id,
      BigInt(version),
      asOf,
    ]);
    return;
  }
  const { name, epoch, table, base, columns, nextColumn, profile, years } = state;
  const record: DatasetRecord = { name, epoch, table, base, columns, nextColumn, profile, years };
  await connection.run('DELETE FROM exa_datasets WHERE id = $1', [id]);
  await connection.run('INSERT INTO exa_datasets VALUES ($1, $2::BIGINT, $3, $4)', [
    id,
    BigInt(version),
    asOf,
    JSON.stringify(record),
  ]);
}

/** Rows of a small result as plain values (bigint for 64-bit integers). */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values: (string | bigint | number)[] = [],
): Promise<readonly (readonly unknown[])[]> {
  const result = await connection.run(sql, values);
  return await result.getRowsJS();
}

export function blocksIn(rows: number): number {
  return Math.ceil(rows / blockRows);
}
