import { columnFromLiterals } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { Row } from '../../protocol/change.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Head } from '../../protocol/head.ts';
import type {
  AggregateQuestion,
  Asked,
  Filter,
  GroupKey,
  Question,
  RowsQuestion,
  TimeUnit,
} from '../../protocol/query.ts';

/** A data set of a fake client: a head (its counts are kept by the client) and plain rows by column id. */
export interface FakeTable {
  readonly head: Head;
  rows: readonly Row[];
}

/** A finished answer's columns, and of a rows question how many rows match. */
export interface FakeAnswer {
  readonly columns: Record<string, ColumnData>;
  readonly matching: number;
  /** Groups before `offset` and `limit`. */
  readonly groups?: number;
}

const dayMs = 86_400_000;

/** Answers a question by walking the rows: slow, plain, in UTC; sums in doubles. Formulas: aggregates and one `/`. */
export function answerFrom(table: FakeTable, question: Question): FakeAnswer {
  const matching = table.rows
    .map((row, index) => ({ row, index }))
    .filter(({ row, index }) => matches(question.where, { ...row, _row: index }));
  return question.kind === 'rows'
    ? windowOf(table, question, matching)
    : {
        ...groupsOf(
          table,
          question,
          matching.map(({ row }) => row),
        ),
        matching: matching.length,
      };
}

/** Whether a row passes a filter; links and formulas are not followed. */
export function matches(filter: Filter | undefined, row: Row): boolean {
  if (!filter) return true;
  if (!('column' in filter)) {
    if (filter.op === 'not') return !matches(filter.of, row);
    const each = (one: Filter): boolean => matches(one, row);
    return filter.op === 'and' ? filter.of.every(each) : filter.of.some(each);
  }
  const value = row[filter.column] ?? null;
  if (filter.op === 'in') return filter.values.includes(value);
  if (value === null) return false;
  if (filter.op === 'starts') return String(value).toLowerCase().startsWith(filter.text.toLowerCase());
  if (filter.op === 'contains') return String(value).toLowerCase().includes(filter.text.toLowerCase());
  return (
    (filter.from === undefined || compare(value, filter.from) >= 0) &&
    (filter.to === undefined || compare(value, filter.to) < 0)
  );
}

/** The type of a stored or calculated column (calculated: float64); throws `missing`. */
export function typeIn(head: Head, column: string): ColumnType {
  const stored = head.columns.find(({ id }) => id === column);
  if (stored) return stored.type;
  // A formula of one's own is not computed here: its values are missing.
  if (column.startsWith('=')) return { kind: 'float64' };
  if (column.includes('.') || head.profile.calculated.some(({ id }) => id === column))
    return { kind: 'text' };
  throw new ExaError('missing', `${head.name} has no column “${column}”.`, { facts: { column } });
}

function windowOf(
  { head }: FakeTable,
  question: RowsQuestion,
  matching: readonly { row: Row; index: number }[],
): FakeAnswer {
  const sorted = matching.toSorted((a, b) => {
    for (const { column, descending } of question.order) {
      const [one, other] =
        column === '_row' ? [a.index, b.index] : [a.row[column] ?? null, b.row[column] ?? null];
      if (one === other) continue;
      if (one === null || other === null) return one === null ? 1 : -1;
      return descending ? compare(other, one) : compare(one, other);
    }
    return a.index - b.index;
  });
  const window = sorted.slice(question.offset, question.offset + question.limit);
  const columns: Record<string, ColumnData> = {
    _row: columnFromLiterals(
      { kind: 'float64' },
      window.map(({ index }) => index),
    ),
  };
  for (const column of question.columns)
    columns[column] = columnFromLiterals(
      typeIn(head, column),
      window.map(({ row }) => row[column] ?? null),
    );
  return { columns, matching: matching.length };
}

interface Group {
  readonly keys: readonly Literal[];
  readonly rows: readonly Row[];
  readonly other: boolean;
}

