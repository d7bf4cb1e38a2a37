import { maxDimensionRows } from '../../src/kernels/table/lookup.ts';
import type { ColumnType } from '../../src/protocol/column.ts';
import type { TableDriver } from '../drivers/table-driver.ts';
import { clientTotalsProfile, demoProfiles, ordersProfileWithCopies } from './profiles.ts';

const columns: readonly { readonly name: string; readonly type: ColumnType }[] = [
  { name: 'client', type: { kind: 'int32' } },
  { name: 'orders', type: { kind: 'int64' } },
  { name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
  { name: 'last_order', type: { kind: 'timestamp' } },
];

/** The profile of a demo table: of orders whose clients are too many to join, one that keeps what is asked most of them. */
export function profileFor(table: string, clients: number): (typeof demoProfiles)[string] {
  return table === 'orders' && clients > maxDimensionRows ? ordersProfileWithCopies : demoProfiles[table]!;
}

/** Where clients are too many to group orders by: the totals of each, kept by the store. */
export async function addClientTotals(driver: TableDriver, clients: number): Promise<void> {
  if (clients <= maxDimensionRows || driver.datasets().some(({ name }) => name === 'client_totals')) return;
  const session = await driver.beginImport({
    name: 'client_totals',
    mode: 'create',
    columns,
    profile: clientTotalsProfile,
  });
  await session.commit();
}
