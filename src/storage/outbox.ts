import type { Change, Receipt } from '../protocol/change.ts';
import type { ExaError } from '../protocol/errors.ts';

/** A write that waits for the store. */
export interface Waiting {
  /** Grows with every write, over all tabs. */
  readonly order: number;
  readonly idempotencyKey: string;
  readonly change: Change;
  /** ISO time it was made. */
  readonly madeAt: string;
}

/** Writes in order, each with an idempotency key, kept until the store has acknowledged them. */
export interface Outbox {
  /**
   * `kept` resolves when the change survives a crash of this browser; `stored` when the store has it on disk.
   * A change added again under its key (its asker did not hear of the first time) is stored once.
   */
  add(
    change: Change,
    idempotencyKey?: string,
  ): { readonly kept: Promise<void>; readonly stored: Promise<Receipt> };
  /** Writes not yet acknowledged, those of other tabs included as far as known. */
  readonly waiting: number;
  /** Told `waiting` whenever it changes. */
  onWaiting(listener: (waiting: number) => void): () => void;
  /** Told of each write the store will never take; it is out of the outbox. */
  onRefused(listener: (waiting: Waiting, error: ExaError) => void): () => void;
  /** Tries now instead of at the end of the current pause. */
  retry(): void;
  /** Stops sending. What waits stays kept; its `stored` rejects with `cancelled`. */
  close(): Promise<void>;
}
