import { ExaError } from '../../protocol/errors.ts';

/** How far a fit is: `done` of `total` units of its own (iterations, trees, rows); `total` is 0 when it cannot tell. */
export interface FitProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

/**
 * A fit that can be watched, paused and left between iterations: each `next()` works a few milliseconds and says how
 * far it is, the return value is the fitted model. Leaving one has no effect but lost work.
 */
export type Steps<T> = Generator<FitProgress, T, void>;

/** Runs a fit to its end in one go. */
export function finishSteps<T>(steps: Steps<T>): T {
  let next = steps.next();
  while (!next.done) next = steps.next();
  return next.value;
}

/** Milliseconds of work between two times the thread is given away: long against a timer's 4 ms, short against a frame. */
const sliceMs = 40;

/**
 * Runs a fit, letting others have the thread now and then.
 * - `progress` hears every step. `pause` gives the thread away (default: a timer, so that messages arrive); `now` is
 *   the clock in milliseconds that says when.
 * - Throws `cancelled` at the first step after `signal` is aborted, with nothing kept.
 */
export async function runSteps<T>(
  steps: Steps<T>,
  options: {
    readonly progress?: (at: FitProgress) => void;
    readonly pause?: () => Promise<void>;
    readonly now?: () => number;
    readonly signal?: AbortSignal;
  } = {},
): Promise<T> {
  const pause = options.pause ?? (() => new Promise<void>((resolve) => setTimeout(resolve, 0)));
  const now = options.now ?? (() => performance.now());
  let since = now();
  for (;;) {
    if (options.signal?.aborted)
      throw new ExaError('cancelled', 'The fit was cancelled.', { cause: options.signal.reason });
    const next = steps.next();
    if (next.done) return next.value;
    options.progress?.(next.value);
    if (now() - since < sliceMs) continue;
    await pause();
    since = now();
  }
}
