import type { ArrayChange, Dtype, ElementLiteral, MemoryOrder } from '../../src/protocol/array.ts';
import type { Receipt } from '../../src/protocol/change.ts';

/** Where an array's journal ends: everything up to `end` of `segment` is committed, and only that. */
export interface JournalHead {
  readonly segment: number;
  readonly end: number;
  /** Place of the newest index record, or undefined in an empty journal. */
  readonly last?: { readonly offset: number; readonly length: number };
}

/** What the catalogue keeps of an array; swapping it is what commits a change. Sizes are decimal strings. */
export interface ArrayRecord {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
  readonly version: number;
  readonly asOf: string;
  readonly shape: readonly string[];
  readonly dtype: Dtype;
  readonly chunk: readonly number[];
  readonly order: MemoryOrder;
  readonly fill: ElementLiteral;
  readonly reduced: readonly boolean[];
  readonly folder: string;
  readonly journal: JournalHead;
  /** Times the array became smaller, oldest first: what a chunk held beyond is fill again, also after it grows. */
  readonly shrinks: readonly { readonly version: number; readonly shape: readonly string[] }[];
  readonly chunks: number;
  readonly bytes: number;
}

/** What one commit makes of one array. */
export interface ArrayCommit {
  /** The record to be, or undefined when the array is dropped. */
  readonly record: ArrayRecord | undefined;
  readonly change: ArrayChange;
  /** Elements written, for the receipt. */
  readonly written: number;
  /** Runs after the commit and before anyone hears of it. */
  committed?(): void;
}

/** The one catalogue and clock, as arrays need it. */
export interface ArrayCatalogue {
  arrays(): ReadonlyMap<string, ArrayRecord>;
  /**
   * Runs `body` as the one writer and commits what it returns, with the key, in one transaction and one version. The same
   * key again gets the same receipt and `body` does not run; with another fingerprint it is a `conflict`.
   */
  commitArray(
    write: { readonly key?: string; readonly fingerprint: string },
    body: (at: { readonly version: number; readonly asOf: string }) => Promise<ArrayCommit>,
  ): Promise<Receipt>;
}
