import type { DataClient } from '../protocol/client.ts';
import type { Head } from '../protocol/head.ts';
import { parseStart } from '../protocol/start.ts';

/** How long heads that came with the start may be told, in ms: later ones begin with the coordinator's. */
const freshMs = 2000;

/**
 * Watches heads; those that came with the start the page asked for (in JSON) are told at once, so that gadgets find their
 * questions while the coordinator still opens what is kept here. What that tells of a head follows, and stands.
 */
export function withEarlyHeads(
  head: DataClient['head'],
  asked: Promise<unknown> | undefined,
): DataClient['head'] {
  if (!asked) return head;
  let isFresh = true;
  const early = asked.then(headsOf).catch((): readonly Head[] => []);
  void early.then(() => {
    const timer = setTimeout(() => {
      isFresh = false;
    }, freshMs);
    // Where nothing else keeps a process alive (tests in Node), neither does this.
    (timer as { unref?(): void }).unref?.();
  });
  return (dataset, observer) => {
    if (!isFresh) return head(dataset, observer);
    let isOver = false;
    void early.then((heads) => {
      const found = heads.find(({ id }) => id === dataset);
      if (found && isFresh && !isOver) observer.next(found);
    });
    const stop = head(dataset, {
      next(value) {
        isOver = true;
        observer.next(value);
      },
      failed(error) {
        isOver = true;
        observer.failed?.(error);
      },
    });
    return () => {
      isOver = true;
      stop();
    };
  };
}

function headsOf(asked: unknown): readonly Head[] {
  return asked === undefined ? [] : (parseStart(asked, 'start').heads ?? []);
}
