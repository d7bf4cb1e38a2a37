import type { DataClient, Status } from '../protocol/client.ts';

/** Longest wait, in ms: somebody may go on asking. */
const longestMs = 10_000;

/**
 * Resolves once what a page asked first is answered, or cannot be: what is fetched for later starts then, as a browser asks
 * a store for six things at a time.
 */
export function firstRest(
  client: Pick<DataClient, 'status'>,
  after: (ms: number, run: () => void) => unknown = later,
): Promise<void> {
  return new Promise((resolve) => {
    let wasBusy = false;
    const stop = client.status({
      next({ connection }: Status) {
        if (connection === 'updating') wasBusy = true;
        else if (connection === 'offline' || (connection === 'live' && wasBusy)) end();
      },
    });
    const end = (): void => {
      stop();
      resolve();
    };
    after(longestMs, end);
  });
}

function later(ms: number, run: () => void): void {
  setTimeout(run, ms);
}
