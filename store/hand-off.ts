/**
 * Values made by `produce` one at a time, each when the one before it has been taken: nothing is read ahead.
 * Leaving the loop early aborts the producer's signal and waits for it to end. A producer's error is thrown to
 * the taker.
 */
export async function* handOff<T>(
  produce: (send: (value: T) => Promise<void>, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<T> {
  const aborter = new AbortController();
  let wake: () => void = () => {};
  let taken: () => void = () => {};
  let dropped: (reason: unknown) => void = () => {};
  const waiting: { value: T }[] = [];
  let ended: { error?: unknown } | undefined;

  const send = (value: T): Promise<void> => {
    if (aborter.signal.aborted) return Promise.reject(aborter.signal.reason);
    waiting.push({ value });
    wake();
    return new Promise((resolve, reject) => {
      taken = resolve;
      dropped = reject;
    });
  };

  const finished = produce(send, aborter.signal).then(
    () => {
      ended = {};
      wake();
    },
    (error: unknown) => {
      ended = { error };
      wake();
    },
  );

  try {
    for (;;) {
      const next = waiting.shift();
      if (next) {
        yield next.value;
        taken();
      } else if (ended) {
        if ('error' in ended) throw ended.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    const reason = new DOMException('The taker went away.', 'AbortError');
    aborter.abort(reason);
    dropped(reason);
    await finished;
  }
}
