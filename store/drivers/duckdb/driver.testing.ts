import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { columnFromLiterals, literalAt } from '../../../src/arrow/build-column.ts';
import type { ColumnType, Literal } from '../../../src/protocol/column.ts';
import { blockRows } from '../../../src/protocol/column.ts';
import type { Profile } from '../../../src/protocol/profile.ts';
import type { RowBatch, Snapshot, TableDriver, Write } from '../table-driver.ts';
import { type DuckDbOptions, duckdbDriver } from './duckdb-driver.ts';

/** A data directory of a test's own, gone after `use`. */
export async function withDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'exanalytics-driver-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export async function withDriver<T>(
  use: (driver: TableDriver, file: string) => Promise<T>,
  options: Partial<DuckDbOptions> = {},
): Promise<T> {
  return await withDirectory(async (directory) => {
    const file = join(directory, 'store.duckdb');
    const driver = await duckdbDriver({ file, threads: 2, ...options });
    try {
      return await use(driver, file);
    } finally {
      await driver.close();
    }
  });
}

export function profileOf(keys: readonly string[], more: Partial<Profile> = {}): Profile {
  return {
    part: 'table',
    label: 'Table',
    grain: 'row',
    keys,
    roles: {},
    labels: {},
    links: [],
    calculated: [],
    measures: [],
    zone: 'UTC',
    dimensions: [],
    ...more,
  };
}

/** Rows as columns of literals: `batchOf({ id: [int64, [1, 2]] })`. */
export function batchOf(columns: Record<string, readonly [ColumnType, readonly Literal[]]>): RowBatch {
  const entries = Object.entries(columns);
  return {
    rows: entries[0]?.[1][1].length ?? 0,
    columns: Object.fromEntries(
      entries.map(([name, [type, values]]) => [name, columnFromLiterals(type, values)]),
    ),
  };
}

let keys = 0;

/** A write with a key and fingerprint of its own. */
export function writeOf(dataset: string, change: Write['change'], key = `key-${++keys}`): Write {
  return { key, fingerprint: key, dataset, change };
}

/** Every row of a data set, tombstones included, as literals by column name, with `_live`. */
export async function allRows(snapshot: Snapshot, dataset: string): Promise<Record<string, Literal>[]> {
  const head = snapshot.head(dataset, 'public');
  const rows: Record<string, Literal>[] = [];
  for (let block = 0; block * blockRows < head.allocated; block++) {
    const columns = [['_live', '_live'], ...head.columns.map(({ id, name }) => [id, name])];
    const read = await Promise.all(
      columns.map(async ([id, name]) => [name!, await snapshot.readBlock(dataset, id!, block)] as const),
    );
    const length = Math.min(blockRows, head.allocated - block * blockRows);
    for (let i = 0; i < length; i++)
      rows.push(Object.fromEntries(read.map(([name, data]) => [name, literalAt(data, i)])));
  }
  return rows;
}

/** Makes a data set of the columns given, as an import would; returns its id. */
export async function createDataset(
  driver: TableDriver,
  name: string,
  columns: Record<string, ColumnType>,
  keys: readonly string[],
  batch?: RowBatch,
): Promise<string> {
  const session = await driver.beginImport({
    name,
    mode: 'create',
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
    profile: profileOf(keys),
  });
  if (batch) await session.append(batch);
  return (await session.commit()).dataset;
}
