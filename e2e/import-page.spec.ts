import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { startSite } from './static-site.ts';
import { startStore } from './store-process.ts';
import { exactFigure, sharedData } from './workbench.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A file as a person would have it, and what the figures must say of it. */
interface Sales {
  readonly name: string;
  readonly bytes: Buffer;
  readonly title: string;
  readonly rows: string;
  readonly units: string;
  readonly revenue: string;
}

/** Online Retail where it lies beside the checkout, else a made-up shop; the sums are of an independent count. */
function sales(): Sales {
  const file = join(sharedData, 'online-retail', 'online_retail.csv.gz');
  if (existsSync(file))
    return {
      name: 'online_retail.csv.gz',
      bytes: readFileSync(file),
      title: 'Online retail',
      rows: '541,909',
      units: '5176450',
      revenue: '9747747.934',
    };
  let cents = 0;
  let units = 0;
  const lines = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'];
  const countries = ['France', 'Spain', 'United Kingdom'];
  for (let i = 0; i < 70_000; i++) {
    const quantity = (i % 7) + 1;
    const price = 100 + (i % 900);
    units += quantity;
    cents += quantity * price;
    const day = new Date(Date.UTC(2011, 0, 1 + (i % 300))).toISOString().slice(0, 10);
    lines.push(
      `${536_365 + Math.floor(i / 3)},S${i % 50},Lamp ${i % 50},${quantity},${day} 10:00:00,${(price / 100).toFixed(2)},${12_000 + (i % 400)},${countries[i % 3]}`,
    );
  }
  return {
    name: 'online_retail.csv',
    bytes: Buffer.from(`${lines.join('\n')}\n`),
    title: 'Online retail',
    rows: '70,000',
    units: String(units),
    revenue: (cents / 100).toFixed(2),
  };
}

/** Drops a file on the page as a person does. */
async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.locator('exa-drop-zone').first().waitFor();
  const data = await page.evaluateHandle(
    ({ name, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name));
      return transfer;
    },
    { name, base64: bytes.toString('base64') },
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

async function expectNoBarriers(page: Page): Promise<void> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] },
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
  expect(found).toEqual([]);
}

/** The figures of the whole file, whatever the period chosen. */
async function expectExact(page: Page, { units, revenue }: Sales): Promise<void> {
  await expect(page.locator('exa-trend').first()).toBeVisible({ timeout: 30_000 });
  await page.goto(`${new URL(page.url()).origin}/${new URL(page.url()).hash.replace(/\?.*/, '')}`);
  await expect.poll(() => exactFigure(page, 'Revenue'), { timeout: 30_000 }).toContain(revenue);
  await expect.poll(() => exactFigure(page, 'Units')).toBe(units);
}

