/** What a table is to its users; views look for the table that plays the part they show. */
export const parts = [
  'orders',
  'clients',
  'products',
  'shops',
  'messages',
  'tasks',
  'events',
  'table',
] as const;
export type Part = (typeof parts)[number];

/** What a column is to its table. A table has at most one column a role. */
export const roles = [
  'id',
  'order',
  'client',
  'name',
  'date',
  'amount',
  'quantity',
  'price',
  'state',
  'country',
  'shop',
  'product',
  'email',
  'segment',
] as const;
export type Role = (typeof roles)[number];

/** N:1: `column` of this table holds the `key` of `dataset`. */
export interface Link {
  /** Name used in references: `client` makes `client.country` a column of this table. */
  readonly id: string;
  readonly label: string;
  readonly column: string;
  readonly dataset: string;
  readonly key: string;
  /**
   * Columns of a linked table too large to join when an answer is made (more than 65,536 rows), kept in this one: the
   * store changes them in the transaction that changes their source, and null stands for a row that is not there.
   */
  readonly copies?: readonly CopiedColumn[];
}

/** `column` of the linked table is kept as the stored column `as`; declaring one by a new name makes it. */
export interface CopiedColumn {
  readonly column: string;
  readonly as: string;
}

/**
 * This table's rows are the groups of another's: one row a value of its column `by` (nulls apart), held by the one
 * declared key. The store keeps `columns` equal to their formulas: `count()`, `count(x)`, `sum(x)`, `min(x)` or `max(x)` of
 * whole numbers, decimals, dates and times (min and max of texts too). People and imports write no rows here.
 */
export interface RollUp {
  readonly dataset: string;
  readonly by: string;
  readonly columns: readonly { readonly column: string; readonly formula: string }[];
}

/** A column computed row by row from a formula over this table's columns, e.g. `Quantity * UnitPrice`. */
export interface CalculatedColumn {
  readonly id: string;
  readonly label: string;
  readonly formula: string;
}

/** A number computed over many rows, e.g. `sum(amount) / distinct(order)`. */
export interface Measure {
  readonly id: string;
  readonly label: string;
  readonly formula: string;
  /** `money` uses the profile's currency. */
  readonly format: 'count' | 'money' | 'number' | 'percent';
}

/** What a table means. Guessed at import, edited by people, stored with the head, version-counted like data. */
export interface Profile {
  readonly part: Part;
  readonly label: string;
  /** What one row is: an order, a line of an order (orders = distinct `order` role), or just a row. */
  readonly grain: 'order' | 'line' | 'row';
  /** Column ids of the declared key, in order; empty when the table has none. */
  readonly keys: readonly string[];
  readonly roles: Readonly<Partial<Record<Role, string>>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  readonly calculated: readonly CalculatedColumn[];
  readonly measures: readonly Measure[];
  /** IANA zone in which days and months are counted. */
  readonly zone: string;
  /** Address of a row's own document elsewhere, with column ids in braces: `https://erp.example/orders/{order_id}`. */
  readonly document?: string;
  /** ISO 4217 code of the amounts, when known. */
  readonly currency?: string;
  /** How this table divides into things people name: dimension column references in the order views show them. */
  readonly dimensions: readonly string[];
  /** Totals of another table, kept by the store. */
  readonly rollUp?: RollUp;
}
