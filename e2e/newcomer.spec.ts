import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { startStore } from './store-process.ts';
import { exactFigure, gadget } from './workbench.ts';

const readme = readFileSync(join(fileURLToPath(new URL('..', import.meta.url)), 'README.md'), 'utf8');

const lines = Array.from({ length: 300 }, (_, i) => ({
  order: `A${1000 + i}`,
  day: `2026-0${1 + (i % 6)}-1${i % 9}`,
  country: ['France', 'Germany', 'Spain'][i % 3]!,
  cents: 1250 + 100 * (i % 40),
}));
const csv = [
  'Order,Date,Country,Amount',
  ...lines.map(({ order, day, country, cents }) => `${order},${day},${country},${(cents / 100).toFixed(2)}`),
].join('\n');

test('somebody new gets from the README to a saved view without reading further', async ({ page }) => {
  test.setTimeout(240_000);
  // What the README says, and no more, is what is done here.
  for (const words of [
    'npm start',
    'prints the address',
    'Drop a CSV',
    'choose one',
    'you see the first rows',
    'keep it on this device or in the store',
  ])
    expect(readme.replace(/\s+/g, ' ')).toContain(words);
  // Somebody new, not a program.
  await page.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { get: () => false }));

  const store = await startStore({ demo: 'small' });
  try {
    await page.goto(/http:\S+/.exec(store.output())![0]);
    const tour = page.getByRole('region', { name: 'Tour of the workbench' });
    await expect(tour.getByRole('status')).toHaveText('Drop a file, see it');
    for (let step = 1; step < 4; step++) await tour.getByRole('button', { name: 'Next' }).click();
    // The last thing it says is how to keep what one sees.
    await expect(tour).toContainText('Save view keeps what you see under a name');
    await tour.getByRole('button', { name: 'Close' }).click();

    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a file' }).first().click();
    await (await choosing).setFiles({ name: 'shop.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await expect(page.getByText('A1000')).toBeVisible();
    await page.getByRole('button', { name: 'Import 300 rows' }).click();

    const trend = gadget(page, 'exa-trend', 'Revenue').first();
    await expect(trend.locator('.chart')).toBeVisible({ timeout: 60_000 });
    await page
      .getByRole('list', { name: 'Country', exact: true })
      .getByRole('button', { name: /^France / })
      .click();
    const french = lines
      .filter(({ country }) => country === 'France')
      .reduce((sum, { cents }) => sum + cents, 0);
    const shown = async (): Promise<number> => Math.round(100 * Number(await exactFigure(page, 'Revenue')));
    await expect.poll(shown).toBe(french);

    await page.getByRole('button', { name: 'Save view', exact: true }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('France');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page).toHaveURL(/saved=/);
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    const saved = page.getByRole('region', { name: 'Saved views' }).getByRole('link', { name: /^France/ });
    await expect(saved).toBeVisible();
    await expect(tour).toHaveCount(0);
    await page.screenshot({ path: test.info().outputPath('home.png') });

    // Another day.
    await page.goto('about:blank');
    await page.goto(store.url);
    await saved.click();
    await expect.poll(shown).toBe(french);
    await page.screenshot({ path: test.info().outputPath('saved-view.png') });
  } finally {
    await store.remove();
  }
});
