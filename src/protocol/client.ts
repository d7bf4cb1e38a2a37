import type { Answer } from './answer.ts';
import type { ArrayClient } from './array-client.ts';
import type { Change, Receipt } from './change.ts';
import type { ExaError } from './errors.ts';
import type { ExportDone, ExportOptions, ExportOutlook, ExportRequest } from './export.ts';
import type { FitClient } from './fit.ts';
import type { DatasetSummary, Head } from './head.ts';
import type { KeepClient } from './keep.ts';
import type { BrushRequest, Question } from './query.ts';

/** Ends a subscription; calling it twice is harmless. */
export type Unsubscribe = () => void;

/** Told again whenever the value changes; after `failed` the last value still stands. */
export interface Observer<T> {
  next(value: T): void;
  failed?(error: ExaError): void;
}

/** Told the best answer so far (coarse or stale first, then settled), and again when the data change. */
export interface AnswerObserver extends Observer<Answer> {
  /** Fraction of the work done, `[0, 1]`; told while an answer is under way. */
  progress?(done: number): void;
}

export type Connection = 'connecting' | 'live' | 'updating' | 'offline';

/** How fresh what is shown can be. `asOf` is ISO time of the last contact with the store. */
export interface Status {
  readonly connection: Connection;
  readonly asOf: string | null;
  /** Writes not yet acknowledged by the store. */
  readonly waiting: number;
  /** `memory` where IndexedDB is missing or forbidden. */
  readonly keeps: 'indexeddb' | 'memory';
}

export interface StorageReport {
  readonly keeps: 'indexeddb' | 'memory';
  readonly maxBytes: number;
  readonly bytes: number;
  readonly datasets: readonly {
    readonly id: string;
    readonly name: string;
    readonly bytes: number;
    readonly pages: number;
  }[];
}

/** How much of a data set is kept here, by pages of all its columns. */
export interface KeptShare {
  readonly pages: number;
  readonly pagesTotal: number;
  /** Estimated, of all of it. */
  readonly bytes: number;
  /** False where that is more than is brought unasked, or none of it may be kept: nothing is brought. */
  readonly fits: boolean;
}

/** Prepared answers for a moving range; screen-sized, in memory, gone when closed. */
export interface Brush {
  /** One finished Arrow stream a question of the request, for bins `[start, end)`. Synchronous: O(screen). */
  slice(start: number, end: number): readonly Uint8Array[];
  close(): void;
}

/** All a gadget knows of data. An ancestor hands it down; nothing else fetches, decodes or caches. */
export interface DataClient {
  /** Models; left out where nothing can compute them. */
  readonly fits?: FitClient;
  readonly arrays: ArrayClient;
  status(observer: Observer<Status>): Unsubscribe;
  datasets(observer: Observer<readonly DatasetSummary[]>): Unsubscribe;
  head(dataset: string, observer: Observer<Head>): Unsubscribe;
  /** Live answer; work nobody is subscribed to any more is aborted. */
  subscribe(question: Question, observer: AnswerObserver): Unsubscribe;
  /** First settled answer, or the best there is offline. Rejects with {@link ExaError}. */
  ask(question: Question, options?: { signal?: AbortSignal }): Promise<Answer>;
  brush(request: BrushRequest, options?: { signal?: AbortSignal }): Promise<Brush>;
  /** Saved views and citations; a client without it keeps none. */
  readonly keep?: KeepClient;
  /** What a file would hold, before it is written. */
  exportOutlook(request: ExportRequest, options?: { signal?: AbortSignal }): Promise<ExportOutlook>;
  /**
   * Writes every row that a request matches, block by block, to `options.chunk`; works offline over what is here. An
   * aborted or failed one leaves pieces of a file that are to be thrown away. Rejects with {@link ExaError}.
   */
  export(request: ExportRequest, options: ExportOptions): Promise<ExportDone>;
  /** Resolves `kept` once the change survives a crash of this browser, `stored` once the store has it on disk. */
  write(change: Change): { readonly kept: Promise<void>; readonly stored: Promise<Receipt> };
  storage(): Promise<StorageReport>;
  /**
   * Brings what is not here of a data set while nothing else is asked, as long as somebody watches, so that questions
   * about columns never looked at are answered offline. `whole`: up to what may be kept here at all; otherwise only of
   * one that is small enough to be brought unasked. A client without it brings only what is asked for.
   */
  bringAlong?(dataset: string, whole: boolean, observer: Observer<KeptShare>): Unsubscribe;
  /** Drops what is cached here of one data set, or of all. Never local data sets nor the outbox. */
  forget(dataset?: string): Promise<void>;
  /** Removes a data set kept in this browser, for good. Rejects `refused` for one of the store. */
  drop(dataset: string): Promise<void>;
  retry(): void;
}
