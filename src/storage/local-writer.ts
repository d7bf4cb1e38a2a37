import { loadChecksum } from '../arrow/checksum.ts';
import type { ColumnData } from '../arrow/column-data.ts';
import { decodePage, encodePage } from '../arrow/page.ts';
import { type PreparedRows, type RowsKind, widenYears } from '../arrow/prepare-rows.ts';
import type { Receipt, VersionEvent } from '../protocol/change.ts';
import { ExaError } from '../protocol/errors.ts';
import { liveColumn } from '../protocol/page.ts';
import { randomKey } from '../protocol/random-key.ts';
import type { LocalDatabase, LocalTransaction } from './local-database.ts';
import { editBlock, touchedBlocks } from './local-edit.ts';
import { mergeRows, type ReadPage } from './local-merge.ts';
import {
  clockKey,
  type LocalClock,
  type LocalPage,
  type LocalTable,
  pageKey,
  readClock,
  readTables,
  revisionColumn,
} from './local-table.ts';

/** Committed versions kept for listeners that come back; older ones read every head again. */
export const keptChanges = 1000;

/** What all writers of the data sets kept here share. */
export interface LocalWriter {
  readonly database: LocalDatabase;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs `work` while no other thread of this origin writes. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Told after each commit. */
  committed(event: VersionEvent): void;
}

/** A data set after a write, and what of it is new. */
export interface Draft {
  readonly before: LocalTable | undefined;
  /** Undefined: the data set is removed. */
  readonly after: Omit<LocalTable, 'version' | 'asOf'> | undefined;
  readonly headChanged: boolean;
  /** Blocks that were touched. */
  readonly touched: readonly number[];
  /** Pages to be put, besides those staged already. */
  readonly pages: ReadonlyMap<string, LocalPage>;
  readonly counts: Omit<Receipt, 'version' | 'asOf'>;
}

/** The data sets and the clock as of one moment. */
export interface LocalState {
  readonly clock: LocalClock;
  readonly datasets: ReadonlyMap<string, LocalTable>;
}

export function readState(database: LocalDatabase): Promise<LocalState> {
  return database.read(async (transaction) => ({
    clock: await readClock(transaction),
    datasets: await readTables(transaction),
  }));
}

/** A stamp for the pages of one write; it begins with the time, so that what nobody names can be told old. */
export function newStamp(now: number): string {
  return `${now.toString(36).padStart(9, '0')}-${randomKey()}`;
}

/**
 * Makes a draft visible: one transaction, one version, on the disk. Pages that no head names any more go with it.
 * Throws `conflict`, changing nothing, when another writer came first. `also` puts more into the same transaction.
 */
export async function commitDraft(
  writer: LocalWriter,
  state: LocalState,
  draft: Draft,
  also: (transaction: LocalTransaction, receipt: Receipt) => void = () => {},
): Promise<Receipt> {
  const { database, now } = writer;
  const { before, after, touched } = draft;
  const version = state.clock.version + 1;
  const asOf = new Date(Math.max(now(), Date.parse(state.clock.asOf))).toISOString();
  const receipt: Receipt = { version, asOf, ...draft.counts };
  const event: VersionEvent = {
    version,
    previous: state.clock.version,
    asOf,
    datasets: [
      {
        id: (after ?? before)!.id,
        epoch: after?.epoch ?? '',
        headChanged: draft.headChanged,
        allocated: after?.allocated ?? 0,
        blocks: touched.map((block) => ({ block, live: after?.live[block] ?? 0 })),
      },
    ],
  };
  await database.write(async (transaction) => {
    const clock = await readClock(transaction);
    if (clock.version !== state.clock.version)
      throw new ExaError('conflict', 'Another tab wrote at the same moment; trying again.');
    for (const [key, page] of draft.pages) transaction.put('pages', key, page);
    if (before) dropPages(transaction, before, after);
    if (after) transaction.put('tables', after.id, { ...after, version, asOf } satisfies LocalTable);
    else if (before) transaction.del('tables', before.id);
    transaction.put('tables', clockKey, { version, asOf } satisfies LocalClock);
    transaction.put('changes', version, event);
    if (version > keptChanges) transaction.del('changes', IDBKeyRange.upperBound(version - keptChanges));
    also(transaction, receipt);
  });
  writer.committed(event);
  return receipt;
}

