import { cancelled } from '../protocol/errors.ts';
import type { CallOptions } from './store-client.ts';

interface Flight<T> {
  readonly result: Promise<T>;
  readonly ending: AbortController;
  askers: number;
}

/**
 * Shares work under way: while `work` runs for a key, others asking for that key get the same result. An asker who
 * aborts gets `cancelled` at once; the work itself is aborted when the last asker has. Nothing is remembered once the
 * work has ended, well or badly.
 */
export function withSingleFlight<T>(
  work: (key: string, signal: AbortSignal) => Promise<T>,
): (key: string, options?: CallOptions) => Promise<T> {
  const flights = new Map<string, Flight<T>>();

  function start(key: string): Flight<T> {
    const ending = new AbortController();
    const result = (async () => work(key, ending.signal))();
    const flight: Flight<T> = { result, ending, askers: 0 };
    flights.set(key, flight);
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    result.then(land, land);
    return flight;
  }

  return (key, { signal } = {}) =>
    new Promise<T>((resolve, reject) => {
      const cancel = () => {
        reject(cancelled());
        flight.askers--;
        if (flight.askers > 0) return;
        if (flights.get(key) === flight) flights.delete(key);
        flight.ending.abort();
      };
      if (signal?.aborted) return reject(cancelled());
      const flight = flights.get(key) ?? start(key);
      flight.askers++;
      signal?.addEventListener('abort', cancel, { once: true });
      flight.result.then(
        (value) => {
          signal?.removeEventListener('abort', cancel);
          resolve(value);
        },
        (error) => {
          signal?.removeEventListener('abort', cancel);
          reject(error);
        },
      );
    });
}
