import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { Filter, GroupKey } from '../../protocol/query.ts';
import type { TestTable } from './table.testing.ts';

const sqlTypes: Record<ColumnType['kind'], string> = {
  bool: 'BOOLEAN',
  int32: 'INTEGER',
  int64: 'BIGINT',
  decimal: 'DECIMAL(18,2)',
  float64: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP_MS',
  text: 'VARCHAR',
};

/** A table of DuckDB's own, in memory, with a test table's live rows. */
export async function openOracle(
  table: TestTable,
  types: Readonly<Record<string, ColumnType>>,
): Promise<{ query(sql: string): Promise<(string | null)[][]>; close(): void }> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection: DuckDBConnection = await instance.connect();
  const columns = Object.entries(types);
  await connection.run(
    `CREATE TABLE t (_row BIGINT, ${columns.map(([id, { kind }]) => `"${id}" ${sqlTypes[kind]}`).join(', ')})`,
  );
  const values = table.rows
    .map((row, r) => ({ row, r }))
    .filter(({ r }) => table.live[r])
    .map(
      ({ row, r }) => `(${r}, ${columns.map(([id, type]) => sqlLiteral(type, row[id] ?? null)).join(', ')})`,
    );
  await connection.run(`INSERT INTO t VALUES ${values.join(', ')}`);
  return {
    async query(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowsJS().map((row) => row.map((value) => (value === null ? null : String(value))));
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A literal of a type in DuckDB's SQL. */
export function sqlLiteral(type: ColumnType, literal: Literal): string {
  if (literal === null) return 'NULL';
  if (type.kind === 'timestamp') return `make_timestamp_ms(${Date.parse(String(literal))})`;
  if (typeof literal === 'number' && type.kind === 'float64') return `'${literal}'::DOUBLE`;
  if (typeof literal === 'boolean') return String(literal);
  if (type.kind === 'text') return `'${String(literal).replaceAll("'", "''")}'`;
  if (type.kind === 'decimal' || type.kind === 'int64' || type.kind === 'int32') return `${literal}`;
  return `'${literal}'::${sqlTypes[type.kind]}`;
}

/** A filter in DuckDB's SQL. */
export function sqlFilter(filter: Filter, types: Readonly<Record<string, ColumnType>>): string {
  switch (filter.op) {
    case 'not':
      return `(NOT ${sqlFilter(filter.of, types)})`;
    case 'and':
    case 'or':
      return filter.of.length
        ? `(${filter.of.map((part) => sqlFilter(part, types)).join(filter.op === 'and' ? ' AND ' : ' OR ')})`
        : String(filter.op === 'and');
    case 'in': {
      const type = types[filter.column]!;
      const wanted = filter.values.filter((value) => value !== null).map((value) => sqlLiteral(type, value));
      const list = wanted.length
        ? `("${filter.column}" IN (${wanted.join(', ')}))`
        : `("${filter.column}" IS NULL AND NULL)`;
      if (!filter.values.includes(null)) return list;
      return `("${filter.column}" IS NULL OR ("${filter.column}" IS NOT NULL AND ${wanted.length ? list : 'false'}))`;
    }
    case 'range': {
      const type = types[filter.column]!;
      const ends = [`"${filter.column}" IS NOT NULL OR NULL`];
      if (filter.from !== undefined) ends.push(`"${filter.column}" >= ${sqlLiteral(type, filter.from)}`);
      if (filter.to !== undefined) ends.push(`"${filter.column}" < ${sqlLiteral(type, filter.to)}`);
      return `(${ends.map((end) => `(${end})`).join(' AND ')})`;
    }
    case 'starts':
      return `starts_with(lower("${filter.column}"), lower('${filter.text}'))`;
    case 'contains':
      return `contains(lower("${filter.column}"), lower('${filter.text}'))`;
  }
}

/** A group key in DuckDB's SQL, as text that reads like the answer's literal. */
export function sqlKey(key: GroupKey, types: Readonly<Record<string, ColumnType>>): string {
  const column = `"${key.column}"`;
  const { kind } = types[key.column]!;
  if (key.by === 'value') return kind === 'timestamp' ? `epoch_ms(${column})::VARCHAR` : `${column}::VARCHAR`;
  if (key.by === 'number')
    return `(${key.origin} + floor((${column}::DOUBLE - ${key.origin}) / ${key.width}) * ${key.width})::BIGINT::VARCHAR`;
  if (key.unit === 'hour') return `epoch_ms(date_trunc('hour', ${column}::TIMESTAMP))::VARCHAR`;
  return `date_trunc('${key.unit}', ${column})::DATE::VARCHAR`;
}
