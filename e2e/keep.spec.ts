import { readFile } from 'node:fs/promises';
import { type Download, expect, type Page, test } from '@playwright/test';
import Papa from 'papaparse';
import { type StoreProcess, startStore } from './store-process.ts';
import { ask, freshness, importText, writeRows } from './workbench.ts';

test.use({ viewport: { width: 1440, height: 1800 }, acceptDownloads: true });

let store: StoreProcess;

const rows = Array.from({ length: 400 }, (_, i) => ({
  id: i + 1,
  day: `2026-0${1 + (i % 6)}-1${i % 9}`,
  country: ['France', 'Spain', '=HYPERLINK("x")', 'Peru'][i % 4]!,
  amount: `${i}.25`,
}));

test.beforeAll(async () => {
  test.setTimeout(120_000);
  store = await startStore();
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map(({ id, day, country, amount }) => [id, day, quoted(country), amount].join(','));
  await importText(store, ['id,day,country,amount', ...lines].join('\n'), 'sales', '--key', 'id');
});

test.afterAll(async () => {
  await store?.remove();
});

async function open(page: Page, fragment: string): Promise<void> {
  await page.goto(`${store.url}/${fragment}`);
  await expect(freshness(page)).toHaveText('Live', { timeout: 60_000 });
}

/** Presses an entry of a card's menu. */
async function menu(page: Page, card: string, entry: string): Promise<void> {
  await page
    .locator(card)
    .first()
    .getByRole('button', { name: /more actions/ })
    .click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
}

async function cellsOf(download: Download): Promise<string[][]> {
  const text = await readFile((await download.path())!, 'utf8');
  return Papa.parse<string[]>(text, { newline: '\r\n', delimiter: ',' }).data.slice(0, -1);
}

test('take away exactly what is filtered, find a value, keep the view, undo, cite', async ({
  page,
  context,
}) => {
  test.setTimeout(240_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '#/explore');
  await expect(page.locator('exa-grid').getByRole('gridcell').first()).toBeVisible({ timeout: 60_000 });

  // Find: a value by typing leads to its table, filtered.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Franc');
  await page.getByRole('option', { name: /France.*Country/ }).click();
  await expect(page).toHaveURL(/in\(c3,France\)/);
  await expect(page.locator('exa-grid')).toContainText('100 rows');

  // Take away: exactly these rows.
  const [filtered] = await Promise.all([page.waitForEvent('download'), menu(page, 'exa-grid', 'CSV')]);
  const [head, ...cells] = await cellsOf(filtered);
  const country = head!.indexOf('Country');
  expect(cells).toHaveLength(100);
  expect(new Set(cells.map((row) => row[country]))).toEqual(new Set(['France']));

  // Undo and redo, over the filter.
  await page.locator('h1').click();
  await page.keyboard.press('Control+z');
  await expect(page).not.toHaveURL(/France/);
  await page.keyboard.press('Control+Shift+z');
  await expect(page).toHaveURL(/France/);

  // Keep it in the store, find it on Home, rename it there.
  await page.getByRole('button', { name: 'Save view', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('French <i>sales</i>');
  await page.getByRole('radio', { name: 'In the store, for all who use it' }).check();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/saved=/);
  await open(page, '#/home');
  const saved = page.getByRole('region', { name: 'Saved views' });
  await expect(saved.getByRole('link', { name: /French <i>sales<\/i>/ })).toBeVisible();
  await saved.getByRole('button', { name: /^Rename/ }).click();
  await saved.getByRole('textbox', { name: 'Name' }).fill('France');
  await page.keyboard.press('Enter');
  await saved.getByRole('link', { name: /^France/ }).click();
  await expect(page.locator('exa-grid')).toContainText('100 rows');
  const kept = (await (await fetch(`${store.url}/api/views`)).json()) as { views: { name: string }[] };
  expect(kept.views.map(({ name }) => name)).toEqual(['France']);

  // Cite: the same digits after a write to the table.
  const before = await ask(store.url, {
    kind: 'aggregate',
    dataset: 'sales',
    where: { op: 'in', column: 'c3', values: ['France'] },
    groupBy: [],
    measures: [{ id: 'm', label: '', formula: 'sum(amount)', format: 'number' }],
  });
  await expect(
    page
      .locator('exa-figure')
      .first()
      .getByRole('button', { name: /, copy$/ }),
  ).toBeVisible();
  await menu(page, 'exa-figure', 'Cite');
  await expect(page.getByText('The data say the same now.')).toBeVisible({ timeout: 30_000 });
  const cited = await page.locator('exa-cite td').first().innerText();
  const link = page.url();
  await writeRows(store.url, 'sales', 'append', 'one-more', {
    c1: 1001,
    c2: '2026-06-01',
    c3: 'France',
    c4: '5000.00',
  });
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByText('The data have changed since')).toBeVisible({ timeout: 30_000 });
  expect(await page.locator('exa-cite td').first().innerText()).toBe(cited);
  expect(before.rows).toHaveLength(1);
  await open(page, `#/cite?s.cite=${encodeURIComponent(JSON.stringify({ id: '0'.repeat(40) }))}`);
  await expect(page.getByText(/keeps no such citation/)).toBeVisible();

  // A saved view of a column that is gone says which, and shows the rest.
  await open(page, '#/explore?data=sales&f.x=in(c99,1)&f.y=in(c3,Spain)');
  await expect(page.getByText(/“c99” is no longer there/)).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('exa-grid')).toContainText('100 rows');
});

