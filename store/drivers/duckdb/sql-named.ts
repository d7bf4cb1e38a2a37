import type { ColumnType } from '../../../src/protocol/column.ts';
import type { Formula } from '../../../src/protocol/formula.ts';
import { argumentTypes, digitsOf, unitOf } from '../../../src/protocol/formula-arguments.ts';
import type { CalendarUnit, NamedFunction } from '../../../src/protocol/formula-functions.ts';
import type { ColumnTypes } from '../../../src/protocol/formula-type.ts';
import type { ZoneTable } from '../../../src/protocol/head.ts';
import { sqlDay, sqlStart } from './sql-calendar.ts';
import { argumentsOf, exactResult } from './sql-formula.ts';
import { NotPushed, type SqlParameters, type SqlValue } from './sql-text.ts';

type Named = Extract<Formula, { op: 'call' }> & { readonly fn: NamedFunction };

const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };

/** Stretches of a zone beyond which its expression costs more than mapping pages. */
const maxStretches = 400;

/**
 * A named function in SQL with the value the kernels give. Throws {@link NotPushed} for what is not surely the same:
 * float64, folded or changed case, white space, printed numbers, rounding of whole numbers, hours and minutes.
 */
export function sqlNamed(
  call: Named,
  types: ColumnTypes,
  parameters: SqlParameters,
  type: ColumnType,
): string {
  const { fn, args, zone = utc } = call;
  if (zone.from.length > maxStretches) throw new NotPushed('zone');
  const wanted = argumentTypes(call, types);
  const some = (start: number, end?: number): SqlValue[] =>
    argumentsOf(args.slice(start, end), types, parameters, wanted.slice(start, end));
  switch (fn) {
    case 'isnull':
      return `(${some(0)[0]!.sql} IS NULL)`;
    case 'abs': {
      const [value] = some(0);
      return exactResult(`abs(${value!.sql}${value!.type.kind === 'int32' ? '::BIGINT' : ''})`, type);
    }
    case 'round':
    case 'floor':
    case 'ceil': {
      const [value] = some(0, 1);
      const digits = fn === 'round' ? digitsOf(args[1]) : 0;
      if (value!.type.kind === 'int32' || value!.type.kind === 'int64') {
        if (digits < 0) throw new NotPushed('round');
        return `${value!.sql}::BIGINT`;
      }
      if (value!.type.kind !== 'decimal' || digits < 0) throw new NotPushed(value!.type.kind);
      if (fn === 'round' && digits >= value!.type.scale) return exactResult(value!.sql, type);
      return exactResult(fn === 'round' ? `round(${value!.sql}, ${digits})` : `${fn}(${value!.sql})`, type);
    }
    case 'length':
      return `length(${some(0)[0]!.sql})::INTEGER`;
    case 'left':
    case 'right': {
      const [text, count] = some(0);
      return `${fn}(${text!.sql}, least(greatest(${count!.sql}, 0), 1048576)::BIGINT)`;
    }
    case 'startswith':
    case 'endswith': {
      const [text, part] = some(0);
      return `${fn === 'startswith' ? 'starts_with' : 'ends_with'}(${text!.sql}, ${part!.sql})`;
    }
    case 'replace':
      return `replace(${some(0)
        .map(({ sql }) => sql)
        .join(', ')})`;
    case 'concat':
      return `(${some(0)
        .map(({ sql }) => sql)
        .join(' || ')})`;
    case 'year':
    case 'quarter':
    case 'month':
    case 'day':
    case 'week':
    case 'weekday': {
      const part = fn === 'weekday' ? 'isodow' : fn;
      return `${part}(${sqlDay(some(0)[0]!, zone)})::INTEGER`;
    }
    case 'date':
      return `(${sqlDay(some(0)[0]!, zone)})`;
    case 'startof':
      return sqlStart(sqlDay(some(1)[0]!, zone), unitOf(fn, args[0]) as CalendarUnit);
    case 'datediff': {
      const unit = unitOf(fn, args[0]);
      if (unit === 'hour' || unit === 'minute') throw new NotPushed(unit);
      const [from, to] = some(1).map((value) => sqlDay(value, zone));
      if (unit === 'week')
        return `(((${sqlStart(to!, 'week')}) - (${sqlStart(from!, 'week')})) // 7)::BIGINT`;
      return `date_diff('${unit}', ${from}, ${to})::BIGINT`;
    }
    default:
      throw new NotPushed(fn);
  }
}
