import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { test } from './store-process.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Lines of the README's `sh` blocks, without their comments. */
async function commands(): Promise<string[]> {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((match) => match[1]!.trim().split('\n'));
  return blocks.map((line) => line.replace(/\s+#.*$/, ''));
}

test('every command of the README is one that this page runs or starts from', async () => {
  expect(await commands()).toEqual([
    'npm start',
    'npm test',
    'npx exanalytics import orders.csv --as Orders',
    'npx exanalytics import orders.csv --as Orders --mode upsert --key id',
    'npx exanalytics import --help',
    'npx exanalytics array create readings --shape 1e18,2 --dtype float64 --fill NaN',
    'npx exanalytics array import matrix.npy --as matrix',
    'npx exanalytics array info matrix',
    'npx exanalytics array append matrix more.npy',
    'npx exanalytics array export matrix',
    'curl -s http://127.0.0.1:8090/api/datasets',
    'npm run new-gadget order-ages',
  ]);
});

test('the README’s imports run as they stand', async ({ store }) => {
  const folder = await mkdtemp(join(tmpdir(), 'exanalytics-readme-'));
  const file = join(folder, 'orders.csv');
  await writeFile(file, 'id,date,amount\n1,2026-01-05,12.50\n2,2026-01-06,8.25\n');
  for (const command of (await commands()).filter((line) => line.startsWith('npx exanalytics import'))) {
    const words = command.split(' ').slice(2);
    const args = words.map((word) => (word === 'orders.csv' ? file : word));
    const { code, output } = await store.command(
      ...args,
      ...(args.includes('--help') ? [] : ['--store', store.url]),
    );
    expect(code, output).toBe(0);
  }
  const answer = await fetch(`${store.url}/api/datasets`);
  const { datasets } = (await answer.json()) as { datasets: { name: string; rows: number }[] };
  expect(datasets).toMatchObject([{ name: 'Orders', rows: 2 }]);
  await rm(folder, { recursive: true });
});

test('the README’s arrays are made as they stand', async ({ store }) => {
  const folder = await mkdtemp(join(tmpdir(), 'exanalytics-readme-'));
  await writeFile(join(folder, 'matrix.npy'), npy([1, 2, 3, 4, 5, 6], '(2, 3)'));
  await writeFile(join(folder, 'more.npy'), npy([7, 8, 9], '(1, 3)'));
  for (const command of (await commands()).filter((line) => line.startsWith('npx exanalytics array'))) {
    const args = command
      .split(' ')
      .slice(2)
      .map((word) => (word.endsWith('.npy') ? join(folder, word) : word));
    const { code, output } = await store.command(...args, '--store', store.url);
    expect(code, output).toBe(0);
  }
  await rm(folder, { recursive: true });
});

/** A NumPy file of float64 (NEP 1: magic, version 1.0, header padded to 64 bytes, data). */
function npy(values: readonly number[], shape: string): Uint8Array {
  const header = `${`{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117)}\n`;
  const head = Uint8Array.from([
    0x93,
    ...Buffer.from('NUMPY'),
    1,
    0,
    header.length,
    0,
    ...Buffer.from(header),
  ]);
  return Buffer.concat([head, new Uint8Array(Float64Array.from(values).buffer)]);
}

test('a new gadget comes with passing tests and types', async () => {
  test.setTimeout(180_000);
  const copy = await mkdtemp(join(tmpdir(), 'exanalytics-gadget-'));
  try {
    for (const name of await readdir(root))
      if (!['node_modules', 'dist', 'data', '.git', 'bench', 'docs', 'test-results'].includes(name))
        await cp(join(root, name), join(copy, name), { recursive: true });
    await mkdir(join(copy, 'node_modules'));
    for (const name of await readdir(join(root, 'node_modules')))
      if (!name.startsWith('.'))
        await symlink(join(root, 'node_modules', name), join(copy, 'node_modules', name));
    const node = async (...args: string[]): Promise<string> => {
      const failed = (error: Error & { stdout?: string }) =>
        Promise.reject(new Error(error.stdout || error.message));
      return (await run(process.execPath, args, { cwd: copy, maxBuffer: 2 ** 24 }).catch(failed)).stdout;
    };
    await node('src/gadgets/new-gadget.mjs', 'order-ages');
    expect(await readFile(join(copy, 'src/gadgets/registry.ts'), 'utf8')).toContain('exa-order-ages');
    await node('node_modules/typescript/bin/tsc', '-b', 'src/gadgets');
    const stdout = await node('node_modules/vitest/vitest.mjs', 'run', 'src/gadgets/order-ages');
    for (const file of ['order-ages.query.test.ts', 'order-ages.browser.test.ts'])
      expect(stdout).toContain(file);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});