test('the tour shows itself on a first visit, once', async ({ page }) => {
  // As in a browser that nobody drives.
  await page.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { get: () => false }));
  await open(page, '#/home');
  const tour = page.getByRole('region', { name: 'Tour of the workbench' });
  await expect(tour).toContainText('Drop a file, see it');
  await tour.getByRole('button', { name: 'Next' }).click();
  await expect(tour).toContainText('Everything filters everything');
  await tour.getByRole('button', { name: 'Close' }).click();
  await expect(tour).toBeHidden();
  await page.reload();
  await expect(freshness(page)).toHaveText('Live', { timeout: 60_000 });
  await expect(page.getByRole('link', { name: /sales/i }).first()).toBeVisible();
  await expect(tour).toBeHidden();
});

test('a page composed by keyboard, saved in its address, on a phone; two views side by side', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await open(page, '#/page');
  await page
    .getByRole('button', { name: /^Start with/ })
    .first()
    .click();
  const cards = page.locator('exa-page section.card');
  await expect(page.locator('exa-page exa-figure').first()).toBeVisible({ timeout: 60_000 });
  const count = await cards.count();
  const grip = page.getByRole('button', { name: /^Move or resize/ }).first();
  await grip.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByText(/, 4 wide, /)).toBeAttached();
  await page
    .getByRole('button', { name: /^Duplicate/ })
    .first()
    .click();
  await expect(cards).toHaveCount(count + 1);
  await page
    .getByRole('button', { name: /^Remove:/ })
    .last()
    .click();
  await expect(cards).toHaveCount(count);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.reload();
  await expect(cards).toHaveCount(count, { timeout: 60_000 });
  await page.setViewportSize({ width: 390, height: 844 });
  const boxes = await cards.evaluateAll((all) =>
    all.map((card) => ({
      isFigure: card.classList.contains('figure'),
      width: card.getBoundingClientRect().width,
    })),
  );
  const whole = Math.max(...boxes.map(({ width }) => width));
  // A card has a line of its own; figures share one, two and two.
  for (const { isFigure, width } of boxes)
    expect(isFigure && width < whole - 1 ? 2 * width + 8 : width).toBeCloseTo(whole, 0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  await page.setViewportSize({ width: 1440, height: 1800 });
  const sides = {
    left: '#/explore?data=sales',
    right: '#/explore?data=sales&f.z=in(c3,Spain)',
    linked: false,
  };
  await open(page, `#/compare?s.compare=${encodeURIComponent(JSON.stringify(sides))}`);
  await expect(page.getByRole('region', { name: 'Left' }).locator('exa-grid')).toContainText(/40[01] rows/, {
    timeout: 60_000,
  });
  await expect(page.getByRole('region', { name: 'Right' }).locator('exa-grid')).toContainText('100 rows');
});
