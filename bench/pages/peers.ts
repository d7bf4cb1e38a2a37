import * as duckdb from '@duckdb/duckdb-wasm';
import workerUrl from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import wasmUrl from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import { encodeColumns } from '../../src/arrow/columns-stream.ts';
import type { Check } from '../check.ts';
import { clientsColumns } from '../clients-table.ts';

let connection: duckdb.AsyncDuckDBConnection;

/** The clients table as Arrow IPC streams of half a million rows. */
export function clientsStreams(rows: number): Uint8Array[] {
  const streams: Uint8Array[] = [];
  for (let start = 0; start < rows; start += 500_000)
    streams.push(encodeColumns(clientsColumns(start, Math.min(rows, start + 500_000))));
  return streams;
}

/** Starts DuckDB-WASM and loads the streams; milliseconds of the load alone. */
export async function loadDuckdb(rows: number): Promise<number> {
  const streams = clientsStreams(rows);
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(workerUrl));
  await database.instantiate(wasmUrl);
  connection = await database.connect();
  const began = performance.now();
  let create = true;
  for (const stream of streams) {
    await connection.insertArrowFromIPCStream(stream, { name: 'clients', create });
    create = false;
  }
  return performance.now() - began;
}

/** Milliseconds of all statements, one after the other, each answer read as Arrow. */
export async function askDuckdb(statements: readonly string[]): Promise<{ ms: number; checks: Check[] }> {
  const began = performance.now();
  const tables = [];
  for (const statement of statements) tables.push(await connection.query(statement));
  const ms = performance.now() - began;
  const sum = (column: Iterable<unknown> | null) => {
    let total = 0;
    for (const value of column ?? []) total += Number(value);
    return total;
  };
  return {
    ms,
    checks: tables.map((table) => ({
      groups: table.numRows,
      rows: sum(table.getChild('n')),
      total: sum(table.getChild('total')),
    })),
  };
}
