import {
  BIGINT,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  type DuckDBType,
  INTEGER,
  TIMESTAMP_MS,
  VARCHAR,
} from '@duckdb/node-api';
import type { ColumnType } from '../../../src/protocol/column.ts';

/**
 * DuckDB's type of a stored column. Every decimal is kept with 18 digits, whatever the column declares, so that its
 * vectors always hold 64-bit unscaled integers; a timestamp is UTC milliseconds.
 */
export function duckType(type: ColumnType): DuckDBType {
  switch (type.kind) {
    case 'bool':
      return BOOLEAN;
    case 'int32':
      return INTEGER;
    case 'int64':
      return BIGINT;
    case 'decimal':
      return DECIMAL(18, type.scale);
    case 'float64':
      return DOUBLE;
    case 'date':
      return DATE;
    case 'timestamp':
      return TIMESTAMP_MS;
    case 'text':
      return VARCHAR;
  }
}

/** The type's name in SQL. */
export function sqlType(type: ColumnType): string {
  return type.kind === 'timestamp' ? 'TIMESTAMP_MS' : duckType(type).toString();
}

/** Bytes a value of the type takes in memory (texts: a guess), for sizes shown to people. */
export function valueBytes(type: ColumnType): number {
  switch (type.kind) {
    case 'bool':
      return 1;
    case 'int32':
    case 'date':
      return 4;
    case 'text':
      return 16;
    default:
      return 8;
  }
}

/** What people call the type, with its article: for error sentences. */
export function typeName(type: ColumnType): string {
  const names: Record<ColumnType['kind'], string> = {
    bool: 'true/false',
    int32: 'whole numbers',
    int64: 'whole numbers',
    decimal: 'decimal numbers',
    float64: 'numbers',
    date: 'dates',
    timestamp: 'times',
    text: 'text',
  };
  return type.kind === 'decimal'
    ? `decimal numbers (${type.precision} digits, ${type.scale} after the point)`
    : names[type.kind];
}

export function sameType(left: ColumnType, right: ColumnType): boolean {
  if (left.kind !== right.kind) return false;
  return (
    left.kind !== 'decimal' ||
    right.kind !== 'decimal' ||
    (left.scale === right.scale && left.precision === right.precision)
  );
}
