import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, type Locator, type Page } from '@playwright/test';
import type { ItemNote } from '../store/request-log.ts';
import { keptSlots } from './kept-pages.ts';
import type { StoreProcess } from './store-process.ts';

/** Real data sets, where they lie beside the checkout: optional inputs of some tests. */
export const sharedData = fileURLToPath(new URL('../../shared/data/', import.meta.url));

/** Imports a file as the command line does; fails with what it said. */
export async function importFile(
  store: StoreProcess,
  file: string,
  name: string,
  ...options: string[]
): Promise<void> {
  const { code, output } = await store.command(
    'import',
    file,
    '--as',
    name,
    ...options,
    '--store',
    store.url,
  );
  expect(code, output).toBe(0);
}

/** Writes `text` beside the store's data and imports it. */
export async function importText(
  store: StoreProcess,
  text: string,
  name: string,
  ...options: string[]
): Promise<void> {
  const file = join(dirname(store.dataDir), `${name}.csv`);
  await writeFile(file, text);
  await importFile(store, file, name, ...options);
}

/** A finished answer of `POST /api/query`, read by column name. */
export interface Answered {
  readonly rows: readonly (readonly unknown[])[];
  readonly coverage: { readonly version: number; readonly matching?: number };
  /** A column of the first row. */
  value(name: string): unknown;
}

/** Asks the store as other programs do. */
export async function ask(url: string, question: object): Promise<Answered> {
  const answer = await fetch(`${url}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });
  const text = await answer.text();
  expect(answer.ok, text).toBe(true);
  const { columns, rows, coverage } = JSON.parse(text) as {
    columns: { name: string }[];
    rows: unknown[][];
    coverage: Answered['coverage'];
  };
  return {
    rows,
    coverage,
    value: (name) => rows[0]?.[columns.findIndex((column) => column.name === name)],
  };
}

/** One row a line; resolves to the answer, whatever its status. */
export function writeRows(
  url: string,
  dataset: string,
  mode: 'append' | 'upsert' | 'delete',
  key: string,
  ...rows: object[]
): Promise<Response> {
  return fetch(`${url}/api/datasets/${dataset}/rows?mode=${mode}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': key },
    body: rows.map((row) => JSON.stringify(row)).join('\n'),
  });
}

/** The gadget of a tag that has this heading. */
export function gadget(page: Page, tag: string, heading: string): Locator {
  return page.locator(tag, { has: page.getByRole('heading', { name: heading, exact: true }) });
}

/** Exact value of a figure, as read out, without its thousands separators; `NaN` while there is none. */
export async function exactFigure(page: Page, heading: string): Promise<string> {
  const labels = await gadget(page, 'exa-figure', heading)
    .getByRole('button', { name: /, copy$/ })
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''));
  return labels[0] === undefined ? 'NaN' : plainNumber(labels[0].split(', ').at(-2) ?? '');
}

/** Exact values of a leaderboard by name. */
export async function exactBars(page: Page, heading: string): Promise<Record<string, string>> {
  const titles = await page
    .getByRole('list', { name: heading, exact: true })
    .locator('button[aria-pressed]')
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('title') ?? ''));
  return Object.fromEntries(
    titles.map((title) => {
      const cut = title.lastIndexOf(' · ');
      return [title.slice(0, cut), plainNumber(title.slice(cut + 3))];
    }),
  );
}

/** `EUR 1,234.50` and `−3` as `1234.50` and `-3`. */
export function plainNumber(text: string): string {
  return text.replace(/[^\d.−-]/gu, '').replace('−', '-');
}

/** The chip that says how fresh the page is. */
export function freshness(page: Page): Locator {
  return page.locator('exa-freshness').getByRole('status');
}

/** Waits until the page is live, has nothing under way, and keeps pages of all `columns` of a data set. */
export async function waitKept(page: Page, dataset: string, columns: readonly string[]): Promise<void> {
  await expect(freshness(page)).toHaveText('Live', { timeout: 60_000 });
  await expect
    .poll(
      async () => {
        const slots = (await keptSlots(page)).filter((slot) => slot.startsWith(`${dataset}/`));
        return columns.filter((column) => !slots.some((slot) => slot.endsWith(`/${column}`)));
      },
      { timeout: 60_000, message: `pages of ${dataset} are kept here` },
    )
    .toEqual([]);
  await expect(freshness(page)).toHaveText('Live', { timeout: 60_000 });
}

/** Waits until every page of every column of a data set is kept: the page brings them when nothing is asked. */
export async function waitWhole(page: Page, dataset: string, columns: number, blocks: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const slots = (await keptSlots(page)).filter((slot) => slot.startsWith(`${dataset}/`));
        return new Set(slots.filter((slot) => !/[~^]|\/_live$/.test(slot))).size;
      },
      { timeout: 120_000, message: `every page of ${dataset} is kept here` },
    )
    .toBe(columns * blocks);
}

/** Waits until the shell's files are kept, so that the page opens without the store. */
export async function waitShell(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state === 'activated') return;
    await new Promise<void>((resolve) =>
      active?.addEventListener('statechange', () => {
        if (active.state === 'activated') resolve();
      }),
    );
  });
}

/** What was asked of the store in batches after `from` requests of them. */
export async function batchItems(store: StoreProcess, from: number): Promise<ItemNote[]> {
  return (await store.requests('/api/batch')).slice(from).flatMap((note) => note.items ?? []);
}

/** Rows of a comma-separated, perhaps gzipped file: this test's own parser, shared with no product code. */
export function readCsv(file: string): Record<string, string>[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        const quote = text.indexOf('"', at);
        field += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        field += '"';
      }
    } else {
      const end = /[,\r\n]/g;
      end.lastIndex = at;
      const found = end.exec(text)?.index ?? text.length;
      field = text.slice(at, found);
      at = found;
    }
    row.push(field);
    if (text[at] === ',') {
      at++;
      continue;
    }
    rows.push(row);
    row = [];
    while (text[at] === '\r' || text[at] === '\n') at++;
  }
  const [names = [], ...rest] = rows;
  return rest.map((fields) => Object.fromEntries(names.map((name, i) => [name, fields[i] ?? ''])));
}
