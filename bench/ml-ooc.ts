import type { ColumnData } from '../src/arrow/column-data.ts';
import type { Columns } from '../src/arrow/columns-stream.ts';
import { blockRows } from '../src/protocol/column.ts';
import type { FitRequest } from '../src/protocol/fit.ts';
import { plainProfile } from '../src/protocol/plain-profile.ts';
import { mix } from './clients-table.ts';
import { type Figures, median } from './figures.ts';
import { loadTable } from './load-table.ts';
import { browserProcess, pssUnder } from './memory.ts';
import type { MlPages } from './ml-task.ts';
import type { BenchOptions } from './options.ts';
import type { Stage } from './stage.ts';

declare const ml: MlPages;

const features = 20;
const mostRows = 1e8;

/** Rows `[start, end)` of twenty features and what they add up to, from their numbers alone. */
function rowsOf(start: number, end: number): Columns {
  const columns = Array.from({ length: features }, () => new Float64Array(end - start));
  const y = new Float64Array(end - start);
  for (let i = 0; i < y.length; i++) {
    const near = (start + i) % 5;
    let total = 0;
    for (let c = 0; c < features; c++) {
      const value = mix((start + i) * features + c) / 2 ** 30 + (c < 4 ? near : 0);
      columns[c]![i] = value;
      total += value * (c % 3);
    }
    y[i] = total + mix(start + i) / 2 ** 31;
  }
  const named = columns.map((values, c): [string, ColumnData] => [
    `x${c}`,
    { kind: 'float64', length: values.length, values },
  ]);
  return Object.fromEntries([...named, ['y', { kind: 'float64', length: y.length, values: y }]]);
}

/** Ridge and k-means over 10^8 × 20 in the store, forced to run in the browser, beside the page stream alone. */
export async function benchOutOfCore(stage: Stage, figures: Figures, options: BenchOptions): Promise<void> {
  const { store } = stage;
  const rows = Math.max(blockRows, Math.round(mostRows * options.scale));
  const dataset = await loadTable(store.url, 'bench-models', rows, rowsOf, plainProfile('Models'));
  const head = (await (await fetch(`${store.url}/api/datasets/${dataset}/head`)).json()) as {
    readonly epoch: string;
  };
  const ids = Array.from({ length: features }, (_, c) => `c${c + 1}`);
  const base = { dataset, features: ids, run: 'here' as const, heldOut: 0 };
  const ridge = (alpha: number): FitRequest => ({
    ...base,
    target: `c${features + 1}`,
    estimator: { method: 'Ridge', params: { alpha } },
  });
  const kmeans: FitRequest = {
    ...base,
    estimator: { method: 'KMeans', params: { n_clusters: 5, max_iter: 2, init_size: 2000 } },
  };
  const blocks = Math.ceil(rows / blockRows);
  const rounds = Math.min(3, options.rounds);
  const rate = (bytesPerMs: readonly number[]) =>
    `${((median(bytesPerMs) * 1000) / 2 ** 20).toFixed(0)} MiB/s`;
  const found: Record<string, number[]> = {
    ridge: [],
    refit: [],
    kmeans: [],
    stream: [],
    ridgeMb: [],
    kmeansMb: [],
  };
  for (let round = 0; round < rounds; round++) {
    const profile = await stage.profile();
    const browser = await profile.open();
    try {
      const { page } = browser;
      await page.waitForFunction('globalThis.ml !== undefined');
      const pid = browserProcess(profile.directory);
      const blank = pssUnder(pid);
      const stream = (columns: readonly string[]) =>
        page.evaluate((what) => ml.stream(what), {
          storeUrl: store.url,
          dataset,
          epoch: head.epoch,
          columns,
          blocks,
        });
      // The store builds every page at its first ask: neither side is to pay for it.
      if (round === 0) {
        const built = await stream([...ids, `c${features + 1}`]);
        console.log(`  pages built and streamed at ${rate([built.bytes / built.ms])}`);
      }
      const streamed = await stream(ids);
      found.stream!.push(streamed.bytes / streamed.ms);
      // What streamed alone is let go with its page.
      await page.reload();
      await page.waitForFunction('globalThis.ml !== undefined');
      await page.evaluate((url) => ml.open(url), store.url);
      const measure = async (request: FitRequest) => {
        let most = 0;
        const watch = setInterval(() => {
          most = Math.max(most, pssUnder(pid) - blank);
        }, 250);
        try {
          return {
            ...(await page.evaluate((what) => ml.fit(what), JSON.stringify(request))),
            mb: () => most,
          };
        } finally {
          clearInterval(watch);
        }
      };
      const first = await measure(ridge(1));
      found.ridge!.push((rows * (features + 1) * 8) / first.ms);
      found.ridgeMb!.push(first.mb());
      const again = await measure(ridge(100));
      found.refit!.push(again.ms / first.ms);
      const clusters = await measure(kmeans);
      found.kmeans!.push((rows * features * 8 * clusters.passes) / clusters.ms);
      found.kmeansMb!.push(clusters.mb());
      console.log(
        `  round ${round + 1}: first picture after ${first.firstMs.toFixed(0)} ms, ridge ${first.ms.toFixed(0)} ms and ${first.mb().toFixed(0)} MB, another alpha ${again.ms.toFixed(0)} ms, k-means ${clusters.ms.toFixed(0)} ms, ${clusters.passes} passes and ${clusters.mb().toFixed(0)} MB`,
      );
    } finally {
      await browser.close();
      await profile.remove();
    }
  }
  const size = `${rows.toLocaleString('en')} × ${features} float64`;
  const share = (mine: readonly number[]) => median(mine.map((value, i) => value / found.stream![i]!));
  figures.set('ooc/ridge-memory-mb', median(found.ridgeMb!), 'MB', `PSS above a blank page, ${size}`);
  figures.set('ooc/kmeans-memory-mb', median(found.kmeansMb!), 'MB', `PSS above a blank page, ${size}`);
  figures.set(
    'ooc/ridge-vs-stream',
    share(found.ridge!),
    '×',
    `${rate(found.ridge!)}; pages alone ${rate(found.stream!)}`,
  );
  figures.set(
    'ooc/kmeans-vs-stream',
    share(found.kmeans!),
    '×',
    `${rate(found.kmeans!)}; pages alone ${rate(found.stream!)}`,
  );
  figures.set('ooc/ridge-refit-vs-first', median(found.refit!), '×', 'another alpha, from the kept Gram');
}
