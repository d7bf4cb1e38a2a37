/** How much of the data an answer speaks for. Nothing is extrapolated. */
export interface Coverage {
  /** Store version the answer is as of; with `mixed` or `settled: false` the newest among its inputs. */
  readonly version: number;
  /** ISO time of that version. */
  readonly asOf: string;
  /** All inputs are as of `version`. */
  readonly settled: boolean;
  /** Offline, and some inputs are older than others. */
  readonly mixed: boolean;
  readonly blocks: number;
  readonly blocksTotal: number;
  readonly rows: number;
  readonly rowsTotal: number;
  /** Measure ids whose values are approximate. */
  readonly approximate: readonly string[];
  /** Where the work was done. */
  readonly from: 'cache' | 'store' | 'mixed';
  /** Rows that match `where`, of a rows question. */
  readonly matching?: number;
  /** Groups there are, of an aggregate question with a `limit`. */
  readonly groups?: number;
}

/** A small finished answer: an Arrow IPC stream and what it covers. */
export interface Answer {
  readonly bytes: Uint8Array;
  readonly coverage: Coverage;
}
