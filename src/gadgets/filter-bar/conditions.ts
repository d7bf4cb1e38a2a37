import { type ColumnType, isNumeric, type Literal } from '../../protocol/column.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import { offsetAt, utcOfLocal } from '../../protocol/period.ts';
import type { ColumnRef, Filter } from '../../protocol/query.ts';

/** What one condition can ask of a column. `empty`: no value (of texts also none but spaces typed as nothing). */
export const conditionOps = ['in', 'contains', 'starts', 'equals', 'range', 'empty'] as const;
export type ConditionOp = (typeof conditionOps)[number];

/** One condition as an editor has it. */
export interface Condition {
  readonly column: ColumnRef;
  readonly op: ConditionOp;
  /** Keeps out what it describes. */
  readonly negated: boolean;
  readonly values: readonly Literal[];
  readonly text: string;
  readonly from: Literal | undefined;
  readonly to: Literal | undefined;
}

/** Conditions of which all or any must hold; groups may stand among them. */
export interface ConditionGroup {
  readonly join: 'and' | 'or';
  readonly negated: boolean;
  readonly of: readonly (Condition | ConditionGroup)[];
}

export function isGroup(part: Condition | ConditionGroup): part is ConditionGroup {
  return 'of' in part;
}

/** A condition that asks nothing yet. */
export function emptyCondition(column: ColumnRef, op: ConditionOp): Condition {
  return { column, op, negated: false, values: [], text: '', from: undefined, to: undefined };
}

/** What can be asked of a column of a type, the usual first. */
export function opsFor(type: ColumnType): readonly ConditionOp[] {
  if (type.kind === 'text') return ['in', 'contains', 'starts', 'equals', 'empty'];
  if (type.kind === 'bool') return ['in', 'empty'];
  return ['range', 'equals', 'empty'];
}

/** The conditions a filter is: one, or a group. Filters of one column and one question are one condition. */
export function conditionsOf(filter: Filter, negated = false): Condition | ConditionGroup {
  if (filter.op === 'not') return conditionsOf(filter.of, !negated);
  if ('of' in filter) return { join: filter.op, negated, of: filter.of.map((part) => conditionsOf(part)) };
  const base = { ...emptyCondition(filter.column, 'in'), negated };
  if (filter.op === 'contains' || filter.op === 'starts')
    return { ...base, op: filter.op, text: filter.text };
  if (filter.op === 'range') return { ...base, op: 'range', from: filter.from, to: filter.to };
  const isEmpty = filter.values.length > 0 && filter.values.every((value) => value === null || value === '');
  return isEmpty && filter.values.includes(null)
    ? { ...base, op: 'empty', values: filter.values }
    : { ...base, values: filter.values };
}

/**
 * The filter of conditions; undefined where they ask nothing. `textual`: whether a column holds texts, whose empty ones
 * are empty too.
 */
export function filterOf(
  part: Condition | ConditionGroup,
  textual: (column: ColumnRef) => boolean,
): Filter | undefined {
  const filter = isGroup(part) ? groupFilter(part, textual) : conditionFilter(part, textual);
  return filter && part.negated ? { op: 'not', of: filter } : filter;
}

function groupFilter(
  { join, of }: ConditionGroup,
  textual: (column: ColumnRef) => boolean,
): Filter | undefined {
  const filters = of.map((part) => filterOf(part, textual)).filter((filter) => filter !== undefined);
  return filters.length > 1 ? { op: join, of: filters } : filters[0];
}

function conditionFilter(
  { column, op, values, text, from, to }: Condition,
  textual: (column: ColumnRef) => boolean,
): Filter | undefined {
  switch (op) {
    case 'in':
    case 'equals':
      return values.length > 0 ? { op: 'in', column, values } : undefined;
    case 'contains':
    case 'starts':
      return text === '' ? undefined : { op, column, text };
    case 'empty':
      return { op: 'in', column, values: textual(column) ? [null, ''] : [null] };
    case 'range':
      if (from === undefined && to === undefined) return undefined;
      return {
        op: 'range',
        column,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      };
  }
}

const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };

/**
 * What a person typed as a literal of a type; undefined when it is none. Decimal commas are points; a day of a timestamp
 * column is its first instant in `zone`.
 */
export function typedLiteral(typed: string, type: ColumnType, zone: ZoneTable = utc): Literal | undefined {
  const text = typed.trim();
  if (type.kind === 'text') return typed;
  if (text === '') return undefined;
  if (type.kind === 'bool') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (type.kind === 'date' || type.kind === 'timestamp') {
    const day = Date.parse(`${text}T00:00:00.000Z`);
    if (Number.isNaN(day)) return undefined;
    return type.kind === 'date' ? text : new Date(utcOfLocal(day, zone)).toISOString();
  }
  if (!isNumeric(type)) return undefined;
  const numeral = text.replace(',', '.');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(numeral)) return undefined;
  return type.kind === 'decimal' || !Number.isSafeInteger(Math.trunc(Number(numeral)))
    ? numeral
    : Number(numeral);
}

/** A literal as an input shows it: days of timestamps in `zone`. */
export function inputText(value: Literal | undefined, type: ColumnType, zone: ZoneTable = utc): string {
  if (value === undefined || value === null) return '';
  if (type.kind !== 'timestamp') return String(value);
  const instant = Date.parse(String(value));
  return Number.isNaN(instant) ? '' : new Date(instant + offsetAt(instant, zone)).toISOString().slice(0, 10);
}
