import { expect, type Page, test } from '@playwright/test';
import { type StoreProcess, startStore } from './store-process.ts';
import { exactBars, exactFigure, freshness } from './workbench.ts';

test.use({ viewport: { width: 1440, height: 1600 } });

let store: StoreProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  store = await startStore({ demo: 'small' });
});

test.afterAll(async () => {
  await store?.remove();
});

/** What a person reads: the figure, the leaderboard, the pills, the order of rows. */
async function seen(page: Page): Promise<object> {
  await expect(freshness(page)).toHaveText('Live', { timeout: 60_000 });
  return {
    figure: await exactFigure(page, 'Revenue'),
    bars: await exactBars(page, 'State'),
    pills: await page.getByRole('list', { name: 'Filters in use' }).innerText(),
    sorted: await page
      .getByRole('columnheader')
      .evaluateAll((headers) => headers.map((header) => header.getAttribute('aria-sort'))),
  };
}

async function settle(page: Page): Promise<void> {
  await expect.poll(() => exactFigure(page, 'Revenue')).not.toBe('NaN');
  await expect(freshness(page)).toHaveText('Live', { timeout: 60_000 });
  await expect(page.locator('exa-grid').getByRole('gridcell').first()).toBeVisible();
}

test('all state is in the address: a reload and another browser show the same', async ({ page, browser }) => {
  await page.goto(`${store.url}/#/orders`);
  await settle(page);
  await page.getByRole('list', { name: 'State' }).getByRole('button').first().click();
  await expect(page).toHaveURL(/f\.by-/);
  await page.locator('exa-grid').getByRole('columnheader').first().getByRole('button').first().click();
  await expect(page).toHaveURL(/s\.grid/);
  await settle(page);
  const before = await seen(page);
  await page.reload();
  await settle(page);
  await expect.poll(() => seen(page)).toEqual(before);

  const other = await browser.newContext({ viewport: { width: 1440, height: 1600 }, locale: 'en-GB' });
  const second = await other.newPage();
  await second.goto(page.url());
  await settle(second);
  await expect.poll(() => seen(second)).toEqual(before);
  await other.close();
});

test('Back is undo, Forward is redo', async ({ page }) => {
  await page.goto(`${store.url}/#/orders`);
  await settle(page);
  const whole = await exactFigure(page, 'Revenue');
  await page.getByRole('list', { name: 'State' }).getByRole('button').first().click();
  await expect.poll(() => exactFigure(page, 'Revenue')).not.toBe(whole);
  const filtered = await exactFigure(page, 'Revenue');
  await page.goBack();
  await expect.poll(() => exactFigure(page, 'Revenue')).toBe(whole);
  await expect(page.getByRole('list', { name: 'Filters in use' }).getByRole('listitem')).toHaveCount(0);
  await page.goForward();
  await expect.poll(() => exactFigure(page, 'Revenue')).toBe(filtered);
});

const broken = [
  '#/nowhere',
  '#/orders?%E0%A4%A',
  '#/orders?f.x=in(',
  '#/orders?f.x=in(nothing,1)&f.y=range(amount,a,b)',
  '#/orders?data=not-there&period=last-x-days&compare=maybe',
  '#/orders?record=-1@orders',
  '#/orders?record=999999999999@nowhere',
  '#/orders?record=9007199254740993@orders',
  '#/orders?s.grid={"order":7}&s.trend=[]',
  '#/orders?s.grid={"order":[{"column":"nope","descending":true}],"columns":["nope"]}',
  '#/clients?f.by-c2=not(not(and()))',
  `#/orders?${'f.a=or(,'.repeat(500)}`,
];

test('an address broken by hand never crashes the page', async ({ page }) => {
  test.setTimeout(180_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  for (const [i, fragment] of broken.entries()) {
    await page.goto(`${store.url}/?n=${i}${fragment}`);
    await expect(page.getByRole('heading', { level: 1 }), fragment).toBeVisible();
    await expect(page.locator('exa-freshness').getByRole('status'), fragment).toHaveText(/Live/, {
      timeout: 30_000,
    });
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Home' }), fragment).toBeVisible();
  }
  expect(errors).toEqual([]);
});
