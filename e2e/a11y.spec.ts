import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page, test } from '@playwright/test';
import { type StoreProcess, startStore } from './store-process.ts';
import { freshness } from './workbench.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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
  'model',
  'pivot',
  'explore?data=clients',
  'explore?data=orders&rows=orders@in(c5,Germany)',
  'orders',
  'clients',
  'datasets',
  'datasets?data=orders',
  'array?data=sensors',
  'array?data=matrix',
  'settings',
  'page',
  `page?data=orders&s.page=${encodeURIComponent(JSON.stringify({ editing: true, items: [{ id: 'bars-1', kind: 'bars', dataset: 'orders', column: 'country' }] }))}`,
  'compare',
  'cite',
  'orders?record=0@orders',
];

async function settle(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(freshness(page)).toHaveText(/Live/, { timeout: 60_000 });
  // What is out of sight asks for nothing yet.
  const main = await page.getByRole('main').boundingBox();
  await expect
    .poll(() =>
      page
        .locator('[aria-busy="true"], .skeleton')
        .evaluateAll(
          (busy, bottom) => busy.filter((element) => element.getBoundingClientRect().top < bottom).length,
          (main?.y ?? 0) + (main?.height ?? 0),
        ),
    )
    .toBe(0);
}

/** What axe finds, one line a node. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          root: Document,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)}: ${failureSummary}`),
    );
  });
}

/** Colours differ by scheme and layout by width, so two of the four pairs see all of both; long runs see all four. */
const looks = [
  { scheme: 'light', width: 1440 },
  { scheme: 'dark', width: 390 },
  ...(process.env.EXANALYTICS_LONG
    ? ([
        { scheme: 'light', width: 390 },
        { scheme: 'dark', width: 1440 },
      ] as const)
    : []),
] as const;

for (const { scheme, width } of looks)
  test(`axe finds nothing: ${scheme}, ${width} px`, async ({ browser }) => {
    test.setTimeout(300_000);
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    const page = await context.newPage();
    const found: string[] = [];
    for (const route of routes) {
      await page.goto(`${store.url}/#/${route}`);
      await settle(page);
      if (/record|rows=/.test(route)) await expect(page.getByRole('dialog')).toBeVisible();
      found.push(...(await findings(page)).map((finding) => `${route}: ${finding}`));
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
        `${route} scrolls sideways`,
      ).toBeLessThanOrEqual(0);
    }
    expect(found).toEqual([]);
    await context.close();
  });

test('by keyboard alone: skip, go, filter, undo, open a record, close it', async ({ page }) => {
  await page.goto(`${store.url}/#/home`);
  await settle(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  const orders = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Orders' });
  for (let i = 0; i < 10 && !(await orders.evaluate((link) => link.matches(':focus'))); i++)
    await page.keyboard.press('Tab');
  await expect(orders).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Orders' })).toBeFocused();
  const bar = page.getByRole('list', { name: 'State' }).getByRole('button').first();
  await expect(bar).toBeVisible();
  for (let i = 0; i < 40 && !(await bar.evaluate((button) => button.matches(':focus'))); i++)
    await page.keyboard.press('Tab');
  await expect(bar).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(bar).toHaveAttribute('aria-pressed', 'true');
  await page.goBack();
  await expect(bar).toHaveAttribute('aria-pressed', 'false');
  const grid = page.getByRole('grid');
  await grid.focus();
  await expect(page.getByRole('gridcell').first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
