import type { AnswerTable } from '../../arrow/answer-table.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import { findColumn, findMeasure } from '../../protocol/column-names.ts';
import type { Formula } from '../../protocol/formula.ts';
import { parseFormula } from '../../protocol/formula-parse.ts';
import { printFormula, printName } from '../../protocol/formula-print.ts';
import type { Head, ZoneTable } from '../../protocol/head.ts';
import { utcOfLocal } from '../../protocol/period.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { AggregateQuestion, Filter, GroupKey, Order } from '../../protocol/query.ts';
import { allOf } from '../filter-group/where.ts';
import type { PivotKey, PivotSort } from './pivot-state.ts';

/** Rows, and columns, asked for at once: about a screen. */
export const rowWindow = 64;
export const columnWindow = 32;
/** Combinations of several column fields that are asked at once; of more there are no subtotals. */
export const wholeColumns = 1024;
/** Cells up to which a whole level is asked at once, and scrolling it asks nothing. */
export const wholeCells = 20_000;

/** What all questions of a pivot share. */
export interface PivotSubject {
  readonly dataset: string;
  readonly rows: readonly PivotKey[];
  readonly columns: readonly PivotKey[];
  readonly measures: readonly Measure[];
  readonly where: Filter | undefined;
  readonly sort: PivotSort | undefined;
  readonly zone: string;
  readonly zoneTable: ZoneTable;
  readonly typeOf: (column: string) => ColumnType | undefined;
}

/** Rows of one level: those under the row of `path`. */
export interface RowLevel {
  readonly path: readonly Literal[];
}

const orderMeasure = 'x_order';

export function groupKey(key: PivotKey, zone: string): GroupKey {
  const { column, grain, width } = key;
  if (grain) return { by: 'time', column, unit: grain, zone };
  return width ? { by: 'number', column, origin: 0, width } : { by: 'value', column };
}

/** All measures over all rows. */
export function totalQuestion(subject: PivotSubject): AggregateQuestion {
  const { dataset, where, measures } = subject;
  return { kind: 'aggregate', dataset, where, groupBy: [], measures };
}

/** Columns asked for at once: of one field about a screen, of several as many as have subtotals. */
export function columnsWindow(fields: number): number {
  return fields > 1 ? wholeColumns : columnWindow;
}

/**
 * The columns from `offset` on with their totals, as many as {@link columnsWindow}; by the first `depth` fields alone those
 * of the subtotals. Undefined where there is no column field.
 */
export function columnsQuestion(
  subject: PivotSubject,
  offset: number,
  depth = subject.columns.length,
): AggregateQuestion | undefined {
  const { dataset, where, measures, zone } = subject;
  const columns = subject.columns.slice(0, depth);
  const [key] = columns;
  if (!key) return undefined;
  // Columns of several fields stand together by the first, then by the next.
  const order =
    subject.columns.length === 1
      ? orderOf(key, undefined, measures)
      : columns.map((_, by): Order => ({ by, descending: false }));
  return {
    kind: 'aggregate',
    dataset,
    where,
    groupBy: columns.map((one) => groupKey(one, zone)),
    measures,
    order,
    offset,
    limit: columnsWindow(subject.columns.length),
  };
}

/** The rows `[offset, offset + rowWindow)` of a level with their totals, in the order asked. */
export function rowsQuestion(subject: PivotSubject, { path }: RowLevel, offset: number): AggregateQuestion {
  const key = subject.rows[path.length]!;
  const { dataset, measures, sort, zone } = subject;
  const values = sort?.at?.values;
  const isOne = values !== undefined && values.length > 0 && values.length <= subject.columns.length;
  const sorted = isOne ? measures.find(({ id }) => id === sort!.by) : undefined;
  const within = sorted && {
    ...sorted,
    id: orderMeasure,
    formula: withinColumn(sorted.formula, subject.columns.slice(0, values!.length), values!),
  };
  return {
    kind: 'aggregate',
    dataset,
    where: allOf([subject.where, ...pathFilters(subject, path)]),
    groupBy: [groupKey(key, zone)],
    measures: within ? [...measures, within] : measures,
    order: within ? [{ by: orderMeasure, descending: sort!.descending }] : orderOf(key, sort, measures),
    offset,
    limit: rowWindow,
  };
}

/**
 * The cells of some rows of a level and some columns, all of as many values (fewer than there are fields: subtotals): of all
 * of them where they are few enough.
 */