function dropPages(
  transaction: LocalTransaction,
  before: LocalTable,
  after: Draft['after'] | undefined,
): void {
  for (const [block, stamp] of before.stamps.entries())
    if (after?.stamps[block] !== stamp || after.epoch !== before.epoch)
      for (const column of [...before.columns.map(({ id }) => id), liveColumn, revisionColumn])
        transaction.del('pages', pageKey(stamp, block, column));
}

/** Reads pages of a table one by one; throws `corrupt` for one that is damaged. */
export function pageReader(database: LocalDatabase, table: LocalTable): ReadPage {
  return async (block, column) => {
    const stamp = table.stamps[block];
    if (stamp === undefined) return undefined;
    const page = (await database.read((transaction) =>
      transaction.get('pages', pageKey(stamp, block, column)),
    )) as LocalPage | undefined;
    if (!page) return undefined;
    const checksum = await loadChecksum();
    if (checksum(page.bytes) !== page.checksum) throw damaged(table);
    return decodePage(page.bytes);
  };
}

/** What is said when a page kept here is no longer what was written. */
export function damaged({ id, name }: Pick<LocalTable, 'id' | 'name'>): ExaError {
  return new ExaError(
    'corrupt',
    `A part of ${name} that was kept on this device is damaged: import its file again.`,
    { facts: { dataset: id } },
  );
}

/** A column as a page record. */
export async function pageOf(data: ColumnData): Promise<LocalPage> {
  const checksum = await loadChecksum();
  const bytes = encodePage(data);
  // Structured clone of a view would store the whole buffer under it.
  const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  return { checksum: checksum(own), bytes: own };
}

/** The draft of a write of rows; `extra` changes the table before (columns an import brought, keys it declared). */
export async function draftRows(
  { database, now }: LocalWriter,
  state: LocalState,
  table: LocalTable,
  kind: RowsKind,
  prepared: PreparedRows,
): Promise<Draft> {
  const kept = state.datasets.get(table.id) ?? table;
  const read = pageReader(database, kept);
  const merged = await mergeRows(table, kind, prepared, read);
  const { patches, allocated, appended, updated, deleted } = merged;
  const version = state.clock.version + 1;
  const stamp = newStamp(now());
  const revisions = [...table.revisions];
  const live = [...table.live];
  const stamps = [...table.stamps];
  const pages = new Map<string, LocalPage>();
  const touched = touchedBlocks(patches);
  for (const block of touched) {
    const edited = await editBlock(table, block, patches, { allocated, version }, (column) =>
      read(block, column),
    );
    const names = new Set([...table.columns.map(({ id }) => id), liveColumn, revisionColumn]);
    for (const column of names) {
      const data = edited.pages.get(column);
      if (data) pages.set(pageKey(stamp, block, column), await pageOf(data));
      else if (table.stamps[block] !== undefined) {
        const old = await database.read((transaction) =>
          transaction.get('pages', pageKey(table.stamps[block]!, block, column)),
        );
        if (old !== undefined) pages.set(pageKey(stamp, block, column), old as LocalPage);
      }
    }
    revisions[block] = version;
    live[block] = edited.live;
    stamps[block] = stamp;
  }
  const years = widenYears(table.years, prepared.columns.values());
  const headChanged = years !== table.years || table !== kept;
  return {
    before: state.datasets.get(table.id),
    after: { ...table, allocated, revisions, live, stamps, years },
    headChanged,
    touched,
    pages,
    counts: { appended, updated, deleted },
  };
}
