import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { test } from './store-process.ts';

const folder = fileURLToPath(new URL('../../shared/data/online-retail', import.meta.url));
const file = existsSync(folder)
  ? readdirSync(folder).find((name) => /\.(csv|tsv|parquet|csv\.gz)$/.test(name))
  : undefined;

test('Online Retail is imported with its exact totals', async ({ store, page }) => {
  test.skip(file === undefined, 'Online Retail is not beside this checkout.');
  test.setTimeout(240_000);
  const imported = await store.command(
    'import',
    join(folder, file!),
    '--as',
    'Online Retail',
    '--store',
    store.url,
  );
  expect(imported.code, imported.output).toBe(0);

  const list = (await (await fetch(`${store.url}/api/datasets`)).json()) as {
    datasets: { id: string; rows: number }[];
  };
  const { id: dataset, rows } = list.datasets[0]!;
  expect(rows).toBe(541_909);
  const measure = (id: string, formula: string) => ({ id, label: id, formula, format: 'number' });
  const answer = await fetch(`${store.url}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      kind: 'aggregate',
      dataset,
      groupBy: [],
      measures: [measure('units', 'sum(Quantity)'), measure('amount', 'sum(amount)')],
    }),
  });
  const { rows: totals } = (await answer.json()) as { rows: unknown[][] };
  expect(Number(totals[0]![0])).toBe(5_176_450);
  expect(String(totals[0]![1])).toMatch(/^9747747\.9340*$/);

  await page.goto(`${store.url}/#/orders`);
  await expect(page.getByText('9.75').first()).toBeVisible({ timeout: 60_000 });
});