export function cellsQuestion(
  subject: PivotSubject,
  level: RowLevel,
  rows: { readonly keys: readonly Literal[]; readonly of: number },
  columns: { readonly keys: readonly (readonly Literal[])[]; readonly of: number },
): AggregateQuestion | undefined {
  const rowKey = subject.rows[level.path.length];
  if (subject.columns.length === 0 || !rowKey) return undefined;
  const { dataset, measures, zone } = subject;
  const columnKeys = subject.columns.slice(0, columns.keys[0]?.length);
  const isWhole = rows.of * columns.of <= wholeCells;
  // Running totals need all of what they go along.
  const along = measures.some(({ formula }) => walksOver(parseFormula(formula)))
    ? walkedSide(rowKey)
    : undefined;
  return {
    kind: 'aggregate',
    dataset,
    where: allOf([
      subject.where,
      ...pathFilters(subject, level.path),
      ...(isWhole || along === 'rows' ? [] : [keysFilter(subject, rowKey, rows.keys)]),
      ...(isWhole || along === 'columns'
        ? []
        : columnKeys.map((key, k) =>
            keysFilter(subject, key, [...new Set(columns.keys.map((values) => values[k]!))]),
          )),
    ]),
    groupBy: [rowKey, ...columnKeys].map((key) => groupKey(key, zone)),
    measures,
  };
}

/** Rows of a pivot as a plain table, for files: every combination of its fields. */
export function flatQuestion(subject: PivotSubject): AggregateQuestion {
  const { dataset, where, measures, zone } = subject;
  const groupBy = [...subject.rows, ...subject.columns].map((key) => groupKey(key, zone));
  return { kind: 'aggregate', dataset, where, groupBy, measures };
}

/** Time and bins in their own order, values by the first measure, most first, unless another order is asked for. */
function orderOf(key: PivotKey, sort: PivotSort | undefined, measures: readonly Measure[]): Order[] {
  if (sort?.by === 'key') return [{ by: 0, descending: sort.descending }];
  if (sort && measures.some(({ id }) => id === sort.by))
    return [{ by: sort.by, descending: sort.descending }];
  if (key.grain || key.width || measures.length === 0) return [{ by: 0, descending: false }];
  return [{ by: measures[0]!.id, descending: true }];
}

/** Along time, then bins, as running totals go; else within each row. */
function walkedSide(rowKey: PivotKey): 'rows' | 'columns' {
  return rowKey.grain || rowKey.width ? 'rows' : 'columns';
}

function walksOver(formula: Formula): boolean {
  if (formula.op === 'window') return formula.fn !== 'share' || walksOver(formula.of);
  return formula.op === 'call' && formula.args.some(walksOver);
}

/**
 * Measures as cells ask for them: a share of the whole names the whole, which a question about some rows and columns does
 * not see. `total` holds the wholes, by the names {@link shareMeasures} gave them.
 */
export function cellMeasures(measures: readonly Measure[], total: AnswerTable): readonly Measure[] {
  return measures.map((measure, m) => {
    let shares = 0;
    const bound = (formula: Formula): Formula => {
      if (formula.op === 'call') return { ...formula, args: formula.args.map(bound) };
      if (formula.op !== 'window' || formula.fn !== 'share') return formula;
      const name = shareName(m, shares++);
      const whole = total.rows > 0 && total.has(name) ? total.exact(name, 0) : '';
      const value: Formula = { op: 'literal', value: whole === '' ? null : whole };
      const isNumber = whole !== '' && Number.isFinite(Number(whole));
      return { op: 'call', fn: '/', args: [formula.of, isNumber ? value : { op: 'literal', value: 0 }] };
    };
    const formula = read(measure.formula);
    return hasShare(formula) ? { ...measure, formula: printFormula(bound(formula)) } : measure;
  });
}

/** The measures whose values over everything {@link cellMeasures} needs. */
export function shareMeasures(measures: readonly Measure[]): readonly Measure[] {
  return measures.flatMap((measure, m) => {
    const wholes: Measure[] = [];
    const visit = (formula: Formula): void => {
      if (formula.op === 'call') formula.args.forEach(visit);
      else if (formula.op === 'window' && formula.fn === 'share')
        wholes.push({
          id: shareName(m, wholes.length),
          label: '',
          formula: printFormula(formula.of),
          format: 'number',
        });
    };
    visit(read(measure.formula));
    return wholes;
  });
}

/** A formula read; one that cannot be is left to the kernel, which says what is wrong. */
function read(formula: string): Formula {
  try {
    return parseFormula(formula);
  } catch {
    return { op: 'literal', value: null };
  }
}

function shareName(measure: number, share: number): string {
  return `x_whole_${measure}_${share}`;
}

function hasShare(formula: Formula): boolean {
  if (formula.op === 'window') return formula.fn === 'share' || hasShare(formula.of);
  return formula.op === 'call' && formula.args.some(hasShare);
}

