import type { ArrayChange } from './array.ts';
import type { Literal } from './column.ts';

/** A row by column name or id; columns left out of an upsert keep their value, of an append are null. */
export type Row = Readonly<Record<string, Literal>>;

/** One write to one data set. All of it is stored, in one version, or none of it. */
export type Change =
  | { readonly kind: 'append'; readonly dataset: string; readonly rows: readonly Row[] }
  /** By the profile's declared keys: updates the row with that key, else appends. */
  | { readonly kind: 'upsert'; readonly dataset: string; readonly rows: readonly Row[] }
  /** By the profile's declared keys; each row holds just them. */
  | { readonly kind: 'delete'; readonly dataset: string; readonly rows: readonly Row[] }
  | { readonly kind: 'profile'; readonly dataset: string; readonly profile: unknown }
  /** Assigns the elements of a `.npy` file to what `at` selects of the array `dataset`; one is assigned to all of it. */
  | { readonly kind: 'assign'; readonly dataset: string; readonly at: string; readonly npy: Uint8Array };

/** What the store says of a write once it is on disk. The same idempotency key gets the same receipt again. */
export interface Receipt {
  readonly version: number;
  readonly asOf: string;
  readonly appended: number;
  readonly updated: number;
  readonly deleted: number;
}

/**
 * One committed version, announced in order after commit. A listener whose head of the data set is at
 * `previous` may apply it; any other reads the head again.
 */
export interface VersionEvent {
  readonly version: number;
  readonly previous: number;
  readonly asOf: string;
  readonly datasets: readonly {
    readonly id: string;
    readonly epoch: string;
    /** Columns, profile or epoch changed: read the head again. */
    readonly headChanged: boolean;
    /** Rows handed out, and each touched block (new ones too) with its live rows; its revision is now `version`. */
    readonly allocated: number;
    readonly blocks: readonly { readonly block: number; readonly live: number }[];
  }[];
  /** Arrays the version changed, when there are any. */
  readonly arrays?: readonly ArrayChange[];
}
