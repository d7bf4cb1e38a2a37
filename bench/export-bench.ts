import { stat } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';

/** What one export of a grid's rows weighed and took. */
export interface ExportRun {
  readonly megabytes: number;
  readonly seconds: number;
}

/**
 * Exports all rows of the first grid of a workbench page as CSV, as a person does by its menu, and waits for the whole file.
 * `export/mb-per-s` is `megabytes / seconds`, from the press to the file on disk.
 */
export async function exportGridCsv(page: Page): Promise<ExportRun> {
  // The browser's own dialog cannot be answered by a script: a download it is, whatever the size.
  await page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  const grid = page.locator('exa-grid').first();
  await grid.scrollIntoViewIfNeeded();
  await expect(grid.getByRole('gridcell').first()).toBeVisible({ timeout: 60_000 });
  await grid.getByRole('button', { name: /more actions/ }).click();
  const choice = page.getByRole('menuitem', { name: 'CSV', exact: true });
  await choice.waitFor();
  const started = performance.now();
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 600_000 }), choice.click()]);
  const path = await download.path();
  const seconds = (performance.now() - started) / 1000;
  const { size } = await stat(path);
  return { megabytes: size / 1e6, seconds };
}
