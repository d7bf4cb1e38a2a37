import type { Literal } from './column.ts';

/** Functions of one row. Comparison and logic give bool; `/` gives float64; the rest keep exact types. */
export const rowFunctions = [
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
  'startswith',
  'contains',
] as const;
export type RowFunction = (typeof rowFunctions)[number];

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

/** A formula after parsing: what people type as `sum(Quantity * UnitPrice) / distinct(InvoiceNo)`. */
export type Formula =
  | { readonly op: 'column'; readonly column: string }
  | { readonly op: 'literal'; readonly value: Literal }
  | { readonly op: 'call'; readonly fn: RowFunction; readonly args: readonly Formula[] }
  | { readonly op: 'aggregate'; readonly fn: AggregateFunction; readonly of?: Formula; readonly q?: number };
