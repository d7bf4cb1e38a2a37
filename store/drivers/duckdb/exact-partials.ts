import type { DuckDBConnection } from '@duckdb/node-api';
import type { AggregateSpec } from '../../../src/protocol/kernel.ts';
import type { DatasetState } from './catalogue.ts';

export async function exactPartials(
  _connection: DuckDBConnection,
  _state: DatasetState,
  _spec: AggregateSpec,
  _blocks: readonly number[],
): Promise<ReadonlyMap<number, Uint8Array> | undefined> {
  return undefined;
}
