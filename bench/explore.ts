import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import type { build as viteBuild } from 'vite';
import { retail } from '../e2e/tasks/retail.ts';
import { buildPages } from './build-pages.ts';
import { exportGridCsv } from './export-bench.ts';
import { Figures, median } from './figures.ts';
import { writeSection } from './markdown-page.ts';
import { readOptions } from './options.ts';
import { benchPivot } from './pivot-bench.ts';
import { slowLine } from './slow-line.ts';
import { openStage, type Profile, type Stage } from './stage.ts';
import { benchTasks } from './tasks-bench.ts';

/** What issue 3 asks of each figure. */
const asks: Readonly<Record<string, string>> = {
  'tasks/clicks-median': '≤ 8',
  'tasks/all-pass': '= 12',
  'insight/seconds': '≤ 30',
  'train/first-number-ms': '≤ 2500',
  'train/offline-ms': '≤ 1000',
  'pivot/million-groups-ms': '≤ 1500',
  'export/mb-per-s': '≥ 20',
  'interaction/longest-task-ms': '≤ 100',
};

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const roundTripMs = 400;
const slowdown = 4;

/** Measures Explore: `--only tasks,pivot,export,train`. The tasks are those of e2e/tasks, in all three modes, over Online Retail. */
export async function run(args: readonly string[], { build }: { build: typeof viteBuild }): Promise<void> {
  const options = readOptions(args);
  const figures = new Figures(asks);
  const wants = (name: string): boolean => options.only.length === 0 || options.only.includes(name);
  if (wants('tasks')) benchTasks(figures);
  if (wants('pivot')) {
    const stage = await openStage(await buildPages(build));
    try {
      await benchPivot(stage, figures, options);
    } finally {
      await stage.close();
    }
  }
  if (wants('export')) {
    const stage = await openStage(join(root, 'dist', 'web'));
    try {
      await benchExport(stage, figures, options.rounds);
    } finally {
      await stage.close();
    }
  }
  if (wants('train')) {
    const stage = await openStage(join(root, 'dist', 'web'));
    try {
      await benchTrain(stage, figures, options.rounds);
    } finally {
      await stage.close();
    }
  }
  if (options.json) figures.write(options.json);
  if (options.markdown) writeSection(options.markdown, 'explore', figures, options);
}

/** Brings Online Retail into the stage's store, as the command line does. */
async function importRetail({ store }: Stage): Promise<void> {
  const { name, file } = retail(true);
  const directory = mkdtempSync(join(tmpdir(), 'exanalytics-retail-'));
  writeFileSync(join(directory, name), file);
  const words = ['import', join(directory, name), '--as', 'Online retail', '--store', store.url];
  const { code, output } = await store.command(...words);
  rmSync(directory, { recursive: true, force: true });
  if (code !== 0) throw new Error(output);
}

/** Megabytes of CSV a second, of all rows, their pages here; the processor is not slowed. */
async function benchExport(stage: Stage, figures: Figures, rounds: number): Promise<void> {
  await importRetail(stage);
  const profile = await stage.profile();
  try {
    const { page, close } = await profile.open('about:blank');
    await page.goto(`${stage.store.url}/#/orders`);
    await ready(page);
    const rates: number[] = [];
    let weight = 0;
    for (let round = 0; round < rounds; round++) {
      const { megabytes, seconds } = await exportGridCsv(page);
      weight = megabytes;
      rates.push(megabytes / seconds);
    }
    await close();
    figures.set('export/mb-per-s', median(rates), 'MB/s', `${weight.toFixed(0)} MB of CSV a file`);
  } finally {
    await profile.remove();
  }
}

/** Time until a figure of Orders shows its number: cold over a slow line with a slow processor, then without any. */
async function benchTrain(stage: Stage, figures: Figures, rounds: number): Promise<void> {
  await importRetail(stage);
  const line = await slowLine(stage.store.url, roundTripMs);
  const cold: number[] = [];
  let profile: Profile | undefined;
  try {
    for (let round = 0; round < rounds; round++) {
      await profile?.remove();
      profile = await stage.profile();
      const { page, close } = await profile.open('about:blank');
      cold.push(await firstNumber(page, `${line.url}/#/orders`));
      if (round === rounds - 1) await ready(page);
      await close();
    }
    figures.set(
      'train/first-number-ms',
      median(cold),
      'ms',
      `cold, ${slowdown} × slower processor, ${roundTripMs} ms a request, ${line.requests} requests`,
    );
    line.close();
    const offline: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const { page, close } = await profile!.open('about:blank');
      offline.push(await firstNumber(page, `${line.url}/#/orders`));
      await close();
    }
    figures.set(
      'train/offline-ms',
      median(offline),
      'ms',
      `nothing reachable, ${slowdown} × slower processor`,
    );
  } finally {
    line.close();
    await profile?.remove();
  }
}

/** From navigation to the first number of a figure, as painted, by the page's own clock. */
async function firstNumber(page: Page, url: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await page.addInitScript(`globalThis.seenAt = new Promise((resolve) => {
    const look = () => {
      let at = document;
      for (const tag of ['exa-frame', 'exa-orders', 'exa-figure', '.value'])
        at = (at?.shadowRoot ?? at)?.querySelector?.(tag);
      requestAnimationFrame(at ? () => resolve(performance.now()) : look);
    };
    look();
  });`);
  // A browser that has just started is busy with itself for a while.
  await page.waitForTimeout(2000);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.goto(url, { waitUntil: 'commit' });
  const passed = await page.evaluate<number>('globalThis.seenAt');
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  return passed;
}

/** Waits until the shell and the table's pages are kept. */
async function ready(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.locator('exa-freshness').getByText('Live').first().waitFor({ timeout: 300_000 });
  await page.waitForTimeout(20_000);
}
