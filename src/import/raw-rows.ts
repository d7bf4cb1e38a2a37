/**
 * Rows of a text format before they have types. A cell is its text, or null where the format itself says so.
 * `quoted[i]` (NDJSON) says that cell `i` was a string, so it can be text, a date or an instant but no number.
 */
export interface RawRow {
  /** 1-based, the header not counted. */
  readonly row: number;
  readonly cells: readonly (string | null)[];
  readonly quoted?: readonly boolean[];
}

/** Rows as they come, many at a time; `names` may grow (NDJSON learns its columns on the way). */
export interface RawBatch {
  readonly names: readonly string[];
  readonly rows: readonly RawRow[];
}

/** What to do with a row that has too many or too few cells. */
export type RaggedPolicy = 'stop' | 'skip' | 'pad';

/** Told of rows a reader left out or mended. */
export interface RowNotes {
  skipped: number;
  padded: number;
}

/** A number of things: `1 row`, `1,204 rows`. */
export function several(count: number, thing: string): string {
  return `${counted(count)} ${thing}${count === 1 ? '' : 's'}`;
}

/** A number as sentences show it: thousands separated. */
export function counted(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
