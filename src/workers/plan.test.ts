import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockRows } from '../protocol/column.ts';
import { liveColumn } from '../protocol/page.ts';
import { type Inventory, type Node, plan, revisionOf, rootOf, spanOf } from './plan.ts';

const everything: Omit<Inventory, 'blocks'> = {
  columns: ['a', 'b'],
  held: () => undefined,
  kept: () => undefined,
  workerOf: () => 1,
  online: true,
  rowBytes: () => 4,
  smallBytes: 1024,
  budgetBytes: 2 ** 40,
};

function blocksOf(revisions: number[], live?: number[]): Inventory['blocks'] {
  return {
    revisions,
    live: live ?? revisions.map(() => blockRows),
    allocated: revisions.length * blockRows,
  };
}

/** Blocks under the steps of a plan. */
function covered(steps: ReturnType<typeof plan>['steps'], count: number): number[] {
  return steps
    .flatMap((step) => {
      if (step.do === 'map') return [...step.blocks];
      const { start, end } = spanOf(step.node, count);
      return Array.from({ length: end - start }, (_, i) => start + i);
    })
    .sort((a, b) => a - b);
}

describe('plan', () => {
  it('takes a kept root without asking anything', () => {
    const blocks = blocksOf([3, 5, 4]);
    const made = plan({
      ...everything,
      blocks,
      kept: (node) => (node.level === 1 && node.index === 0 ? 5 : undefined),
    });
    expect(made.where).toBe('kept');
    expect(made.steps).toEqual([{ do: 'keep', node: { level: 1, index: 0 } }]);
  });

  it('maps here when the columns are here, a whole tree at once for one worker', () => {
    const blocks = blocksOf(Array.from({ length: 70 }, () => 1));
    const made = plan({ ...everything, blocks, held: () => 1 });
    expect(made).toMatchObject({ where: 'here', patches: [], fetches: [] });
    expect(made.steps).toHaveLength(1);
    expect(made.steps[0]).toMatchObject({ do: 'map', node: { level: 3, index: 0 }, worker: 1 });
  });

  it('asks the store for the root when much would have to be fetched, and fetches the pages behind it', () => {
    const blocks = blocksOf([1, 1]);
    const made = plan({ ...everything, blocks });
    expect(made.where).toBe('store');
    expect(made.steps).toEqual([{ do: 'store', node: { level: 1, index: 0 } }]);
    expect(made.background).toHaveLength(4);
    expect(plan({ ...everything, blocks, budgetBytes: 100 }).background).toEqual([]);
  });

  it('fetches a little at once', () => {
    const made = plan({ ...everything, blocks: { revisions: [1], live: [10], allocated: 10 } });
    expect(made.where).toBe('here');
    expect(made.fetches).toEqual([
      { block: 0, column: 'a' },
      { block: 0, column: 'b' },
    ]);
  });

  it('maps one block and patches it when one row of many changed', () => {
    const revisions = Array.from({ length: 153 }, () => 1);
    revisions[77] = 2;
    const before = blocksOf(Array.from({ length: 153 }, () => 1));
    const made = plan({
      ...everything,
      blocks: blocksOf(revisions),
      held: () => 1,
      kept: (node) => revisionOf(before, node),
    });
    expect(made.patches).toEqual([{ block: 77, since: 1, columns: ['a', 'b'] }]);
    expect(made.fetches).toEqual([]);
    expect(made.steps.filter((step) => step.do === 'map')).toMatchObject([{ node: { level: 1, index: 9 } }]);
    expect(made.steps.length).toBeLessThanOrEqual(24);
  });

  it('reads _live where rows are deleted', () => {
    const made = plan({ ...everything, blocks: { revisions: [4], live: [9], allocated: 10 } });
    expect(made.fetches.map(({ column }) => column)).toEqual(['a', 'b', liveColumn]);
  });

  it('offline leaves out blocks that are not here or torn, and says when some are old', () => {
    const held = (block: number, column: string) =>
      block === 0 ? 2 : block === 1 ? 1 : block === 2 && column === 'a' ? 2 : undefined;
    const made = plan({ ...everything, online: false, blocks: blocksOf([2, 2, 2]), held });
    expect(made.missing).toEqual([2]);
    expect(made.mixed).toBe(true);
    expect(made.revisions.get(1)).toBe(1);
    expect(made.fetches).toEqual([]);
  });

  it('covers every block exactly once, whatever is kept, held or lent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 90 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (revisions, seed, workers, online) => {
          const blocks = blocksOf(revisions);
          const chance = (text: string) => hash(`${seed}/${text}`) % 3 === 0;
          const inventory: Inventory = {
            ...everything,
            blocks,
            online,
            smallBytes: 2 ** 40,
            workerOf: (block) => Math.floor(block / 8) % workers,
            kept: (node) => (chance(`kept ${node.level} ${node.index}`) ? revisionOf(blocks, node) : 0),
            held: (block, column) =>
              chance(`held ${block} ${column}`)
                ? revisions[block]! - (chance(`old ${block}`) ? 1 : 0)
                : undefined,
          };
          const made = plan(inventory);
          const all = [...covered(made.steps, revisions.length), ...made.missing].sort((a, b) => a - b);
          expect(all).toEqual(revisions.map((_, block) => block));
          for (const step of made.steps)
            if (step.do === 'map' && step.node.level > 1)
              for (const block of step.blocks) expect(inventory.workerOf(block)).toBe(step.worker);
          if (online) expect(made.mixed || made.missing.length > 0).toBe(false);
          else expect(made.fetches.length + made.patches.length).toBe(0);
        },
      ),
    );
  });

  it('gives each node a revision that names its contents: it moves when any block under it does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 80 }),
        fc.nat(),
        (revisions, pick) => {
          const block = pick % revisions.length;
          const changed = revisions.map((revision, i) => (i === block ? 51 : revision));
          const root = rootOf(revisions.length);
          const node: Node = { level: 1, index: Math.floor(block / 8) };
          expect(revisionOf(blocksOf(changed), root)).toBe(51);
          expect(revisionOf(blocksOf(changed), node)).toBe(51);
        },
      ),
    );
  });
});

function hash(text: string): number {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619) >>> 0;
  return value >>> 7;
}
