import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnBuilder } from './column-builder.ts';
import type { WideBuilder } from './wide-builder.ts';

type Result = Awaited<ReturnType<DuckDBConnection['run']>>;

/** Puts all rows of a result into builders of as many rows, one a column, in order. */
export async function fillColumns(
  result: Result,
  builders: readonly (ColumnBuilder | WideBuilder)[],
): Promise<void> {
  let start = 0;
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
    const rows = chunk.rowCount;
    for (let i = 0; i < builders.length; i++) builders[i]!.add(chunk, i, { rows, start });
    start += rows;
  }
}
