import { concatColumns, takeRows } from '../../arrow/build-column.ts';
import { type ColumnData, isValid } from '../../arrow/column-data.ts';

/** Numbers for tuples of values, in order of appearance over many blocks. */
export interface ValueIndex {
  readonly size: number;
  /** The number of each tuple: `columns` are of one length, position `i` of all of them is tuple `i`. */
  place(columns: readonly ColumnData[]): Int32Array;
  /** Values by number, one column a part; `undefined` before the first tuple. */
  columns(): ColumnData[] | undefined;
}

/** An empty index; tuples are equal when all parts are (null equals null, −0 equals +0, NaN equals NaN). */
export function valueIndex(): ValueIndex {
  const known = new Map<string | number | bigint | null, number>();
  const parts: ColumnData[][] = [];
  return {
    get size() {
      return known.size;
    },
    place(columns) {
      const length = columns[0]?.length ?? 0;
      const places = new Int32Array(length);
      const fresh: number[] = [];
      for (let i = 0; i < length; i++) {
        const name = nameOf(columns, i);
        let place = known.get(name);
        if (place === undefined) {
          place = known.size;
          known.set(name, place);
          fresh.push(i);
        }
        places[i] = place;
      }
      if (fresh.length > 0)
        columns.forEach((column, c) => {
          const slots = parts[c] ?? [];
          parts[c] = slots;
          slots.push(takeRows(column, fresh));
        });
      return places;
    },
    columns() {
      return parts.length === 0 ? undefined : parts.map((part) => concatColumns(part));
    },
  };
}

function nameOf(columns: readonly ColumnData[], i: number): string | number | bigint | null {
  if (columns.length === 1) return valueAt(columns[0]!, i);
  let name = '';
  for (const column of columns) {
    const value = valueAt(column, i);
    // Lengths keep ("a", "bc") and ("ab", "c") apart, and null from the text "null".
    const text = value === null ? '' : String(typeof value === 'number' ? value + 0 : value);
    name += `${value === null ? 'n' : text.length}:${text}`;
  }
  return name;
}

function valueAt(column: ColumnData, i: number): string | number | bigint | null {
  if (!isValid(column, i)) return null;
  return column.kind === 'text' ? column.dictionary[column.codes[i]!]! : column.values[i]!;
}
