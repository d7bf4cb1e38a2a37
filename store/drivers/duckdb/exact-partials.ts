import type { DuckDBConnection } from '@duckdb/node-api';
import { takeRows } from '../../../src/arrow/build-column.ts';
import { type ColumnData, isValid } from '../../../src/arrow/column-data.ts';
import { emptyPartial } from '../../../src/kernels/table/aggregate.ts';
import type { AggregatePartial, Bag, StateData } from '../../../src/kernels/table/partial.ts';
import { encodePartial } from '../../../src/kernels/table/partial-codec.ts';
import { blockRows, type ColumnType } from '../../../src/protocol/column.ts';
import type { AggregateSpec, KernelSpec, StateSpec } from '../../../src/protocol/kernel.ts';
import { blockFilter } from './block-filter.ts';
import type { DatasetState } from './catalogue.ts';
import { ColumnBuilder } from './column-builder.ts';
import { type DistinctStatement, distinctStatement, runDistinct } from './distinct-partials.ts';
import { fillColumns } from './fill-columns.ts';
import { sqlFilter } from './sql-filter.ts';
import { sqlFormula } from './sql-formula.ts';
import { sqlGroup } from './sql-group.ts';
import { NotPushed, SqlParameters, type SqlValue } from './sql-text.ts';
import { quoted } from './table-names.ts';
import { runTop, topStatement } from './top-partials.ts';
import { WideBuilder } from './wide-builder.ts';

/** Blocks of one statement: bounds what many-valued groups take in memory. */
const statementBlocks = 64;

/** A connection that sees these blocks as the snapshot does, and whose transaction may fail; `end` gives it back. */
export interface Aside {
  readonly connection: DuckDBConnection;
  /** The asked blocks that have not changed since the snapshot. */
  readonly blocks: readonly number[];
  end(): Promise<void>;
}

/**
 * Partials of blocks computed by DuckDB itself, in the bytes the kernel would give; undefined when the spec is not
 * surely exact in SQL, or overflows there: the kernel then answers, or says what is wrong. DuckDB has no savepoints,
 * so a statement that may overflow runs aside, and blocks that have changed meanwhile are left out.
 */
export async function exactPartials(
  connection: DuckDBConnection,
  state: DatasetState,
  spec: KernelSpec,
  blocks: readonly number[],
  stepAside: (blocks: readonly number[]) => Promise<Aside>,
): Promise<ReadonlyMap<number, Uint8Array> | undefined> {
  const statement = pushDown(state, spec);
  if (!statement) return undefined;
  const { run, mayFail } = statement;
  const known = blocks
    .filter((block) => block >= 0 && block * blockRows < state.allocated)
    .sort((a, b) => a - b);
  if (!mayFail) return await runAll(connection, run, known);
  const aside = await stepAside(known);
  try {
    return await runAll(aside.connection, run, aside.blocks);
  } catch (error) {
    if (isOverflow(error)) return undefined;
    throw error;
  } finally {
    await aside.end();
  }
}

type Run = (connection: DuckDBConnection, blocks: readonly number[]) => Promise<Map<number, Uint8Array>>;

async function runAll(
  connection: DuckDBConnection,
  run: Run,
  blocks: readonly number[],
): Promise<Map<number, Uint8Array>> {
  const partials = new Map<number, Uint8Array>();
  for (let at = 0; at < blocks.length; at += statementBlocks)
    for (const [block, bytes] of await run(connection, blocks.slice(at, at + statementBlocks)))
      partials.set(block, bytes);
  return partials;
}

async function runAggregate(
  connection: DuckDBConnection,
  statement: Statement,
  spec: AggregateSpec,
  blocks: readonly number[],
): Promise<Map<number, Uint8Array>> {
  const empty = emptyPartial(spec);
  const bags: (ReadonlyMap<number, Bag> | undefined)[] = [];
  for (const distinct of statement.distinct)
    bags.push(distinct && (await runDistinct(connection, distinct, blocks)));
  const found = await runStatement(connection, statement, spec, { blocks, bags });
  return new Map(blocks.map((block) => [block, encodePartial(found.get(block) ?? empty)]));
}

/** DuckDB's refusals of a value: overflow, a cast that does not fit, a date out of range. */
function isOverflow(error: unknown): boolean {
  return (
    error instanceof Error && /^(Conversion|Out of Range|Invalid Input|Binder) Error/i.test(error.message)
  );
}

interface Statement {
  readonly table: string;
  readonly keys: readonly SqlValue[];
  /** One list of outputs a state, in order; their SQL with the type they are read as. */
  readonly states: readonly (readonly (SqlValue | { readonly sql: string; readonly type: 'wide' })[])[];
  /** A statement of its own for each state that is a set. */
  readonly distinct: readonly (DistinctStatement | undefined)[];
  readonly where: string;
  readonly parameters: SqlParameters;
}

function pushDown(
  state: DatasetState,
  spec: KernelSpec,
): { readonly mayFail: boolean; readonly run: Run } | undefined {
  try {
    if (spec.kernel === 'top') {
      const top = topStatement(state, spec);
      return {
        mayFail: top.parameters.mayFail,
        run: (connection, blocks) => runTop(connection, top, spec, blocks),
      };
    }
    const statement = aggregateStatement(state, spec);
    const all = [statement.parameters, ...statement.distinct.flatMap((one) => one?.parameters ?? [])];
    return {
      mayFail: all.some((parameters) => parameters.mayFail),
      run: (connection, blocks) => runAggregate(connection, statement, spec, blocks),
    };
  } catch (error) {
    if (error instanceof NotPushed) return undefined;
    throw error;
  }
}

