import { blockRows, type ColumnInfo } from '../protocol/column.ts';
import { valueBytes } from '../protocol/column-words.ts';
import { ExaError } from '../protocol/errors.ts';
import type { DatasetSummary, Head, ZoneTable } from '../protocol/head.ts';
import { localPrefix } from '../protocol/local.ts';
import type { Profile } from '../protocol/profile.ts';
import { resolveLinks } from '../protocol/profile-references.ts';
import { zoneTable } from '../protocol/zone-table.ts';
import type { LocalTransaction } from './local-database.ts';

/** A data set kept in this browser, as its record says. Never changed in place: a write puts the next one. */
export interface LocalTable {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
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
  /** Of each block: the version that last touched it, its rows that are not deleted, and where its pages are. */
  readonly revisions: readonly number[];
  readonly live: readonly number[];
  readonly stamps: readonly string[];
}

/** Where the counter of all data sets kept here stands. */
export interface LocalClock {
  readonly version: number;
  readonly asOf: string;
}

/** A page as a record; its key is {@link pageKey}. */
export interface LocalPage {
  /** xxHash64 of `bytes`, hexadecimal. */
  readonly checksum: string;
  readonly bytes: Uint8Array;
}

/** The version that last touched each row of a block (float64); not there when all rows are of the block's revision. */
export const revisionColumn = '_rev';

/** Key of the clock among the tables; no data set's id begins so. */
export const clockKey = '~clock';

/** What everybody may see: a browser's data sets are its user's. */
export const localScope = 'public';

/** Years `[first, end)` for which zones are always tabled, as in the store. */
const tabledYears: readonly [number, number] = [1970, 2038];

/** A page's key: pages of one write share the stamp, and no page is ever written over. */
export function pageKey(stamp: string, block: number, column: string): string {
  return `${stamp}/${block}/${column}`;
}

/** Rows handed out in a block. */
export function lengthOf({ allocated }: Pick<LocalTable, 'allocated'>, block: number): number {
  return Math.max(0, Math.min(blockRows, allocated - block * blockRows));
}

export async function readClock(transaction: LocalTransaction): Promise<LocalClock> {
  const clock = (await transaction.get('tables', clockKey)) as LocalClock | undefined;
  return clock ?? { version: 0, asOf: new Date(0).toISOString() };
}

/** All data sets, by id. */
export async function readTables(transaction: LocalTransaction): Promise<Map<string, LocalTable>> {
  const range = IDBKeyRange.bound(localPrefix, `${localPrefix}\uffff`);
  const tables = (await transaction.getAll('tables', range)) as readonly LocalTable[];
  return new Map(tables.map((table) => [table.id, table]));
}

/** Throws `missing` for a data set that is not here. */
export async function readTable(transaction: LocalTransaction, id: string): Promise<LocalTable> {
  const table = id === clockKey ? undefined : await transaction.get('tables', id);
  if (table === undefined)
    throw new ExaError('missing', 'This data set is no longer kept on this device.', {
      facts: { dataset: id },
    });
  return table as LocalTable;
}

/** The head of a table as of the clock. */
export function headOf(table: LocalTable, clock: LocalClock, tables: ReadonlyMap<string, LocalTable>): Head {
  const { id, name, epoch, allocated, columns, revisions, live } = table;
  const first = Math.min(tabledYears[0], table.years?.[0] ?? tabledYears[0]);
  const end = Math.max(tabledYears[1], table.years?.[1] ?? tabledYears[1]);
  const zones: Record<string, ZoneTable> = { UTC: zoneTable('UTC', first, end) };
  zones[table.profile.zone] = zoneTable(table.profile.zone, first, end);
  const profile = resolveLinks(table.profile, tables);
  const { version, asOf } = clock;
  return {
    id,
    name,
    epoch,
    scope: localScope,
    version,
    asOf,
    allocated,
    columns,
    profile,
    revisions,
    live,
    zones,
  };
}

/** A table as lists show it. `bytes` is what its columns take in memory, texts guessed at 16 bytes. */
export function summaryOf(table: LocalTable, tables: ReadonlyMap<string, LocalTable>): DatasetSummary {
  const { id, name, epoch, version, asOf, allocated, columns, live } = table;
  return {
    id,
    name,
    epoch,
    version,
    asOf,
    rows: live.reduce((sum, rows) => sum + rows, 0),
    bytes: allocated * columns.reduce((sum, { type }) => sum + valueBytes(type), 0),
    profile: resolveLinks(table.profile, tables),
  };
}

/** A short id never used among `tables`: `Online Retail` is `local-online-retail`. */
export function freeId(name: string, tables: ReadonlyMap<string, LocalTable>): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const stem = `${localPrefix}${plain.slice(0, 60) || 'data'}`;
  for (let i = 1; ; i++) {
    const id = i === 1 ? stem : `${stem}-${i}`;
    if (!tables.has(id)) return id;
  }
}
