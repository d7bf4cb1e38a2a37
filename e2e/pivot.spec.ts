import { expect, type Page, test } from '@playwright/test';
import { type StoreProcess, startStore } from './store-process.ts';
import { ask, plainNumber } from './workbench.ts';

test.use({ viewport: { width: 1440, height: 900 } });

let store: StoreProcess;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  store = await startStore({ demo: 'small' });
});

test.afterAll(async () => {
  await store?.remove();
});

/** The grid's rows as numbers by name; empty cells are empty. */
async function shown(page: Page): Promise<Record<string, string[]>> {
  const rows = await page
    .locator('exa-pivot [role=row]:has([role=rowheader])')
    .evaluateAll((all) =>
      all.map((row) =>
        [...row.querySelectorAll('[role=rowheader],[role=gridcell]')].map(
          (cell) => cell.textContent?.trim() ?? '',
        ),
      ),
    );
  return Object.fromEntries(rows.map(([name, ...cells]) => [name, cells.map(plainNumber)]));
}

async function settled(page: Page): Promise<void> {
  await expect(page.locator('exa-pivot[phase=ready]')).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('exa-pivot .waiting')).toHaveCount(0);
}

test('a measure made in the page, in a pivot whose every total is the store’s own', async ({ page }) => {
  test.setTimeout(120_000);
  const orders = { id: 'orders' };
  await page.goto(`${store.url}/#/pivot?data=${orders.id}`);
  await settled(page);

  // A measure that adding up would get wrong, typed with completion and previewed before it is kept.
  await page.getByRole('combobox', { name: 'Add measure' }).selectOption({ label: 'New measure…' });
  const dialog = page.getByRole('dialog', { name: 'New measure' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Different amounts');
  const formula = dialog.getByRole('textbox', { name: 'Formula' });
  await formula.click();
  await page.keyboard.type('distinct(nosuch)');
  await expect(dialog.getByText('no column “nosuch”')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('distinct(Amount)');
  await expect(dialog.getByRole('region', { name: 'Preview' }).locator('td')).toHaveText(/\d/);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(/different_amounts/);
  await settled(page);

  const by = async (groupBy: object[]) =>
    (
      await ask(store.url, {
        kind: 'aggregate',
        dataset: orders.id,
        groupBy,
        measures: [{ measure: 'different_amounts' }],
      })
    ).rows;
  // Kept in the page first, then in the store.
  const headText = async () => (await fetch(`${store.url}/api/datasets/${orders.id}/head`)).text();
  await expect.poll(headText).toContain('different_amounts');
  const { columns } = JSON.parse(await headText()) as {
    columns: { id: string; name: string }[];
  };
  const country = columns.find(({ name }) => name === 'country')!.id;
  const [[total]] = (await by([])) as [[number]];
  const last = (cells: string[] | undefined) => cells?.[1];
  await expect.poll(async () => last((await shown(page)).Total)).toBe(String(total));
  await settled(page);
  const before = await shown(page);
  for (const [name, amounts] of await by([{ by: 'value', column: country }]))
    expect(last(before[String(name)]), String(name)).toBe(String(amounts));

  // Opened, ordered by a column of two fields, and the same again from its address.
  await page.getByRole('combobox', { name: 'Add to rows' }).selectOption({ label: 'Channel' });
  await page.getByRole('combobox', { name: 'Add to columns' }).selectOption({ label: 'State' });
  await settled(page);
  const pivot = page.locator('exa-pivot');
  await pivot
    .getByRole('button', { name: /^Open / })
    .first()
    .click();
  await expect(pivot.locator('[aria-level="2"]').first()).toBeVisible();
  await pivot
    .getByRole('button', { name: /^Order by Q\d \d{4}, .+ · Different amounts$/ })
    .first()
    .click();
  await settled(page);
  const after = await shown(page);
  await page.reload();
  await settled(page);
  await expect.poll(() => shown(page)).toEqual(after);

  // A cell leads to its rows; the keyboard does the same.
  await page.getByRole('treegrid').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/[?&]rows=/);
});
