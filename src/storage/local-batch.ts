import { concatColumns, takeRows } from '../arrow/build-column.ts';
import { loadChecksum } from '../arrow/checksum.ts';
import type { ColumnData } from '../arrow/column-data.ts';
import { nullColumn } from '../arrow/null-column.ts';
import { decodePage } from '../arrow/page.ts';
import { encodePatch } from '../arrow/patch.ts';
import type { BatchItem, BatchPart, BatchRequest } from '../protocol/batch.ts';
import { blockRows, type ColumnType } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import { liveColumn } from '../protocol/page.ts';
import type { LocalDatabase, LocalTransaction } from './local-database.ts';
import {
  type LocalClock,
  type LocalPage,
  type LocalTable,
  lengthOf,
  pageKey,
  readClock,
  readTable,
  revisionColumn,
} from './local-table.ts';
import { damaged, pageOf } from './local-writer.ts';

/** Most bytes of one batch, as in the store: what did not come is asked for again. */
const batchBytes = 16 * 2 ** 20;

interface Found {
  readonly item: number;
  readonly request: Exclude<BatchItem, { kind: 'partials' }>;
  readonly table: LocalTable;
  readonly block: number;
  /** By column; undefined where all is null, live or of the block's revision. */
  readonly pages: ReadonlyMap<string, LocalPage | undefined>;
}

/**
 * Pages and patches as of one version, as the store answers them. Partials are left out: pages are here, so they are
 * mapped. Throws `missing`, `gone` for another epoch, `corrupt` for a page that is no longer what was written.
 */
export async function* readLocalBatch(
  database: LocalDatabase,
  { items }: BatchRequest,
  signal?: AbortSignal,
): AsyncGenerator<BatchPart> {
  const checksum = await loadChecksum();
  signal?.throwIfAborted();
  const { clock, found } = await database.read((transaction) => readFound(transaction, items));
  signal?.throwIfAborted();
  for (const { table, pages } of found)
    for (const page of pages.values())
      if (page && checksum(page.bytes) !== page.checksum) throw damaged(table);
  for (const [item, request] of items.entries()) {
    const mine = found.filter((entry) => entry.item === item);
    if (mine.length === 0) continue;
    if (request.kind === 'patch') {
      if (mine.length === request.blocks.length) yield await patchPart(item, request, mine, clock, checksum);
      continue;
    }
    for (const { table, block, pages } of mine) {
      const [[column, kept]] = [...pages] as [[string, LocalPage | undefined]];
      const page = kept ?? (await blankPage(table, block, { column }));
      yield {
        item,
        kind: 'page',
        version: clock.version,
        block,
        level: 0,
        revision: table.revisions[block]!,
        checksum: page.checksum,
        body: page.bytes,
      };
    }
  }
}

async function readFound(
  transaction: LocalTransaction,
  items: readonly BatchItem[],
): Promise<{ readonly clock: LocalClock; readonly found: Found[] }> {
  const clock = await readClock(transaction);
  const found: Found[] = [];
  let bytes = 0;
  for (const [item, request] of items.entries()) {
    if (request.kind === 'partials') continue;
    const table = await readTable(transaction, request.dataset);
    if (table.epoch !== request.epoch)
      throw new ExaError('gone', `${table.name} was replaced meanwhile.`, { facts: { dataset: table.id } });
    const columns =
      request.kind === 'pages' ? [request.column] : [...request.columns, liveColumn, revisionColumn];
    for (const column of columns) typeOfColumn(table, column);
    const blocks = request.kind === 'pages' ? request.blocks : request.blocks.map(({ block }) => block);
    for (const block of blocks) {
      if (bytes >= batchBytes) return { clock, found };
      const stamp = table.stamps[block];
      if (stamp === undefined)
        throw new ExaError('missing', `${table.name} has no block ${block}.`, { facts: { block } });
      const pages = new Map<string, LocalPage | undefined>();
      for (const column of columns) {
        const page = (await transaction.get('pages', pageKey(stamp, block, column))) as LocalPage | undefined;
        bytes += page?.bytes.byteLength ?? 0;
        pages.set(column, page);
      }
      found.push({ item, request, table, block, pages });
    }
  }
  return { clock, found };
}

function typeOfColumn(table: LocalTable, column: string): ColumnType {
  if (column === liveColumn) return { kind: 'bool' };
  if (column === revisionColumn) return { kind: 'float64' };
  const found = table.columns.find(({ id }) => id === column);
  if (found) return found.type;
  throw new ExaError('missing', `${table.name} has no column ${column}.`, { facts: { column } });
}

/** A page that was never written: all null or, of `_live`, all live. */
export async function blankPage(
  table: LocalTable,
  block: number,
  { column }: { readonly column: string },
): Promise<LocalPage> {
  const length = lengthOf(table, block);
  return pageOf(blankColumn(table, length, column));
}

function blankColumn(table: LocalTable, length: number, column: string): ColumnData {
  if (column === liveColumn) return { kind: 'bool', length, values: new Uint8Array(length).fill(1) };
  return nullColumn(typeOfColumn(table, column), length);
}

async function patchPart(
  item: number,
  request: Extract<BatchItem, { kind: 'patch' }>,
  found: readonly Found[],
  clock: LocalClock,
  checksum: (bytes: Uint8Array) => string,
): Promise<BatchPart> {
  const rows: number[] = [];
  const live: number[] = [];
  const parts = new Map<string, ColumnData[]>(request.columns.map((column) => [column, []]));
  const sorted = [...found].sort((a, b) => a.block - b.block);
  for (const { table, block, pages } of sorted) {
    const { since } = request.blocks.find((asked) => asked.block === block)!;
    const changed = changedRows(table, block, since, pages.get(revisionColumn));
    const alive = pages.get(liveColumn);
    const flags = alive ? decodePage(alive.bytes) : undefined;
    for (const row of changed) {
      rows.push(block * blockRows + row);
      live.push(flags?.kind === 'bool' ? flags.values[row]! : 1);
    }
    for (const [column, list] of parts) {
      const page = pages.get(column);
      const data = page ? decodePage(page.bytes) : blankColumn(table, lengthOf(table, block), column);
      list.push(takeRows(data, changed));
    }
  }
  const body = encodePatch({
    rows: Float64Array.from(rows),
    live: Uint8Array.from(live),
    columns: Object.fromEntries([...parts].map(([column, list]) => [column, concatColumns(list)])),
  });
  return {
    item,
    kind: 'patch',
    version: clock.version,
    block: sorted[0]!.block,
    level: 0,
    revision: Math.max(...sorted.map(({ table, block }) => table.revisions[block]!)),
    checksum: checksum(body),
    body,
  };
}

/** Positions within the block of the rows with a revision after `since`. */
function changedRows(
  table: LocalTable,
  block: number,
  since: number,
  page: LocalPage | undefined,
): Int32Array {
  const length = lengthOf(table, block);
  if (table.revisions[block]! <= since) return new Int32Array();
  if (!page) return Int32Array.from({ length }, (_, i) => i);
  const revisions = decodePage(page.bytes);
  if (revisions.kind !== 'float64') throw damaged(table);
  const rows: number[] = [];
  for (let i = 0; i < length; i++) if (revisions.values[i]! > since) rows.push(i);
  return Int32Array.from(rows);
}
