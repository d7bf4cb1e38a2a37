import type { Brush, DataClient } from '../../protocol/client.ts';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import type { AggregateQuestion, Filter } from '../../protocol/query.ts';
import type { BrushFollower, BrushRange, BrushSession } from './group.ts';

/** What a running brush needs from its group. */
export interface BrushHost {
  readonly client: DataClient | undefined;
  /** Sets (or drops) the source's filter when the brush is released. */
  commit(filter: Filter | undefined): void;
  /** A cube that could not be built: followers then wait for the release. */
  failed(error: ExaError): void;
  /** Runs once before the next paint. */
  nextFrame(run: () => void): void;
}

/** Prepares one cube for all followers at once and hands them slices, the latest only, once a frame. */
export function openBrush(
  host: BrushHost,
  range: BrushRange,
  followers: readonly BrushFollower[],
  excluded: readonly string[],
): BrushSession {
  const asked: { follower: BrushFollower; question: AggregateQuestion }[] = [];
  for (const follower of followers) {
    const question = follower.brushQuestion(excluded);
    if (question?.dataset === range.dataset) asked.push({ follower, question });
  }
  const abort = new AbortController();
  const { dataset, ...active } = range;
  let brush: Brush | undefined;
  let wanted: readonly [number, number] | undefined;
  let framed = false;
  let open = true;

  if (host.client && asked.length > 0)
    host.client
      .brush({ dataset, active, questions: asked.map(({ question }) => question) }, { signal: abort.signal })
      .then(
        (ready) => {
          if (!open) return ready.close();
          brush = ready;
          if (wanted) schedule();
        },
        (error: unknown) => {
          const failure = toExaError(error);
          if (open && failure.tag !== 'cancelled') host.failed(failure);
        },
      );

  function schedule(): void {
    if (framed) return;
    framed = true;
    host.nextFrame(() => {
      framed = false;
      if (!open || !brush || !wanted) return;
      const slices = brush.slice(wanted[0], wanted[1]);
      asked.forEach(({ follower }, i) => {
        follower.showSlice(slices[i]);
      });
    });
  }

  function end(): void {
    open = false;
    abort.abort();
    brush?.close();
  }

  const release = (): void => {
    for (const { follower } of asked) follower.showSlice(undefined);
  };

  return {
    move(start, end) {
      if (!open) return;
      wanted = [start, end];
      if (brush) schedule();
    },
    commit(filter) {
      if (!open) return;
      end();
      host.commit(filter);
      // Two frames: by then every follower asks its new question, or knows that it has not changed.
      host.nextFrame(() => host.nextFrame(release));
    },
    cancel() {
      if (!open) return;
      end();
      release();
    },
  };
}
