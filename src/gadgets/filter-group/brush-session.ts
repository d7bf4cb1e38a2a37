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

interface Served {
  readonly follower: BrushFollower;
  readonly question: AggregateQuestion;
}

/** Prepares one cube for all followers at once and hands them slices, the latest only, once a frame. */
export function openBrush(
  host: BrushHost,
  range: BrushRange,
  followers: readonly BrushFollower[],
  excluded: readonly string[],
): BrushSession {
  const asked: Served[] = [];
  for (const follower of followers) {
    const question = follower.brushQuestion(excluded);
    if (question?.dataset === range.dataset) asked.push({ follower, question });
  }
  const abort = new AbortController();
  const { dataset, ...active } = range;
  const ready: { readonly brush: Brush; readonly served: readonly Served[] }[] = [];
  let wanted: readonly [number, number] | undefined;
  let framed = false;
  let open = true;

  /** One cube for all; where that is refused (one has too many groups), one each, so that the others still move. */
  async function prepare(client: DataClient, served: readonly Served[]): Promise<void> {
    try {
      const questions = served.map(({ question }) => question);
      const brush = await client.brush({ dataset, active, questions }, { signal: abort.signal });
      if (!open) {
        brush.close();
        return;
      }
      ready.push({ brush, served });
      if (wanted) schedule();
    } catch (error) {
      const failure = toExaError(error);
      if (!open || failure.tag === 'cancelled') return;
      if (served.length > 1) await Promise.all(served.map((one) => prepare(client, [one])));
      else host.failed(failure);
    }
  }

  if (host.client && asked.length > 0) void prepare(host.client, asked);

  function schedule(): void {
    if (framed) return;
    framed = true;
    host.nextFrame(() => {
      framed = false;
      if (!open || !wanted) return;
      for (const { brush, served } of ready) {
        const slices = brush.slice(wanted[0], wanted[1]);
        served.forEach(({ follower }, i) => {
          follower.showSlice(slices[i]);
        });
      }
    });
  }

  function end(): void {
    open = false;
    abort.abort();
    for (const { brush } of ready) brush.close();
  }

  const release = (): void => {
    for (const { follower } of asked) follower.showSlice(undefined);
  };

  return {
    move(start, end) {
      if (!open) return;
      wanted = [start, end];
      if (ready.length > 0) schedule();
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
