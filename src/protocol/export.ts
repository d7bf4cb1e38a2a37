import type { Coverage } from './answer.ts';
import type { AggregateQuestion, RowsQuestion } from './query.ts';

export const exportFormats = ['csv', 'xlsx', 'parquet', 'arrow'] as const;
/** CSV (RFC 4180, UTF-8 with a mark, formula-safe), Excel workbook, Parquet (Snappy), Arrow IPC file. */
export type ExportFormat = (typeof exportFormats)[number];

/** A column of the file: `id` as the answer calls it, `name` as the file does. */
export interface ExportColumn {
  readonly id: string;
  readonly name: string;
}

/** A table already made: an Arrow IPC stream, as answers are. */
export interface ExportTable {
  readonly kind: 'table';
  readonly bytes: Uint8Array;
  readonly coverage: Coverage;
}

/** What is taken away. Of a rows question every matching row, whatever its window; of an aggregate one the whole answer. */
export interface ExportRequest {
  readonly what: RowsQuestion | AggregateQuestion | ExportTable;
  /** In the order of the file. */
  readonly columns: readonly ExportColumn[];
}

/** What a file would hold, told before it is written. */
export interface ExportOutlook {
  /** Rows that the filters leave, as far as the table can be read now. */
  readonly rows: number;
  /** Estimated, of CSV. */
  readonly bytes: number;
  /** Blocks of the table that can be read now, of all. Fewer: the file will not be complete. */
  readonly blocks: number;
  readonly blocksTotal: number;
  /** `arrival`: too many rows to be sorted here; they are written in the order they came. */
  readonly order: 'asked' | 'arrival';
}

export interface ExportProgress {
  /** Fraction of the work done, `[0, 1]`. */
  readonly done: number;
  readonly rows: number;
  readonly bytes: number;
}

export interface ExportDone {
  readonly rows: number;
  readonly bytes: number;
  /** What the file speaks for; `settled: false` where rows changed while it was written. */
  readonly coverage: Coverage;
  readonly order: ExportOutlook['order'];
  /** Texts cut to what the format allows (Excel: 32,767 characters a cell). */
  readonly cut: number;
}

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Takes each piece of the file, in order; the next is made when it resolves. */
  readonly chunk: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>;
  readonly progress?: (progress: ExportProgress) => void;
  readonly signal?: AbortSignal;
}

/** A block of rows as it was when the export began. */
export interface ExportBlock {
  readonly block: number;
  readonly revision: number;
  readonly live: number;
  /** Its pages are here, or the store can be asked for them. */
  readonly reachable: boolean;
}

/** Everything an export of rows reads, pinned at its start. */
export interface ExportPlan {
  readonly epoch: string;
  readonly version: number;
  readonly asOf: string;
  /** In the order of the file. */
  readonly blocks: readonly ExportBlock[];
  readonly outlook: ExportOutlook;
  /** The columns without rows: an encoded table. */
  readonly empty: Uint8Array;
}

/** Page → coordinator. Both may be sent again to another one. */
export interface ExportCalls {
  planExport: {
    readonly ask: { readonly question: RowsQuestion };
    readonly next: never;
    readonly done: ExportPlan;
  };
  /** The matching rows of one block, or (`block` left out) of the whole table in the order asked. */
  exportPart: {
    readonly ask: { readonly question: RowsQuestion; readonly epoch: string; readonly block?: number };
    readonly next: never;
    /** Undefined where the block is not here and the store cannot be reached. */
    readonly done: ExportPart | undefined;
  };
}

export interface ExportPart {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly coverage: Coverage;
  /** The block's revision as read. */
  readonly revision: number;
}

/** Page → export worker: one file a worker. */
export interface EncodeCalls {
  open: {
    readonly ask: {
      readonly format: ExportFormat;
      readonly columns: readonly ExportColumn[];
      /** A table whose columns are those of every batch. */
      readonly empty: Uint8Array;
      /** Name of the sheet of a workbook. */
      readonly sheet: string;
    };
    readonly next: never;
    readonly done: undefined;
  };
  append: {
    readonly ask: { readonly bytes: Uint8Array };
    readonly next: never;
    readonly done: { readonly bytes: Uint8Array; readonly rows: number };
  };
  finish: {
    readonly ask: undefined;
    readonly next: never;
    readonly done: { readonly bytes: Uint8Array; readonly cut: number };
  };
}
