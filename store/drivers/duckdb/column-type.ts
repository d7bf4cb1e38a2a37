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
