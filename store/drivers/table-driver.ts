import type { ColumnData } from '../../src/arrow/column-data.ts';
import type { Receipt, VersionEvent } from '../../src/protocol/change.ts';
import type { ColumnInfo, ColumnType } from '../../src/protocol/column.ts';
import type { DatasetSummary, Head } from '../../src/protocol/head.ts';
import type { FilterSpec, KernelSpec } from '../../src/protocol/kernel.ts';
import type { Profile } from '../../src/protocol/profile.ts';
import type { Revocations } from '../access/revocations.ts';

/** A batch of rows in columns, all of one length. */
export interface RowBatch {
  readonly columns: Readonly<Record<string, ColumnData>>;
  readonly rows: number;
}

/** A write as the one writer commits it. `key` is the idempotency key: the same key, the same receipt, once. */
export interface Write {
  readonly key: string;
  /** Hash of the write's contents: the same key with another fingerprint is a `conflict`. */
  readonly fingerprint: string;
  readonly dataset: string;
  /** Rows the writer may see: a write that reaches another row, or would leave one behind, is `refused` whole. */
  readonly within?: { readonly where: FilterSpec; readonly columns: Readonly<Record<string, ColumnType>> };
  readonly change:
    | { readonly kind: 'append' | 'upsert' | 'delete'; readonly batch: RowBatch }
    | { readonly kind: 'profile'; readonly profile: Profile };
}

/** Everything read through one snapshot is as of one version. */
export interface Snapshot {
  readonly version: number;
  /** Values of `column` (an id, or `_live`) over a block: `length` is the rows handed out in it. */
  readBlock(dataset: string, column: string, block: number): Promise<ColumnData>;
  /** Rows with `_rev > since` in each block, by `_row`. `rows` are row numbers; `live` false for tombstones. */
  readChanged(
    dataset: string,
    columns: readonly string[],
    blocks: readonly { readonly block: number; readonly since: number }[],
  ): Promise<{
    readonly rows: Float64Array;
    readonly live: Uint8Array;
    readonly columns: Readonly<Record<string, ColumnData>>;
  }>;
  /** Data sets there are, by id. */
  datasets(): readonly string[];
  /** `scope` is what its keys will say, by default `public`. Throws `missing`. */
  head(dataset: string, scope?: string): Head;
  /**
   * Exact partials a block computed by the engine itself, as encoded partials (`src/kernels/table/partial`),
   * or undefined when this driver does not push this spec down: then the caller maps pages.
   */
  exactPartials(
    dataset: string,
    spec: KernelSpec,
    blocks: readonly number[],
  ): Promise<ReadonlyMap<number, Uint8Array> | undefined>;
}

/** A data set being filled where nobody sees it: committed whole, or dropped without a trace. */
export interface ImportSession {
  readonly id: string;
  append(batch: RowBatch): Promise<void>;
  /** One transaction, one version. */
  commit(): Promise<Receipt & { readonly dataset: string }>;
  abort(): Promise<void>;
}

/** Tables at rest: one clock, one writer, many snapshots. Composed once, in `store/main`. */
export interface TableDriver {
  datasets(): readonly DatasetSummary[];
  /** Runs `read` in one read transaction. Throws `missing` for an unknown data set. */
  snapshot<T>(read: (snapshot: Snapshot) => Promise<T>): Promise<T>;
  /** Resolves when the write is on disk. Waiting writes are grouped into one transaction. */
  write(write: Write): Promise<Receipt>;
  /** `replace` gives the data set a new epoch; `create` refuses a name in use; append and upsert match columns by name. */
  beginImport(options: {
    readonly name: string;
    readonly mode: 'create' | 'replace' | 'append' | 'upsert';
    readonly columns: readonly Omit<ColumnInfo, 'id'>[];
    /** In terms of column *names*; the driver turns them into ids. */
    readonly profile: Profile;
  }): Promise<ImportSession>;
  drop(dataset: string): Promise<void>;
  /** Tokens taken back, kept with the catalogue. */
  readonly revocations: Revocations;
  /** Committed versions, in order, after commit. */
  onVersion(listener: (event: VersionEvent) => void): () => void;
  close(): Promise<void>;
}