test('a file dropped without any store is a dashboard, kept in this browser, and leaves it never', async ({
  page,
}) => {
  const file = sales();
  const site = await startSite();
  try {
    await page.goto(site.url);
    await expect(page.getByText('nothing is sent anywhere')).toBeVisible();
    const begun = Date.now();
    await drop(page, file.name, file.bytes);
    await expect(page.getByText(`${file.rows} rows`).first()).toBeVisible({ timeout: 60_000 });
    await expectNoBarriers(page);
    await page.getByRole('button', { name: /^Import [\d,]+ rows$/ }).click();
    await expect(page).toHaveURL(/#\/explore/, { timeout: 60_000 });
    await expectExact(page, file);
    test.info().annotations.push({ type: 'seconds', description: String((Date.now() - begun) / 1000) });

    // The same figures after a reload without any network at all.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await site.stop();
    await page.reload();
    await expectExact(page, file);
    expect(site.received).toBe(0);

    // Deleting asks first.
    await page.goto(`${site.url}/#/datasets`);
    await expect(page.getByText('on this device', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: `Delete ${file.title}` }).click();
    await page
      .getByRole('group', { name: /for good/ })
      .getByRole('button', { name: 'Delete' })
      .click();
    await expect(page.getByRole('heading', { name: 'No data sets' })).toBeVisible();
  } finally {
    await site.stop();
  }
});

test('a file goes into the store, and comes again by key with the difference said first', async ({
  page,
}) => {
  const store = await startStore();
  try {
    await page.goto(store.url);
    const csv = 'client_id,name,country\n1,Ann,France\n2,Bo,Spain\n3,Cy,Italy\n';
    await drop(page, 'people.csv', Buffer.from(csv));
    await expect(page.getByText('3 rows, 3 columns')).toBeVisible();
    await page.getByLabel('In the store').check();
    await page.getByRole('button', { name: 'Import 3 rows' }).click();
    await expect(page).toHaveURL(/#\/explore/);
    const [listed] = (
      (await (await fetch(`${store.url}/api/datasets`)).json()) as { datasets: { rows: number }[] }
    ).datasets;
    expect(listed?.rows).toBe(3);

    await page.goto(`${store.url}/#/import`);
    await drop(page, 'people.csv', Buffer.from('client_id,name,country\n2,Bob,Spain\n4,Di,Chile\n'));
    await page.getByLabel('In the store').check();
    await page.getByLabel('Update by key').check();
    await expect(page.getByText('By client_id: 1 rows are updated, 1 are new.')).toBeVisible();
    await page.getByRole('button', { name: 'Import 2 rows' }).click();
    await expect(page).toHaveURL(/#\/explore/);
    await expect
      .poll(async () => {
        const answer = await fetch(`${store.url}/api/datasets`);
        return ((await answer.json()) as { datasets: { rows: number }[] }).datasets[0]?.rows;
      })
      .toBe(4);
  } finally {
    await store.remove();
  }
});

test('a page killed while it stores leaves nothing, not even pages', async ({ context }) => {
  const site = await startSite();
  try {
    const page = await context.newPage();
    await page.goto(site.url);
    await page.locator('exa-drop-zone').first().waitFor();
    const data = await page.evaluateHandle(() => {
      const lines = ['id,units,note'];
      for (let i = 0; i < 800_000; i++) lines.push(`${i},${i % 7},row ${i}`);
      const transfer = new DataTransfer();
      transfer.items.add(new File([lines.join('\n')], 'many.csv'));
      return transfer;
    });
    await page.dispatchEvent('body', 'drop', { dataTransfer: data });
    await page.getByRole('button', { name: 'Import 800,000 rows' }).click({ timeout: 60_000 });
    await expect(page.getByText(/^[1-9][\d,]* of 800,000 rows$/)).toBeVisible({ timeout: 60_000 });
    await page.close();

    const again = await context.newPage();
    await again.goto(site.url);
    await expect(again.getByText('No data yet')).toBeVisible();
    const pages = () =>
      again.evaluate(
        () =>
          new Promise<number>((resolve, reject) => {
            const opening = indexedDB.open('exanalytics local');
            opening.onerror = () => reject(opening.error);
            opening.onsuccess = () => {
              const counting = opening.result.transaction('pages').objectStore('pages').count();
              counting.onsuccess = () => resolve(counting.result);
              counting.onerror = () => reject(counting.error);
            };
          }),
      );
    await expect.poll(pages, { timeout: 30_000 }).toBe(0);
  } finally {
    await site.stop();
  }
});

test('what a file leaves open is decided before anything is stored', async ({ page }) => {
  const site = await startSite();
  try {
    await page.goto(site.url);
    const days = Array.from(
      { length: 40 },
      (_, i) => `${i},2011-02-${String((i % 28) + 1).padStart(2, '0')}`,
    );
    days[11] = '11,31/02/2011';
    await drop(page, 'days.csv', Buffer.from(`id,date\n${days.join('\n')}\n`));
    await expect(page.getByText('Row 12, date: “31/02/2011” is not a date.')).toBeVisible();
    await expect(page.getByText('Nothing stored yet.').first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Import 40 rows' })).toBeDisabled();
    await expectNoBarriers(page);
    await page.getByRole('button', { name: 'Skip row' }).click();
    await page.getByRole('button', { name: 'Import 40 rows' }).click();
    await expect(page).toHaveURL(/#\/explore/);
    await expect(page.getByText('39 rows').first()).toBeVisible();

    await page.goto(`${site.url}/#/import`);
    await drop(page, 'broken.xlsx', Buffer.from('PK\u0003\u0004 and nothing more'));
    await expect(page.getByText('cannot be read as an Excel workbook')).toBeVisible();
  } finally {
    await site.stop();
  }
});

test('cells pasted from a spreadsheet', async ({ page }) => {
  const site = await startSite();
  try {
    await page.goto(`${site.url}/#/import`);
    await page.getByRole('button', { name: 'Paste cells' }).click();
    await page.getByLabel(/Cells, their column names/).fill('item\tprice\nLamp\t12,50\nChair\t7,25\n');
    await page.getByRole('button', { name: 'Read these cells' }).click();
    await expect(page.getByText('2 rows, 2 columns')).toBeVisible();
    await expect(page.getByRole('cell', { name: '12.50' })).toBeVisible();
    await page.getByRole('button', { name: 'Import 2 rows' }).click();
    await expect(page).toHaveURL(/#\/explore/);
  } finally {
    await site.stop();
  }
});
