import type { Page } from '@playwright/test';
import type { Columns } from '../src/arrow/columns-stream.ts';
import { blockRows } from '../src/protocol/column.ts';
import { plainProfile } from '../src/protocol/plain-profile.ts';
import type { BenchPages } from './bench-pages.ts';
import { sameChecks } from './check.ts';
import { clientRows, clientsColumns } from './clients-table.ts';
import { brushSql, cubeSql, filterOf, questions, sqlOf } from './crossfilter-work.ts';
import { type Figures, median, medianRatio, quantile } from './figures.ts';
import { loadTable } from './load-table.ts';
import type { BenchOptions } from './options.ts';
import type { Stage } from './stage.ts';

declare const bench: BenchPages;

/** Filters are never asked twice: each round of each part has a number of its own. */
let lastRound = 0;

/** The clients table: crossfilter figures, then the load after a browser restart. */
export async function benchClients(stage: Stage, figures: Figures, options: BenchOptions): Promise<void> {
  const rows = Math.round(clientRows * options.scale);
  const profile = await stage.profile();
  const dataset = await loadTable(
    stage.store.url,
    'bench-clients',
    rows,
    (start, end): Columns => clientsColumns(start, end),
    plainProfile('Clients'),
  );
  const wants = (part: string) => options.only.length === 0 || options.only.includes(part);
  try {
    const browser = await profile.open();
    await bringClients(browser.page, stage.store.url, dataset, rows);
    if (wants('crossfilter')) await crossfilter(browser.page, figures, options, { dataset, rows });
    // Pages count as here when they are offered; the last of them are on their way to the disk.
    await browser.page.waitForTimeout(5_000);
    await browser.close();
    if (wants('load')) {
      const ours: number[] = [];
      const answered: number[] = [];
      const peer: number[] = [];
      for (let round = 0; round < options.rounds; round++) {
        const again = await profile.open();
        const ask = { url: stage.store.url, dataset, round: ++lastRound };
        const cold = await coldCache(again.page, ask);
        ours.push(cold.ms);
        answered.push(cold.answeredMs);
        peer.push(await again.page.evaluate(async (count) => (await bench.duckdb()).loadDuckdb(count), rows));
        await again.close();
      }
      figures.set(
        'load/question-vs-duckdb',
        medianRatio(ours, peer),
        '×',
        `${Math.round(median(ours))} ms from a restarted browser's page cache, the five answers ${Math.round(median(answered))} ms later; DuckDB-WASM ${Math.round(median(peer))} ms to load`,
      );
    }
  } finally {
    await profile.remove();
  }
}

/** Brings every page of the table to the page cache, and its columns to worker memory. */
async function bringClients(page: Page, url: string, dataset: string, rows: number): Promise<void> {
  await page.evaluate((storeUrl) => bench.ours.open(storeUrl), url);
  const work = { all: questions(dataset, filterOf(0)), pages: 5 * Math.ceil(rows / blockRows) };
  // Each question brings its own columns; the last one is asked when all are here.
  const ms = await page.evaluate(async ({ all, pages }) => {
    const from = performance.now();
    await Promise.all(all.map((question) => bench.ours.bringHere(question, pages)));
    return performance.now() - from;
  }, work);
  console.log(`  the clients' pages are here after ${Math.round(ms)} ms`);
}

/** Both sides are started before: the peer's module is instantiated, our workers and database are open. */
async function coldCache(
  page: Page,
  ask: { readonly url: string; readonly dataset: string; readonly round: number },
): Promise<{ ms: number; answeredMs: number }> {
  const { ms, answeredMs, from } = await page.evaluate(async ({ url, dataset, round }) => {
    bench.ours.open(url);
    await bench.ours.keptPages();
    // A page starts its compute workers when it needs them, or has been there for three seconds.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const loaded = await bench.ours.columns(dataset, round);
    const answers = await bench.ours.first(dataset, round);
    return { ms: loaded.ms, answeredMs: answers.ms, from: [loaded.from, ...answers.from] };
  }, ask);
  if (from.some((where) => where !== 'cache'))
    throw new Error(`After the restart the answers came from: ${from.join(', ')}.`);
  return { ms, answeredMs };
}

