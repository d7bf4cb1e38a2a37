import { valueOfLiteral } from '../../../src/arrow/literal.ts';
import type { ColumnType } from '../../../src/protocol/column.ts';
import type { Formula, RowFunction } from '../../../src/protocol/formula.ts';
import { isNamed } from '../../../src/protocol/formula-functions.ts';
import {
  type ColumnTypes,
  operandTypes,
  scaleOf,
  sharedType,
  typeOfFormula,
  typesBeside,
} from '../../../src/protocol/formula-type.ts';
import { sqlConstant } from './sql-literal.ts';
import { sqlNamed } from './sql-named.ts';
import { NotPushed, type SqlParameters, type SqlValue } from './sql-text.ts';
import { quoted } from './table-names.ts';

/**
 * A row formula in SQL with the value the kernels' `evaluate` gives. Throws {@link NotPushed} for what is not exact
 * or not surely the same: float64 arithmetic, ÷, folded case, `_row`. Overflow is an error of the statement.
 */
export function sqlFormula(formula: Formula, types: ColumnTypes, parameters: SqlParameters): SqlValue {
  if (formula.op === 'column') {
    if (!Object.hasOwn(types, formula.column)) throw new NotPushed(formula.column);
    return { sql: quoted(formula.column), type: types[formula.column]! };
  }
  if (formula.op !== 'call') throw new NotPushed(formula.op);
  parameters.mayFail = true;
  return sqlCall(formula, types, parameters);
}

type Call = Extract<Formula, { op: 'call' }>;

function sqlCall(call: Call, types: ColumnTypes, parameters: SqlParameters): SqlValue {
  const { fn, args } = call;
  const type = typeOfFormula(call, types);
  if (isNamed(fn)) return { sql: sqlNamed({ ...call, fn }, types, parameters, type), type };
  const all = (): SqlValue[] => argumentsOf(args, types, parameters);
  switch (fn) {
    case '+':
    case '-':
    case '*': {
      const [left, right] = argumentsOf(args, types, parameters, operandTypes(fn, args, types));
      return { sql: arithmetic(fn, left!, right!, type), type };
    }
    case 'neg': {
      const [value] = all();
      return { sql: exactResult(`-(${wide(value!)})`, type), type };
    }
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [left, right] = all();
      return { sql: comparison(fn, left!, right!), type };
    }
    case 'and':
    case 'or':
      return {
        sql: `(${all()
          .map(({ sql }) => sql)
          .join(fn === 'and' ? ' AND ' : ' OR ')})`,
        type,
      };
    case 'not':
      return { sql: `(NOT ${all()[0]!.sql})`, type };
    case 'if': {
      const condition = sqlFormula(args[0]!, types, parameters);
      const [first, second] = castAll(args.slice(1), type, types, parameters);
      return { sql: `(CASE WHEN ${condition.sql} THEN ${first} ELSE ${second} END)`, type };
    }
    case 'coalesce':
      return { sql: `coalesce(${castAll(args, type, types, parameters).join(', ')})`, type };
    default:
      throw new NotPushed(fn);
  }
}

/** Arguments side by side, literals as their neighbours' type. */
export function argumentsOf(
  args: readonly Formula[],
  types: ColumnTypes,
  parameters: SqlParameters,
  beside: readonly ColumnType[] = typesBeside(args, types),
): SqlValue[] {
  return args.map((arg, i) => {
    if (arg.op !== 'literal') return sqlFormula(arg, types, parameters);
    const type = beside[i]!;
    if (arg.value === null) throw new NotPushed('null');
    return { sql: sqlConstant(type, valueOfLiteral(type, arg.value), parameters), type };
  });
}

function castAll(
  args: readonly Formula[],
  type: ColumnType,
  types: ColumnTypes,
  parameters: SqlParameters,
): string[] {
  if (type.kind === 'float64') throw new NotPushed('float64');
  return argumentsOf(args, types, parameters).map((value) => {
    if (type.kind === 'int64') return `${value.sql}::BIGINT`;
    if (type.kind === 'decimal') return exactResult(value.sql, type);
    return value.sql;
  });
}

function arithmetic(fn: '+' | '-' | '*', left: SqlValue, right: SqlValue, type: ColumnType): string {
  if (type.kind === 'date') throw new NotPushed('date');
  if (type.kind === 'int32' && left.type.kind === 'date') return `(${left.sql} - ${right.sql})::INTEGER`;
  return exactResult(`(${wide(left)} ${fn} ${wide(right)})`, type);
}

/** An operand so wide that DuckDB's own result type holds every result, or says that it does not. */
function wide({ sql, type }: SqlValue): string {
  switch (type.kind) {
    case 'int32':
    case 'int64':
      return `${sql}::BIGINT`;
    case 'decimal':
      return sql;
    default:
      throw new NotPushed(type.kind);
  }
}

export function exactResult(sql: string, type: ColumnType): string {
  if (type.kind === 'int64') return `${sql}::BIGINT`;
  if (type.kind === 'decimal') return `(${sql})::DECIMAL(18, ${type.scale})`;
  throw new NotPushed(type.kind);
}

function comparison(
  fn: Extract<RowFunction, '=' | '<' | '<>' | '<=' | '>' | '>='>,
  left: SqlValue,
  right: SqlValue,
): string {
  const shared = sharedType(left.type, right.type);
  if (!shared) throw new NotPushed(fn);
  if (shared.kind === 'float64' && (left.type.kind !== 'float64' || right.type.kind !== 'float64'))
    throw new NotPushed(fn);
  if (shared.kind === 'decimal' && scaleOf(left.type) !== scaleOf(right.type)) {
    // At least one side gains digits, so both are compared with as many as DuckDB has.
    const cast = (value: SqlValue): string => `(${value.sql})::DECIMAL(38, ${shared.scale})`;
    return `(${cast(left)} ${fn} ${cast(right)})`;
  }
  return `(${left.sql} ${fn} ${right.sql})`;
}
