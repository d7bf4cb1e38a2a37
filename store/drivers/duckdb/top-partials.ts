import type { DuckDBConnection } from '@duckdb/node-api';
import { emptyColumn, takeRows } from '../../../src/arrow/build-column.ts';
import { type ColumnData, isValid } from '../../../src/arrow/column-data.ts';
import { kernelOf } from '../../../src/kernels/kernel.ts';
import type { TopPartial } from '../../../src/kernels/table/top.ts';
import type { ColumnType } from '../../../src/protocol/column.ts';
import type { TopSpec } from '../../../src/protocol/kernel.ts';
import { blockFilter } from './block-filter.ts';
import type { DatasetState } from './catalogue.ts';
import { ColumnBuilder } from './column-builder.ts';
import { fillColumns } from './fill-columns.ts';
import { sqlFilter } from './sql-filter.ts';
import { sqlFormula } from './sql-formula.ts';
import { NotPushed, SqlParameters, type SqlValue } from './sql-text.ts';
import { quoted } from './table-names.ts';

/** Windows of more rows are cheaper mapped from pages. */
const maxRows = 10_000;

/** A window's parts in SQL, over the data set's table as `t`. */
export interface TopStatement {
  readonly table: string;
  readonly where: string;
  readonly order: readonly { readonly value: SqlValue; readonly descending: boolean }[];
  readonly take: readonly SqlValue[];
  readonly parameters: SqlParameters;
  /** How many of the parameters, the first ones, `where` has. */
  readonly whereParameters: number;
}

/** The spec in SQL; throws {@link NotPushed} for what DuckDB would not order or compute as the kernel does. */
export function topStatement(state: DatasetState, spec: TopSpec): TopStatement {
  if (spec.limit > maxRows) throw new NotPushed('limit');
  const parameters = new SqlParameters();
  const where = spec.where ? ` AND ${sqlFilter(spec.where, spec.columns, parameters)}` : '';
  const whereParameters = parameters.values.length;
  const order = spec.order.map(({ operand, descending }) => {
    const value = sqlFormula(operand, spec.columns, parameters);
    // −0 and +0 are one value there, and two here.
    if (value.type.kind === 'float64') throw new NotPushed('float64');
    return { value, descending };
  });
  const take = spec.take.map((formula) => sqlFormula(formula, spec.columns, parameters));
  return { table: state.table, where, order, take, parameters, whereParameters };
}

/**
 * The first rows of each block in an order, as the `top` kernel keeps them. Calculated columns are computed for these
 * rows alone: an overflow elsewhere in a block goes unnoticed.
 */
export async function runTop(
  connection: DuckDBConnection,
  { table, where, order, take, parameters, whereParameters }: TopStatement,
  spec: TopSpec,
  blocks: readonly number[],
): Promise<Map<number, Uint8Array>> {
  const kernel = kernelOf(spec);
  const chosen = `FROM ${quoted(table)} WHERE ${blockFilter(blocks)} AND _live${where}`;
  const matching = await readTable(
    connection,
    `SELECT (_row >> 16)::INTEGER, count(*)::DOUBLE ${chosen} GROUP BY 1 ORDER BY 1`,
    parameters.values.slice(0, whereParameters),
    [{ kind: 'int32' }, { kind: 'float64' }],
  );
  const by = order
    .map(({ value, descending }) => `${value.sql} ${descending ? 'DESC' : 'ASC'} NULLS LAST, `)
    .join('');
  const outputs = [...order.map(({ value }) => value), ...take];
  const picked = await readTable(
    connection,
    `SELECT (_row >> 16)::INTEGER, _row::DOUBLE${outputs.map(({ sql }) => `, ${sql}`).join('')}
     FROM ${quoted(table)} SEMI JOIN (
       SELECT _row FROM (
         SELECT _row, row_number() OVER (PARTITION BY _row >> 16 ORDER BY ${by}_row) AS place
         FROM ${likely(order[0], spec.limit, chosen)})
       WHERE place <= ${spec.limit}) USING (_row)
     WHERE ${blockFilter(blocks)} ORDER BY 1, ${by}_row`,
    parameters.values,
    [{ kind: 'int32' }, { kind: 'float64' }, ...outputs.map(({ type }) => type)],
  );
  const partials = new Map<number, Uint8Array>();
  for (const block of blocks) partials.set(block, kernel.encode(kernel.map(noRows(spec, block))));
  const blockOf = numbersOf(picked[0]!);
  let start = 0;
  for (const [i, block] of numbersOf(matching[0]!).entries()) {
    let end = start;
    while (end < blockOf.length && blockOf[end] === block) end++;
    const places = Int32Array.from({ length: end - start }, (_, place) => start + place);
    start = end;
    const [, rows, ...columns] = picked.map((column) => cleaned(column, places));
    const partial: TopPartial = {
      kernel: 'top',
      matching: numbersOf(matching[1]!)[i]!,
      rows: Float64Array.from(numbersOf(rows!)),
      order: columns.slice(0, order.length),
      take: columns.slice(order.length),
    };
    partials.set(block, kernel.encode(partial));
  }
  return partials;
}

/**
 * The rows that can be among the first: those that do not come after the block's value at place `limit` of the first
 * key. Sorting every row of a block for its first few would cost ten times as much.
 */
function likely(first: TopStatement['order'][number] | undefined, limit: number, chosen: string): string {
  const { sql, descending } = first
    ? { sql: first.value.sql, descending: first.descending }
    : { sql: '_row', descending: false };
  if (limit < 1) return `(SELECT * ${chosen})`;
  const [firsts, last, reaches] = descending ? ['max', 'list_min', '>='] : ['min', 'list_max', '<='];
  return `(SELECT * ${chosen}) JOIN (
    SELECT _row >> 16 AS block, CASE WHEN count(${sql}) >= ${limit} THEN ${last}(${firsts}(${sql}, ${limit})) END AS bound
    ${chosen} GROUP BY 1) ON _row >> 16 = block AND (bound IS NULL OR ${sql} ${reaches} bound)`;
}

async function readTable(
  connection: DuckDBConnection,
  sql: string,
  values: SqlParameters['values'],
  types: readonly ColumnType[],
): Promise<ColumnData[]> {
  const result = await connection.run(sql, values);
  const builders = types.map((type) => new ColumnBuilder(type, result.rowCount));
  await fillColumns(result, builders);
  return builders.map((builder) => builder.finish());
}

function numbersOf(column: ColumnData): Int32Array | Float64Array {
  if (column.kind === 'int32' || column.kind === 'float64') return column.values;
  throw new TypeError('A row number is no number.');
}

function noRows(spec: TopSpec, block: number): Parameters<ReturnType<typeof kernelOf>['map']>[0] {
  const columns = Object.fromEntries(
    Object.entries(spec.columns).map(([id, type]) => [id, emptyColumn(type)]),
  );
  return { block, length: 0, columns };
}

/** Rows of a column with 0 under nulls. */
function cleaned(data: ColumnData, places: Int32Array): ColumnData {
  return takeRows(data, data.validity ? places.map((place) => (isValid(data, place) ? place : -1)) : places);
}
