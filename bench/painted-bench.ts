import type { Columns } from '../src/arrow/columns-stream.ts';
import { blockRows } from '../src/protocol/column.ts';
import { plainProfile } from '../src/protocol/plain-profile.ts';
import type { BenchPages } from './bench-pages.ts';
import { clientRows, clientsColumns } from './clients-table.ts';
import { type Figures, quantile } from './figures.ts';
import { loadTable } from './load-table.ts';
import type { BenchOptions } from './options.ts';
import type { Stage } from './stage.ts';

declare const bench: BenchPages;

/** The clients table with `since` as a date, and measures for gadgets; resolves to its id. */
export function loadDatedClients(storeUrl: string, rows: number): Promise<string> {
  return loadTable(
    storeUrl,
    'bench-dated-clients',
    rows,
    (start, end): Columns => {
      const { since, ...columns } = clientsColumns(start, end);
      if (since?.kind !== 'int32') throw new Error('The clients table has another shape.');
      const { revenue, ...others } = columns;
      return {
        ...others,
        since: { kind: 'date', length: since.length, values: since.values },
        ...(revenue && { revenue }),
      };
    },
    plainProfile('Clients', {
      roles: { date: 'c4', amount: 'c5', country: 'c1', segment: 'c2' },
      measures: [
        { id: 'clients', label: 'Clients', formula: 'count()', format: 'count' },
        { id: 'revenue', label: 'Revenue', formula: 'sum(c5)', format: 'number' },
      ],
    }),
  );
}

/** A brush in the real gadgets: pointer events to the frame that shows what all passive gadgets drew. */
export async function benchPainted(stage: Stage, figures: Figures, options: BenchOptions): Promise<void> {
  const rows = Math.round(clientRows * options.scale);
  const dataset = await loadDatedClients(stage.store.url, rows);
  const profile = await stage.profile();
  const { page, close } = await profile.open();
  try {
    await page.evaluate((url) => bench.ours.open(url), stage.store.url);
    await page.evaluate(async (id) => (await bench.gadgets()).showCrossfilter(id), dataset);
    // The gadgets' pages: country, segment, since, revenue.
    await page.waitForFunction(
      async (pages) => (await bench.ours.keptPages()) >= pages,
      4 * Math.ceil(rows / blockRows),
    );
    const area = await page.evaluate(async () => (await bench.gadgets()).brushArea());
    const x = (share: number) => area.left + share * area.width;
    const y = area.top + area.height / 2;
    await page.evaluate(async () => (await bench.gadgets()).watchBrush());
    const times: number[] = [];
    for (let round = 0; round < options.rounds; round++) {
      await page.mouse.move(x(0.1), y - 400 < 0 ? 0 : y - 400);
      await page.mouse.move(x(0.1), y);
      // The cube is built when the pointer enters.
      await page.waitForTimeout(3000);
      await page.mouse.down();
      await page.mouse.move(x(0.15), y);
      await page.waitForTimeout(200);
      await page.evaluate(async () => (await bench.gadgets()).brushed());
      for (let step = 0; step < 60; step++) {
        await page.mouse.move(x(0.15 + 0.012 * step), y);
        await page.waitForTimeout(20);
      }
      times.push(...(await page.evaluate(async () => (await bench.gadgets()).brushed())));
      await page.mouse.up();
      await page.keyboard.press('Escape');
      await page.waitForTimeout(300);
    }
    if (times.length < options.rounds * 20) throw new Error(`Only ${times.length} brushes were painted.`);
    figures.set(
      'crossfilter/brush-painted-p95-ms',
      quantile(times, 0.95),
      'ms',
      `${times.length} pointer moves, median ${quantile(times, 0.5).toPrecision(3)} ms; a frame is 16.7 ms`,
    );
  } finally {
    await close();
    await profile.remove();
  }
}
