import type { ColumnType, Literal } from './column.ts';
import type { NamedFunction } from './formula-functions.ts';
import type { ZoneTable } from './head.ts';

/** Operators, and what decides between values. Comparison and logic give bool; `/` gives float64; the rest keep exact types. */
export const operators = [
  '+',
  '-',
  '*',
  '/',
  'neg',
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'and',
  'or',
  'not',
  'if',
  'coalesce',
] as const;

/** Functions of one row. */
export type RowFunction = (typeof operators)[number] | NamedFunction;

/** Functions of many rows. `quantile` takes its fraction in `q`. */
export const aggregateFunctions = [
  'count',
  'sum',
  'mean',
  'min',
  'max',
  'variance',
  'stddev',
  'distinct',
  'quantile',
] as const;
export type AggregateFunction = (typeof aggregateFunctions)[number];

/**
 * Functions of an answer's groups, computed when it is finished: `share` of the total, `running` total, `moving` average of
 * the last `n` groups, the value of the group `n` `previous` to this one.
 */
export const windowFunctions = ['share', 'running', 'moving', 'previous'] as const;
export type WindowFunction = (typeof windowFunctions)[number];

/**
 * What a linked table's row says of a key: made when names are resolved, never written. Null where no key is the value of
 * `of`. `entries` hold each value once, with its keys.
 */
export interface FormulaLookup {
  readonly op: 'lookup';
  readonly of: Formula;
  readonly type: ColumnType;
  readonly entries: readonly { readonly value: Literal; readonly keys: readonly Literal[] }[];
}

/** A formula after parsing: what people type as `sum(Quantity * UnitPrice) / distinct(InvoiceNo)`. */
export type Formula =
  | { readonly op: 'column'; readonly column: string }
  | { readonly op: 'literal'; readonly value: Literal }
  | {
      readonly op: 'call';
      readonly fn: RowFunction;
      readonly args: readonly Formula[];
      /** Of a part of a time: where its clock stands. Given when names are resolved; without it the clock is UTC's. */
      readonly zone?: ZoneTable;
    }
  | FormulaLookup
  | { readonly op: 'aggregate'; readonly fn: AggregateFunction; readonly of?: Formula; readonly q?: number }
  | { readonly op: 'window'; readonly fn: WindowFunction; readonly of: Formula; readonly n?: number };
