import type { Observer, Unsubscribe } from '../protocol/client.ts';
import { fromWireError, toExaError } from '../protocol/errors.ts';
import type { WatchEvent } from '../protocol/messages.ts';

/** Watches something over a link until the returned function is called. */
export function watch<T>(
  observer: Observer<T>,
  call: (options: { signal: AbortSignal; next: (event: WatchEvent<T>) => void }) => Promise<unknown>,
): Unsubscribe {
  const { signal, stop } = lifetime();
  call({
    signal,
    next(event) {
      if (signal.aborted) return;
      if (event.kind === 'value') observer.next(event.value);
      else observer.failed?.(fromWireError(event.error));
    },
  }).catch((error: unknown) => {
    if (!signal.aborted) observer.failed?.(toExaError(error));
  });
  return stop;
}

/** A signal, and what aborts it. */
export function lifetime(): { signal: AbortSignal; stop: Unsubscribe } {
  const controller = new AbortController();
  return { signal: controller.signal, stop: () => controller.abort() };
}
