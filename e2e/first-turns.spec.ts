import { expect, test } from '@playwright/test';
import { type StoreProcess, startStore } from './store-process.ts';

let store: StoreProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  store = await startStore({ demo: 'small' });
});

test.afterAll(async () => {
  await store?.remove();
});

/** Files by their names without what tells their contents. */
const nameOf = (path: string): string => path.replace(/^\/assets\/|-[\w-]{8}\.js$/g, '');

test('the first number takes three turns: the page, six files at once, the pages of its columns', async ({
  page,
}) => {
  const before = (await store.requests()).length;
  await page.goto(`${store.url}/#/orders`);
  await page.locator('exa-figure .value').first().waitFor({ timeout: 60_000 });
  const since = async () => (await store.requests()).slice(before).map(({ path }) => path.split('?')[0]!);
  // A request stands in the log once it was answered to its end.
  await expect.poll(since).toContain('/api/batch');
  const asked = await since();

  // What a browser of nobody yet asks for: one answer, that its worker takes from the browser.
  const times = (path: string) => asked.filter((one) => one === path).length;
  expect(times('/')).toBe(1);
  expect(times('/api/start')).toBe(1);
  for (const path of ['/api/session', '/api/health', '/api/datasets']) expect(times(path), path).toBe(0);
  expect(asked.filter((path) => path.endsWith('/head'))).toEqual([]);

  // Beside that answer, a browser asks for five more things at a time.
  const early = asked.slice(0, asked.indexOf('/api/batch'));
  for (const path of ['/api/views', '/api/arrays']) expect(early).not.toContain(path);
  const first = early.filter((path) => path.startsWith('/assets/'));
  const files = new Set(first.map(nameOf));
  // The bundler's own lines, that these five have in themselves, are for later ones.
  files.delete('rolldown-runtime');
  expect([...files].sort()).toEqual(['cards', 'data.worker', 'portal', 'shared', 'shell']);
  expect(first.length, 'each once').toBe(new Set(first).size);
  for (const path of first.filter((path) => !nameOf(path).startsWith('data.worker'))) {
    const script = await (await page.request.get(store.url + path)).text();
    expect(script.startsWith('//# allFunctionsCalledOnLoad\n'), path).toBe(true);
  }
});

test('the worker of all tabs is started once, and for whoever comes again before the page’s own scripts run', async ({
  page,
}) => {
  await page.addInitScript(`globalThis.startedWith = [];
    globalThis.SharedWorker = class extends SharedWorker {
      constructor(...args) {
        super(...args);
        startedWith.push(customElements.get('exa-frame') !== undefined);
      }
    };`);
  for (const isFirst of [true, false]) {
    await page.goto(`${store.url}/?${isFirst ? 1 : 2}#/orders`);
    await page.locator('exa-figure .value').first().waitFor({ timeout: 60_000 });
    const started = await page.evaluate<boolean[]>('startedWith');
    expect(started).toHaveLength(1);
    if (!isFirst) expect(started).toEqual([false]);
    // The page took it.
    expect(await page.evaluate('exanalyticsCoordinator')).toBeNull();
  }
});

test('the page runs the scripts in it and no others', async ({ page }) => {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text());
  });
  await page.goto(`${store.url}/#/orders`);
  await page.locator('exa-figure .value').first().waitFor({ timeout: 60_000 });
  expect(refused).toEqual([]);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.wasRun = true';
    document.head.append(script);
    return 'wasRun' in globalThis;
  });
  expect(ran).toBe(false);
  expect(refused).toHaveLength(1);
});

test('what stands round the first numbers comes after them', async ({ page }) => {
  await page.goto(`${store.url}/#/orders`);
  await page.locator('exa-figure .value').first().waitFor({ timeout: 60_000 });
  await expect(page.locator('exa-period-picker')).toBeVisible();
  await expect(page.locator('exa-filter-bar')).toBeVisible();
  await expect(page.locator('exa-view-actions')).toBeVisible();
  await expect(page.locator('exa-figure exa-sparkline').first()).toBeVisible();
  await expect(page.locator('exa-grid').first()).toBeVisible();
});
