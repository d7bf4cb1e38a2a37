import type { BenchPages } from './bench-pages.ts';
import { clientRows } from './clients-table.ts';
import { type Figures, median } from './figures.ts';
import { browserProcess, pssUnder } from './memory.ts';
import type { BenchOptions } from './options.ts';
import { loadDatedClients } from './painted-bench.ts';
import type { Profile, Stage } from './stage.ts';

declare const bench: BenchPages;

const steps = 200;

/** Peak memory of all of Chromium's processes while the grid scrolls from first row to last, above a blank page. */
export async function benchScroll(stage: Stage, figures: Figures, options: BenchOptions): Promise<void> {
  const rows = Math.round(clientRows * options.scale);
  const dataset = await loadDatedClients(stage.store.url, rows);
  const above: number[] = [];
  for (let round = 0; round < Math.min(3, options.rounds); round++) {
    const profile = await stage.profile();
    const blank = await blankMemory(profile);
    const { page, close } = await profile.open();
    try {
      const pid = browserProcess(profile.directory);
      let peak = 0;
      const sampling = setInterval(() => {
        peak = Math.max(peak, pssUnder(pid));
      }, 250);
      await page.evaluate((url) => bench.ours.open(url), stage.store.url);
      await page.evaluate(async (id) => (await bench.gadgets()).showGrid(id), dataset);
      await page.evaluate(async (count) => (await bench.gadgets()).scrollGrid(count), steps);
      // The pages behind the grid go on arriving.
      await page.waitForTimeout(5000);
      await page.evaluate(async (count) => (await bench.gadgets()).scrollGrid(count), steps);
      clearInterval(sampling);
      const last = Number(await page.evaluate(async () => (await bench.gadgets()).lastRowShown()));
      if (last < rows) throw new Error(`The grid ended at row ${last} of ${rows}.`);
      above.push(peak - blank);
    } finally {
      await close();
      await profile.remove();
    }
  }
  figures.set('scroll/memory-mb', median(above), 'MB', `${2 * steps} jumps over ${rows} rows, PSS`);
}

async function blankMemory(profile: Profile): Promise<number> {
  const { page, close } = await profile.open('about:blank');
  const pid = browserProcess(profile.directory);
  await page.waitForTimeout(2000);
  const blank = pssUnder(pid);
  await close();
  return blank;
}
