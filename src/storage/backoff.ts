/** How long to pause between tries. */
export interface BackoffOptions {
  /** Pause after the first failure. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** In `[0, 1)`; half of each pause is random, so that many clients do not return at once. */
  readonly random: () => number;
}

/** Milliseconds to pause after `failures` failures in a row (at least 1): doubling, capped, with jitter. */
export function backoffMs(failures: number, { firstMs, maxMs, random }: BackoffOptions): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return full / 2 + (full / 2) * random();
}

/** Resolves after `ms`, or as soon as `signal` aborts; never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
