import type { Columns } from '../src/arrow/columns-stream.ts';
import { compileAggregate, lookupsOf } from '../src/kernels/table/compile.ts';
import { buildLookup, type Lookup, type LookupRequest, type Lookups } from '../src/kernels/table/lookup.ts';
import type { Heads } from '../src/kernels/table/resolve.ts';
import type { Coverage } from '../src/protocol/answer.ts';
import { isExaError } from '../src/protocol/errors.ts';
import type { Head } from '../src/protocol/head.ts';
import type { Question } from '../src/protocol/query.ts';
import type { BatchSources } from './batch.ts';
import type { Snapshot } from './drivers/table-driver.ts';
import { answerRows } from './query-rows.ts';
import { readInput } from './read-input.ts';

/** A finished answer: its columns, and what they cover. */
export interface FinishedAnswer {
  readonly columns: Columns;
  readonly coverage: Coverage;
}

/**
 * Answers a question whole, through one snapshot, by the kernels the workbench uses. Throws what compiling throws:
 * `missing` for names that are not there, `invalid` for what does not fit, `refused` for more than a million groups.
 */
export function answerQuestion(
  sources: Pick<BatchSources, 'driver' | 'partials'>,
  question: Question,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<FinishedAnswer> {
  return sources.driver.snapshot(async (snapshot) => {
    const head = snapshot.head(question.dataset);
    const heads = headsOf(snapshot);
    const lookups = await loadLookups(snapshot, heads, lookupsOf(question, heads));
    const reader = { snapshot, head, partials: sources.partials, signal };
    if (question.kind === 'rows') {
      const { columns, matching } = await answerRows(reader, question, heads, lookups);
      return { columns, coverage: { ...coverageOf(head), matching } };
    }
    const compiled = compileAggregate(question, heads, lookups);
    const root = await sources.partials.open(snapshot, head, compiled.spec).root(signal);
    const partial = root.kernel === 'aggregate' ? root : undefined;
    const columns = compiled.finish(partial, lookups);
    const coverage = coverageOf(head, compiled.approximate(partial));
    if (question.limit === undefined) return { columns, coverage };
    return { columns, coverage: { ...coverage, groups: compiled.count(partial, lookups) } };
  });
}

/** Heads by data set id; undefined for one that is not there. */
export function headsOf(snapshot: Snapshot): Heads {
  return (dataset) => {
    try {
      return snapshot.head(dataset);
    } catch (error) {
      if (isExaError(error, 'missing')) return undefined;
      throw error;
    }
  };
}

/** Dimensions whole, through one snapshot. */
export async function loadLookups(
  snapshot: Snapshot,
  heads: Heads,
  requests: readonly LookupRequest[],
): Promise<Lookups> {
  const lookups = new Map<string, Lookup>();
  for (const request of requests) {
    const head = heads(request.dataset);
    const blocks = [];
    for (let block = 0; head && block < head.revisions.length; block++)
      blocks.push(await readInput(snapshot, head, Object.keys(request.columns), block));
    lookups.set(request.id, buildLookup(request, blocks));
  }
  return lookups;
}

/** Of an answer over the whole data set, as of one version. */
function coverageOf(head: Head, approximate: readonly string[] = []): Coverage {
  const rows = head.live.reduce((sum, live) => sum + live, 0);
  const blocks = head.revisions.length;
  return {
    version: head.version,
    asOf: head.asOf,
    settled: true,
    mixed: false,
    blocks,
    blocksTotal: blocks,
    rows,
    rowsTotal: rows,
    approximate,
    from: 'store',
  };
}