function groupsOf(
  { head }: FakeTable,
  question: AggregateQuestion,
  rows: readonly Row[],
): Pick<FakeAnswer, 'columns' | 'groups'> {
  const byKey = new Map<string, { keys: Literal[]; rows: Row[] }>();
  if (question.groupBy.length === 0) byKey.set('[]', { keys: [], rows: [...rows] });
  for (const row of question.groupBy.length ? rows : []) {
    const keys = question.groupBy.map((key) => binOf(key, row[key.column] ?? null));
    const known = byKey.get(JSON.stringify(keys));
    if (known) known.rows.push(row);
    else byKey.set(JSON.stringify(keys), { keys, rows: [row] });
  }
  const measures = question.measures.map((asked) => measureOf(head, asked));
  const order = question.order ?? question.groupBy.map((_, by) => ({ by, descending: false }));
  let groups: Group[] = [...byKey.values()].map((group) => ({ ...group, other: false }));
  const orderValue = (group: Group, by: number | string): Literal => {
    const measure = measures.find(({ id }) => id === by);
    return typeof by === 'number'
      ? (group.keys[by] ?? null)
      : measure
        ? aggregate(measure.formula, group.rows)
        : null;
  };
  groups.sort((a, b) => {
    for (const { by, descending } of order) {
      const sign = compare(orderValue(a, by) ?? '', orderValue(b, by) ?? '');
      if (sign) return descending ? -sign : sign;
    }
    return 0;
  });
  const count = groups.length;
  if (question.offset) groups = groups.slice(question.offset);
  if (question.limit !== undefined && groups.length > question.limit) {
    const rest = groups.slice(question.limit);
    groups = groups.slice(0, question.limit);
    if (question.other)
      groups.push({ keys: question.groupBy.map(() => null), rows: rest.flatMap((g) => g.rows), other: true });
  }
  const columns: Record<string, ColumnData> = {};
  question.groupBy.forEach((key, i) => {
    columns[`g${i}`] = columnFromLiterals(
      key.by === 'value'
        ? typeIn(head, key.column)
        : { kind: key.by === 'number' ? 'float64' : key.unit === 'hour' ? 'timestamp' : 'date' },
      groups.map(({ keys }) => keys[i] ?? null),
    );
  });
  for (const { id, formula } of measures)
    columns[id] = columnFromLiterals(
      { kind: 'float64' },
      groups.map((group) => aggregate(formula, group.rows)),
    );
  if (question.other && question.limit !== undefined)
    columns._other = columnFromLiterals(
      { kind: 'bool' },
      groups.map(({ other }) => other),
    );
  return { columns, groups: count };
}

function measureOf(head: Head, asked: Asked): { id: string; formula: string } {
  if ('formula' in asked) return asked;
  const found = head.profile.measures.find(({ id }) => id === asked.measure);
  if (!found) throw new ExaError('missing', `${head.name} has no measure “${asked.measure}”.`);
  return found;
}

function aggregate(formula: string, rows: readonly Row[]): number | null {
  const terms = formula.split('/').map((term) => one(term.trim(), rows));
  return terms.reduce((left, right) => (left === null || right === null ? null : left / right));
}

function one(term: string, rows: readonly Row[]): number | null {
  const [, fn, column] = /^(\w+)\("?(\w*)"?\)$/.exec(term) ?? [];
  if (!fn) throw new ExaError('invalid', `The fake client does not know the formula “${term}”.`);
  if (!column) return rows.length;
  const values = rows.map((row) => row[column] ?? null).filter((value) => value !== null);
  if (fn === 'count') return values.length;
  if (fn === 'distinct') return new Set(values).size;
  const numbers = values.map((value) =>
    Number.isNaN(Number(value)) ? Date.parse(String(value)) : Number(value),
  );
  const sum = numbers.reduce((total, value) => total + value, 0);
  if (fn === 'sum') return sum;
  if (numbers.length === 0) return null;
  if (fn === 'mean') return sum / numbers.length;
  if (fn === 'min') return Math.min(...numbers);
  if (fn === 'max') return Math.max(...numbers);
  throw new ExaError('invalid', `The fake client does not know “${fn}”.`);
}

function binOf(key: GroupKey, value: Literal): Literal {
  if (value === null || key.by === 'value') return value;
  if (key.by === 'number')
    return key.origin + Math.floor((Number(value) - key.origin) / key.width) * key.width;
  const start = new Date(binStart(Date.parse(String(value)), key.unit)).toISOString();
  return key.unit === 'hour' ? start : start.slice(0, 10);
}

/** Start of the calendar bin (UTC) that holds an instant; both UTC ms. */
export function binStart(instant: number, unit: TimeUnit): number {
  const date = new Date(instant);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (unit === 'hour') return Math.floor(instant / 3_600_000) * 3_600_000;
  const day = Math.floor(instant / dayMs);
  if (unit === 'day') return day * dayMs;
  if (unit === 'week') return (day - ((day + 3) % 7)) * dayMs;
  if (unit === 'month') return Date.UTC(year, month);
  return unit === 'quarter' ? Date.UTC(year, month - (month % 3)) : Date.UTC(year, 0);
}

function compare(one: Literal, other: Literal): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0;
}
