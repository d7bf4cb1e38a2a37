import { expect, type Locator, type Page } from '@playwright/test';

/**
 * Waits of a person who looks. Playwright's own assertions describe the whole element for every look that finds nothing
 * yet, which takes the page's thread longer than anything the page does, and would be measured with it.
 */
export function seen(locator: Locator, timeout = 30_000): Promise<void> {
  return locator.waitFor({ timeout });
}

/** Waits until words stand somewhere in it. */
export function says(locator: Locator, words: string, timeout = 30_000): Promise<void> {
  return seen(locator.getByText(words).first(), timeout);
}

export async function isAt(page: Page, url: RegExp, timeout = 30_000): Promise<void> {
  await expect.poll(() => page.url(), { timeout }).toMatch(url);
}
