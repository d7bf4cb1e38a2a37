import { expect, type Page, test } from '@playwright/test';
import { startSite } from '../static-site.ts';
import { startStore } from '../store-process.ts';
import { freshness, waitShell, waitWhole } from '../workbench.ts';
import { begin, importRetail } from './journey.ts';
import { longTasks } from './long-tasks.ts';
import { keyboard, mouse } from './person.ts';
import { retail } from './retail.ts';
import { settled, tasks } from './tasks.ts';

/** All three modes, and the whole of Online Retail. */
const isLong = process.env.EXANALYTICS_LONG === '1';
/** Only these ("5,7"): while somebody works on them. */
const only = process.env.EXANALYTICS_TASK;

test.use({ trace: 'off', actionTimeout: 20_000 });

const file = retail(isLong);

/** Everyday runs do each task one way: the odd ones by mouse, the even ones by keyboard. */
function isWanted(number: number, by: 'mouse' | 'keyboard'): boolean {
  if (only !== undefined) return only.split(',').includes(String(number));
  return isLong || (by === 'mouse') === (number % 2 === 1);
}

/** What the benchmark reads of a run. */
function note(type: 'clicks' | 'insight' | 'longest-task', description: string): void {
  test.info().annotations.push({ type, description });
}

/** Imports the file, and notes the seconds from the drop to the trend. */
async function importTimed(page: Page, place: 'here' | 'store'): Promise<string> {
  const begun = Date.now();
  const explore = await importRetail(page, file, place);
  note('insight', String((Date.now() - begun) / 1000));
  return explore;
}

/** All tasks, by mouse then by keyboard, on a page whose table was imported. */
async function doAll(page: Page, mode: string, explore: string): Promise<void> {
  const wrong: string[] = [];
  for (const person of [mouse, keyboard])
    for (const task of tasks.filter(({ number }) => isWanted(number, person(page).by))) {
      await test.step(`${task.number} ${task.name}, by ${person(page).by}`, async () => {
        const who = person(page);
        const begun = Date.now();
        const told = (words: string): void => {
          if (isLong || only || process.env.EXANALYTICS_TELL)
            process.stdout.write(`    ${mode} ${task.number} ${who.by}: ${words}\n`);
        };
        try {
          await begin(page, explore);
          await settled(page);
          const from = await page.evaluate(() => performance.now());
          await task.run(who, { retail: file, explore, another: () => page.context().newPage() });
          note('clicks', `${mode} ${task.number} ${who.by}: ${who.clicks}`);
          const long = await longTasks(page, from, who.acts);
          const longest = long.find(({ isPages }) => isPages);
          for (const one of [longest, long.find(({ isPages }) => !isPages)])
            if (one)
              note('longest-task', JSON.stringify({ run: `${mode} ${task.number} ${who.by}`, ...one }));
          told(`${who.clicks} clicks, ${Date.now() - begun} ms, longest task ${longest?.ms ?? 0} ms`);
        } catch (error) {
          const words = error instanceof Error ? error.message.slice(0, 900) : String(error);
          wrong.push(`${task.number} by ${who.by}: ${words}`);
          await page.screenshot({ path: test.info().outputPath(`${mode}-${task.number}-${who.by}.png`) });
          told(`failed after ${who.clicks} clicks, ${Date.now() - begun} ms: ${words}`);
        }
      });
    }
  expect(wrong).toEqual([]);
}

test('the analyst’s tasks, online', async ({ page }) => {
  test.setTimeout(isLong ? 1_200_000 : 480_000);
  const store = await startStore();
  try {
    await page.goto(store.url);
    await doAll(page, 'online', await importTimed(page, 'store'));
  } finally {
    await store.remove();
  }
});

test('the analyst’s tasks, offline', async ({ page }) => {
  test.skip(!isLong && only === undefined, 'EXANALYTICS_LONG=1');
  test.setTimeout(1_200_000);
  const store = await startStore();
  try {
    await page.goto(store.url);
    const explore = await importRetail(page, file, 'store');
    const { datasets } = (await (await fetch(`${store.url}/api/datasets`)).json()) as {
      datasets: { id: string }[];
    };
    const id = datasets[0]!.id;
    const head = (await (await fetch(`${store.url}/api/datasets/${id}/head`)).json()) as {
      columns: { id: string }[];
      revisions: number[];
    };
    await begin(page, explore);
    // Nobody looked at most columns: the page brings them while nothing is asked.
    await waitWhole(page, id, head.columns.length, head.revisions.length);
    await waitShell(page);
    await store.stop();
    await expect(freshness(page)).toHaveText(/Offline/, { timeout: 60_000 });
    await doAll(page, 'offline', explore);
  } finally {
    await store.remove();
  }
});

test('the analyst’s tasks, without any store', async ({ page }) => {
  test.skip(!isLong && only === undefined, 'EXANALYTICS_LONG=1');
  test.setTimeout(1_200_000);
  const site = await startSite();
  try {
    await page.goto(site.url);
    await doAll(page, 'without', await importTimed(page, 'here'));
    expect(site.received).toBe(0);
  } finally {
    await site.stop();
  }
});
