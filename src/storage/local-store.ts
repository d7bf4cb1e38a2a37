import { columnFromLiterals } from '../arrow/build-column.ts';
import { loadChecksum } from '../arrow/checksum.ts';
import { prepareRows } from '../arrow/prepare-rows.ts';
import type { Change, Receipt } from '../protocol/change.ts';
import type { ColumnInfo, Literal } from '../protocol/column.ts';
import { ExaError, isExaError } from '../protocol/errors.ts';
import type { ImportRequest } from '../protocol/import-columns.ts';
import { parseProfile } from '../protocol/parse-profile.ts';
import { resolveProfile } from '../protocol/profile-references.ts';
import { isZone } from '../protocol/zone-table.ts';
import { readLocalBatch } from './local-batch.ts';
import { followLocal, type LocalChannel } from './local-changes.ts';
import { type LocalDatabase, openLocalDatabase } from './local-database.ts';
import { type ImportBatch, importHere } from './local-import.ts';
import { checkKeys } from './local-merge.ts';
import { sweepPages } from './local-sweep.ts';
import { headOf, type LocalTable, readClock, summaryOf } from './local-table.ts';
import {
  commitDraft,
  type Draft,
  draftRows,
  type LocalState,
  type LocalWriter,
  pageReader,
  readState,
} from './local-writer.ts';
import type { CallOptions, StoreClient } from './store-client.ts';

/** Data sets kept in this browser, for as long as its user wants: strict durability, never evicted. */
export interface LocalStore extends StoreClient {
  readonly database: LocalDatabase;
  /** Fills a data set: whole, in one version, or not at all. `kept` is told the rows so far. */
  importRows(
    request: ImportRequest,
    batches: AsyncIterable<ImportBatch>,
    options?: CallOptions & { readonly kept?: (rows: number) => void },
  ): Promise<Receipt & { readonly dataset: string }>;
  /** Removes a data set and all its pages, in one version. */
  drop(dataset: string): Promise<void>;
  /** Removes pages that no data set names and no import holds: what a killed tab left. */
  sweep(): Promise<void>;
  close(): void;
}

