import { treeArity } from '../../../protocol/column.ts';
import { ExaError } from '../../../protocol/errors.ts';
import type { FitResult } from '../../../protocol/fit.ts';
import type { Head } from '../../../protocol/head.ts';
import { type FitPlan, planColumns } from './compile-fit.ts';

/** One run of a fit's program: over which blocks, on how many drawn rows at most. */
export interface Stage {
  readonly name: FitResult['stage'];
  readonly blocks: readonly number[];
  readonly quick?: number;
}

/** Blocks the first picture is drawn from at most, and about how many pages: of a table of many columns fewer blocks. */
const quickBlocks = 4;
const quickPages = 24;
/** Leaves of the tree from which on a streamed fit is told of an eighth of them first. */
const refinedFrom = 16;

/** A quick look at a few blocks, an eighth of many, then all. Throws `invalid` for a data set without rows. */
export function stagesOf(plan: FitPlan, head: Head): Stage[] {
  const all = head.revisions.map((_, block) => block);
  const live = all.filter((block) => (head.live[block] ?? 0) > 0);
  const rows = head.live.reduce((sum, count) => sum + count, 0);
  if (rows === 0)
    throw new ExaError('invalid', `“${head.name}” has no rows: there is nothing to learn from.`, {
      facts: { dataset: head.id },
    });
  const stages: Stage[] = [];
  const sample = plan.request.sample ?? 1000;
  if (rows > sample) {
    const few = Math.max(1, Math.floor(quickPages / planColumns(plan).length));
    const count = Math.min(quickBlocks, few, live.length);
    const blocks = Array.from({ length: count }, (_, i) => live[Math.floor((i * live.length) / count)]!);
    stages.push({ name: 'sample', blocks, quick: sample });
    if (
      plan.info.reading === 'streamed' &&
      !plan.request.search &&
      Math.ceil(all.length / treeArity) >= refinedFrom
    )
      stages.push({
        name: 'refining',
        blocks: all.filter((block) => Math.floor(block / treeArity) % treeArity === 0),
      });
  }
  return [...stages, { name: 'final', blocks: all }];
}
