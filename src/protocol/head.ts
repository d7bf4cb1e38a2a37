import type { ColumnInfo } from './column.ts';
import type { Profile } from './profile.ts';

/**
 * Offsets of a zone over the data's years: the offset from `from[i]` (UTC ms, inclusive) until `from[i + 1]`
 * is `offsetMs[i]`; `from[0]` is −8.64e15. Made once where rows are stored, so kernels need no `Intl`.
 */
export interface ZoneTable {
  readonly from: readonly number[];
  readonly offsetMs: readonly number[];
}

/** A data set in a list. `asOf` is ISO time of the commit that made `version`. */
export interface DatasetSummary {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
  readonly version: number;
  readonly asOf: string;
  readonly rows: number;
  readonly bytes: number;
  readonly profile: Profile;
  /** `memory`: nothing of it may be kept on the asker's disk. */
  readonly cache?: 'memory';
}

/** The small mutable record of a data set, and the only thing ever revalidated. */
export interface Head {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
  /** Hash of what the asker may see; part of every page and partial key. `public` when there are no accounts. */
  readonly scope: string;
  /** Store version this head is as of; block revisions are at most this. */
  readonly version: number;
  readonly asOf: string;
  /** Row numbers handed out so far: `_row` is in `[0, allocated)`. */
  readonly allocated: number;
  readonly columns: readonly ColumnInfo[];
  readonly profile: Profile;
  /** Of each block: the version that last touched it, and its rows that are not deleted. */
  readonly revisions: readonly number[];
  readonly live: readonly number[];
  /** Zones that questions may name: `UTC` and the profile's. */
  readonly zones: Readonly<Record<string, ZoneTable>>;
  /** `memory`: nothing of it may be kept on the asker's disk. */
  readonly cache?: 'memory';
}
