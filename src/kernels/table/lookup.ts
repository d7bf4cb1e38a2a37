import { concatColumns, literalAt, takeRows } from '../../arrow/build-column.ts';
import { type ColumnData, isValid } from '../../arrow/column-data.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Formula, FormulaLookup } from '../../protocol/formula.ts';
import type { ColumnTypes } from '../../protocol/formula-type.ts';
import type { BlockInput } from '../block.ts';
import { nullColumn } from './cast.ts';
import { evaluate } from './evaluate.ts';
import { comparableKey } from './looked-up.ts';

/** Rows up to which a dimension is joined at `finish`. */
export const maxDimensionRows = 65_536;

/** What is needed of a dimension: its live rows' key and one attribute. */
export interface LookupRequest {
  /** The same for the same key and attribute of the same data set. */
  readonly id: string;
  readonly dataset: string;
  /** Stored columns of the dimension to fetch, with their types. */
  readonly columns: ColumnTypes;
  readonly key: Formula;
  readonly attribute: Formula;
  readonly type: ColumnType;
}

/** A dimension's attribute by key: `attribute[row]` belongs to `key[row]`; keys are not null and each is there once. */
export interface Lookup {
  readonly key: ColumnData;
  readonly attribute: ColumnData;
}

/** Lookups at hand, by request id. */
export type Lookups = ReadonlyMap<string, Lookup>;

/** The lookup over all blocks of a dimension, in order. Of a key that several rows hold, the first counts. */
export function buildLookup(request: LookupRequest, blocks: readonly BlockInput[]): Lookup {
  const keys: ColumnData[] = [];
  const attributes: ColumnData[] = [];
  const seen = new Set<Literal>();
  for (const input of blocks) {
    const key = evaluate(request.key, input, request.columns);
    const kept: number[] = [];
    for (let i = 0; i < input.length; i++) {
      if ((input.live && !input.live[i]) || !isValid(key, i)) continue;
      const literal = literalAt(key, i);
      if (seen.has(literal)) continue;
      seen.add(literal);
      kept.push(i);
    }
    keys.push(takeRows(key, kept));
    attributes.push(takeRows(evaluate(request.attribute, input, request.columns), kept));
  }
  if (keys.length) return { key: concatColumns(keys), attribute: concatColumns(attributes) };
  const none = { block: 0, length: 0, columns: {} };
  const columns = Object.fromEntries(
    Object.entries(request.columns).map(([id, type]) => [id, nullColumn(type, 0)]),
  );
  return {
    key: evaluate(request.key, { ...none, columns }, request.columns),
    attribute: evaluate(request.attribute, { ...none, columns }, request.columns),
  };
}

/** The lookup a request asks for; throws `broken` when it was not loaded. */
export function lookupOf(request: LookupRequest, lookups: Lookups): Lookup {
  const lookup = lookups.get(request.id);
  if (!lookup)
    throw new ExaError(
      'broken',
      `The columns of “${request.dataset}” were not loaded before they were needed.`,
    );
  return lookup;
}

/** The attribute of each row's key; null where the key is null or the dimension has no such row. */
export function attributesOf(keys: ColumnData, lookup: Lookup): ColumnData {
  const rowOf = new Map<Literal, number>();
  for (let row = 0; row < lookup.key.length; row++) rowOf.set(comparableKey(literalAt(lookup.key, row)), row);
  const rows = new Int32Array(keys.length);
  for (let i = 0; i < rows.length; i++)
    rows[i] = isValid(keys, i) ? (rowOf.get(comparableKey(literalAt(keys, i))) ?? -1) : -1;
  return takeRows(lookup.attribute, rows);
}

/** A dimension's attribute as part of a kernel over the fact's `key`; of none loaded, with no entries: of the right type. */
export function lookupFormula(
  key: Formula,
  request: LookupRequest,
  lookup: Lookup | undefined,
): FormulaLookup {
  const keysOf = new Map<Literal, Literal[]>();
  for (let row = 0; row < (lookup?.key.length ?? 0); row++) {
    const value = literalAt(lookup!.attribute, row);
    if (value === null) continue;
    const keys = keysOf.get(value) ?? [];
    keys.push(literalAt(lookup!.key, row));
    keysOf.set(value, keys);
  }
  const entries = [...keysOf].map(([value, keys]) => ({ value, keys }));
  return { op: 'lookup', of: key, type: request.type, entries };
}
