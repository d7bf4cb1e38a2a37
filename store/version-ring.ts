import type { VersionEvent } from '../src/protocol/change.ts';

/** What a late listener gets: the events it missed, or word that they are no longer kept. */
export type Replay =
  | { readonly kind: 'events'; readonly events: readonly VersionEvent[] }
  | { readonly kind: 'reset' };

/** Recent versions, kept in memory so that a listener who was away a moment misses nothing. */
export interface VersionRing {
  /** Newest version, and ISO time of its commit. */
  newest(): { readonly version: number; readonly asOf: string };
  /** Events after `since`, oldest first; `reset` when some are gone, or `since` is of another past. */
  since(since: number): Replay;
  listen(listener: (event: VersionEvent) => void): () => void;
}

/**
 * A ring of at most `maxEvents` events that together touch at most `maxBlocks` blocks.
 * `subscribe` is the driver's; `start` is where its clock stood when the ring was made.
 */
export function versionRing(
  start: { readonly version: number; readonly asOf: string },
  subscribe: (listener: (event: VersionEvent) => void) => () => void,
  { maxEvents = 4096, maxBlocks = 65_536 } = {},
): VersionRing & { close(): void } {
  const listeners = new Set<(event: VersionEvent) => void>();
  const events: VersionEvent[] = [];
  let oldest = start.version;
  let newest = start;
  let blocks = 0;

  const weigh = (event: VersionEvent) => event.datasets.reduce((sum, one) => sum + one.blocks.length, 0);
  const close = subscribe((event) => {
    if (event.version <= newest.version) return;
    newest = { version: event.version, asOf: event.asOf };
    events.push(event);
    blocks += weigh(event);
    while (events.length > maxEvents || (blocks > maxBlocks && events.length > 1)) {
      const dropped = events.shift()!;
      oldest = dropped.version;
      blocks -= weigh(dropped);
    }
    for (const listener of listeners) listener(event);
  });

  return {
    newest: () => newest,
    since: (since) =>
      since < oldest || since > newest.version
        ? { kind: 'reset' }
        : { kind: 'events', events: events.filter((event) => event.version > since) },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close,
  };
}
