import type { Page } from '@playwright/test';
import { gadget } from '../workbench.ts';
import type { Retail } from './retail.ts';
import { isAt, seen } from './waits.ts';

/** Drops a file on the page as a person does. */
export async function drop(page: Page, { name, file }: Retail): Promise<void> {
  await page.locator('exa-drop-zone').first().waitFor();
  const data = await page.evaluateHandle(
    ({ name, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name));
      return transfer;
    },
    { name, base64: file.toString('base64') },
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

/** Imports the file by drop, into the store where there is one; resolves with Explore's address. */
export async function importRetail(page: Page, retail: Retail, place: 'here' | 'store'): Promise<string> {
  await drop(page, retail);
  const rows = `${retail.lines.length.toLocaleString('en-GB')} rows`;
  await seen(page.getByText(rows).first(), 120_000);
  if (place === 'store') await page.getByLabel('In the store').check();
  await page.getByRole('button', { name: /^Import [\d,]+ rows$/ }).click();
  await isAt(page, /#\/explore\?data=/, 120_000);
  await seen(gadget(page, 'exa-trend', 'Revenue').first().locator('.chart'), 60_000);
  return page.url().replace(/&.*$/, '');
}

/** Explore of the table as it comes. */
export async function begin(page: Page, explore: string): Promise<void> {
  await page.goto(explore);
  await page.reload();
  await seen(gadget(page, 'exa-trend', 'Revenue').first().locator('.chart'), 60_000);
}
