import { expect, test } from 'vitest';
import type { Head } from '../../protocol/head.ts';
import type { Node } from '../plan.ts';
import { keepLeaf, type WantedLeaf } from './pass-leaves.ts';
import type { NamedTask, PassWorks } from './pass-works.ts';

/** Keeps a leaf of 229 blocks (a tree of three levels) and tells the places of what was kept. */
function kept(kernel: string, leaf: Pick<WantedLeaf, 'isLook'>): Node[] {
  const nodes: Node[] = [];
  const shelf = { put: (_place: string, _task: unknown, node: Node) => void nodes.push(node) };
  const head = { id: 'd', epoch: 'e', scope: 's', revisions: Array.from({ length: 229 }, () => 1) };
  const task = { spec: { spec: { kernel } }, kernel: { merge: (left: unknown) => left } };
  const node = { level: 1, index: 3 };
  const blocks = Array.from({ length: 8 }, (_, i) => 24 + i);
  const wanted = { ...leaf, node, blocks, isWhole: true, kept: node, wanted: [0] };
  keepLeaf(
    { shelf, head: head as unknown as Head } as unknown as PassWorks,
    [task as unknown as NamedTask],
    wanted,
    ['partial'],
    [new Map([[3, 'partial']])],
  );
  return nodes;
}

test('a first look keeps all it makes, so that another fit looks without reading; a pass only what is worth it', () => {
  for (const kernel of ['gram', 'rows'])
    expect(kept(kernel, { isLook: true })).toEqual([{ level: 1, index: 3 }]);
  expect(kept('gram', { isLook: false })).toEqual([{ level: 1, index: 3 }]);
  expect(kept('rows', { isLook: false })).toEqual([]);
});