async function crossfilter(
  page: Page,
  figures: Figures,
  options: BenchOptions,
  { dataset, rows }: { readonly dataset: string; readonly rows: number },
): Promise<void> {
  const first = async () => {
    const round = ++lastRound;
    const answer = await page.evaluate((ask) => bench.ours.first(ask.dataset, ask.round), { dataset, round });
    return { round, ...answer };
  };
  const steps = Array.from({ length: 200 }, (_, i): [number, number] => [
    (i * 7) % 300,
    ((i * 7) % 300) + 20 + (i % 45),
  ]);
  const cube = async () => {
    const round = ++lastRound;
    return {
      round,
      ...(await page.evaluate((ask) => bench.ours.brush(ask.dataset, ask.round, ask.steps), {
        dataset,
        round,
        steps,
      })),
    };
  };
  const duckdb = (statements: readonly string[]) =>
    page.evaluate(async (sql) => (await bench.duckdb()).askDuckdb(sql), [...statements]);

  await page.evaluate(async (count) => (await bench.duckdb()).loadDuckdb(count), rows);
  // Decoded columns and warm code on both sides.
  for (let i = 0; i < 3; i++) {
    const { round } = await first();
    await duckdb(sqlOf(round));
    await cube();
  }
  const ours = { first: [] as number[], build: [] as number[], brush: [] as number[], all: [] as number[] };
  const peer = { first: [] as number[], build: [] as number[], brush: [] as number[] };
  for (let i = 0; i < options.rounds; i++) {
    const mine = await first();
    if (mine.from.some((where) => where !== 'cache'))
      throw new Error(`The answers came from: ${mine.from.join(', ')}.`);
    const theirs = await duckdb(sqlOf(mine.round));
    sameChecks('Answer', mine.checks, theirs.checks);
    ours.first.push(mine.ms);
    peer.first.push(theirs.ms);
    const brushed = await cube();
    const built = await duckdb(cubeSql(brushed.round));
    const [start, end] = steps[steps.length - 1]!;
    const moved = await duckdb(brushSql(brushed.round, start, end));
    sameChecks('Brushed answer', brushed.checks, moved.checks);
    ours.build.push(brushed.buildMs);
    peer.build.push(built.ms);
    ours.brush.push(median(brushed.brushMs));
    ours.all.push(...brushed.brushMs);
    peer.brush.push(moved.ms);
  }
  const beside = (mine: readonly number[], theirs: readonly number[], who: string) =>
    `${median(mine).toPrecision(3)} ms; ${who} ${median(theirs).toPrecision(3)} ms`;
  figures.set(
    'crossfilter/first-vs-duckdb',
    medianRatio(ours.first, peer.first),
    '×',
    beside(ours.first, peer.first, 'DuckDB-WASM'),
  );
  figures.set(
    'crossfilter/cube-build-vs-duckdb',
    medianRatio(ours.build, peer.build),
    '×',
    beside(ours.build, peer.build, 'DuckDB-WASM'),
  );
  figures.set(
    'crossfilter/brush-vs-duckdb',
    medianRatio(ours.brush, peer.brush),
    '×',
    beside(ours.brush, peer.brush, 'DuckDB-WASM'),
  );
  figures.set('crossfilter/brush-p95-ms', quantile(ours.all, 0.95), 'ms', `${ours.all.length} brushes`);
  if (options.only.includes('no-perspective')) return;

  await page.evaluate(async (count) => (await bench.perspective()).loadPerspective(count), rows);
  const mine: number[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < options.rounds; i++) {
    const { round, ms } = await first();
    mine.push(ms);
    theirs.push(await page.evaluate(async (at) => (await bench.perspective()).askPerspective(at), round));
  }
  figures.set(
    'crossfilter/first-vs-perspective',
    medianRatio(mine, theirs),
    '×',
    beside(mine, theirs, 'Perspective'),
  );
}
