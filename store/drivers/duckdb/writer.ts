import type { DuckDBConnection } from '@duckdb/node-api';
import type { Receipt, VersionEvent } from '../../../src/protocol/change.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { Write } from '../table-driver.ts';
import { applyGroup } from './apply-group.ts';
import type { Catalogue } from './catalogue.ts';
import { duckError } from './duck-error.ts';
import { maintain } from './maintain.ts';
import { eventOf, saveTransaction, type Transaction } from './transaction.ts';

/** Most writes, and rows, committed together: a group waits for its slowest. */
const groupWrites = 512;
const groupRows = 262_144;
/** Versions whose catalogue is remembered for readers that began just before a commit. */
const rememberedVersions = 64;

type Job =
  | {
      readonly write: Write;
      readonly resolve: (receipt: Receipt) => void;
      readonly reject: (error: ExaError) => void;
    }
  | {
      readonly alone: (begin: () => Promise<Transaction>) => Promise<void>;
      readonly reject: (error: ExaError) => void;
    };

/** The one writer: waiting writes become one transaction, and one version, at a time. */
export class Writer {
  readonly #connection: DuckDBConnection;
  readonly #now: () => number;
  readonly #queue: Job[] = [];
  readonly #catalogues = new Map<number, Catalogue>();
  readonly #listeners = new Set<(event: VersionEvent) => void>();
  #current: Catalogue;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(connection: DuckDBConnection, catalogue: Catalogue, now: () => number) {
    this.#connection = connection;
    this.#now = now;
    this.#current = catalogue;
    this.#catalogues.set(catalogue.version, catalogue);
  }

  get catalogue(): Catalogue {
    return this.#current;
  }

  /** The catalogue as of a version a reader has just read, or undefined when it is long gone. */
  at(version: number): Catalogue | undefined {
    return this.#catalogues.get(version);
  }

  write(write: Write): Promise<Receipt> {
    return new Promise((resolve, reject) => this.#enqueue({ write, resolve, reject }));
  }

  /** Runs `body` as a transaction of its own, after the writes that wait already. */
  alone<T>(body: (transaction: Transaction) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#enqueue({
        reject,
        alone: async (begin) => {
          const transaction = await begin();
          const result = await body(transaction);
          if (transaction.idle) await this.#connection.run('ROLLBACK');
          else await this.#commit(transaction);
          resolve(result);
        },
      });
    });
  }

  onVersion(listener: (event: VersionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Finishes what waits; later writes are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  #enqueue(job: Job): void {
    if (this.#closed) {
      job.reject(new ExaError('offline', 'The store is stopping: try again in a moment.'));
      return;
    }
    this.#queue.push(job);
    this.#running ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that writes made together are committed together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length) {
      const job = this.#queue[0]!;
      if ('alone' in job) {
        this.#queue.shift();
        await this.#attempt(() => job.alone(() => this.#begin())).catch((error) => job.reject(error));
      } else await this.#runGroup(this.#takeGroup());
    }
    this.#running = undefined;
  }

  #takeGroup(): Extract<Job, { write: Write }>[] {
    const group: Extract<Job, { write: Write }>[] = [];
    let rows = 0;
    for (
      let job = this.#queue[0];
      job && 'write' in job && group.length < groupWrites;
      job = this.#queue[0]
    ) {
      const { change } = job.write;
      rows += change.kind === 'profile' ? 0 : change.batch.rows;
      // A guarded write is checked against what it alone changed.
      if (group.length && (rows > groupRows || job.write.within || group[0]!.write.within)) break;
      group.push(job);
      this.#queue.shift();
    }
    return group;
  }

  async #runGroup(group: readonly Extract<Job, { write: Write }>[]): Promise<void> {
    try {
      const outcomes = await this.#attempt(async () => {
        const transaction = await this.#begin();
        const writes = group.map(({ write }) => write);
        const { outcomes, fresh } = await applyGroup(transaction, writes, this.#now);
        if (fresh) await this.#commit(transaction);
        else await this.#connection.run('ROLLBACK');
        return outcomes;
      });
      group.forEach(({ resolve, reject }, i) => {
        const outcome = outcomes[i]!;
        if (outcome instanceof ExaError) reject(outcome);
        else resolve(outcome);
      });
    } catch (error) {
      // Something no check foresaw: nothing of the group is stored. Alone, each write gets its own answer.
      if (group.length === 1) group[0]!.reject(duckError(error));
      else for (const job of group) await this.#runGroup([job]);
    }
  }

  async #begin(): Promise<Transaction> {
    await this.#connection.run('BEGIN TRANSACTION');
    const version = this.#current.version + 1;
    return {
      connection: this.#connection,
      version,
      asOf: new Date(this.#now()).toISOString(),
      before: this.#current,
      drafts: new Map(),
      dropped: new Map(),
      former: new Map(),
      arrays: new Map(),
    };
  }

  /** Resolves once the transaction is on disk; then listeners hear of it. */
  async #commit(transaction: Transaction): Promise<void> {
    await maintain(transaction);
    const next = await saveTransaction(transaction);
    // Known before the commit: a reader may see the new version before this thread hears that it is there.
    this.#catalogues.set(next.version, next);
    try {
      await this.#connection.run('COMMIT');
    } catch (error) {
      this.#catalogues.delete(next.version);
      throw error;
    }
    this.#current = next;
    this.#catalogues.delete(next.version - rememberedVersions);
    for (const { committed } of transaction.arrays.values()) committed?.();
    const event = eventOf(transaction);
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // A listener's own failure is not the write's: it is reported where uncaught errors are.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  async #attempt<T>(body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      // The transaction may be over already (a failed COMMIT), or the connection beyond a rollback.
      await this.#connection.run('ROLLBACK').catch(() => undefined);
      throw duckError(error);
    }
  }
}
