import type { ColumnType, Literal } from '../../../protocol/column.ts';
import type { ColumnRef, Filter } from '../../../protocol/query.ts';
import { pythonText, pythonValue } from './python-words.ts';

/** What a filter's columns are in the file Python reads. */
export interface FileColumns {
  /** Its header there; undefined for a column that is not in the file (a link's, a calculated one). */
  readonly name: (column: ColumnRef) => string | undefined;
  readonly type: (column: ColumnRef) => ColumnType | undefined;
}

/** A filter as a pandas mask over `table`; undefined when it reads what is not in the file. */
export function pythonFilter(filter: Filter, columns: FileColumns): string | undefined {
  switch (filter.op) {
    case 'and':
    case 'or': {
      const parts = filter.of.map((one) => pythonFilter(one, columns));
      if (parts.some((part) => part === undefined)) return undefined;
      if (parts.length === 0) return filter.op === 'and' ? 'table.index >= 0' : 'table.index < 0';
      return parts.map((part) => `(${part})`).join(filter.op === 'and' ? ' & ' : ' | ');
    }
    case 'not': {
      const inner = pythonFilter(filter.of, columns);
      return inner === undefined ? undefined : `~(${inner})`;
    }
    case 'in': {
      if (filter.column === '_row') return `table.index.isin(${pythonValue(filter.values)})`;
      const column = columnOf(filter.column, columns);
      if (column === undefined) return undefined;
      const type = columns.type(filter.column);
      const values = filter.values.filter((value) => value !== null).map((value) => literal(value, type));
      const isIn = `${column}.isin([${values.join(', ')}])`;
      return filter.values.includes(null) ? `${isIn} | ${column}.isna()` : isIn;
    }
    case 'range': {
      const column = columnOf(filter.column, columns);
      if (column === undefined) return undefined;
      const type = columns.type(filter.column);
      const parts = [
        filter.from === undefined ? undefined : `(${column} >= ${literal(filter.from, type)})`,
        filter.to === undefined ? undefined : `(${column} < ${literal(filter.to, type)})`,
      ].filter((part) => part !== undefined);
      return parts.length === 0 ? `${column}.notna()` : parts.join(' & ');
    }
    case 'starts': {
      const column = columnOf(filter.column, columns);
      const text = pythonText(filter.text);
      return column && `${column}.str.lower().str.startswith(${text}.lower(), na=False)`;
    }
    case 'contains': {
      const column = columnOf(filter.column, columns);
      return (
        column && `${column}.str.contains(${pythonText(filter.text)}, case=False, regex=False, na=False)`
      );
    }
  }
}

function columnOf(column: ColumnRef, columns: FileColumns): string | undefined {
  if (column === '_row') return 'table.index';
  const name = columns.name(column);
  return name === undefined ? undefined : `table[${pythonText(name)}]`;
}

/** Decimals are compared as the numbers they stand for; dates and instants as pandas keeps them. */
function literal(value: Literal, type: ColumnType | undefined): string {
  if (type?.kind === 'date' || type?.kind === 'timestamp')
    return `pd.Timestamp(${pythonText(String(value))}${type.kind === 'date' ? ', tz="UTC"' : ''})`;
  if (type && ['int32', 'int64', 'decimal', 'float64'].includes(type.kind)) return pythonValue(Number(value));
  return pythonValue(value);
}
