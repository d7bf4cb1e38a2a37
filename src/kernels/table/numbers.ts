import type { ColumnData } from '../../arrow/column-data.ts';
import { doublesFromInt64 } from '../../arrow/words.ts';
import { ExaError } from '../../protocol/errors.ts';

/** Largest magnitude up to which a double holds every integer. */
export const maxExact = 2 ** 53;

/** A numeric, date or timestamp column's values as the nearest doubles; its own array where they are doubles. */
export function doublesOf(data: ColumnData): Float64Array {
  switch (data.kind) {
    case 'float64':
    case 'timestamp':
      return data.values;
    case 'int32':
    case 'date':
    case 'bool':
      return new Float64Array(data.values);
    case 'int64':
      return doublesFromInt64(data.values);
    case 'decimal': {
      const values = doublesFromInt64(data.values);
      const divisor = 10 ** data.scale;
      for (let i = 0; i < values.length; i++) values[i]! /= divisor;
      return values;
    }
    case 'text':
      throw new ExaError('invalid', 'A text was found where a number is needed.');
  }
}

/**
 * Integers, or unscaled decimals brought to `scale`, as exact doubles; undefined when one passes ±2^53.
 * `scale` is at least the column's own.
 */
export function exactDoubles(data: ColumnData, scale: number): Float64Array | undefined {
  const own = data.kind === 'decimal' ? data.scale : 0;
  const factor = 10 ** (scale - own);
  const limit = Math.floor(maxExact / factor);
  if (data.kind === 'int32' || data.kind === 'date' || data.kind === 'bool') {
    const { values, length } = data;
    const out = new Float64Array(length);
    if (limit >= 2 ** 31) for (let i = 0; i < length; i++) out[i] = values[i]! * factor;
    else
      for (let i = 0; i < length; i++) {
        const value = values[i]!;
        if (value > limit || value < -limit) return undefined;
        out[i] = value * factor;
      }
    return out;
  }
  if (data.kind !== 'int64' && data.kind !== 'decimal') return undefined;
  const out = doublesFromInt64(data.values);
  let low = 0;
  let high = 0;
  for (let i = 0; i < out.length; i++) {
    const value = out[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (high > limit || low < -limit) return undefined;
  if (factor !== 1) for (let i = 0; i < out.length; i++) out[i]! *= factor;
  return out;
}

/** Integers, or unscaled decimals brought to `scale`, of any size. */
export function bigintsOf(data: ColumnData, scale: number): bigint[] {
  const own = data.kind === 'decimal' ? data.scale : 0;
  const factor = 10n ** BigInt(scale - own);
  if (data.kind === 'int64' || data.kind === 'decimal') return Array.from(data.values, (v) => v * factor);
  if (data.kind === 'int32' || data.kind === 'date' || data.kind === 'bool')
    return Array.from(data.values, (v) => BigInt(v) * factor);
  throw new ExaError('invalid', `A ${data.kind} is not an exact number.`);
}
