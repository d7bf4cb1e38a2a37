import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnData } from '../../../src/arrow/column-data.ts';
import { blockRows, type ColumnInfo } from '../../../src/protocol/column.ts';
import { sameType } from '../../../src/protocol/column-words.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { Head } from '../../../src/protocol/head.ts';
import type { KernelSpec } from '../../../src/protocol/kernel.ts';
import { liveColumn } from '../../../src/protocol/page.ts';
import type { Snapshot } from '../table-driver.ts';
import type { Catalogue, DatasetState } from './catalogue.ts';
import { headOf } from './dataset-head.ts';
import { duckError } from './duck-error.ts';
import { type Aside, exactPartials } from './exact-partials.ts';
import { readBlock } from './read-block.ts';
import { type ChangedRows, readChanged } from './read-changed.ts';
import { noDataset } from './transaction.ts';

/** Opens another read transaction for the blocks of a data set that are still as `state` has them. */
export type StepAside = (state: DatasetState, blocks: readonly number[]) => Promise<Aside>;

/** A read transaction as others see it. One connection does one thing at a time, so calls wait for each other. */
export class DuckSnapshot implements Snapshot {
  readonly version: number;
  readonly #connection: DuckDBConnection;
  readonly #catalogue: Catalogue;
  readonly #aside: StepAside;
  #last: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(connection: DuckDBConnection, catalogue: Catalogue, aside: StepAside) {
    this.#connection = connection;
    this.#aside = aside;
    this.#catalogue = catalogue;
    this.version = catalogue.version;
  }

  datasets(): readonly string[] {
    return [...this.#catalogue.datasets.keys()];
  }

  head(dataset: string, scope = 'public'): Head {
    return headOf(this.#dataset(dataset), this.#catalogue, scope);
  }

  readBlock(dataset: string, column: string, block: number): Promise<ColumnData> {
    return this.#next(async (connection) => {
      const state = this.#dataset(dataset);
      const type = column === liveColumn ? ({ kind: 'bool' } as const) : columnOf(state, column).type;
      const length = Math.min(blockRows, state.allocated - block * blockRows);
      if (!Number.isSafeInteger(block) || block < 0 || length <= 0)
        throw new ExaError('missing', `${state.name} has no block ${block}.`, { facts: { dataset, block } });
      return await readBlock(connection, state.table, column, type, block, length);
    });
  }

  readChanged(
    dataset: string,
    columns: readonly string[],
    blocks: readonly { readonly block: number; readonly since: number }[],
  ): Promise<ChangedRows> {
    return this.#next(async (connection) => {
      const state = this.#dataset(dataset);
      const wanted = columns.filter((id) => id !== liveColumn).map((id) => columnOf(state, id));
      return await readChanged(connection, state, wanted, blocks);
    });
  }

  exactPartials(
    dataset: string,
    spec: KernelSpec,
    blocks: readonly number[],
  ): Promise<ReadonlyMap<number, Uint8Array> | undefined> {
    return this.#next(async (connection) => {
      const state = this.#dataset(dataset);
      for (const [id, type] of Object.entries(spec.columns))
        if (!sameType(columnOf(state, id).type, type)) return undefined;
      return await exactPartials(connection, state, spec, blocks, (known) => this.#aside(state, known));
    });
  }

  /** Waits for what was asked; anything asked later is refused. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#last.catch(() => undefined);
  }

  #dataset(dataset: string): DatasetState {
    const state = this.#catalogue.datasets.get(dataset);
    if (!state) throw noDataset(dataset);
    return state;
  }

  #next<T>(read: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      if (this.#over) throw new ExaError('broken', 'A snapshot was read after its end.');
      try {
        return await read(this.#connection);
      } catch (error) {
        throw duckError(error);
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function columnOf(state: DatasetState, column: string): ColumnInfo {
  const info = state.columns.find(({ id }) => id === column);
  if (info) return info;
  throw new ExaError('missing', `${state.name} has no column ${column}.`, {
    facts: { dataset: state.id, column },
  });
}
