import type { Unsubscribe } from '../../src/protocol/client.ts';
import type { ExaError } from '../../src/protocol/errors.ts';

/** The first answer that passes, and every one before it. */
export function until<T>(
  start: (observer: { next(value: T): void; failed(error: ExaError): void }) => Unsubscribe,
  passes: (value: T) => boolean,
): Promise<{ last: T; all: T[] }> {
  return new Promise((resolve, reject) => {
    const all: T[] = [];
    let stop: Unsubscribe = () => {};
    stop = start({
      next(value) {
        all.push(value);
        if (!passes(value)) return;
        stop();
        resolve({ last: value, all });
      },
      failed: reject,
    });
  });
}
