import { expect, type Locator, type Page, test } from '@playwright/test';
import { sensorRegions } from '../store/demo/demo-arrays.ts';
import { type StoreProcess, startStore } from './store-process.ts';
import { freshness, waitShell } from './workbench.ts';

let store: StoreProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  store = await startStore({ demo: 'small' });
});

test.afterAll(async () => {
  await store?.remove();
});

/** A row within the second region, far past what a double can tell from its neighbours. */
const row = sensorRegions[1]! + 4321n;

async function settled(gadget: Locator): Promise<void> {
  await expect(gadget).toHaveAttribute('phase', /ready|stale/, { timeout: 30_000 });
  await expect(gadget).not.toHaveAttribute('settling', /.*/, { timeout: 30_000 });
}

function grouped(value: bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The store's own element, read past everything the browser keeps: the last eight bytes of a .npy file. */
async function stored(at: string): Promise<number> {
  const answer = await fetch(`${store.url}/api/arrays/sensors/values?at=${encodeURIComponent(at)}`);
  const bytes = await answer.arrayBuffer();
  return new DataView(bytes).getFloat64(bytes.byteLength - 8, true);
}

/** From all of 10^18 rows to one exact row by the wheel, and back; gives what is read at the row. */
async function zoomDownAndBack(page: Page): Promise<string> {
  await page.goto(`${store.url}/#/array?data=sensors`);
  const series = page.locator('exa-series').first();
  await settled(series);
  await expect(series).toContainText('1 point = 1,125,899,906,842,624 rows');
  await expect(series).toContainText('Unwritten: fill value NaN');
  // The row goes under the pointer once it is in sight; then the wheel alone leads down to it.
  const slice = page.getByLabel('Part in view');
  await slice.fill(`${row - 20_000n}:${row + 20_001n}`);
  await slice.press('Enter');
  await settled(series);
  await expect(series).toContainText(/1 point = (16|32|64) rows/);
  const area = series.locator('.area');
  const box = (await area.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const badge = series.locator('.badge');
  for (let turn = 0; turn < 20 && (await badge.innerText()) !== '1 point = 1 row'; turn++)
    await page.mouse.wheel(0, -600);
  await expect(badge).toHaveText('1 point = 1 row', { timeout: 30_000 });
  await page.getByLabel('Go to row').fill(grouped(row));
  await page.getByLabel('Go to row').press('Enter');
  await settled(series);
  await expect(page.locator('exa-array .tools > .wrong')).toBeHidden();
  const again = (await area.boundingBox())!;
  await page.mouse.move(again.x + again.width / 2 + 1, again.y + again.height / 2);
  const readout = series.locator('.readout');
  await expect(readout).toContainText(`Row ${grouped(row)} ·`);
  const text = await readout.innerText();
  await area.focus();
  await page.keyboard.press('0');
  await settled(series);
  await expect(series).toContainText('1 point = 1,125,899,906,842,624 rows');
  return text.split('·')[1]!.trim();
}

test('10^18 rows: from all to one exact row and back, live and offline; the URL holds it', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.goto(`${store.url}/#/home`);
  await page.getByRole('link', { name: /Zoom 10¹⁸ rows/ }).click();
  await expect(page.getByRole('heading', { name: 'sensors' })).toBeVisible();
  const live = await zoomDownAndBack(page);
  expect(Number(live.replaceAll(',', '').replace('−', '-'))).toBe(await stored(`${row}, 0`));

  await page.getByLabel('Go to row').fill('-1');
  await page.getByLabel('Go to row').press('Enter');
  await expect(page.locator('exa-matrix')).toContainText('999,999,999,999,999,999');
  await expect.poll(() => page.url()).toContain('999999999999999999,0');
  const held = page.url();
  await page.getByLabel('Go to row').fill('1e18');
  await page.getByLabel('Go to row').press('Enter');
  await expect(page.locator('exa-array .tools > .wrong')).toContainText(
    'the last index is 999,999,999,999,999,999',
  );

  await page.getByRole('button', { name: 'Show all' }).first().click();
  await page.getByRole('button', { name: 'Next written region' }).click();
  await expect(page.locator('exa-array .told')).toContainText('Rows 0 to');

  await waitShell(page);
  await store.stop();
  await page.reload();
  await expect(freshness(page)).toContainText('Offline', { timeout: 60_000 });
  expect(await zoomDownAndBack(page)).toBe(live);
  await page.goto(held);
  await expect(page.locator('exa-matrix')).toContainText('999,999,999,999,999,999');
  await store.start();
  await expect(freshness(page)).toHaveText('Live', { timeout: 60_000 });
});

test('a map of 10^9 by 2·10^9: to a written tile, into single elements, exact cells', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto(`${store.url}/#/array?data=matrix`);
  const map = page.locator('exa-heatmap');
  await settled(map);
  await expect(map).toContainText(/1 cell = [\d,]+ × [\d,]+ elements/);
  const next = page.getByRole('button', { name: 'Next written region' });
  await next.click();
  await expect(page.locator('exa-array .told')).toContainText('Rows 0 to 767');
  await next.click();
  await expect(page.locator('exa-array .told')).toContainText('Rows 499,999,');
  await settled(map);
  const area = map.locator('.area');
  await area.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('+');
  await settled(map);
  await expect(map).toContainText('1 cell = 1 element');
  const box = (await area.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(map.locator('.readout')).toContainText(
    /Row [45]\d\d,\d{3},\d{3}, column 1,000,\d{3},\d{3} · [\d.]+/,
  );
});

test('an edit of a cell is seen in a second tab, and nothing else travels', async ({ context, page }) => {
  test.setTimeout(120_000);
  const at = `${store.url}/#/array?data=sensors&s.array=${encodeURIComponent(JSON.stringify({ rows: '999999999999999900:1000000000000000000', cell: '999999999999999990,1' }))}`;
  await page.goto(at);
  const other = await context.newPage();
  await other.goto(at);
  for (const one of [page, other]) await settled(one.locator('exa-matrix'));
  const before = (await store.requests('/api/arrays/sensors/batch')).length;
  const cell = page.locator('exa-matrix .cell.active');
  await expect(cell).toHaveAttribute('data-row', '999999999999999990');
  await page.locator('exa-matrix .view').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('1234.5');
  await page.keyboard.press('Enter');
  await expect(page.locator('exa-matrix .cell.active')).toHaveText('1,234.5');
  await expect(other.locator('exa-matrix .cell.active')).toHaveText('1,234.5', { timeout: 30_000 });
  expect(await stored('-10, 1')).toBe(1234.5);
  await expect(other.locator('exa-series').nth(1).locator('.badge')).toHaveText('1 point = 1 row');
  expect((await store.requests('/api/arrays/sensors/batch')).length - before).toBeLessThan(20);

  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('a lot');
  await page.keyboard.press('Enter');
  await expect(page.locator('exa-matrix').getByRole('alert')).toContainText('“a lot” is no number');
  await other.close();
});
