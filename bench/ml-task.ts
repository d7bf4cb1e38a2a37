import type { StreamAsk, Streamed } from './bench-pages.ts';

/** What a task took, each time it was run, and a number that says what it found. */
export interface Timed {
  readonly ms: readonly number[];
  readonly check: number;
}

/** `globalThis.ml` of the page that measures models. */
export interface MlPages {
  /** Fetches the arrays of all tasks into a worker. */
  prepare(origin: string): Promise<void>;
  run(task: string): Promise<Timed>;
  open(storeUrl: string): void;
  /** Pages of all blocks fetched and let go, as a fit that streams fetches them. */
  stream(ask: StreamAsk): Promise<Streamed>;
  /** `request`: a `FitRequest` as JSON. */
  fit(request: string): Promise<{
    readonly ms: number;
    readonly firstMs: number;
    readonly used: number;
    /** Passes over all blocks. */
    readonly passes: number;
    readonly check: number;
  }>;
}
