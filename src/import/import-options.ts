import type { ColumnType } from '../protocol/column.ts';
import type { Delimiter } from './delimiter.ts';
import type { BadPolicy } from './infer.ts';
import type { DateOrder } from './parse-date.ts';
import type { DecimalMark } from './parse-number.ts';
import type { RaggedPolicy } from './raw-rows.ts';

/** How a file is to be read; what is left out is decided by its data. */
export interface ImportOptions {
  /** A value that does not fit its column. Default `stop`. */
  readonly onBad?: BadPolicy;
  /** A row with too many or too few cells. Default: `skip` when `onBad` is, else `stop`. */
  readonly ragged?: RaggedPolicy;
  readonly dateOrder?: DateOrder;
  readonly decimal?: DecimalMark;
  readonly delimiter?: Delimiter;
  /** IANA zone of times written without one. Default `UTC`. */
  readonly zone?: string;
  /** Unquoted texts that mean a missing value. Default {@link nullTexts}. */
  readonly nulls?: readonly string[];
  /** Types already decided, by column name. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  readonly progress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

export interface ImportProgress {
  readonly phase: 'inspect' | 'read';
  readonly rows: number;
  /** Known in the second pass. */
  readonly rowsTotal?: number;
}

/** Texts that mean a missing value. `NA` is not among them: it is Namibia. */
export const nullTexts = ['', 'NULL', 'null', 'N/A', 'n/a', '#N/A', '\\N'] as const;
