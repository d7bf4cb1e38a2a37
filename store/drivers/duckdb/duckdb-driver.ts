import { resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { DatasetSummary } from '../../../src/protocol/head.ts';
import type { Revocations } from '../../access/revocations.ts';
import type { KeptShelf } from '../../kept-shelf.ts';
import type { ArrayCatalogue } from '../array-catalogue.ts';
import type { ImportSession, TableDriver } from '../table-driver.ts';
import { type Catalogue, type DatasetState, openCatalogue, rowsOf } from './catalogue.ts';
import { arrayCatalogue } from './commit-array.ts';
import { ConnectionPool } from './connection-pool.ts';
import { summaryOf } from './dataset-head.ts';
import { duckError } from './duck-error.ts';
import type { Aside } from './exact-partials.ts';
import { openImport } from './import-session.ts';
import { openRevocations } from './kept-revocations.ts';
import { keptShelf } from './kept-shelf.ts';
import { DuckSnapshot } from './snapshot.ts';
import { quoted } from './table-names.ts';
import { noDataset } from './transaction.ts';
import { Writer } from './writer.ts';

export interface DuckDbOptions {
  /** The database file; made when it is missing. One process at a time may have it open. */
  readonly file: string;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly clock?: () => number;
  /** DuckDB's threads; default: as many as there are cores. */
  readonly threads?: number;
  /** Most bytes DuckDB keeps in memory before it spills to disk; default 2 GiB. */
  readonly maxBytes?: number;
  /** Read transactions at a time; others wait. Default 64: a slow client may hold one for a while. */
  readonly readers?: number;
}

/**
 * Tables in one DuckDB file: catalogue, idempotency keys and rows change in one transaction, which is on disk when a
 * write resolves. Throws `refused` when another process has the file open, `quota` when it may not be written.
 */
export async function duckdbDriver(
  options: DuckDbOptions,
): Promise<TableDriver & { readonly catalogue: ArrayCatalogue; readonly kept: KeptShelf }> {
  const { file, clock = Date.now, threads, maxBytes = 2 ** 31, readers = 64 } = options;
  const settings: Record<string, string> = { memory_limit: `${Math.ceil(maxBytes / 2 ** 20)}MiB` };
  if (threads !== undefined) settings.threads = String(threads);
  const path = resolve(file);
  if (openFiles.has(path))
    throw new ExaError('refused', 'This process has the data directory open already.', {
      facts: { file: path },
    });
  openFiles.add(path);
  let instance: DuckDBInstance | undefined;
  try {
    instance = await DuckDBInstance.create(path, settings);
    const connection = await instance.connect();
    const catalogue = await openCatalogue(connection, clock);
    const writer = new Writer(connection, catalogue, clock);
    const revocations = await openRevocations(connection, writer, clock);
    const kept = { catalogue: arrayCatalogue(writer, clock), revocations };
    return new DuckDbDriver(instance, connection, writer, kept, readers, () => openFiles.delete(path));
  } catch (error) {
    instance?.closeSync();
    openFiles.delete(path);
    throw duckError(error);
  }
}

/** Files this process has open: the lock on a database file keeps out other processes only. */
const openFiles = new Set<string>();

class DuckDbDriver implements TableDriver {
  /** Arrays share the file's clock, keys and transactions. */
  readonly catalogue: ArrayCatalogue;
  readonly revocations: Revocations;
  readonly kept: KeptShelf;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #writer: Writer;
  readonly #pool: ConnectionPool;
  readonly #imports = new Set<ImportSession>();
  readonly #closed: () => void;
  #closing: Promise<void> | undefined;

  constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    writer: Writer,
    { catalogue, revocations }: { catalogue: ArrayCatalogue; revocations: Revocations },
    readers: number,
    closed: () => void,
  ) {
    this.#closed = closed;
    this.catalogue = catalogue;
    this.revocations = revocations;
    this.kept = keptShelf(writer);
    this.#instance = instance;
    this.#connection = connection;
    this.#writer = writer;
    this.#pool = new ConnectionPool(instance, readers);
  }

  datasets(): readonly DatasetSummary[] {
    const { catalogue } = this.#writer;
    return [...catalogue.datasets.values()].map((state) => summaryOf(state, catalogue));
  }

  async snapshot<T>(read: (snapshot: DuckSnapshot) => Promise<T>): Promise<T> {
    this.#refuseWhenClosing();
    const connection = await this.#pool.take();
    let usable = false;
    try {
      const catalogue = await this.#begin(connection);
      const snapshot = new DuckSnapshot(connection, catalogue, (state, blocks) =>
        this.#stepAside(state, blocks),
      );
      try {
        return await read(snapshot);
      } finally {
        await snapshot.end();
        usable = await connection.run('ROLLBACK').then(
          () => true,
          () => false,
        );
      }
    } finally {
      if (usable) this.#pool.give(connection);
      else this.#pool.replace(connection);
    }
  }

  async write(write: Parameters<TableDriver['write']>[0]): ReturnType<TableDriver['write']> {
    return await this.#writer.write(write);
  }

  async beginImport(options: Parameters<TableDriver['beginImport']>[0]): Promise<ImportSession> {
    this.#refuseWhenClosing();
    try {
      const connection = await this.#instance.connect();
      try {
        const session: ImportSession = await openImport(connection, this.#writer, options, () => {
          this.#imports.delete(session);
          connection.closeSync();
        });
        this.#imports.add(session);
        return session;
      } catch (error) {
        connection.closeSync();
        throw error;
      }
    } catch (error) {
      throw duckError(error);
    }
  }

  async drop(dataset: string): Promise<void> {
    await this.#writer.alone(async (transaction) => {
      const state = transaction.before.datasets.get(dataset);
      if (!state) throw noDataset(dataset);
      await transaction.connection.run(`DROP TABLE ${quoted(state.table)}`);
      transaction.dropped.set(dataset, state);
    });
  }

  onVersion(listener: Parameters<TableDriver['onVersion']>[0]): () => void {
    return this.#writer.onVersion(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const session of [...this.#imports]) await session.abort().catch(() => undefined);
    await this.#writer.close();
    // The log is replayed at the next open when this cannot be done now (a reader is still at work).
    await this.#connection.run('CHECKPOINT').catch(() => undefined);
    this.#pool.close();
    this.#connection.closeSync();
    this.#instance.closeSync();
    this.#closed();
  }

  /** Begins a read transaction; its version is read inside it, and its catalogue is the one of that version. */
  async #begin(connection: DuckDBConnection): Promise<Catalogue> {
    for (;;) {
      await connection.run('BEGIN TRANSACTION READ ONLY');
      const [clock] = await rowsOf(connection, 'SELECT version FROM exa_clock');
      const catalogue = this.#writer.at(Number(clock?.[0]));
      if (catalogue) return catalogue;
      await connection.run('ROLLBACK');
    }
  }

  /** A connection of its own, not one in line for the pool: whoever steps aside holds one of those already. */
  async #stepAside(state: DatasetState, blocks: readonly number[]): Promise<Aside> {
    const connection = await this.#instance.connect();
    try {
      const now = (await this.#begin(connection)).datasets.get(state.id);
      const same = now?.epoch === state.epoch ? now : undefined;
      return {
        connection,
        blocks: blocks.filter((block) => same?.revisions[block] === state.revisions[block]),
        end: async () => {
          await connection.run('ROLLBACK').catch(() => undefined);
          connection.closeSync();
        },
      };
    } catch (error) {
      connection.closeSync();
      throw error;
    }
  }

  #refuseWhenClosing(): void {
    if (this.#closing) throw new ExaError('offline', 'The store is stopping: try again in a moment.');
  }
}