function aggregateStatement(state: DatasetState, spec: AggregateSpec): Statement {
  const parameters = new SqlParameters();
  const keys = spec.groupBy.map((group) => sqlGroup(group, spec.columns, parameters, state.years));
  const states = spec.states.map((wanted) => sqlState(wanted, spec, parameters));
  const distinct = spec.states.map((wanted) =>
    wanted.state === 'distinct' ? distinctStatement(state, spec, wanted.operand) : undefined,
  );
  const where = spec.where ? ` AND ${sqlFilter(spec.where, spec.columns, parameters)}` : '';
  return { table: state.table, keys, states, distinct, where, parameters };
}

const count: ColumnType = { kind: 'float64' };

function sqlState(
  wanted: StateSpec,
  spec: AggregateSpec,
  parameters: SqlParameters,
): Statement['states'][number] {
  if (wanted.state === 'rows' || wanted.state === 'distinct') return [];
  const { sql, type } = sqlFormula(wanted.operand, spec.columns, parameters);
  const counted = { sql: `count(${sql})::DOUBLE`, type: count };
  switch (wanted.state) {
    case 'count':
      return [counted];
    case 'sum':
      if (type.kind !== 'int32' && type.kind !== 'int64' && type.kind !== 'decimal')
        throw new NotPushed('sum');
      return [counted, { sql: `sum(${sql})`, type: 'wide' }];
    case 'minmax':
      if (type.kind === 'float64') throw new NotPushed('minmax');
      return [
        { sql: `min(${sql})`, type },
        { sql: `max(${sql})`, type },
      ];
    default:
      throw new NotPushed(wanted.state);
  }
}

async function runStatement(
  connection: DuckDBConnection,
  { table, keys, states, where, parameters }: Statement,
  spec: AggregateSpec,
  { blocks, bags }: { readonly blocks: readonly number[]; readonly bags: Bags },
): Promise<Map<number, AggregatePartial>> {
  const outputs = states.flat();
  const grouped = keys.map((_, k) => `, ${k + 2}`).join('');
  const order = keys.map((_, k) => `, ${k + 2} NULLS LAST`).join('');
  const selected = [...keys, ...outputs].map(({ sql }) => `, ${sql}`);
  selected.splice(keys.length, 0, ', count(*)::DOUBLE');
  const result = await connection.run(
    `SELECT (_row >> 16)::INTEGER${selected.join('')} FROM ${quoted(table)}
     WHERE ${blockFilter(blocks)} AND _live${where} GROUP BY 1${grouped} ORDER BY 1${order}`,
    parameters.values,
  );
  const length = result.rowCount;
  const builders: (ColumnBuilder | WideBuilder)[] = [
    new ColumnBuilder({ kind: 'int32' }, length),
    ...keys.map(({ type }) => new ColumnBuilder(type, length)),
    new ColumnBuilder(count, length),
    ...outputs.map(({ type }) =>
      type === 'wide' ? new WideBuilder(length) : new ColumnBuilder(type, length),
    ),
  ];
  await fillColumns(result, builders);
  const columns = builders.map((builder) => (builder instanceof WideBuilder ? builder : builder.finish()));
  return split(columns, keys.length, spec, bags);
}

/** Sets of each block, of each state that is one. */
type Bags = readonly (ReadonlyMap<number, Bag> | undefined)[];

type Ints = ColumnData & { readonly values: Int32Array };
type Doubles = ColumnData & { readonly values: Float64Array };

/** One partial a block from rows ordered by block and keys. */
function split(
  columns: readonly (ColumnData | WideBuilder)[],
  keys: number,
  spec: AggregateSpec,
  bags: Bags,
): Map<number, AggregatePartial> {
  const partials = new Map<number, AggregatePartial>();
  const blockOf = columns[0] as Ints;
  for (let start = 0; start < blockOf.length; ) {
    const block = blockOf.values[start]!;
    let end = start + 1;
    while (end < blockOf.length && blockOf.values[end] === block) end++;
    const from = start;
    const places = Int32Array.from({ length: end - start }, (_, i) => from + i);
    let next = 1 + keys;
    const column = (): ColumnData => cleanRows(columns[next++] as ColumnData, places);
    const numbers = (): Float64Array => (column() as Doubles).values;
    const rows = numbers();
    const states = spec.states.map((wanted, s): StateData => {
      switch (wanted.state) {
        case 'count':
          return { state: 'count', count: numbers() };
        case 'sum':
          return { state: 'exact', count: numbers(), ...(columns[next++] as WideBuilder).slice(from, end) };
        case 'minmax':
          return { state: 'minmax', min: column(), max: column() };
        case 'distinct':
          return { state: 'bag', bag: bags[s]?.get(block) ?? noValues(spec, s) };
        default:
          return { state: 'rows' };
      }
    });
    const keyColumns = spec.groupBy.map((_, k) => cleanRows(columns[1 + k] as ColumnData, places));
    partials.set(block, { kernel: 'aggregate', groups: places.length, keys: keyColumns, rows, states });
    start = end;
  }
  return partials;
}

/** The set of a group in which every value is null. */
function noValues(spec: AggregateSpec, state: number): Bag {
  const empty = emptyPartial(spec).states[state];
  if (empty?.state !== 'bag') throw new Error('This state is no set.');
  return { ...empty.bag, sizes: new Float64Array(1) };
}

/** Rows of a column with 0 under nulls. */
function cleanRows(data: ColumnData, places: Int32Array): ColumnData {
  return takeRows(data, data.validity ? places.map((place) => (isValid(data, place) ? place : -1)) : places);
}