/** A measure's formula with the measures it names in their place; unchanged where it is wrong or goes in a circle. */
export function wholeFormula(formula: string, head: Pick<Head, 'columns' | 'profile'>): string {
  const whole = (part: Formula, within: readonly string[]): Formula => {
    switch (part.op) {
      case 'column': {
        const measure = findColumn(head, part.column) ? undefined : findMeasure(head.profile, part.column);
        if (!measure || within.includes(measure.id)) return part;
        return whole(parseFormula(measure.formula), [...within, measure.id]);
      }
      case 'window':
        return { ...part, of: whole(part.of, within) };
      case 'call':
        return { ...part, args: part.args.map((arg) => whole(arg, within)) };
      default:
        return part;
    }
  };
  try {
    return printFormula(whole(parseFormula(formula), []));
  } catch {
    return formula;
  }
}

/** A measure's formula over the rows of one column: every aggregate takes only what is in it. */
export function withinColumn(formula: string, keys: readonly PivotKey[], values: readonly Literal[]): string {
  const condition = parseFormula(keys.map((key, k) => conditionOf(key, values[k]!)).join(' and '));
  const only = (of: Formula): Formula => ({
    op: 'call',
    fn: 'if',
    args: [condition, of, { op: 'literal', value: null }],
  });
  const within = (part: Formula): Formula => {
    switch (part.op) {
      case 'aggregate':
        return { ...part, of: only(part.of ?? { op: 'literal', value: true }) };
      case 'window':
        return { ...part, of: within(part.of) };
      case 'call':
        return { ...part, args: part.args.map(within) };
      default:
        return part;
    }
  };
  return printFormula(within(parseFormula(formula)));
}

function conditionOf({ column, grain, width }: PivotKey, value: Literal): string {
  const name = printName(column);
  if (value === null) return `isnull(${name})`;
  if (grain && grain !== 'hour') return `startof('${grain}', ${name}) = '${value}'`;
  const literal = typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
  if (grain) return `datediff('hour', ${literal}, ${name}) = 0`;
  if (width) return `${name} >= ${value} and ${name} < ${Number(value) + width}`;
  return `${name} = ${literal}`;
}

/** Filters that keep a row's own rows: one a key of its path. */
export function pathFilters(subject: PivotSubject, path: readonly Literal[]): Filter[] {
  return path.map((value, depth) => keyFilter(subject, subject.rows[depth]!, value));
}

/** The filter of one key's value. */
export function keyFilter(subject: PivotSubject, key: PivotKey, value: Literal): Filter {
  if (value === null || (!key.grain && !key.width)) return { op: 'in', column: key.column, values: [value] };
  const [from, to] = rangeOf(subject, key, value);
  return { op: 'range', column: key.column, from, to };
}

/** A filter that keeps at least the rows of some keys; bins between them too. */
function keysFilter(subject: PivotSubject, key: PivotKey, values: readonly Literal[]): Filter {
  if (!key.grain && !key.width) return { op: 'in', column: key.column, values };
  const bins = values.filter((value) => value !== null).sort((a, b) => (a < b ? -1 : 1));
  const none: Filter = { op: 'in', column: key.column, values: [null] };
  if (bins.length === 0) return none;
  const [from] = rangeOf(subject, key, bins[0]!);
  const [, to] = rangeOf(subject, key, bins.at(-1)!);
  const range: Filter = { op: 'range', column: key.column, from, to };
  return values.includes(null) ? { op: 'or', of: [none, range] } : range;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** A bin `[from, to)` in literals of the column. */
function rangeOf(
  { zoneTable, typeOf }: PivotSubject,
  { column, grain, width }: PivotKey,
  value: Exclude<Literal, null>,
): [Literal, Literal] {
  if (!grain) return [value, Number(value) + (width ?? 1)];
  const start = Date.parse(String(value));
  if (grain === 'hour') return [new Date(start).toISOString(), new Date(start + hourMs).toISOString()];
  const end = nextBin(start, grain);
  if (typeOf(column)?.kind === 'date') return [isoDay(start), isoDay(end)];
  return [start, end].map((local) => new Date(utcOfLocal(local, zoneTable)).toISOString()) as [
    string,
    string,
  ];
}

function nextBin(start: number, grain: Exclude<PivotKey['grain'], 'hour' | undefined>): number {
  const date = new Date(start);
  if (grain === 'day') return start + dayMs;
  if (grain === 'week') return start + 7 * dayMs;
  const months = grain === 'month' ? 1 : grain === 'quarter' ? 3 : 12;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}

function isoDay(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** A group's value as a literal of its kind; `key` is `g0`, `g1`, …. */
export function literalOf(table: AnswerTable, key: string, row: number): Literal {
  const value = table.value(key, row);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  const { kind } = table.type(key);
  return kind === 'int32' || kind === 'float64' ? Number(value) : table.exact(key, row);
}
