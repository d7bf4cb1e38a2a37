import type { Literal } from './column.ts';
import type { Measure } from './profile.ts';

/**
 * A column reference: a stored column's id, a calculated column's id, `link.column` through an N:1 link, or a formula of one's
 * own after `=` (`=round(price)`).
 */
export type ColumnRef = string;

/** Which rows. Nulls match only where `null` is among `values`. */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly op: 'not'; readonly of: Filter }
  | { readonly op: 'in'; readonly column: ColumnRef; readonly values: readonly Literal[] }
  /** `[from, to)`; an end left out is open. */
  | { readonly op: 'range'; readonly column: ColumnRef; readonly from?: Literal; readonly to?: Literal }
  /** Case-folded substring, and beginning. */
  | { readonly op: 'contains'; readonly column: ColumnRef; readonly text: string }
  | { readonly op: 'starts'; readonly column: ColumnRef; readonly text: string };

export const timeUnits = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
/** Weeks begin on Monday (ISO 8601). */
export type TimeUnit = (typeof timeUnits)[number];

/** What rows are grouped by: a value, a numeric bin `[origin + k·width, origin + (k+1)·width)`, or calendar time. */
export type GroupKey =
  | { readonly by: 'value'; readonly column: ColumnRef }
  | { readonly by: 'number'; readonly column: ColumnRef; readonly origin: number; readonly width: number }
  | { readonly by: 'time'; readonly column: ColumnRef; readonly unit: TimeUnit; readonly zone: string };

/** A number asked for: a measure of the profile by id, or a formula of one's own. */
export type Asked = { readonly measure: string } | Measure;

export interface Order {
  /** Index into `groupBy`, or the id of an asked measure. */
  readonly by: number | string;
  readonly descending: boolean;
}

/** Filter, group, aggregate. The answer has the columns `g0`, `g1`, … and one a measure, named by its id. */
export interface AggregateQuestion {
  readonly kind: 'aggregate';
  readonly dataset: string;
  readonly where?: Filter;
  readonly groupBy: readonly GroupKey[];
  readonly measures: readonly Asked[];
  readonly order?: readonly Order[];
  /** Groups left out before the first; not with `other`. */
  readonly offset?: number;
  /** Top-k: the first `limit` groups after ordering and `offset`. */
  readonly limit?: number;
  /** With `limit`: one more row, all group columns null and `_other` true, that merges the rest. */
  readonly other?: boolean;
}

/** A window of rows in an order. The answer has `_row` (float64, exact) and one column a reference; coverage has the total. */
export interface RowsQuestion {
  readonly kind: 'rows';
  readonly dataset: string;
  readonly where?: Filter;
  /** Ties are broken by `_row`. Empty: arrival order. Nulls last in either direction. */
  readonly order: readonly { readonly column: ColumnRef; readonly descending: boolean }[];
  readonly columns: readonly ColumnRef[];
  /** The window `[offset, offset + limit)` of matching rows. */
  readonly offset: number;
  readonly limit: number;
}

export type Question = AggregateQuestion | RowsQuestion;

/**
 * Several aggregate questions that will be asked again and again with a moving range on one column.
 * Each is answered for `[bin start, bin end)` of `active`; the active view's own question is not among them.
 */
export interface BrushRequest {
  readonly dataset: string;
  /** A numeric or time column cut into `bins` equal bins over `[from, to)` (numbers; timestamps in UTC ms, dates in days). */
  readonly active: {
    readonly column: ColumnRef;
    readonly from: number;
    readonly to: number;
    readonly bins: number;
  };
  /** Their `where` must not constrain the active column. */
  readonly questions: readonly AggregateQuestion[];
}
