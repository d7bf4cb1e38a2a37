import type { PortalSite } from './portal-site.ts';
import { type StoreProcess, startStore } from './store-process.ts';
import { importText } from './workbench.ts';

/** Orders of four countries, the n-th of 600 worth n. */
const rows = 600;
const countries = ['France', 'Spain', 'Italy', 'Japan'];
export const total: number = (rows * (rows + 1)) / 2;
export const rowsOfFrance: number = rows / 4;
export const ofFrance: number = Array.from({ length: rowsOfFrance }, (_, i) => 4 * i + 1).reduce(
  (sum, n) => sum + n,
  0,
);

/** A store that lets a portal's pages in, with these orders as the table `orders`. */
export async function startStoreOfOrders(portal: PortalSite): Promise<StoreProcess> {
  const store = await startStore({ args: ['--allow-origin', portal.url, '--allow-origin', 'null'] });
  const lines = Array.from(
    { length: rows },
    (_, i) =>
      `${i + 1},2026-0${1 + (i % 9)}-1${i % 10},${countries[i % 4]},${i % 3 ? 'shipped' : 'draft'},${i + 1}.00`,
  );
  const text = ['order_id,order_date,country,state,amount', ...lines].join('\n');
  await importText(store, text, 'orders', '--key', 'order_id');
  return store;
}
