import type { ColumnType } from '../../../protocol/column.ts';
import type { Head } from '../../../protocol/head.ts';

/** A head of one table with these columns and labels. */
export function headOfColumns(
  types: Readonly<Record<string, ColumnType>>,
  labels: Readonly<Record<string, string>>,
): Head {
  return {
    id: 'shop',
    name: 'Shop',
    epoch: 'e1',
    scope: 'public',
    version: 3,
    asOf: '2026-11-20T12:04:00.000Z',
    allocated: 300,
    columns: Object.entries(types).map(([id, type]) => ({ id, name: labels[id] ?? id, type })),
    profile: {
      part: 'table',
      label: 'Shop',
      grain: 'row',
      keys: [],
      roles: {},
      labels,
      links: [],
      calculated: [{ id: 'twice', label: 'Twice', formula: 'width * 2' }],
      measures: [],
      zone: 'UTC',
      dimensions: [],
    },
    revisions: [3],
    live: [300],
    zones: {},
  };
}
