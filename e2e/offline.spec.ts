import { expect } from '@playwright/test';
import { test as base, type StoreProcess, startStore } from './store-process.ts';

/** A store with the small demo. */
const test = base.extend<{ store: StoreProcess }>({
  store: async ({ browserName: _ }, use) => {
    const store = await startStore({ demo: 'small' });
    await use(store);
    await store.remove();
  },
});

/** Resolves when the workbench has asked for nothing more during two seconds. */
async function quiet(store: StoreProcess): Promise<void> {
  for (let before = -1; ; ) {
    const now = (await store.requests()).length;
    if (now === before) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

test('Orders answers, answers again without the store, and then only a patch travels', async ({
  page,
  store,
}) => {
  await page.goto(`${store.url}/#/orders`);
  await expect(page.getByText(/€49\.\d/).first()).toBeVisible();
  await expect(page.getByText('Live').first()).toBeVisible();
  // The shell and what was opened are kept before the store goes.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await quiet(store);

  await store.stop();
  await page.reload();
  await expect(page.getByText(/€49\.\d/).first()).toBeVisible();
  await expect(page.getByText(/Offline/).first()).toBeVisible();

  const before = (await store.requests('/api/batch')).length;
  await store.start();
  await expect(page.getByText('Live').first()).toBeVisible({ timeout: 60_000 });
  const written = await fetch(`${store.url}/api/datasets/orders/rows?mode=upsert`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': 'from elsewhere' },
    body: JSON.stringify({ id: 1, amount: '1000000000.00' }),
  });
  expect(written.ok).toBe(true);
  await expect(page.getByText('€1.05').first()).toBeVisible();
  const items = (await store.requests('/api/batch')).slice(before).flatMap((note) => note.items ?? []);
  expect(items.map((item) => item.kind)).not.toContain('pages');
  expect(items.map((item) => item.kind)).toContain('patch');
});
