import { ExaError, isExaError } from '../../protocol/errors.ts';
import type { PassWorks } from './pass-works.ts';

/** Pause before a block that failed is tried again, in ms. */
const retryAfterMs = 400;

/** Tries a block once more when it could not be read or its worker was lost; then says which block it is. */
export async function withRetry<T>(
  parts: PassWorks,
  which: () => Promise<number>,
  attempt: () => Promise<T>,
): Promise<T> {
  const { head, signal, wait = waiting } = parts;
  try {
    return await attempt();
  } catch (first) {
    if (signal.aborted || !isExaError(first, 'offline', 'corrupt', 'broken')) throw first;
    await wait(retryAfterMs);
    try {
      return await attempt();
    } catch (cause) {
      if (signal.aborted || isExaError(cause, 'gone', 'cancelled')) throw cause;
      const block = await which();
      const why = cause instanceof Error ? ` (${cause.message})` : '';
      throw new ExaError(
        isExaError(cause) ? cause.tag : 'broken',
        `Block ${block} of ${head.revisions.length} could not be read, twice${why}: try again; what was read is kept.`,
        { facts: { block }, cause },
      );
    }
  }
}

function waiting(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
