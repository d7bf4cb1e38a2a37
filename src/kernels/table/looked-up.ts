import { columnFromLiterals, literalAt, takeRows } from '../../arrow/build-column.ts';
import { type ColumnData, isValid } from '../../arrow/column-data.ts';
import type { Literal } from '../../protocol/column.ts';
import type { FormulaLookup } from '../../protocol/formula.ts';

interface Table {
  readonly values: ColumnData;
  readonly placeOf: ReadonlyMap<Literal, number>;
}

/** Made once for all blocks of a kernel. */
const tables = new WeakMap<FormulaLookup, Table>();

/** The value of each key; null where there is none. Throws `invalid` for a value that is not of the lookup's type. */
export function lookedUp(lookup: FormulaLookup, keys: ColumnData): ColumnData {
  const { values, placeOf } = tableOf(lookup);
  const rows = new Int32Array(keys.length).fill(-1);
  if (keys.kind === 'text') {
    const places = keys.dictionary.map((text) => placeOf.get(text) ?? -1);
    for (let i = 0; i < rows.length; i++) if (isValid(keys, i)) rows[i] = places[keys.codes[i]!] ?? -1;
  } else
    for (let i = 0; i < rows.length; i++)
      if (isValid(keys, i)) rows[i] = placeOf.get(comparableKey(literalAt(keys, i))) ?? -1;
  return takeRows(values, rows);
}

/** Integers of either size name the same key. */
export function comparableKey(literal: Literal): Literal {
  return typeof literal === 'number' ? String(literal) : literal;
}

function tableOf(lookup: FormulaLookup): Table {
  const known = tables.get(lookup);
  if (known) return known;
  const placeOf = new Map<Literal, number>();
  lookup.entries.forEach(({ keys }, place) => {
    for (const key of keys) placeOf.set(comparableKey(key), place);
  });
  const values = columnFromLiterals(
    lookup.type,
    lookup.entries.map(({ value }) => value),
  );
  const table = { values, placeOf };
  tables.set(lookup, table);
  return table;
}
