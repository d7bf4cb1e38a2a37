import { printDecimal } from '../../../src/arrow/literal.ts';
import type { ColumnType } from '../../../src/protocol/column.ts';
import { NotPushed, type SqlParameters } from './sql-text.ts';

const maxDays = 2_000_000_000;
/** Largest instant JavaScript's calendar knows; DuckDB's goes further. */
const maxInstant = 8.64e15;

/** A value (as `valueOfLiteral` and `boundOf` give them) as a constant of its type. Only digits are written out. */
export function sqlConstant(
  type: ColumnType,
  value: bigint | number | string,
  parameters: SqlParameters,
): string {
  switch (type.kind) {
    case 'text':
      return parameters.text(String(value));
    case 'float64':
      return parameters.float(Number(value));
    case 'bool':
      return Number(value) === 1 ? 'true' : 'false';
    case 'int32':
    case 'int64':
      return whole(BigInt(value));
    case 'decimal': {
      const unscaled = BigInt(value);
      if (unscaled >= 10n ** 18n || unscaled <= -(10n ** 18n)) throw new NotPushed('digits');
      return `(${printDecimal(unscaled, type.scale)})::DECIMAL(18, ${type.scale})`;
    }
    case 'date': {
      const days = Number(value);
      if (!Number.isInteger(days) || Math.abs(days) > maxDays) throw new NotPushed('date');
      return `(DATE '1970-01-01' + (${days}))`;
    }
    case 'timestamp': {
      const instant = Number(value);
      if (!Number.isInteger(instant) || Math.abs(instant) > maxInstant) throw new NotPushed('timestamp');
      return `make_timestamp_ms(${whole(BigInt(instant))})::TIMESTAMP_MS`;
    }
  }
}

function whole(value: bigint): string {
  if (value >= 1n << 63n || value < -(1n << 63n)) throw new NotPushed('size');
  // The least integer is no literal of its own: DuckDB reads the sign apart.
  return value === -(1n << 63n) ? '(-9223372036854775807 - 1)' : `(${value})`;
}
