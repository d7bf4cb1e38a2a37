import type { ColumnType, Literal } from './column.ts';
import type { Formula } from './formula.ts';
import type { ZoneTable } from './head.ts';
import type { TimeUnit } from './query.ts';

/**
 * A question after planning: names resolved, calculated columns inlined, zones tabled. Everything `map` needs and
 * nothing that only `finish` needs, so its canonical JSON keys partials at both ends.
 */
export type KernelSpec = AggregateSpec | TopSpec;

export interface AggregateSpec {
  readonly kernel: 'aggregate';
  /** Stored columns read, by id, with their types; `_live` is read by every kernel where a block has it. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly where?: FilterSpec;
  readonly groupBy: readonly GroupSpec[];
  readonly states: readonly StateSpec[];
}

/** Like `Filter`, with an operand instead of a reference. */
export type FilterSpec =
  | { readonly op: 'and' | 'or'; readonly of: readonly FilterSpec[] }
  | { readonly op: 'not'; readonly of: FilterSpec }
  | { readonly op: 'in'; readonly operand: Formula; readonly values: readonly Literal[] }
  | { readonly op: 'range'; readonly operand: Formula; readonly from?: Literal; readonly to?: Literal }
  | { readonly op: 'contains'; readonly operand: Formula; readonly text: string }
  | { readonly op: 'starts'; readonly operand: Formula; readonly text: string };

export type GroupSpec =
  | { readonly by: 'value'; readonly operand: Formula }
  | { readonly by: 'number'; readonly operand: Formula; readonly origin: number; readonly width: number }
  | { readonly by: 'time'; readonly operand: Formula; readonly unit: TimeUnit; readonly zone: ZoneTable };

/** What is kept per group. Several measures may share one. `rows` counts rows; the others skip nulls. */
export type StateSpec =
  | { readonly state: 'rows' }
  | {
      readonly state: 'count' | 'sum' | 'minmax' | 'moments' | 'distinct' | 'values';
      readonly operand: Formula;
    };

/**
 * The first `limit` matching rows in an order, with how many match: a window of rows where their pages are not here.
 * Its partial keeps the rows' `_row`, order operands and `take` columns.
 */
export interface TopSpec {
  readonly kernel: 'top';
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly where?: FilterSpec;
  /** Ties, and an empty order, by `_row`; the operand `{ op: 'column', column: '_row' }` orders by arrival. Nulls last. */
  readonly order: readonly { readonly operand: Formula; readonly descending: boolean }[];
  readonly take: readonly Formula[];
  readonly limit: number;
}
