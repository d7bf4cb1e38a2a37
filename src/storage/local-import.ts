import { concatColumns, takeRows } from '../arrow/build-column.ts';
import { coerceColumn } from '../arrow/coerce-column.ts';
import type { ColumnData } from '../arrow/column-data.ts';
import { keysOf, prepareRows, widenYears } from '../arrow/prepare-rows.ts';
import type { Receipt } from '../protocol/change.ts';
import { blockRows, type ColumnInfo } from '../protocol/column.ts';
import { ExaError, toExaError } from '../protocol/errors.ts';
import { checkTarget, type ImportRequest, importTarget, stagedColumns } from '../protocol/import-columns.ts';
import type { Profile } from '../protocol/profile.ts';
import { resolveProfile } from '../protocol/profile-references.ts';
import { randomKey } from '../protocol/random-key.ts';
import { isZone } from '../protocol/zone-table.ts';
import { checkKeys, checkRow } from './local-merge.ts';
import { freeId, type LocalPage, type LocalTable, pageKey } from './local-table.ts';
import {
  commitDraft,
  draftRows,
  type LocalState,
  type LocalWriter,
  newStamp,
  pageOf,
  pageReader,
  readState,
} from './local-writer.ts';

/** Rows in columns by name, all of one length. */
export interface ImportBatch {
  readonly columns: Readonly<Record<string, ColumnData>>;
  readonly rows: number;
}

/** Effects of {@link importHere}. */
export interface ImportHereOptions {
  readonly signal?: AbortSignal;
  /** Told the rows kept so far, where nobody sees them yet. */
  readonly kept?: (rows: number) => void;
  /** Holds `stamp` while `work` runs: its pages are somebody's. */
  readonly holding: <T>(stamp: string, work: () => Promise<T>) => Promise<T>;
}

type Done = Receipt & { readonly dataset: string };

/** Fills a data set of this browser: committed whole, in one version, or nothing of it is seen by anybody. */
export function importHere(
  writer: LocalWriter,
  request: ImportRequest,
  batches: AsyncIterable<ImportBatch>,
  options: ImportHereOptions,
): Promise<Done> {
  return fill(writer, request, batches, options).catch((error: unknown) => {
    throw toExaError(error);
  });
}

async function fill(
  writer: LocalWriter,
  request: ImportRequest,
  batches: AsyncIterable<ImportBatch>,
  options: ImportHereOptions,
): Promise<Done> {
  const state = await readState(writer.database);
  checkTarget(importTarget(state, request), request);
  if (!isZone(request.profile.zone))
    throw new ExaError(
      'invalid',
      `${request.profile.zone} is not a time zone: use a name such as Europe/Paris or UTC.`,
    );
  if (request.mode === 'append' || request.mode === 'upsert')
    return mergeImport(writer, request, batches, options);
  const stamp = newStamp(writer.now());
  return options.holding(stamp, async () => {
    try {
      return await installImport(writer, request, batches, stamp, options);
    } catch (error) {
      const range = IDBKeyRange.bound(`${stamp}/`, `${stamp}/\uffff`);
      await writer.database.write(async (transaction) => transaction.del('pages', range)).catch(() => {});
      throw error;
    }
  });
}

/** A new data set, or a new epoch of one: blocks are staged as they fill, then one transaction names them. */
async function installImport(
  writer: LocalWriter,
  request: ImportRequest,
  batches: AsyncIterable<ImportBatch>,
  stamp: string,
  { signal, kept }: ImportHereOptions,
): Promise<Done> {
  const columns = stagedColumns(await readState(writer.database), request);
  const profile = resolveProfile(request.profile, columns, 'names');
  const keys = keysOf({ id: '', name: request.name, columns, profile });
  const seen = new Map<string, number>();
  let years: LocalTable['years'];
  let allocated = 0;
  const stage = async (block: ImportBatch) => {
    const first = allocated;
    const parts = keys.map(({ id }) => block.columns[id]!);
    const names = keys.map(({ name }) => name).join(', ');
    if (keys.length > 0) for (let i = 0; i < block.rows; i++) checkRow(parts, i, first + i, names, seen);
    years = widenYears(years, Object.values(block.columns));
    const pages: [string, LocalPage][] = [];
    for (const [id, data] of Object.entries(block.columns))
      pages.push([pageKey(stamp, first / blockRows, id), await pageOf(data)]);
    await writer.database.write(async (transaction) => {
      for (const [key, page] of pages) transaction.put('pages', key, page);
    });
    allocated += block.rows;
    kept?.(allocated);
  };
  for await (const block of wholeBlocks(byId(batches, columns), signal)) await stage(block);
  signal?.throwIfAborted();
  const count = Math.ceil(allocated / blockRows);
  const live = Array.from({ length: count }, (_, block) =>
    Math.min(blockRows, allocated - block * blockRows),
  );
  return writer.alone(async () => {
    const state = await readState(writer.database);
    const target = importTarget(state, request);
    checkTarget(target, request);
    const id = target?.id ?? freeId(request.name, state.datasets);
    const version = state.clock.version + 1;
    const numbers = columns.map((column) => Number(column.id.slice(1)) + 1);
    const receipt = await commitDraft(writer, state, {
      before: target,
      after: {
        id,
        name: target?.name ?? request.name,
        epoch: randomKey().slice(0, 16),
        columns,
        nextColumn: Math.max(target?.nextColumn ?? 1, ...numbers),
        profile,
        years,
        allocated,
        revisions: live.map(() => version),
        live,
        stamps: live.map(() => stamp),
      },
      headChanged: true,
      touched: [...live.keys()],
      pages: new Map(),
      counts: { appended: allocated, updated: 0, deleted: 0 },
    });
    return { ...receipt, dataset: id };
  });
}

