import type { BatchPart, BatchRequest } from '../protocol/batch.ts';
import type { Change, Receipt, VersionEvent } from '../protocol/change.ts';
import type { ExaError } from '../protocol/errors.ts';
import type { FitEvent, FitRequest } from '../protocol/fit.ts';
import type { DatasetSummary, Head } from '../protocol/head.ts';
import type { Start } from '../protocol/start.ts';

/** What every call takes: aborting ends the request itself and rejects with `cancelled`. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** The data sets of a store as of one version. `asOf` is ISO time of its commit. */
export interface DatasetList {
  readonly version: number;
  readonly asOf: string;
  readonly datasets: readonly DatasetSummary[];
}

/** That a store is there, and where its clock stands. */
export interface Health {
  readonly version: number;
  readonly asOf: string;
}

/** Told what the store announces, in order. */
export interface ChangeListener {
  /** One committed version. */
  event(event: VersionEvent): void;
  /** Connected (again): the store stands at `at`; versions missed since the last event follow. */
  open(at: Health): void;
  /** Versions were missed that the store no longer keeps: read every head again. */
  reset(): void;
  /** The stream broke; it is tried again by itself. Told once an outage, not once an attempt. */
  lost(error: ExaError): void;
}

/** A store of data sets, wherever it is. All promises reject with `ExaError`. */
export interface StoreClient {
  datasets(options?: CallOptions): Promise<DatasetList>;
  /** `missing` for an unknown data set. */
  head(dataset: string, options?: CallOptions): Promise<Head>;
  /**
   * Parts in the order the store made them, each verified against its checksum. The store may answer only the
   * first items (16 MiB a batch): what did not come is asked for again. A part that fails its checksum throws
   * `corrupt` with facts `{ item, block, level }`; the parts before it stand, the caller asks again for the rest, once.
   * Leaving the loop early ends the request.
   */
  batch(request: BatchRequest, options?: CallOptions): AsyncIterable<BatchPart>;
  /** Resolves when the change is on the store's disk. The same key is written once, whatever the number of calls. */
  write(change: Change, idempotencyKey: string, options?: CallOptions): Promise<Receipt>;
  /** Versions after `since`, for as long as the returned function has not been called. */
  changes(since: number, listener: ChangeListener): () => void;
  health(options?: CallOptions): Promise<Health>;
  /**
   * Who asks, the clock, the list and the newest heads in one answer; left out where there is none. `asked`: the page has just
   * asked for it, and what the browser has of that will do. `missing` at a store that is older.
   */
  start?(options?: CallOptions & { readonly asked?: boolean }): Promise<Start>;
  /** Fits a model near the data, where the store can: events as they come, the last one the final result. */
  fit?(request: FitRequest, told: (event: FitEvent) => void, options?: CallOptions): Promise<void>;
}
