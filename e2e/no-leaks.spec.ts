import { expect, test } from '@playwright/test';
import { type StoreProcess, startStore } from './store-process.ts';
import { freshness } from './workbench.ts';

let store: StoreProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  store = await startStore({ demo: 'small' });
});

test.afterAll(async () => {
  await store?.remove();
});

const routes = [
  'home',
  'explore',
  'pivot',
  'model',
  'orders',
  'clients',
  'array?data=sensors',
  'array?data=matrix',
  'datasets',
  'settings',
  'page',
  'compare',
  'cite',
  'orders?record=0@orders',
];

test('no request leaves the origin, on any route', async ({ page, context }) => {
  const elsewhere: string[] = [];
  const note = (url: string) => {
    const { protocol, origin } = new URL(url);
    if (protocol !== 'data:' && protocol !== 'blob:' && origin !== store.url) elsewhere.push(url);
  };
  context.on('request', (request) => note(request.url()));
  // Workers' requests too: the browser's own network log sees all of them.
  const session = await context.browser()!.newBrowserCDPSession();
  const { targetInfo: own } = await (await context.newCDPSession(page)).send('Target.getTargetInfo');
  const watched: string[] = [];
  session.on('Target.targetCreated', ({ targetInfo: { url, browserContextId } }) => {
    // Another test's service worker may not have ended yet.
    if (browserContextId === own.browserContextId) watched.push(url);
  });
  await session.send('Target.setDiscoverTargets', { discover: true });

  for (const route of routes) {
    await page.goto(`${store.url}/#/${route}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(freshness(page)).toHaveText(/Live/, { timeout: 60_000 });
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  }
  expect(elsewhere).toEqual([]);
  expect(watched.some((url) => url.startsWith(store.url))).toBe(true);
  expect(watched.filter((url) => url.startsWith('http') && !url.startsWith(store.url))).toEqual([]);
});

test('no file of the shell names another host as a source of anything', async () => {
  const html = await (await fetch(store.url)).text();
  const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]!);
  expect(assets.length).toBeGreaterThan(1);
  expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  const policy = (await fetch(store.url)).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self'");
});
