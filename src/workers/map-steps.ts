import type { Partial } from '../kernels/kernel.ts';
import { groupBy } from '../protocol/group-by.ts';
import type { Head } from '../protocol/head.ts';
import type { ComputeCalls, Needed, PageSource } from '../protocol/messages.ts';
import { mergeNode } from './compute.ts';
import { blockPlace, pageBuffers, placeOf } from './page-desk.ts';
import type { NamedKernel } from './partial-shelf.ts';
import { childrenOf, type Node, type Plan, type Step, spanOf } from './plan.ts';
import type { Works } from './root-partial.ts';

type MapStep = Extract<Step, { readonly do: 'map' }>;
type MapReply = Extract<ComputeCalls['map']['done'], { readonly kind: 'partials' }>;

/** What the map steps of a plan are computed from. */
export interface Mapping {
  readonly works: Works;
  readonly head: Head;
  readonly named: NamedKernel;
  readonly made: Plan;
  readonly signal?: AbortSignal;
}

/** Nodes of one worker under way at once: one is computed while the next one's pages are read. */
const lanes = 2;

/** Maps every map step of the plan and tells each partial as it comes: one call a worker that has all it needs. */
export async function mapSteps(
  mapping: Mapping,
  told: (step: MapStep, partial: Partial | undefined) => void,
): Promise<void> {
  const steps = mapping.made.steps.filter((step): step is MapStep => step.do === 'map');
  const byWorker = groupBy(steps, (step) => step.worker);
  await Promise.all([...byWorker].map(([worker, mine]) => mapOnWorker(mapping, worker, mine, told)));
}

async function mapOnWorker(
  mapping: Mapping,
  worker: number,
  steps: readonly MapStep[],
  told: (step: MapStep, partial: Partial | undefined) => void,
): Promise<void> {
  const [first, ...others] = steps;
  if (!first) return;
  let lacking: Needed | undefined;
  if (others.length > 0 || first.node.level > 1) {
    const nodes = steps.map(({ node }) => node);
    const blocks = steps.flatMap((step) => step.blocks);
    const reply = await callMap(mapping, worker, nodes, blocks, []);
    if (reply.kind === 'partials') {
      steps.forEach((step, i) => {
        told(step, reply.partials[i] as Partial);
      });
      return;
    }
    lacking = reply;
  }
  await mapWithPages(mapping, worker, steps, lacking, told);
}

/** Level-1 nodes one after the other, each with the pages it lacks, so that few of them are on their way at once. */
async function mapWithPages(
  mapping: Mapping,
  worker: number,
  steps: readonly MapStep[],
  lacking: Needed | undefined,
  told: (step: MapStep, partial: Partial | undefined) => void,
): Promise<void> {
  const { works, head, named, made } = mapping;
  const count = head.revisions.length;
  const place = placeOf(head);
  const queue = steps.flatMap((step) => {
    const work = { step, partials: new Map<number, Partial>(), left: 0 };
    const nodes = leafNodes(step.node, count);
    work.left = nodes.length;
    return nodes.map((node) => ({ work, node }));
  });
  let next = 0;
  const lane = async () => {
    while (next < queue.length) {
      const { work, node } = queue[next++]!;
      const { start, end } = spanOf(node, count);
      const blocks = work.step.blocks.filter((block) => block >= start && block < end);
      if (blocks.length > 0) {
        const places = blocks.map((block) => blockPlace(head, block, made.revisions.get(block)));
        const attempt = (pages: readonly PageSource[]) => callMap(mapping, worker, [node], blocks, pages);
        const columns = lacking?.columns.filter(({ block }) => block >= start && block < end);
        const reply = await works.desk.supply<MapReply>(
          place,
          places,
          attempt,
          columns && columns.length > 0 ? { kind: 'need', columns } : undefined,
        );
        work.partials.set(node.index, reply.partials[0] as Partial);
      }
      if (--work.left > 0) continue;
      const { level, index } = work.step.node;
      told(
        work.step,
        level <= 1 ? work.partials.get(index) : mergeNode(named.kernel, level - 1, index, work.partials),
      );
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** The nodes of level 1 under a node, or the node itself where it is no higher. */
function leafNodes(node: Node, blockCount: number): Node[] {
  if (node.level <= 1) return [node];
  return childrenOf(node, blockCount).flatMap((child) => leafNodes(child, blockCount));
}

function callMap(
  { works, head, named, made, signal }: Mapping,
  worker: number,
  nodes: readonly Node[],
  blocks: readonly number[],
  pages: readonly PageSource[],
): Promise<ComputeCalls['map']['done']> {
  const places = blocks.map((block) => blockPlace(head, block, made.revisions.get(block)));
  return works.pool.call(
    worker,
    'map',
    { place: placeOf(head), blocks: places, pages, spec: named.spec, key: named.hash, nodes },
    { signal, transfer: pageBuffers(pages) },
  );
}
