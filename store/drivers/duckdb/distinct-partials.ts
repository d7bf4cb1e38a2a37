import type { DuckDBConnection } from '@duckdb/node-api';
import { takeRows } from '../../../src/arrow/build-column.ts';
import { bagOfRows } from '../../../src/kernels/table/bag.ts';
import type { Bag } from '../../../src/kernels/table/partial.ts';
import type { Formula } from '../../../src/protocol/formula.ts';
import { groupBy } from '../../../src/protocol/group-by.ts';
import type { AggregateSpec } from '../../../src/protocol/kernel.ts';
import { blockFilter } from './block-filter.ts';
import type { DatasetState } from './catalogue.ts';
import { ColumnBuilder } from './column-builder.ts';
import { fillColumns } from './fill-columns.ts';
import { sqlFilter } from './sql-filter.ts';
import { sqlFormula } from './sql-formula.ts';
import { NotPushed, SqlParameters, type SqlValue } from './sql-text.ts';
import { quoted } from './table-names.ts';

/** The different values of an operand, a block. */
export interface DistinctStatement {
  readonly table: string;
  readonly value: SqlValue;
  readonly where: string;
  readonly parameters: SqlParameters;
}

/** Throws `NotPushed` for groups, and for doubles: their zeros and NaNs are the kernel's to join. */
export function distinctStatement(
  state: DatasetState,
  spec: AggregateSpec,
  operand: Formula,
): DistinctStatement {
  const parameters = new SqlParameters();
  const value = sqlFormula(operand, spec.columns, parameters);
  if (spec.groupBy.length > 0 || value.type.kind === 'float64') throw new NotPushed('distinct');
  const where = spec.where ? ` AND ${sqlFilter(spec.where, spec.columns, parameters)}` : '';
  return { table: state.table, value, where, parameters };
}

/** A set for each of `blocks` in which there is a value: a block has too few rows for more than level 0. */
export async function runDistinct(
  connection: DuckDBConnection,
  { table, value, where, parameters }: DistinctStatement,
  blocks: readonly number[],
): Promise<Map<number, Bag>> {
  const result = await connection.run(
    `SELECT * FROM (SELECT (_row >> 16)::INTEGER AS block, ${value.sql} AS value FROM ${quoted(table)}
     WHERE ${blockFilter(blocks)} AND _live${where}) WHERE value IS NOT NULL`,
    parameters.values,
  );
  const length = result.rowCount;
  const blockColumn = new ColumnBuilder({ kind: 'int32' }, length);
  const valueColumn = new ColumnBuilder(value.type, length);
  await fillColumns(result, [blockColumn, valueColumn]);
  const { values: blockOf } = blockColumn.finish() as { readonly values: Int32Array };
  const values = valueColumn.finish();
  const places = groupBy(Array(length).keys(), (i) => blockOf[i]!);
  return new Map(
    [...places].map(([block, rows]) => [
      block,
      bagOfRows(takeRows(values, rows), undefined, undefined, 1, false),
    ]),
  );
}
