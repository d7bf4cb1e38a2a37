import { randomBytes } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { coerceColumn } from '../../../src/arrow/coerce-column.ts';
import type { ColumnData } from '../../../src/arrow/column-data.ts';
import { widenYears } from '../../../src/arrow/prepare-rows.ts';
import { int64FromDoubles } from '../../../src/arrow/words.ts';
import type { Receipt } from '../../../src/protocol/change.ts';
import type { ColumnInfo } from '../../../src/protocol/column.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import { type ImportRequest, stagedColumns } from '../../../src/protocol/import-columns.ts';
import type { ImportSession, RowBatch } from '../table-driver.ts';
import { appendColumns } from './append-columns.ts';
import { duckError } from './duck-error.ts';
import { commitImport } from './import-commit.ts';
import { createTable, quoted, rowTablePrefix } from './table-names.ts';
import type { Writer } from './writer.ts';

/** Rows staged in one transaction: enough for DuckDB to write whole row groups, few enough to let it checkpoint. */
const transactionRows = 491_520;

/** What a session has staged, in a table that no catalogue names. */
export interface Staged {
  readonly table: string;
  readonly columns: readonly ColumnInfo[];
  readonly rows: number;
  readonly years: readonly [number, number] | undefined;
}

/** Opens a session with its staging table. Throws before anything is made when the options cannot be. */
export async function openImport(
  connection: DuckDBConnection,
  writer: Writer,
  options: ImportRequest,
  ended: () => void,
): Promise<ImportSession> {
  const columns = stagedColumns(writer.catalogue, options);
  const id = randomBytes(9).toString('hex');
  const table = `${rowTablePrefix}${id}`;
  await connection.run(createTable(table, columns));
  return new DuckImport(id, table, columns, connection, writer, options, ended);
}

class DuckImport implements ImportSession {
  readonly id: string;
  readonly #table: string;
  readonly #columns: readonly ColumnInfo[];
  readonly #connection: DuckDBConnection;
  readonly #writer: Writer;
  readonly #options: ImportRequest;
  readonly #ended: () => void;
  #state: 'open' | 'committing' | 'over' = 'open';
  #last: Promise<unknown> = Promise.resolve();
  #rows = 0;
  #uncommitted = 0;
  #years: readonly [number, number] | undefined;

  constructor(
    id: string,
    table: string,
    columns: readonly ColumnInfo[],
    connection: DuckDBConnection,
    writer: Writer,
    options: ImportRequest,
    ended: () => void,
  ) {
    this.id = id;
    this.#table = table;
    this.#columns = columns;
    this.#connection = connection;
    this.#writer = writer;
    this.#options = options;
    this.#ended = ended;
  }

  append(batch: RowBatch): Promise<void> {
    return this.#next('open', async () => {
      const given = this.#match(batch);
      if (batch.rows === 0) return;
      if (this.#uncommitted === 0) await this.#connection.run('BEGIN TRANSACTION');
      this.#uncommitted += batch.rows;
      const numbers = Float64Array.from({ length: batch.rows }, (_, i) => this.#rows + i);
      await appendColumns(
        this.#connection,
        this.#table,
        [
          { type: { kind: 'int64' }, data: integers(numbers) },
          { type: { kind: 'int64' }, data: integers(new Float64Array(batch.rows)) },
          {
            type: { kind: 'bool' },
            data: { kind: 'bool', length: batch.rows, values: new Uint8Array(batch.rows).fill(1) },
          },
          ...this.#columns.map(({ id, type }) => ({ type, data: given.get(id) })),
        ],
        batch.rows,
      );
      this.#rows += batch.rows;
      this.#years = widenYears(this.#years, given.values());
      if (this.#uncommitted >= transactionRows) await this.#flush();
    });
  }

  commit(): Promise<Receipt & { readonly dataset: string }> {
    const result = this.#next('open', async () => {
      this.#state = 'committing';
      await this.#flush();
      const staged = { table: this.#table, columns: this.#columns, rows: this.#rows, years: this.#years };
      return await commitImport(this.#connection, this.#writer, this.#options, staged);
    });
    return result.then(
      async (receipt) => {
        this.#end();
        return receipt;
      },
      async (error) => {
        await this.#discard();
        throw error;
      },
    );
  }

  async abort(): Promise<void> {
    if (this.#state === 'committing')
      throw new ExaError('conflict', 'The import is being committed: it can no longer be aborted.');
    await this.#last;
    await this.#discard();
  }

  async #flush(): Promise<void> {
    if (this.#uncommitted === 0) return;
    await this.#connection.run('COMMIT');
    this.#uncommitted = 0;
  }

  async #discard(): Promise<void> {
    if (this.#state === 'over') return;
    if (this.#uncommitted) await this.#connection.run('ROLLBACK').catch(() => undefined);
    this.#uncommitted = 0;
    await this.#connection.run(`DROP TABLE IF EXISTS ${quoted(this.#table)}`).catch(() => undefined);
    this.#end();
  }

  #end(): void {
    this.#state = 'over';
    this.#ended();
  }

  #match(batch: RowBatch): Map<string, ColumnData> {
    const given = new Map<string, ColumnData>();
    for (const [name, data] of Object.entries(batch.columns)) {
      const column = this.#columns.find((column) => column.name === name);
      if (!column)
        throw new ExaError('invalid', `This import has no column ${name}.`, { facts: { column: name } });
      if (data.length !== batch.rows)
        throw new ExaError('invalid', `The column ${name} has ${data.length} values for ${batch.rows} rows.`);
      given.set(column.id, coerceColumn(data, column));
    }
    return given;
  }

  #next<T>(state: 'open', work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      if (this.#state !== state) throw new ExaError('gone', 'This import is over: begin another.');
      try {
        return await work();
      } catch (error) {
        throw duckError(error);
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function integers(values: Float64Array): ColumnData {
  return { kind: 'int64', length: values.length, values: int64FromDoubles(values) };
}