/** Effects of {@link openLocalStore}. */
export interface LocalStoreOptions {
  /** Name of the database. */
  readonly name: string;
  readonly indexedDB?: IDBFactory;
  readonly locks?: LockManager;
  /** A channel to the other threads of this origin. */
  readonly channel?: (name: string) => LocalChannel;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Idempotency keys kept: an outbox of this browser asks again within seconds. */
const keptReceipts = 2000;

/** Tries of a write that another tab overtook, where there are no Web Locks. */
const maxTries = 8;

interface KeptReceipt {
  readonly fingerprint: string;
  readonly receipt: Receipt;
}

/** Opens the data sets kept in this browser; the database itself is opened when first used. */
export function openLocalStore(options: LocalStoreOptions): LocalStore {
  const {
    name,
    locks = globalThis.navigator?.locks,
    channel = (channelName) => new BroadcastChannel(channelName),
    now = Date.now,
  } = options;
  const database = openLocalDatabase(name, options.indexedDB);
  const teller = channel(name);
  let last: Promise<unknown> = Promise.resolve();

  const writer: LocalWriter = {
    database,
    now,
    alone<T>(work: () => Promise<T>): Promise<T> {
      if (locks) return locks.request(`${name}/write`, work) as Promise<T>;
      const mine = last.then(work, work);
      last = mine.catch(() => {});
      return mine;
    },
    committed: ({ version }) => teller.postMessage(version),
  };

  const writeOnce = async (change: Change, key: string, fingerprint: string): Promise<Receipt> => {
    const known = (await database.read((transaction) => transaction.get('receipts', key))) as
      | KeptReceipt
      | undefined;
    if (known?.fingerprint === fingerprint) return known.receipt;
    if (known) throw new ExaError('conflict', 'This idempotency key was used for another write.');
    const state = await readState(database);
    const table = state.datasets.get(change.dataset);
    if (!table)
      throw new ExaError('missing', 'This data set is no longer kept on this device.', {
        facts: { dataset: change.dataset },
      });
    const draft = await draftOf(writer, state, table, change);
    return commitDraft(writer, state, draft, (transaction, receipt) => {
      transaction.put('receipts', key, { fingerprint, receipt } satisfies KeptReceipt);
    });
  };

  return {
    database,
    async datasets() {
      const { clock, datasets: tables } = await readState(database);
      const datasets = [...tables.values()].map((table) => summaryOf(table, tables));
      return { ...clock, datasets };
    },
    async head(dataset) {
      const { clock, datasets: tables } = await readState(database);
      const table = tables.get(dataset);
      if (!table)
        throw new ExaError('missing', 'This data set is no longer kept on this device.', {
          facts: { dataset },
        });
      return headOf(table, clock, tables);
    },
    batch: (request, { signal } = {}) => readLocalBatch(database, request, signal),
    async write(change, key) {
      if (change.kind === 'assign')
        throw new ExaError(
          'invalid',
          'An array kept on this device is read, not written: bring its file in again.',
        );
      const checksum = await loadChecksum();
      const fingerprint = checksum(new TextEncoder().encode(JSON.stringify(change)));
      for (let tries = 1; ; tries++)
        try {
          return await writer.alone(() => writeOnce(change, key, fingerprint));
        } catch (error) {
          if (!isExaError(error, 'conflict') || tries >= maxTries || locks) throw error;
        }
    },
    changes: (since, listener) => followLocal(database, channel(name), since, listener),
    health: () => database.read(readClock),
    importRows: (request, batches, { signal, kept } = {}) =>
      importHere(writer, request, batches, {
        signal,
        kept,
        holding: (stamp, work) =>
          locks ? (locks.request(`${name}/${stamp}`, work) as ReturnType<typeof work>) : work(),
      }),
    async drop(dataset) {
      await writer.alone(async () => {
        const state = await readState(database);
        const before = state.datasets.get(dataset);
        if (!before) return;
        await commitDraft(writer, state, {
          before,
          after: undefined,
          headChanged: true,
          touched: [],
          pages: new Map(),
          counts: { appended: 0, updated: 0, deleted: before.live.reduce((sum, rows) => sum + rows, 0) },
        });
      });
    },
    sweep: () => sweepPages(database, { now, locks, keptReceipts }),
    close() {
      teller.close();
      database.close();
    },
  };
}

async function draftOf(
  writer: LocalWriter,
  state: LocalState,
  table: LocalTable,
  change: Change,
): Promise<Draft> {
  if (change.kind === 'profile') {
    const given = parseProfile(change.profile, 'profile');
    const profile = resolveProfile(given, table.columns, 'ids');
    if (!isZone(profile.zone))
      throw new ExaError(
        'invalid',
        `${profile.zone} is not a time zone: use a name such as Europe/Paris or UTC.`,
        {
          facts: { zone: profile.zone },
        },
      );
    const after = { ...table, profile };
    if (profile.keys.join() !== table.profile.keys.join())
      await checkKeys(after, pageReader(writer.database, table));
    const counts = { appended: 0, updated: 0, deleted: 0 };
    return { before: table, after, headChanged: true, touched: [], pages: new Map(), counts };
  }
  if (change.kind === 'assign')
    throw new ExaError('invalid', `${table.name} is a table: rows are written to it, not elements.`);
  const columns = columnsOf(table, change.rows);
  const prepared = prepareRows(table, change.kind, { rows: change.rows.length, columns });
  return draftRows(writer, state, table, change.kind, prepared);
}

/** Rows by name or id as columns of the stored types; a column no row names is left out. */
function columnsOf(
  table: LocalTable,
  rows: readonly Readonly<Record<string, Literal>>[],
): Record<string, ReturnType<typeof columnFromLiterals>> {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return Object.fromEntries(
    [...names].map((name) => {
      const column = findColumn(table, name);
      return [
        name,
        columnFromLiterals(
          column.type,
          rows.map((row) => row[name] ?? null),
        ),
      ];
    }),
  );
}

function findColumn({ name, columns }: LocalTable, reference: string): ColumnInfo {
  const column =
    columns.find(({ id }) => id === reference) ?? columns.find((known) => known.name === reference);
  if (column) return column;
  throw new ExaError('invalid', `${name} has no column ${reference}.`, { facts: { column: reference } });
}
