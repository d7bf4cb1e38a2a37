import type { Coverage } from '../protocol/answer.ts';
import type { Head } from '../protocol/head.ts';

/** What one data set gave to an answer. */
export interface Contribution {
  readonly head: Head;
  readonly blocks: number;
  readonly rows: number;
  readonly mixed: boolean;
  readonly from: Coverage['from'];
}

/** A data set as read is as it was at every version from its last change to its head's. */
function spanOf(head: Head): { from: number; to: number } {
  return { from: head.revisions.reduce((most, revision) => Math.max(most, revision), 0), to: head.version };
}

/** What an answer covers: the counts are the first data set's, settled and mixed speak for all of them. */
export function coverageOf(
  contributions: readonly [Contribution, ...Contribution[]],
  more: {
    readonly approximate?: readonly string[];
    readonly matching?: number;
    readonly groups?: number;
  } = {},
): Coverage {
  const [main] = contributions;
  const spans = contributions.map(({ head }) => spanOf(head));
  const earliest = Math.max(...spans.map(({ from }) => from));
  const latest = Math.min(...spans.map(({ to }) => to));
  const isWhole = contributions.every(
    ({ head, blocks, mixed }) => !mixed && blocks === head.revisions.length,
  );
  const settled = isWhole && earliest <= latest;
  const version = settled ? latest : Math.max(...spans.map(({ to }) => to));
  const dated = contributions.find(({ head }) => head.version === version) ?? main;
  const origins = new Set(contributions.map(({ from }) => from));
  return {
    version,
    asOf: dated.head.asOf,
    settled,
    mixed: contributions.some(({ mixed }) => mixed) || (isWhole && !settled),
    blocks: main.blocks,
    blocksTotal: main.head.revisions.length,
    rows: main.rows,
    rowsTotal: main.head.live.reduce((sum, live) => sum + live, 0),
    approximate: more.approximate ?? [],
    from: origins.size === 1 ? main.from : 'mixed',
    ...(more.matching === undefined ? {} : { matching: more.matching }),
    ...(more.groups === undefined ? {} : { groups: more.groups }),
  };
}
