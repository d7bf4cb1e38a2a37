import { ExaError, isExaError, toExaError } from '../protocol/errors.ts';
import { parseClock, parseVersionEvent } from '../protocol/parse-change.ts';
import { backoffMs, pause } from './backoff.ts';
import { eventStreamParser } from './event-stream.ts';
import type { ChangeListener } from './store-client.ts';

/** Effects of {@link followChanges}. */
export interface FollowOptions {
  /** One connection's bytes, from after version `since`. */
  readonly connect: (since: number, signal: AbortSignal) => AsyncIterable<Uint8Array>;
  readonly since: number;
  readonly listener: ChangeListener;
  readonly random: () => number;
  /** Pauses between attempts; `firstMs` gives way to what the stream asks for. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Follows a store's announcements over as many connections as it takes, each version once and in order. */
export function followChanges(options: FollowOptions): () => void {
  const ending = new AbortController();
  void follow(options, ending.signal);
  return () => ending.abort();
}

async function follow(options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { connect, listener, random, maxMs } = options;
  let { since, firstMs } = options;
  let failures = 0;

  async function once(): Promise<void> {
    const decoder = new TextDecoder();
    const parser = eventStreamParser();
    let greeted = false;
    for await (const chunk of connect(since, signal)) {
      if (signal.aborted) return;
      for (const { event, data } of parser.push(decoder.decode(chunk, { stream: true }))) {
        firstMs = parser.retryMs ?? firstMs;
        if (event === 'hello') {
          const clock = parseClock(readEvent(data), 'hello');
          greeted = true;
          failures = 0;
          listener.open(clock);
          // A clock behind ours is another store, or one restored from a copy: nothing we know holds.
          if (clock.version < since) {
            since = clock.version;
            listener.reset();
          }
        } else if (event === 'version' && greeted) {
          const version = parseVersionEvent(readEvent(data), 'version');
          if (version.version <= since) continue;
          since = version.version;
          listener.event(version);
        } else if (event === 'reset') {
          since = resetTo(data, since);
          listener.reset();
        }
        if (signal.aborted) return;
      }
    }
    throw new ExaError('offline', 'The store ended the connection.');
  }

  while (!signal.aborted) {
    try {
      await once();
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      if (failures === 1) listener.lost(isExaError(error) ? error : toExaError(error));
    }
    await pause(backoffMs(Math.max(1, failures), { firstMs, maxMs, random }), signal);
  }
}

function readEvent(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new ExaError('corrupt', 'A message of the store was cut short or damaged.', { cause });
  }
}

/** Where a reset puts us: the version it names, else where we are. */
function resetTo(data: string, since: number): number {
  try {
    return parseClock(JSON.parse(data), 'reset').version;
  } catch {
    return since;
  }
}
