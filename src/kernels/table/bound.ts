import { valueOfLiteral } from '../../arrow/literal.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';

/** The least value of a column's type that is not below a literal; `exact` when it is the literal itself. */
export interface Bound {
  /** bigint for int32, int64, date, bool and unscaled decimals; a number for float64 and timestamps; else the text. */
  readonly value: bigint | number | string;
  readonly exact: boolean;
}

const dayMs = 86_400_000;
const numeral = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/**
 * A literal as a bound of a column, so that `column ≥ literal` is `column ≥ value` and `column < literal` is
 * `column < value`: 2.5 bounds integers at 3, "12.505" bounds cents at 1251. A date stands for its first UTC
 * millisecond beside timestamps; a time bounds dates at the next day. Throws `invalid` when it is not of the type.
 */
export function boundOf(type: ColumnType, literal: Exclude<Literal, null>): Bound {
  switch (type.kind) {
    case 'int32':
    case 'int64':
    case 'decimal': {
      const bound =
        typeof literal === 'boolean' ? undefined : ceilAt(literal, type.kind === 'decimal' ? type.scale : 0);
      if (bound) return bound;
      break;
    }
    case 'timestamp':
      if (typeof literal === 'string' && !literal.includes('T'))
        return { value: Number(valueOfLiteral({ kind: 'date' }, literal)) * dayMs, exact: true };
      break;
    case 'date':
      if (typeof literal === 'string' && literal.includes('T')) {
        const days = Number(valueOfLiteral({ kind: 'timestamp' }, literal)) / dayMs;
        return { value: BigInt(Math.ceil(days)), exact: Number.isInteger(days) };
      }
      break;
  }
  const value = valueOfLiteral(type, literal);
  if ((type.kind === 'bool' || type.kind === 'date' || type.kind === 'int32') && typeof value === 'number')
    return { value: BigInt(value), exact: true };
  return { value, exact: true };
}

function ceilAt(literal: string | number, scale: number): Bound | undefined {
  const match = numeral.exec(String(literal));
  if (!match || (!match[2] && !match[3])) {
    if (typeof literal !== 'number' || !Number.isFinite(literal)) return undefined;
    // Only exponents are left: 1e21 and up are integers, 1e-7 and down are near 0.
    if (Math.abs(literal) < 1) return { value: literal > 0 ? 1n : 0n, exact: false };
    return { value: BigInt(literal) * 10n ** BigInt(scale), exact: true };
  }
  const fraction = match[3] ?? '';
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  const rest = /[1-9]/.test(fraction.slice(scale));
  const magnitude = BigInt(`${match[2] ?? ''}${kept}` || '0');
  const negative = match[1] === '-';
  if (!rest) return { value: negative ? -magnitude : magnitude, exact: true };
  return { value: negative ? -magnitude : magnitude + 1n, exact: false };
}
