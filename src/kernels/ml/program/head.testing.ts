import type { ColumnType } from '../../../protocol/column.ts';
import type { Head } from '../../../protocol/head.ts';
import { plainProfile } from '../../../protocol/plain-profile.ts';

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
    profile: plainProfile('Shop', {
      labels,
      calculated: [{ id: 'twice', label: 'Twice', formula: 'width * 2' }],
    }),
    revisions: [3],
    live: [300],
    zones: {},
  };
}
