import type { ZoneTable } from '../../../src/protocol/head.ts';
import type { GroupSpec } from '../../../src/protocol/kernel.ts';
import { NotPushed, type SqlValue } from './sql-text.ts';

const dayMs = 86_400_000;
export const epochDay = "DATE '1970-01-01'";
/** Days added before dividing, so that instants before 1970 divide downwards too: more than JavaScript's calendar has. */
export const shiftDays = 100_000_002;

/** A date, or the local day of a time, as a date. */
export function sqlDay(operand: SqlValue, zone: ZoneTable): string {
  if (operand.type.kind === 'date') return operand.sql;
  return `(${epochDay} + ((${instantOf(operand)} + ${offsetSql(operand, zone)} + ${shiftDays * dayMs}) // ${dayMs} - ${shiftDays})::INTEGER)`;
}

export function instantOf({ sql }: SqlValue): string {
  return `epoch_ms(${sql})`;
}

/** The first day of the unit that holds a day. */
export function sqlStart(
  day: string,
  unit: Exclude<Extract<GroupSpec, { by: 'time' }>['unit'], 'hour'>,
): string {
  if (unit === 'day') return day;
  // 1970-01-01 was a Thursday: three days after its week began.
  if (unit === 'week') return `(${day} - (((((${day} - ${epochDay}) + 3) % 7) + 7) % 7)::INTEGER)`;
  return `date_trunc('${unit}', ${day})::DATE`;
}

/** The offset at an instant, by halving the zone's stretches. */
export function offsetSql(operand: SqlValue, { from, offsetMs }: ZoneTable): string {
  const instant = instantOf(operand);
  const between = (low: number, high: number): string => {
    if (high - low === 1) return whole(offsetMs[low]!);
    const middle = (low + high) >> 1;
    return `CASE WHEN ${instant} < ${whole(from[middle]!)} THEN ${between(low, middle)} ELSE ${between(middle, high)} END`;
  };
  return `(${between(0, from.length)})::BIGINT`;
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new NotPushed('zone');
  return `(${value})`;
}
