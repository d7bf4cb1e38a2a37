import { describe, expect, it } from 'vitest';
import { fakeHead } from '../gadgets/gallery/fake-shop.ts';
import { emptyWorkspace, type Workspace } from './workspace.ts';
import { datasetsIn, missingColumns, namesIn, withoutColumns } from './workspace-columns.ts';

const before = fakeHead(
  'orders',
  [
    { id: 'c1', name: 'country', type: { kind: 'text' } },
    { id: 'c2', name: 'amount', type: { kind: 'float64' } },
  ],
  {
    labels: { c2: 'Amount' },
    links: [{ id: 'client', label: 'Client', column: 'c1', dataset: 'clients', key: 'k' }],
  },
);
const after = { ...before, columns: [{ ...before.columns[0]!, name: 'land' }] };

const workspace: Workspace = {
  ...emptyWorkspace('orders'),
  dataset: 'orders',
  filters: {
    a: { dataset: 'orders', filter: { op: 'in', column: 'c1', values: ['France'] } },
    b: { dataset: 'orders', filter: { op: 'and', of: [{ op: 'range', column: 'c2', from: 1 }] } },
    c: { dataset: 'clients', filter: { op: 'in', column: 'c2', values: ['x'] } },
  },
  gadgets: {
    grid: { columns: ['c1', 'c2', 'client.name'], order: [{ column: 'c2', descending: true }] },
    trend: { unit: 'month', table: false, rows: 4, split: null },
  },
};

describe('the columns a workspace names', () => {
  it('are kept by name when it is saved; a renamed one stays, one that is gone is told by its name', () => {
    expect(datasetsIn(workspace)).toEqual(['orders', 'clients']);
    const names = namesIn(workspace, [before]);
    expect(names).toEqual({ orders: { c1: 'country', c2: 'Amount', 'client.name': 'client.name' } });
    expect(missingColumns(workspace, [before], names)).toEqual([]);
    expect(missingColumns(workspace, [after], names)).toEqual([
      { dataset: 'orders', column: 'c2', name: 'Amount' },
    ]);
  });

  it('are taken out where they are gone, and the rest is kept', () => {
    const missing = missingColumns(workspace, [after]);
    const kept = withoutColumns(workspace, missing);
    expect(Object.keys(kept.filters)).toEqual(['a', 'c']);
    expect(kept.gadgets).toEqual({
      grid: { columns: ['c1', 'client.name'], order: [] },
      trend: { unit: 'month', table: false, rows: 4, split: null },
    });
    expect(withoutColumns(workspace, [])).toBe(workspace);
  });
});
