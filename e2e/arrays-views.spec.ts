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

/** A `.npy` file of `rows` × 2 float64: in each row half its number, and 1. */
function npyOf(rows: number): Buffer {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${rows}, 2), }`.padEnd(117);
  const bytes = Buffer.alloc(128 + rows * 16);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  bytes.write(`${header}\n`, 10, 'latin1');
  for (let row = 0; row < rows; row++) {
    bytes.writeDoubleLE(row / 2, 128 + row * 16);
    bytes.writeDoubleLE(1, 136 + row * 16);
  }
  return bytes;
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
  // Nearer about the row in the middle: a pixel beside it is still the row.
  await area.focus();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await settled(series);
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

  // Without a store a file becomes an array like any other, and is still there after a reload.
  await page.goto(`${store.url}/#/import`);
  await page.locator('exa-drop-zone input[type=file]').setInputFiles({
    name: 'waves.npy',
    mimeType: 'application/octet-stream',
    buffer: npyOf(60_000),
  });
  await expect.poll(() => page.url(), { timeout: 60_000 }).toContain('#/array?data=local-');
  await page.reload();
  const waves = page.locator('exa-series').first();
  await settled(waves);
  await expect(waves).toContainText(/1 point = (32|64|128) rows/);
  await page.getByLabel('Go to row').fill('-1');
  await page.getByLabel('Go to row').press('Enter');
  await expect(page.locator('exa-matrix .cell[data-row="59999"]').first()).toHaveText('29,999.5');
  await page.goto(`${store.url}/#/import`);
  await page.locator('exa-drop-zone input[type=file]').setInputFiles({
    name: 'grid.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      Array.from({ length: 80 }, (_, row) =>
        Array.from({ length: 70 }, (_, at) => row * 70 + at + 0.5).join(),
      ).join('\n'),
    ),
  });
  await page.getByRole('button', { name: 'Keep as an array on this device' }).click();
  await settled(page.locator('exa-heatmap'));
  await expect(page.locator('exa-heatmap')).toContainText('1 cell = 1 element');
  await page.getByText('How it is stored').click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Arrays' })).toContainText('waves');
  await expect(page.getByRole('region', { name: 'Arrays' })).not.toContainText('grid');
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

/** Whole chunks that travelled since the log had `from` lines of this array, and their bytes. */
async function travelled(from: number): Promise<{ pages: number; bytes: number; asked: number }> {
  const notes = (await store.requests('/api/arrays/sensors/batch')).slice(from);
  return {
    pages: notes.reduce((sum, { parts }) => sum + (parts?.page?.count ?? 0), 0),
    bytes: notes.reduce((sum, { bytes }) => sum + bytes, 0),
    asked: notes.reduce(
      (sum, { items }) => sum + (items ?? []).reduce((all, { blocks }) => all + blocks, 0),
      0,
    ),
  };
}

test('an edit of a cell is seen on a phone, only touched chunks travel, two fingers zoom', async ({
  browser,
  page,
}) => {
  test.setTimeout(120_000);
  const at = `${store.url}/#/array?data=sensors&s.array=${encodeURIComponent(JSON.stringify({ rows: '999999999999999900:1000000000000000000', cell: '999999999999999990,1' }))}`;
  await page.goto(at);
  // Another browser: it shares nothing with the first but the store.
  const phone = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const other = await phone.newPage();
  await other.goto(at);
  const line = other.locator('exa-series').first();
  await line.scrollIntoViewIfNeeded();
  await settled(line);
  const area = other.locator('exa-series .area').first();
  await area.scrollIntoViewIfNeeded();
  const box = (await area.boundingBox())!;
  const fingers = await phone.newCDPSession(other);
  const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) =>
    await fingers.send('Input.dispatchTouchEvent', {
      type,
      touchPoints:
        type === 'touchEnd'
          ? []
          : [-1, 1].map((side, id) => ({
              x: box.x + box.width / 2 + (side * apart) / 2,
              y: box.y + box.height / 2,
              id,
            })),
    });
  await touch('touchStart', 40);
  for (let apart = 50; apart <= 160; apart += 10) await touch('touchMove', apart);
  await touch('touchEnd', 0);
  // A quarter as far apart at first: about a quarter of the rows is left in view.
  await expect
    .poll(() => {
      const rows = /rows%22%3A%22([\d.]+)%3A([\d.]+)/.exec(other.url());
      return rows ? Number(rows[2]!.slice(-9)) - Number(rows[1]!.slice(-9)) : Number.NaN;
    })
    .toBeLessThan(40);
  await settled(page.locator('exa-matrix'));
  const cell = page.locator('exa-matrix .cell.active');
  await expect(cell).toHaveAttribute('data-row', '999999999999999990');
  await other.locator('exa-matrix').scrollIntoViewIfNeeded();
  await settled(other.locator('exa-matrix'));
  // What comes next is fetched behind what is seen: the log is quiet before the write.
  await expect
    .poll(async () => {
      const before = (await store.requests('/api/arrays/sensors/batch')).length;
      await page.waitForTimeout(300);
      return (await store.requests('/api/arrays/sensors/batch')).length - before;
    })
    .toBe(0);
  const before = (await store.requests('/api/arrays/sensors/batch')).length;
  await page.locator('exa-matrix .view').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('1234.5');
  await page.keyboard.press('Enter');
  await expect(cell).toHaveText('1,234.5');
  await expect(other.locator('exa-matrix')).toContainText('1,234.5', { timeout: 30_000 });
  expect(await stored('-10, 1')).toBe(1234.5);
  // One chunk of data, and what summarises it, a browser; the rest is not even asked about.
  const after = await travelled(before);
  expect(after.pages).toBeGreaterThanOrEqual(2);
  expect(after.pages).toBeLessThanOrEqual(2 * 4);
  expect(after.asked).toBe(after.pages);

  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('a lot');
  await page.keyboard.press('Enter');
  await expect(page.locator('exa-matrix').getByRole('alert')).toContainText('“a lot” is no number');
  await phone.close();
});
