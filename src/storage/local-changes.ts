import { toExaError } from '../protocol/errors.ts';
import { parseVersionEvent } from '../protocol/parse-change.ts';
import type { LocalDatabase } from './local-database.ts';
import { readClock } from './local-table.ts';
import type { ChangeListener } from './store-client.ts';

/** A way to the other threads of this origin: a message says that something was committed. */
export interface LocalChannel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: () => void): void;
  close(): void;
}

/** Tells what is committed after `since`, in order, whoever wrote it. */
export function followLocal(
  database: LocalDatabase,
  channel: LocalChannel,
  since: number,
  listener: ChangeListener,
): () => void {
  let at = since;
  let ended = false;
  let greeted = false;
  let last: Promise<void> = Promise.resolve();

  const catchUp = async (): Promise<void> => {
    if (ended) return;
    const { clock, events } = await database.read(async (transaction) => ({
      clock: await readClock(transaction),
      events: await transaction.getAll('changes', IDBKeyRange.lowerBound(at, true)),
    }));
    if (ended) return;
    if (!greeted) {
      greeted = true;
      listener.open(clock);
    }
    const known = events.map((event) => parseVersionEvent(event, 'change'));
    const hasGap = clock.version > at && known[0]?.version !== at + 1;
    if (clock.version < at || hasGap) {
      at = clock.version;
      listener.reset();
      return;
    }
    for (const event of known) {
      at = event.version;
      listener.event(event);
      if (ended) return;
    }
  };

  const again = (): void => {
    last = last.then(catchUp).catch((error: unknown) => {
      if (!ended) listener.lost(toExaError(error));
      greeted = false;
    });
  };
  channel.addEventListener('message', again);
  again();
  return () => {
    ended = true;
    channel.close();
  };
}
