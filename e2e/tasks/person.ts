import { expect, type Locator, type Page } from '@playwright/test';
import { seen } from './waits.ts';

/** One thing somebody did, ms since 1970. */
export interface Act {
  readonly at: number;
  readonly what: string;
}

/** Somebody at the page, by mouse or by keyboard, who counts what they do. */
export interface Person {
  readonly by: 'mouse' | 'keyboard';
  readonly page: Page;
  /** Clicks, choices from a list (two each) and texts typed; by keyboard: what was reached. */
  readonly clicks: number;
  /** What they did, in order. */
  readonly acts: readonly Act[];
  press(target: Locator): Promise<void>;
  /** Leaves out what a bar stands for. */
  exclude(bar: Locator): Promise<void>;
  /** Shows the rows behind a bar. */
  drill(bar: Locator): Promise<void>;
  /** Chooses from a list by its words. */
  choose(list: Locator, words: string): Promise<void>;
  /** The same, of a list whose choice does something: by keyboard Enter does it. */
  add(list: Locator, words: string): Promise<void>;
  write(field: Locator, text: string): Promise<void>;
  /** Takes an entry of an open menu or of what was found; by keyboard: by arrows. */
  pick(entry: Locator): Promise<void>;
}

/** Nothing has the focus yet, and what is wanted is in the page's main part: the first stop may lead there. */
function isBeyondSkipLink(target: Locator): Promise<boolean> {
  return target.evaluate((element) => {
    const parts: Node[] = [];
    for (let at: Node | null = element; at; at = at.parentNode ?? (at as Partial<ShadowRoot>).host ?? null)
      parts.push(at);
    return (
      document.activeElement === document.body &&
      parts.some((part) => part instanceof HTMLElement && part.localName === 'main')
    );
  });
}

/** Tab stops after which something counts as not reachable. */
const maxStops = 250;
/** Entries of a menu after which one counts as not in it. */
const maxEntries = 30;

export function mouse(page: Page): Person {
  const acts: Act[] = [];
  let clicks = 0;
  const did = (what: string, count = 1): void => {
    clicks += count;
    acts.push({ at: Date.now(), what });
  };
  return {
    by: 'mouse',
    page,
    acts,
    get clicks() {
      return clicks;
    },
    async press(target) {
      did(`press ${target}`);
      await target.click();
    },
    async exclude(bar) {
      did(`exclude ${bar}`);
      await bar.click({ modifiers: ['Alt'] });
    },
    async drill(bar) {
      did(`drill ${bar}`);
      await bar.hover();
      await page.locator('li', { has: bar }).locator('.behind').click();
    },
    async choose(list, words) {
      did(`choose ${words}`, 2);
      await list.selectOption({ label: words });
    },
    async add(list, words) {
      did(`add ${words}`, 2);
      await list.selectOption({ label: words });
    },
    async write(field, text) {
      did(`write ${text}`);
      await field.click();
      await field.fill(text);
    },
    async pick(entry) {
      did(`pick ${entry}`);
      await entry.click();
    },
  };
}

export function keyboard(page: Page): Person {
  const acts: Act[] = [];
  let clicks = 0;
  const did = (what: string): void => {
    acts.push({ at: Date.now(), what });
  };
  /** Tabs on until the target has the focus. */
  async function reach(target: Locator): Promise<void> {
    clicks += 1;
    did(`reach ${target}`);
    await seen(target);
    if (await isBeyondSkipLink(target)) {
      await page.keyboard.press('Tab');
      // Where something had the focus that is gone, Tab goes on from there.
      if (
        await page.getByRole('link', { name: 'Skip to content' }).evaluate((link) => link.matches(':focus'))
      )
        await page.keyboard.press('Enter');
    }
    for (let stop = 0; stop < maxStops; stop++) {
      if (await target.evaluate((element) => element.matches(':focus'))) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Not reachable by Tab: ${target}`);
  }
  /** Types until the list shows the words. */
  async function typed(list: Locator, words: string): Promise<void> {
    await reach(list);
    did(`choose ${words}`);
    await page.keyboard.type(words);
    await expect
      .poll(() => list.evaluate((select) => (select as HTMLSelectElement).selectedOptions[0]?.text.trim()))
      .toBe(words);
  }
  return {
    by: 'keyboard',
    page,
    acts,
    get clicks() {
      return clicks;
    },
    async press(target) {
      await reach(target);
      const isBox = await target.evaluate(
        (element) => element instanceof HTMLInputElement && /radio|checkbox/.test(element.type),
      );
      did(`press ${target}`);
      await page.keyboard.press(isBox ? 'Space' : 'Enter');
    },
    async exclude(bar) {
      await reach(bar);
      did(`exclude ${bar}`);
      await page.keyboard.press('-');
    },
    async drill(bar) {
      await reach(bar);
      did(`drill ${bar}`);
      await page.keyboard.press('r');
    },
    choose: typed,
    async add(list, words) {
      await typed(list, words);
      did(`add ${words}`);
      await page.keyboard.press('Enter');
    },
    async write(field, text) {
      await reach(field);
      did(`write ${text}`);
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(text);
    },
    async pick(entry) {
      clicks += 1;
      did(`pick ${entry}`);
      await seen(entry);
      const isIt = (): Promise<boolean> =>
        entry.evaluate((one) => one.matches(':focus') || one.getAttribute('aria-selected') === 'true');
      for (let stop = 0; stop < maxEntries && !(await isIt()); stop++) await page.keyboard.press('ArrowDown');
      expect(await isIt(), `${entry} is reached by arrows`).toBe(true);
      await page.keyboard.press('Enter');
    },
  };
}
