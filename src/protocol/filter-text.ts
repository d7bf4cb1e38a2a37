import type { Literal } from './column.ts';
import type { Filter } from './query.ts';

/** Nesting a filter in text may have; deeper is not understood. */
const maxDepth = 32;

/**
 * A filter as short text for URLs: `in(country,France,"12")`, `range(amount,10,)`, `contains(name,lamp)`, `starts(name,la)`, `not(…)`,
 * `and(…,…)`, `or(…,…)`. Texts are bare where they cannot be mistaken for a number, `null` or a bracket, else JSON.
 */
export function printFilter(filter: Filter): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return `${filter.op}(${filter.of.map(printFilter).join(',')})`;
    case 'not':
      return `not(${printFilter(filter.of)})`;
    case 'in':
      return `in(${[filter.column, ...filter.values].map(printLiteral).join(',')})`;
    case 'range':
      return `range(${printLiteral(filter.column)},${printEnd(filter.from)},${printEnd(filter.to)})`;
    case 'contains':
    case 'starts':
      return `${filter.op}(${printLiteral(filter.column)},${printLiteral(filter.text)})`;
  }
}

function printEnd(end: Literal | undefined): string {
  return end === undefined ? '' : printLiteral(end);
}

function printLiteral(value: Literal): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'string') return JSON.stringify(value);
  return isBare(value) ? value : JSON.stringify(value);
}

function isBare(text: string): boolean {
  return (
    /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.:/&' +-]*[\p{L}\p{N}_.+-])?$/u.test(text) &&
    Number.isNaN(Number(text)) &&
    !['true', 'false', 'null'].includes(text)
  );
}

/** The filter of a text that {@link printFilter} wrote, or undefined. Never throws. */
export function parseFilter(text: string): Filter | undefined {
  const cursor: Cursor = { text, at: 0 };
  const filter = readFilter(cursor, 0);
  return filter && cursor.at === text.length ? filter : undefined;
}

interface Cursor {
  readonly text: string;
  at: number;
}

function readFilter(cursor: Cursor, depth: number): Filter | undefined {
  const op = /^(and|or|not|in|range|contains|starts)\(/.exec(
    cursor.text.slice(cursor.at, cursor.at + 9),
  )?.[1];
  if (op === undefined || depth > maxDepth) return undefined;
  cursor.at += op.length + 1;
  if (op === 'and' || op === 'or' || op === 'not') {
    const of = readFilters(cursor, depth);
    if (!of) return undefined;
    if (op !== 'not') return { op, of };
    return of.length === 1 ? { op, of: of[0]! } : undefined;
  }
  const parts = readLiterals(cursor);
  const column = parts?.[0];
  if (!parts || typeof column !== 'string' || column === '') return undefined;
  if (op === 'in') {
    const values = parts.slice(1).filter((value) => value !== undefined);
    return values.length === parts.length - 1 ? { op, column, values } : undefined;
  }
  if (op === 'contains' || op === 'starts')
    return parts.length === 2 && typeof parts[1] === 'string' ? { op, column, text: parts[1] } : undefined;
  if (parts.length !== 3) return undefined;
  const [, from, to] = parts;
  return {
    op: 'range',
    column,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

function readFilters(cursor: Cursor, depth: number): Filter[] | undefined {
  const filters: Filter[] = [];
  if (take(cursor, ')')) return filters;
  for (;;) {
    const filter = readFilter(cursor, depth + 1);
    if (!filter) return undefined;
    filters.push(filter);
    if (take(cursor, ')')) return filters;
    if (!take(cursor, ',')) return undefined;
  }
}

/** Literals up to the closing bracket; nothing between commas is undefined. */
function readLiterals(cursor: Cursor): (Literal | undefined)[] | undefined {
  const literals: (Literal | undefined)[] = [];
  for (;;) {
    const token = /^(?:"(?:[^"\\]|\\.)*"|[^",()]*)/u.exec(cursor.text.slice(cursor.at))?.[0] ?? '';
    cursor.at += token.length;
    const literal = readLiteral(token);
    if (literal === unreadable) return undefined;
    literals.push(literal);
    if (take(cursor, ')')) return literals;
    if (!take(cursor, ',')) return undefined;
  }
}

const unreadable = Symbol('unreadable');

function readLiteral(token: string): Literal | undefined | typeof unreadable {
  if (token === '') return undefined;
  if (isBare(token)) return token;
  try {
    const value: unknown = JSON.parse(token);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    return typeof value === 'number' && Number.isFinite(value) ? value : unreadable;
  } catch {
    return unreadable;
  }
}

function take(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}
