import { isExaError } from '../../src/protocol/errors.ts';

/** An error of the command line itself: what was typed is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Prints one sentence for a person; the stack only of what must be a bug. Returns the exit code. */
export function printFailure(error: unknown, print: (text: string) => void = console.error): number {
  if (error instanceof UsageError) {
    print(error.message);
    return 2;
  }
  if (isExaError(error) && error.tag !== 'broken') print(error.message);
  else print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}
