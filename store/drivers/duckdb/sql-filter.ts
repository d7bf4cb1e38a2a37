import { boundOf } from '../../../src/kernels/table/bound.ts';
import type { ColumnTypes } from '../../../src/protocol/formula-type.ts';
import type { FilterSpec } from '../../../src/protocol/kernel.ts';
import { sqlFormula } from './sql-formula.ts';
import { sqlConstant } from './sql-literal.ts';
import { NotPushed, type SqlParameters, type SqlValue } from './sql-text.ts';

/** Values of one `in` beyond which parsing the statement costs more than mapping pages. */
const maxValues = 2000;

type Leaf = Extract<FilterSpec, { operand: unknown }>;

/**
 * A filter in SQL that is true for the rows the kernels' `maskOf` keeps (unknown counts as not true). `not` is pushed
 * to the leaves as there. Throws {@link NotPushed} for what is not surely the same.
 */
export function sqlFilter(
  where: FilterSpec,
  types: ColumnTypes,
  parameters: SqlParameters,
  contrary = false,
): string {
  if (where.op === 'not') return sqlFilter(where.of, types, parameters, !contrary);
  if ('operand' in where) {
    const operand = sqlFormula(where.operand, types, parameters);
    if (where.op === 'in') return sqlIn(where, operand, parameters, contrary);
    if (where.op === 'range') return sqlRange(where, operand, parameters, contrary);
    throw new NotPushed(where.op);
  }
  const all = (where.op === 'and') !== contrary;
  const parts = where.of.map((part) => sqlFilter(part, types, parameters, contrary));
  if (parts.length === 0) return all ? 'true' : 'false';
  return `(${parts.join(all ? ' AND ' : ' OR ')})`;
}

function sqlIn(
  { values }: Extract<Leaf, { op: 'in' }>,
  { sql, type }: SqlValue,
  parameters: SqlParameters,
  contrary: boolean,
): string {
  if (values.length > maxValues) throw new NotPushed('values');
  const constants: string[] = [];
  for (const value of values) {
    if (value === null) continue;
    const bound = boundOf(type, value);
    if (bound.exact) constants.push(sqlConstant(type, bound.value, parameters));
  }
  const found = constants.length ? `${sql} IN (${constants.join(', ')})` : 'false';
  if (contrary) return `(${sql} IS NOT NULL AND NOT (${found}))`;
  return values.includes(null) ? `(${found} OR ${sql} IS NULL)` : `(${sql} IS NOT NULL AND ${found})`;
}

function sqlRange(
  { from, to }: Extract<Leaf, { op: 'range' }>,
  { sql, type }: SqlValue,
  parameters: SqlParameters,
  contrary: boolean,
): string {
  if (type.kind === 'bool') throw new NotPushed('bool');
  const limit = (fn: '>=' | '<', literal: string | number | boolean): string =>
    `${sql} ${fn} ${sqlConstant(type, boundOf(type, literal).value, parameters)}`;
  const parts: string[] = [`${sql} IS NOT NULL`];
  const inside: string[] = [];
  if (from !== undefined && from !== null) inside.push(limit('>=', from));
  if (to !== undefined && to !== null) inside.push(limit('<', to));
  if (contrary) parts.push(inside.length ? `NOT (${inside.join(' AND ')})` : 'false');
  else parts.push(...inside);
  return `(${parts.join(' AND ')})`;
}
