import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnData } from '../../../src/arrow/column-data.ts';
import { blockRows, type ColumnType } from '../../../src/protocol/column.ts';
import { ColumnBuilder, type Placement } from './column-builder.ts';
import { quoted } from './table-names.ts';
import { vectorBytes, vectorOf } from './vectors.ts';

/** One column over a block of `length` rows, as the connection's transaction sees it. */
export async function readBlock(
  connection: DuckDBConnection,
  table: string,
  column: string,
  type: ColumnType,
  block: number,
  length: number,
): Promise<ColumnData> {
  const first = block * blockRows;
  const builder = new ColumnBuilder(type, length);
  const result = await connection.run(
    `SELECT (_row - ${first})::INTEGER, ${quoted(column)} FROM ${quoted(table)} WHERE _row >= ${first} AND _row < ${first + length}`,
  );
  // All of it is in memory already: asking for each piece in another thread would take longer than the query.
  for (let i = 0; i < result.chunkCount; i++) {
    const chunk = result.getChunk(i);
    const rows = chunk.rowCount;
    const bytes = vectorBytes(vectorOf(chunk, 0), rows * 4);
    builder.add(chunk, 1, placementOf(new Int32Array(bytes.buffer, bytes.byteOffset, rows)));
  }
  return builder.finish();
}

/** Rows mostly come in order; scanning threads and updates may shuffle them. */
function placementOf(positions: Int32Array): Placement {
  const rows = positions.length;
  const start = positions[0]!;
  for (let i = 1; i < rows; i++) if (positions[i] !== start + i) return { rows, start, positions };
  return { rows, start };
}