/** Rows of a file into a data set that is there; they are gathered first, as they change blocks here and there. */
async function mergeImport(
  writer: LocalWriter,
  request: ImportRequest,
  batches: AsyncIterable<ImportBatch>,
  { signal, kept }: ImportHereOptions,
): Promise<Done> {
  const gathered: ImportBatch[] = [];
  let rows = 0;
  for await (const batch of batches) {
    signal?.throwIfAborted();
    gathered.push(batch);
    rows += batch.rows;
    kept?.(rows);
  }
  return writer.alone(async () => {
    const state = await readState(writer.database);
    const target = importTarget(state, request);
    checkTarget(target, request);
    const table = await fitted(writer, state, target!, request);
    const columns = Object.fromEntries(
      request.columns.flatMap(({ name }) =>
        gathered.length === 0
          ? []
          : [[name, concatColumns(gathered.map((batch) => batch.columns[name]!))] as const],
      ),
    );
    const kind = request.mode === 'upsert' ? 'upsert' : 'append';
    if (rows === 0) {
      const { version, asOf } = state.clock;
      return { version, asOf, appended: 0, updated: 0, deleted: 0, dataset: table.id };
    }
    const prepared = prepareRows(table, kind, { rows, columns });
    const draft = await draftRows(writer, state, table, kind, prepared);
    signal?.throwIfAborted();
    return { ...(await commitDraft(writer, state, draft)), dataset: table.id };
  });
}

/** The table with the columns that the file adds, and the keys that an upsert declares. The same table when nothing is. */
async function fitted(
  writer: LocalWriter,
  state: LocalState,
  table: LocalTable,
  request: ImportRequest,
): Promise<LocalTable> {
  const columns = stagedColumns(state, request);
  const added = columns.filter(({ id }) => !table.columns.some((known) => known.id === id));
  let result = table;
  if (added.length > 0)
    result = {
      ...table,
      columns: [...table.columns, ...added],
      nextColumn: Math.max(table.nextColumn, ...added.map(({ id }) => Number(id.slice(1)) + 1)),
    };
  if (request.mode === 'upsert' && table.profile.keys.length === 0 && request.profile.keys.length > 0) {
    const named: Profile = { ...result.profile, keys: request.profile.keys };
    result = { ...result, profile: resolveProfile(named, result.columns, 'names') };
    await checkKeys(result, pageReader(writer.database, table));
  }
  return result;
}

/** Batches with columns by id, each of its stored type. */
async function* byId(
  batches: AsyncIterable<ImportBatch>,
  columns: readonly ColumnInfo[],
): AsyncIterable<ImportBatch> {
  for await (const { columns: given, rows } of batches)
    yield {
      rows,
      columns: Object.fromEntries(
        columns.map((column) => [column.id, coerceColumn(given[column.name]!, column)]),
      ),
    };
}

/** The same rows in batches of exactly a block's rows, but for the last. */
async function* wholeBlocks(
  batches: AsyncIterable<ImportBatch>,
  signal: AbortSignal | undefined,
): AsyncIterable<ImportBatch> {
  let waiting: ImportBatch[] = [];
  let rows = 0;
  for await (const batch of batches) {
    signal?.throwIfAborted();
    waiting.push(batch);
    rows += batch.rows;
    if (rows < blockRows) continue;
    const all = joined(waiting);
    let start = 0;
    for (; start + blockRows <= rows; start += blockRows) yield cut(all, start, start + blockRows);
    waiting = start < rows ? [cut(all, start, rows)] : [];
    rows -= start;
  }
  if (rows > 0) yield joined(waiting);
}

function joined(batches: readonly ImportBatch[]): ImportBatch {
  const [first] = batches;
  if (batches.length === 1 && first) return first;
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const names = Object.keys(first?.columns ?? {});
  const columns = Object.fromEntries(
    names.map((name) => [name, concatColumns(batches.map((batch) => batch.columns[name]!))]),
  );
  return { rows, columns };
}

function cut(batch: ImportBatch, start: number, end: number): ImportBatch {
  if (start === 0 && end === batch.rows) return batch;
  const rows = Int32Array.from({ length: end - start }, (_, i) => start + i);
  const columns = Object.fromEntries(
    Object.entries(batch.columns).map(([name, data]) => [name, takeRows(data, rows)]),
  );
  return { rows: end - start, columns };
}
