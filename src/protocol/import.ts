import type { Receipt } from './change.ts';
import type { ColumnType } from './column.ts';
import type { ImportMode } from './import-columns.ts';
import type { Part, Profile, Role } from './profile.ts';

/** What a person decided about a file; what is left out is decided by its data. Plain JSON. */
export interface ImportDecisions {
  /** Of a workbook: the sheet's name. */
  readonly sheet?: string;
  readonly dateOrder?: 'dmy' | 'mdy';
  readonly decimal?: '.' | ',';
  /** Leave out rows with a value that does not fit its column, or with too many or too few cells. */
  readonly bad?: 'skip';
  /** Of rows with too many or too few cells only. */
  readonly ragged?: 'pad';
  /** By column name. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** What columns play, by name; `null`: nothing. */
  readonly roles?: Readonly<Record<string, Role | null>>;
  readonly part?: Part;
  /** Names of the declared key's columns. */
  readonly keys?: readonly string[];
  /** What the data set is to be called; guesses read it. */
  readonly name?: string;
}

/** Something the data cannot decide, or a value that does not fit. Rows count from 1, the header apart. */
export interface ImportDoubt {
  readonly kind: 'date-order' | 'decimal-mark' | 'not-a-date';
  readonly column: string;
  readonly row: number;
  readonly value: string;
}

export interface PreviewColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** What the data say it is, before decisions: choices are made from it. */
  readonly inferred: ColumnType;
  readonly role?: Role;
  readonly nulls: number;
}

/** A file as it would be stored, before anything is. */
export interface ImportPreview {
  /** A name for the data set, from the file's. */
  readonly name: string;
  readonly format: 'csv' | 'ndjson' | 'parquet' | 'arrow' | 'excel';
  /** Of a workbook: its sheets, and the one read. */
  readonly sheets?: readonly string[];
  readonly sheet?: string;
  readonly rows: number;
  readonly columns: readonly PreviewColumn[];
  /** The first rows as texts, a cell a column; null when missing. */
  readonly sample: readonly (readonly (string | null)[])[];
  readonly doubts: readonly ImportDoubt[];
  /** What was noticed and done, a sentence each. */
  readonly notes: readonly string[];
  /** In terms of column names. */
  readonly profile: Profile;
}

/** Where rows go: this browser, or the store. */
export type ImportPlace = 'here' | 'store';

/** What is to be done with a file. */
export interface ImportPlan {
  readonly name: string;
  readonly place: ImportPlace;
  readonly mode: ImportMode;
  /** The data set that is replaced, appended to or updated. */
  readonly dataset?: string;
  readonly decisions: ImportDecisions;
}

/** What an import into a data set that is there would change. */
export interface ImportDifference {
  readonly rowsThere: number;
  readonly rowsInFile: number;
  /** Of an upsert: rows whose key is there, and others; undefined when there are too many rows to compare. */
  readonly updated?: number;
  readonly appended?: number;
  readonly newColumns: readonly string[];
  /** Columns there that the file lacks. */
  readonly missingColumns: readonly string[];
  /** Names of the key's columns. */
  readonly keys: readonly string[];
}

export interface ImportProgress {
  readonly phase: 'read' | 'compare' | 'store';
  readonly rows: number;
  readonly rowsTotal?: number;
}

export interface ImportDone extends Receipt {
  readonly dataset: string;
  /** Rows left out as something in them did not fit. */
  readonly skipped: number;
  readonly part: Part;
}

export interface ImportOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: ImportProgress) => void;
}

/** One file being looked at and stored, off the page's thread. Rejects with `ExaError`. */
export interface ImportJob {
  preview(decisions: ImportDecisions, options?: ImportOptions): Promise<ImportPreview>;
  difference(plan: ImportPlan, options?: ImportOptions): Promise<ImportDifference>;
  /** Whole, in one version, or nothing of it; aborting leaves nothing. */
  store(plan: ImportPlan, options?: ImportOptions): Promise<ImportDone>;
  close(): void;
}

/** How a page brings files in. An ancestor hands it down; without one, gadgets offer no import. */
export interface ImportClient {
  open(file: Blob, name: string): ImportJob;
}
