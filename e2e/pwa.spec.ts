import { expect, test } from '@playwright/test';
import { startFaultProxy } from './fault-proxy.ts';
import { type StoreProcess, startStore } from './store-process.ts';
import { freshness, importText, waitShell } from './workbench.ts';

let store: StoreProcess;

test.beforeAll(async () => {
  store = await startStore();
  await importText(store, 'id,country,amount\n1,France,12.50\n2,Spain,0.25\n', 'sales', '--key', 'id');
});

test.afterAll(async () => {
  await store?.remove();
});

test('installable: a manifest with icons, and a worker that serves the page', async ({ page }) => {
  await page.goto(store.url);
  await waitShell(page);
  const session = await page.context().newCDPSession(page);
  const { errors, data } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data ?? '') as {
    name: string;
    start_url: string;
    display: string;
    icons: { src: string; sizes: string; purpose?: string }[];
  };
  expect(manifest).toMatchObject({ name: expect.stringContaining('Exanalytics'), display: 'standalone' });
  for (const size of ['192x192', '512x512'])
    expect(
      manifest.icons.some(({ sizes }) => sizes === size),
      size,
    ).toBe(true);
  expect(manifest.icons.some(({ purpose }) => purpose?.includes('maskable'))).toBe(true);
  for (const { src } of manifest.icons) {
    const icon = await page.request.get(new URL(src, store.url).href);
    expect(icon.status(), src).toBe(200);
  }
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A private window, as tests are, cannot install.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual(
    [],
  );
});

test('every route opens again without the store', async ({ page }) => {
  await page.goto(store.url);
  await waitShell(page);
  await expect(freshness(page)).toHaveText('Live');
  await store.stop();
  for (const route of ['home', 'datasets', 'settings']) {
    await page.goto(`${store.url}/?again=${route}#/${route}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(freshness(page)).toHaveText(/Offline/);
  }
  await page.getByRole('link', { name: 'Data sets' }).click();
  await expect(page.getByRole('row', { name: /sales/i })).toBeVisible();
  await store.start();
});

test('a newer release waits, says so, and is put in place when asked', async ({ page }) => {
  const proxy = await startFaultProxy(() => store.url);
  try {
    await page.goto(proxy.url);
    await waitShell(page);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    // The same worker with another hash in it: a new release.
    const current = await (await fetch(`${store.url}/sw.js`)).text();
    const version = /version:\s*["'`]([0-9a-f]{8,})["'`]|"version":"([0-9a-f]{8,})"/.exec(current);
    const hash = version?.[1] ?? version?.[2];
    expect(hash).toBeDefined();
    proxy.answer('/sw.js', {
      type: 'text/javascript',
      body: current.replace(hash!, 'f'.repeat(hash!.length)),
    });
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect(page.getByText('A newer release is ready.')).toBeVisible();
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Load it' }).click();
    await loaded;
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => caches.keys())).toEqual([expect.stringContaining('f'.repeat(8))]);
  } finally {
    await proxy.close();
  }
});
