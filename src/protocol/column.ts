/**
 * The logical type of a column.
 *
 * | kind | values | in Arrow | literal in JSON |
 * |---|---|---|---|
 * | bool | true, false | Bool | boolean |
 * | int32 | −2^31 … 2^31−1 | Int8…Int32, as wide as needed; Int32 to other programs | number |
 * | int64 | −2^63 … 2^63−1 | Int8…Int64, as wide as needed; Int64 to other programs | number when safe, else decimal string |
 * | decimal | integers ÷ 10^scale, at most 18 digits | integers with their scale in the field's metadata; Decimal128 to other programs | decimal string ("12.50") |
 * | float64 | IEEE 754 | Float64 | number, "NaN", "Infinity", "-Infinity" |
 * | date | days since 1970-01-01 | DateDay | "2011-12-09" |
 * | timestamp | UTC instant, milliseconds | Timestamp(ms, UTC) | "2011-12-09T12:50:00.000Z" |
 * | text | UTF-8, compared by bytes | Dictionary(Utf8, Int8…Int32) | string |
 */
export type ColumnType =
  | { readonly kind: 'bool' }
  | { readonly kind: 'int32' }
  | { readonly kind: 'int64' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'float64' }
  | { readonly kind: 'date' }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'text' };

export type ColumnKind = ColumnType['kind'];

/** A value in JSON, read by the type of the column it is compared with (table above); `null` is the missing value. */
export type Literal = string | number | boolean | null;

/** A stored column. `id` is stable and never reused (`c1`, `c2`, …); `name` is what the source called it. */
export interface ColumnInfo {
  readonly id: string;
  readonly name: string;
  readonly type: ColumnType;
}

/** Rows in a block: the unit that is paged, patched, cached and mapped. */
export const blockRows = 65_536;

/** Blocks a level-1 node of the merge tree summarises; a level-k node summarises `treeArity ** k`. */
export const treeArity = 8;

/** Whether sums and comparisons of this kind are exact in any order (integers, decimals, text, calendar). */
export function isExact(type: ColumnType): boolean {
  return type.kind !== 'float64';
}

export function isNumeric(type: ColumnType): boolean {
  return type.kind === 'int32' || type.kind === 'int64' || type.kind === 'decimal' || type.kind === 'float64';
}
