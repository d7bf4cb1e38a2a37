import { readFile } from 'node:fs/promises';
import { blockRows } from '../src/protocol/column.ts';
import { plainProfile } from '../src/protocol/plain-profile.ts';
import type { AggregateQuestion } from '../src/protocol/query.ts';
import type { BenchPages } from './bench-pages.ts';
import { orderRows, ordersColumns } from './clients-table.ts';
import { type Figures, median, medianRatio } from './figures.ts';
import { loadTable } from './load-table.ts';
import type { BenchOptions } from './options.ts';
import type { Stage } from './stage.ts';

declare const bench: BenchPages;

/** Rows changed at once for the second figure. */
const scattered = 1000;

/**
 * What a refresh costs beside the first answer: rows are changed from elsewhere while a question watches. Cold is from
 * a browser that has nothing to an answer computed from pages kept here.
 */
export async function benchRefresh(stage: Stage, figures: Figures, options: BenchOptions): Promise<void> {
  const { store } = stage;
  const rows = Math.round(orderRows * options.scale);
  const dataset = await loadTable(
    store.url,
    'bench-orders',
    rows,
    ordersColumns,
    plainProfile('Orders', {
      part: 'orders',
      grain: 'order',
      keys: ['c1'],
      roles: { id: 'c1', amount: 'c2' },
    }),
  );
  const question: AggregateQuestion = {
    kind: 'aggregate',
    dataset,
    groupBy: [{ by: 'value', column: 'c3' }],
    measures: [{ id: 'total', label: 'Total', formula: 'sum(c2)', format: 'number' }],
  };
  const profile = await stage.profile();
  const changes = await countChanges(store.url);
  try {
    const cold: number[] = [];
    const one: number[] = [];
    const oneBytes: number[] = [];
    const thousandBytes: number[] = [];
    for (let round = 0; round < options.rounds; round++) {
      const fresh = await stage.profile();
      const browser = round === 0 ? await profile.open() : await fresh.open();
      await browser.page.evaluate((url) => bench.ours.open(url), store.url);
      cold.push(
        await browser.page.evaluate((ask) => bench.ours.bringHere(ask.question, ask.pages), {
          question,
          pages: 2 * Math.ceil(rows / blockRows),
        }),
      );
      await browser.page.evaluate((ask) => bench.ours.watch(ask), question);
      await quiet(500);

      const change = async (rowsChanged: readonly object[]) => {
        const log = (await readFile(store.logFile)).byteLength;
        const seen = changes.bytes();
        const before = Date.now();
        const receipt = await upsert(store.url, dataset, rowsChanged);
        const at = await browser.page.evaluate((version) => bench.ours.arrived(version), receipt.version);
        await quiet(400);
        const lines = (await readFile(store.logFile)).subarray(log).toString().split('\n');
        const notes = lines
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as { path: string; bytes: number });
        const travelled = notes
          .filter(({ path }) => !path.includes('/rows') && !path.startsWith('/api/changes'))
          .reduce((sum, { bytes }) => sum + bytes, 0);
        return { ms: at - before, bytes: travelled + changes.bytes() - seen };
      };
      // Once to warm the path, as a workbench in use is.
      await change([{ id: 17, amount: '1.00' }]);
      const single = await change([{ id: Math.floor(rows / 2) + round, amount: `${100 + round}.25` }]);
      one.push(single.ms);
      oneBytes.push(single.bytes / 1024);
      const step = Math.floor(rows / scattered);
      const many = await change(
        Array.from({ length: scattered }, (_, i) => ({
          id: i * step + round,
          amount: `${(i % 900) + 0.5 + round}0`,
        })),
      );
      thousandBytes.push(many.bytes / 1024);
      await browser.close();
      await fresh.remove();
    }
    figures.set(
      'refresh/one-vs-cold',
      medianRatio(one, cold),
      '×',
      `${median(one).toFixed(0)} ms from the write's request to the new answer; cold ${median(cold).toFixed(0)} ms`,
    );
    figures.set('refresh/one-kb', median(oneBytes), 'kB', 'event, patch and their envelopes');
    figures.set('refresh/thousand-kb', median(thousandBytes), 'kB', `${scattered} rows in ${rows}`);
  } finally {
    changes.close();
    await profile.remove();
  }
}

async function upsert(url: string, dataset: string, rows: readonly object[]): Promise<{ version: number }> {
  const response = await fetch(`${url}/api/datasets/${dataset}/rows?mode=upsert`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': crypto.randomUUID() },
    body: rows.map((row) => JSON.stringify(row)).join('\n'),
  });
  if (!response.ok) throw new Error(`The store refused a change: ${await response.text()}`);
  return (await response.json()) as { version: number };
}

/** Counts the bytes every listener to the store's changes is sent. */
async function countChanges(url: string): Promise<{ bytes(): number; close(): void }> {
  const leaves = new AbortController();
  const { version } = (await (await fetch(`${url}/api/health`)).json()) as { version: number };
  const response = await fetch(`${url}/api/changes?since=${version}`, { signal: leaves.signal });
  let bytes = 0;
  void (async () => {
    try {
      const reader = response.body?.getReader();
      for (let next = await reader?.read(); next && !next.done; next = await reader?.read())
        bytes += next.value.byteLength;
    } catch {
      // Left.
    }
  })();
  return { bytes: () => bytes, close: () => leaves.abort() };
}

function quiet(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
