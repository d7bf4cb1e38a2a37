import { expect, test } from '@playwright/test';
import { type StoreProcess, startStore } from './store-process.ts';
import { exactFigure, freshness, importText, writeRows } from './workbench.ts';

test.use({ viewport: { width: 1440, height: 1600 } });

let store: StoreProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  store = await startStore();
  const lines = Array.from({ length: 500 }, (_, i) => `${i + 1},2026-11-${10 + (i % 10)},France,draft,10.00`);
  await importText(
    store,
    ['order_id,order_date,country,state,amount', ...lines].join('\n'),
    'orders',
    '--key',
    'order_id',
  );
});

test.afterAll(async () => {
  await store?.remove();
});

test('orders that arrive are counted at once, and shown when asked', async ({ page }) => {
  await page.goto(`${store.url}/#/orders`);
  const grid = page.locator('exa-grid');
  await expect(grid).toContainText('500 rows');
  await expect(freshness(page)).toHaveText('Live');
  const arrived = Array.from({ length: 12 }, (_, i) => ({
    order_id: 1000 + i,
    order_date: '2026-11-20',
    country: 'Spain',
    state: 'draft',
    amount: '10.00',
  }));
  expect((await writeRows(store.url, 'orders', 'append', 'twelve', ...arrived)).status).toBe(200);
  await expect.poll(() => exactFigure(page, 'Orders').then(Number)).toBe(512);
  await expect.poll(() => exactFigure(page, 'Revenue').then(Number)).toBe(5120);
  await expect(grid).toContainText('500 rows');
  await grid.getByRole('button', { name: /12 new.* · show/ }).click();
  await expect(grid).toContainText('512 rows');
  await expect(grid.getByRole('gridcell', { name: '1011', exact: true })).toBeVisible();
});

test('a row changed or removed elsewhere changes what is shown', async ({ page }) => {
  await page.goto(`${store.url}/#/orders?record=0@orders`);
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByText('France')).toBeVisible();
  expect(
    (await writeRows(store.url, 'orders', 'upsert', 'moved', { order_id: 1, country: 'Peru' })).status,
  ).toBe(200);
  await expect(sheet.getByText('Peru')).toBeVisible();
  expect((await writeRows(store.url, 'orders', 'delete', 'removed', { order_id: 1 })).status).toBe(200);
  await expect(sheet.getByText(/was removed; as of .+ it is no longer there/)).toBeVisible();
});

test('a re-import replaces what is shown, under a new epoch', async ({ page }) => {
  await page.goto(`${store.url}/#/orders`);
  await expect(page.locator('exa-grid')).toContainText('rows');
  await importText(
    store,
    'order_id,order_date,country,state,amount\n1,2026-11-01,Chile,draft,7.00\n',
    'orders',
    '--mode',
    'replace',
    '--key',
    'order_id',
  );
  await expect.poll(() => exactFigure(page, 'Revenue').then(Number)).toBe(7);
  await expect(page.locator('exa-grid')).toContainText('1 row');
});
