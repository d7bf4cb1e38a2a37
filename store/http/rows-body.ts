import { parse } from 'lossless-json';
import { columnFromLiterals } from '../../src/arrow/build-column.ts';
import { type ColumnData, typeOf } from '../../src/arrow/column-data.ts';
import { foreignColumns } from '../../src/arrow/foreign-columns.ts';
import type { ColumnInfo, ColumnType, Literal } from '../../src/protocol/column.ts';
import { ExaError, isExaError } from '../../src/protocol/errors.ts';
import type { RowBatch } from '../drivers/table-driver.ts';

/**
 * Rows of an NDJSON body: an object a line, by column name or id. A column that some rows leave out is null there when
 * `missing` is `null`, and refused when it is `refused` (an upsert would not know what to keep).
 * Integers and decimals keep every digit. Throws `invalid` naming the line.
 */
export function rowsFromNdjson(
  body: Buffer,
  columns: readonly ColumnInfo[],
  missing: 'null' | 'refused',
): RowBatch {
  const byName = columnFinder(columns);
  const values = new Map<ColumnInfo, Literal[]>();
  let rows = 0;
  let line = 0;
  for (const text of utf8(body).split('\n')) {
    line++;
    if (text.trim() === '') continue;
    const row = readRow(text, line);
    const seen = new Set<ColumnInfo>();
    for (const [name, value] of Object.entries(row)) {
      const column = byName(name, `Line ${line}`);
      if (seen.has(column))
        throw new ExaError('invalid', `Line ${line} gives the column “${column.name}” twice.`, {
          facts: { line },
        });
      seen.add(column);
      let list = values.get(column);
      if (!list) {
        if (rows > 0 && missing === 'refused') throw unequal(line, column.name);
        list = Array.from({ length: rows }, () => null);
        values.set(column, list);
      }
      list.push(value);
    }
    rows++;
    for (const [column, list] of values)
      if (list.length < rows) {
        if (missing === 'refused') throw unequal(line, column.name);
        list.push(null);
      }
  }
  const typed: Record<string, ColumnData> = {};
  for (const [column, list] of values) typed[column.id] = typedColumn(column, list);
  return { columns: typed, rows };
}

function unequal(line: number, column: string): ExaError {
  return new ExaError(
    'invalid',
    `Line ${line} does not have the same columns as the lines before it (“${column}”): send such rows in requests of their own.`,
    { facts: { line, column } },
  );
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new ExaError('invalid', 'The rows are not UTF-8 text: NDJSON must be.', { cause });
  }
}

/** A JSON object of plain values; numbers keep their text unless a double holds them exactly. */
function readRow(text: string, line: number): Record<string, Literal> {
  let row: unknown;
  try {
    row = parse(text, undefined, { parseNumber: exactNumber });
  } catch (cause) {
    throw new ExaError('invalid', `Line ${line} is not JSON: each line must be one object.`, {
      cause,
      facts: { line },
    });
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    throw new ExaError('invalid', `Line ${line} is not an object of columns and values.`, {
      facts: { line },
    });
  for (const [name, value] of Object.entries(row))
    if (typeof value === 'object' && value !== null)
      throw new ExaError(
        'invalid',
        `Line ${line} has a list or an object in “${name}”: a value must be plain.`,
        {
          facts: { line, column: name },
        },
      );
  return row as Record<string, Literal>;
}

function exactNumber(text: string): number | string {
  const number = Number(text);
  return String(number) === text ? number : text;
}

function typedColumn(column: ColumnInfo, literals: readonly Literal[]): ColumnData {
  const { kind } = column.type;
  // A text column never takes a number silently, but an exact number's text may stand for one in the numeric columns.
  try {
    return columnFromLiterals(column.type, literals);
  } catch (error) {
    if (!isExaError(error, 'invalid')) throw error;
    const row = literals.findIndex((literal) => !fits(column.type, literal));
    throw new ExaError('invalid', `Row ${row + 1}, column “${column.name}”: ${error.message}`, {
      cause: error,
      facts: { ...error.facts, row: row + 1, column: column.name, type: kind },
    });
  }
}

function fits(type: ColumnType, literal: Literal): boolean {
  try {
    columnFromLiterals(type, [literal]);
    return true;
  } catch {
    return false;
  }
}

/** Rows of an Arrow stream, whose columns are named by column name or id. Throws `invalid` where a type differs. */
export function rowsFromArrow(body: Buffer, columns: readonly ColumnInfo[]): RowBatch {
  const byName = columnFinder(columns);
  const typed: Record<string, ColumnData> = {};
  let rows = 0;
  for (const [name, data] of Object.entries(decodeBody(body))) {
    const column = byName(name, 'The Arrow stream');
    if (column.id in typed)
      throw new ExaError('invalid', `The Arrow stream has the column “${column.name}” twice.`);
    checkType(column, data);
    typed[column.id] = data;
    rows = data.length;
  }
  return { columns: typed, rows };
}

/** A batch of an import: columns by the names the import was begun with, all of them. */
export function importBatch(
  body: Buffer,
  columns: readonly { readonly name: string; readonly type: ColumnType }[],
): RowBatch {
  const found = decodeBody(body);
  const typed: Record<string, ColumnData> = {};
  let rows = 0;
  for (const column of columns) {
    const data = found[column.name];
    if (!data)
      throw new ExaError(
        'invalid',
        `The batch lacks the column “${column.name}” that the import was begun with.`,
        {
          facts: { column: column.name },
        },
      );
    checkType(column, data);
    typed[column.name] = data;
    rows = data.length;
  }
  const extra = Object.keys(found).find((name) => !(name in typed));
  if (extra !== undefined)
    throw new ExaError('invalid', `The batch has a column “${extra}” that the import was not begun with.`, {
      facts: { column: extra },
    });
  return { columns: typed, rows };
}

function decodeBody(body: Buffer): Record<string, ColumnData> {
  try {
    return foreignColumns(body);
  } catch (error) {
    if (!isExaError(error, 'corrupt')) throw error;
    throw new ExaError('invalid', 'The request is not an Arrow IPC stream, or was cut short.', {
      cause: error,
    });
  }
}

function checkType(column: { readonly name: string; readonly type: ColumnType }, data: ColumnData): void {
  const found = typeOf(data);
  const same =
    found.kind === column.type.kind &&
    (found.kind !== 'decimal' || column.type.kind !== 'decimal' || found.scale === column.type.scale);
  if (!same)
    throw new ExaError(
      'invalid',
      `The column “${column.name}” holds ${typeText(column.type)}, but the rows sent bring ${typeText(found)}.`,
      { facts: { column: column.name, expected: column.type.kind, found: found.kind } },
    );
}

function typeText(type: ColumnType): string {
  return type.kind === 'decimal' ? `decimal(${type.precision}, ${type.scale})` : type.kind;
}

/** Finds a column by id, else by name. Throws `invalid`, saying which there are. */
function columnFinder(columns: readonly ColumnInfo[]): (name: string, where: string) => ColumnInfo {
  const found = new Map<string, ColumnInfo>();
  for (const column of columns) found.set(column.name, column);
  for (const column of columns) found.set(column.id, column);
  return (name, where) => {
    const column = found.get(name);
    if (column) return column;
    const some = columns.slice(0, 12).map((one) => one.name);
    throw new ExaError(
      'invalid',
      `${where} names a column “${name}” that the data set does not have; it has ${some.join(', ')}${columns.length > 12 ? ', …' : ''}.`,
      { facts: { column: name } },
    );
  };
}
