import type { ColumnType } from '../../../src/protocol/column.ts';
import type { ColumnTypes } from '../../../src/protocol/formula-type.ts';
import type { ZoneTable } from '../../../src/protocol/head.ts';
import type { GroupSpec } from '../../../src/protocol/kernel.ts';
import { epochDay, instantOf, offsetSql, shiftDays, sqlDay, sqlStart } from './sql-calendar.ts';
import { sqlFormula } from './sql-formula.ts';
import { NotPushed, type SqlParameters, type SqlValue } from './sql-text.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** A group's key in SQL, of the type the key has in a partial (a bin's index is float64). Throws {@link NotPushed}. */
export function sqlGroup(
  group: GroupSpec,
  types: ColumnTypes,
  parameters: SqlParameters,
  years: readonly [number, number] | undefined,
): SqlValue {
  const operand = sqlFormula(group.operand, types, parameters);
  if (group.by === 'value') {
    if (operand.type.kind === 'float64') throw new NotPushed('float64');
    return operand;
  }
  parameters.mayFail = true;
  if (group.by === 'number') return { sql: sqlBin(group, operand, parameters), type: { kind: 'float64' } };
  if (operand.type.kind !== 'date' && operand.type.kind !== 'timestamp')
    throw new NotPushed(operand.type.kind);
  // Only of a stored column is it known which years its values fall in.
  const zone = clip(group.zone, group.operand.op === 'column' ? years : undefined);
  if (group.unit === 'hour') return { sql: sqlHour(operand, zone), type: { kind: 'timestamp' } };
  return { sql: sqlStart(sqlDay(operand, zone), group.unit), type: { kind: 'date' } };
}

function sqlBin(
  { origin, width }: Extract<GroupSpec, { by: 'number' }>,
  { sql, type }: SqlValue,
  parameters: SqlParameters,
): string {
  if (!(width > 0) || !Number.isFinite(width) || !Number.isFinite(origin)) throw new NotPushed('bin');
  const value = doubleOf(sql, type);
  const index = `floor((${value} - ${parameters.float(origin)}) / ${parameters.float(width)})`;
  // −0 is +0; written so that no optimizer takes it for nothing.
  return `(CASE WHEN ${index} = 0 THEN 0::DOUBLE ELSE ${index} END)`;
}

/** The nearest double, as `doublesOf` makes it: of a decimal, its unscaled integer's double ÷ 10^scale. */
function doubleOf(sql: string, type: ColumnType): string {
  switch (type.kind) {
    case 'int32':
    case 'int64':
      return `${sql}::DOUBLE`;
    case 'float64':
      return sql;
    case 'decimal': {
      const power = `1${'0'.repeat(type.scale)}`;
      return `((${sql} * ${power}::DECIMAL(${type.scale + 1}, 0))::BIGINT::DOUBLE / ${power}::DOUBLE)`;
    }
    default:
      throw new NotPushed(type.kind);
  }
}

function sqlHour(operand: SqlValue, zone: ZoneTable): string {
  if (operand.type.kind === 'date') return `((${operand.sql} - ${epochDay})::BIGINT * ${dayMs})`;
  const offset = offsetSql(operand, zone);
  const shift = shiftDays * 24;
  return `(((${instantOf(operand)} + ${offset} + ${shift * hourMs}) // ${hourMs} - ${shift}) * ${hourMs} - ${offset})`;
}

/** The zone's stretches that meet the years `[first, end)`; all of them where these are not known, or held back. */
function clip(zone: ZoneTable, years: readonly [number, number] | undefined): ZoneTable {
  if (zone.from.length === 0 || zone.from.length !== zone.offsetMs.length) throw new NotPushed('zone');
  if (!years || years[0] <= 1800 || years[1] >= 2200) return zone;
  const start = Date.UTC(years[0], 0, 1);
  const end = Date.UTC(years[1], 0, 1);
  const kept = zone.from
    .map((_, i) => i)
    .filter((i) => zone.from[i]! < end && (zone.from[i + 1] ?? Infinity) > start);
  return { from: kept.map((i) => zone.from[i]!), offsetMs: kept.map((i) => zone.offsetMs[i]!) };
}
