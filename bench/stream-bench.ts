import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColumnData } from '../src/arrow/column-data.ts';
import type { Columns } from '../src/arrow/columns-stream.ts';
import { blockRows } from '../src/protocol/column.ts';
import { plainProfile } from '../src/protocol/plain-profile.ts';
import type { BenchPages } from './bench-pages.ts';
import { mix } from './clients-table.ts';
import { type Figures, median } from './figures.ts';
import { loadTable } from './load-table.ts';
import type { BenchOptions } from './options.ts';
import type { Stage } from './stage.ts';

declare const bench: BenchPages;

const columns = 8;

/** Rows `[start, end)` of eight float64 columns with 32 random bits each. */
function streamColumns(start: number, end: number): Columns {
  return Object.fromEntries(
    Array.from({ length: columns }, (_, c): [string, ColumnData] => {
      const values = new Float64Array(end - start);
      for (let i = 0; i < values.length; i++) values[i] = mix((start + i) * columns + c) / 4096;
      return [`v${c}`, { kind: 'float64', length: values.length, values }];
    }),
  );
}

/** 256 MiB of pages into IndexedDB, beside fetching the same bytes page by page and keeping them with `setMany`. */
export async function benchStream(stage: Stage, figures: Figures, options: BenchOptions): Promise<void> {
  const { store } = stage;
  const blocks = Math.max(1, Math.round(64 * options.scale));
  const rows = blocks * blockRows;
  const dataset = await loadTable(store.url, 'bench-stream', rows, streamColumns, plainProfile('Stream'));
  const head = (await (await fetch(`${store.url}/api/datasets/${dataset}/head`)).json()) as {
    readonly epoch: string;
    readonly scope: string;
    readonly revisions: readonly number[];
  };
  const ids = Array.from({ length: columns }, (_, c) => `c${c + 1}`);
  const addresses = head.revisions.flatMap((revision, block) =>
    ids.map(
      (id) => `${store.url}/api/pages/${dataset}/${head.epoch}/${head.scope}/0/${block}/${id}/${revision}`,
    ),
  );
  // Bare: the same bytes from a server that does nothing but send them.
  const urls: string[] = [];
  for (const [i, address] of addresses.entries()) {
    const response = await fetch(address, { headers: { 'accept-encoding': 'identity' } });
    if (!response.ok) throw new Error(`A page could not be read: ${response.status}.`);
    stage.files.bodies.set(`/page/${i}`, new Uint8Array(await response.arrayBuffer()));
    urls.push(`${stage.files.origin}/page/${i}`);
  }
  const ask = { storeUrl: store.url, dataset, epoch: head.epoch, columns: ids, blocks };
  const cold: number[] = [];
  const warm: number[] = [];
  const bare: number[] = [];
  const profile = await stage.profile();
  const browser = await profile.open();
  try {
    const { page } = browser;
    const stream = async () => {
      const { ms, bytes } = await page.evaluate(
        async (what) => (await bench.stream()).streamAndKeep(what),
        ask,
      );
      return bytes / 2 ** 20 / (ms / 1000);
    };
    const fetchBare = async () => {
      const { ms, bytes } = await page.evaluate((all) => bench.bare.fetchAndKeep(all), urls);
      return bytes / 2 ** 20 / (ms / 1000);
    };
    for (let round = 0; round < options.rounds; round++) {
      await store.stop();
      await rm(join(store.dataDir, 'derived'), { recursive: true, force: true });
      await store.start();
      cold.push(await stream());
      // What the first pass wrote may still be on its way to the store's disk.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      bare.push(await fetchBare());
      warm.push(await stream());
    }
  } finally {
    await browser.close();
    await profile.remove();
  }
  const ratio = (mine: readonly number[]) => median(mine.map((value, i) => value / bare[i]!));
  const note = (mine: readonly number[]) =>
    `${median(mine).toFixed(0)} MiB/s; bare ${median(bare).toFixed(0)} MiB/s`;
  figures.set('stream/warm-vs-bare-fetch', ratio(warm), '×', note(warm));
  figures.set('stream/cold-vs-bare-fetch', ratio(cold), '×', note(cold));
}
