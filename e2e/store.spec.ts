import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { type StoreProcess, test } from './store-process.ts';

const csv = 'id,country,amount\n1,France,12.50\n2,Spain,0.25\n3,France,100.00\n';

async function importCsv(store: StoreProcess): Promise<void> {
  const file = join(dirname(store.dataDir), 'sales.csv');
  await writeFile(file, csv);
  const { code, output } = await store.command(
    'import',
    file,
    '--as',
    'sales',
    '--key',
    'id',
    '--store',
    store.url,
  );
  expect(code, output).toBe(0);
}

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly rows: number;
  readonly epoch: string;
  readonly version: number;
}

async function sales(store: StoreProcess): Promise<Listed> {
  const answer = await fetch(`${store.url}/api/datasets`);
  const { datasets } = (await answer.json()) as { datasets: Listed[] };
  return datasets.find((one) => one.name === 'sales')!;
}

function append(store: StoreProcess, dataset: string, id: number): Promise<Response> {
  return fetch(`${store.url}/api/datasets/${dataset}/rows?mode=append`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': `row-${id}` },
    body: JSON.stringify({ id, country: 'Italy', amount: '1.00' }),
  });
}

test('a file is imported through the running store, and is there after a restart', async ({ store }) => {
  await importCsv(store);
  expect(await sales(store)).toMatchObject({ rows: 3 });
  await store.stop();
  await store.start();
  expect(await sales(store)).toMatchObject({ rows: 3 });
  const { code, output } = await store.command('datasets', '--store', store.url);
  expect(code).toBe(0);
  expect(output).toContain('sales  3 rows');
});

test('what was acknowledged survives SIGKILL', async ({ store }) => {
  await importCsv(store);
  const { id: dataset } = await sales(store);
  const acknowledged: number[] = [];
  let killed = false;
  const writing = (async () => {
    for (let id = 100; !killed; id++) {
      const answer = await append(store, dataset, id).catch(() => undefined);
      if (answer?.ok) acknowledged.push(id);
      else if (killed || !answer) return;
    }
  })();
  while (acknowledged.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  killed = true;
  await store.kill();
  await writing;
  await store.start();
  const last = acknowledged.at(-1)!;
  const { rows } = await sales(store);
  expect(rows).toBeGreaterThanOrEqual(3 + acknowledged.length);
  // The same write again is the same receipt, not a second row.
  const again = await append(store, dataset, last);
  expect(again.ok).toBe(true);
  expect((await sales(store)).rows).toBe(rows);
});

test('a second store on the same data says so in one sentence', async ({ store }) => {
  const { code, output } = await store.command(
    'serve',
    '--port',
    '0',
    '--data',
    store.dataDir,
    '--demo',
    'none',
  );
  expect(code).toBe(1);
  expect(output.trim().split('\n')).toHaveLength(1);
  const busy = await store.command(
    'serve',
    '--port',
    new URL(store.url).port,
    '--data',
    `${store.dataDir}2`,
    '--demo',
    'none',
  );
  expect(busy.code).toBe(1);
  expect(busy.output).toMatch(/^Port \d+ is in use: .*\.\n$/);
});

test('what is typed wrong gets one sentence', async ({ store }) => {
  for (const args of [
    ['serv'],
    ['serve', '--prot', '1'],
    ['serve', '--host', '0.0.0.0'],
    ['datasets', '--store', 'nowhere'],
  ]) {
    const { code, output } = await store.command(...args);
    expect(code, args.join(' ')).toBe(2);
    expect(output.trim().split('\n'), output).toHaveLength(1);
  }
  const unreachable = await store.command('datasets', '--store', 'http://127.0.0.1:9');
  expect(unreachable.code).toBe(1);
  expect(unreachable.output).toMatch(/^No store answers at http:\/\/127\.0\.0\.1:9: .*\.\n$/);
});

test('every request stands in the log', async ({ store }) => {
  await fetch(`${store.url}/api/datasets?x=1`);
  await expect.poll(async () => (await store.requests('/api/datasets')).length).toBeGreaterThan(0);
  const [note] = await store.requests('/api/datasets');
  expect(note).toMatchObject({ method: 'GET', path: '/api/datasets?x=1', status: 200 });
});
