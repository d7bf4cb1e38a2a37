import { expect, type Page, test } from '@playwright/test';
import { startBrowser } from './browser-process.ts';
import { type StoreProcess, startStore } from './store-process.ts';
import { ask, freshness, importText, waitShell } from './workbench.ts';

let store: StoreProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  store = await startStore();
  const lines = Array.from({ length: 100 }, (_, i) => `${i + 1},2026-11-${10 + (i % 10)},France,10.00`);
  await importText(
    store,
    ['order_id,order_date,country,amount', ...lines].join('\n'),
    'orders',
    '--key',
    'order_id',
  );
});

test.afterAll(async () => {
  await store?.remove();
});

async function openRecord(page: Page, row: number): Promise<void> {
  await page.goto(`${store.url}/#/orders?record=${row}@orders`);
  await expect(page.getByRole('button', { name: 'Change Country' })).toBeVisible();
}

/** Changes the country of the record that is open, and waits until it is safe here. */
async function changeCountry(page: Page, country: string): Promise<void> {
  await page.getByRole('button', { name: 'Change Country' }).click();
  await page.getByRole('textbox', { name: 'Country' }).fill(country);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
}

async function countries(): Promise<Record<string, number>> {
  const answer = await ask(store.url, {
    kind: 'aggregate',
    dataset: 'orders',
    groupBy: [{ by: 'value', column: 'c3' }],
    measures: [{ id: 'n', label: '', formula: 'count()', format: 'count' }],
  });
  return Object.fromEntries(answer.rows.map(([country, n]) => [String(country), Number(n)]));
}

test('two tabs share one coordinator, and both write', async ({ context }) => {
  const [one, two] = [await context.newPage(), await context.newPage()];
  await openRecord(one, 0);
  await openRecord(two, 1);
  const session = await context.browser()!.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{}] });
  const coordinators = targetInfos.filter(
    ({ type, url }) => type === 'shared_worker' && url.startsWith(store.url),
  );
  expect(coordinators).toHaveLength(1);
  const heads = (await store.requests('/api/datasets/orders/head')).length;
  await Promise.all([changeCountry(one, 'Kenya'), changeCountry(two, 'Nepal')]);
  await expect.poll(countries).toMatchObject({ Kenya: 1, Nepal: 1, France: 98 });
  await expect(one.getByRole('dialog').getByText('Kenya')).toBeVisible();
  await expect(two.getByRole('dialog').getByText('Nepal')).toBeVisible();
  // What one tab wrote, the other sees.
  await one.goto(`${store.url}/#/orders?record=1@orders`);
  await expect(one.getByRole('dialog').getByText('Nepal')).toBeVisible();
  expect((await store.requests('/api/datasets/orders/head')).length - heads).toBeLessThanOrEqual(2);
});

test('a tab closed before the store took its write loses nothing', async ({ context }) => {
  const page = await context.newPage();
  await openRecord(page, 2);
  await waitShell(page);
  await store.stop();
  await changeCountry(page, 'Ghana');
  await expect(page.getByText('1 kept here, not yet stored')).toBeVisible();
  await page.close({ runBeforeUnload: false });
  await store.start();
  expect((await countries()).Ghana).toBeUndefined();
  const later = await context.newPage();
  await later.goto(`${store.url}/#/home`);
  await expect.poll(countries, { timeout: 60_000 }).toMatchObject({ Ghana: 1 });
  await expect(later.getByText(/not yet stored/)).toHaveCount(0);
});

test('SIGKILL of the browser before the store took a write loses nothing', async () => {
  test.setTimeout(120_000);
  const browser = await startBrowser();
  try {
    const first = await browser.page();
    await openRecord(first, 3);
    await waitShell(first);
    await expect(freshness(first)).toHaveText('Live');
    await store.stop();
    await changeCountry(first, 'Samoa');
    await expect(first.getByText('1 kept here, not yet stored')).toBeVisible();
    await browser.kill();
    await store.start();
    expect((await countries()).Samoa).toBeUndefined();
    await browser.start();
    const second = await browser.page();
    await second.goto(`${store.url}/#/home`);
    await expect.poll(countries, { timeout: 60_000 }).toMatchObject({ Samoa: 1 });
  } finally {
    await browser.remove();
  }
});
