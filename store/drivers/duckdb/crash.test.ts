import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { build } from 'vite';
import { beforeAll, expect, it } from 'vitest';
import { numbered, partsOfWrite, rowsOfImport } from './crash-child.testing.ts';
import { allRows, withDirectory } from './driver.testing.ts';
import { duckdbDriver } from './duckdb-driver.ts';

/** How often the writing process is killed. */
const kills = process.env.EXANALYTICS_LONG === '1' ? 100 : 20;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const outDir = join(root, 'node_modules/.cache/exanalytics-crash');
const child = join(outDir, 'crash-child.testing.js');

beforeAll(async () => {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: fileURLToPath(new URL('crash-child.testing.ts', import.meta.url)),
      outDir,
      target: 'node20',
      emptyOutDir: true,
    },
  });
});

interface Said {
  readonly writes: Map<number, number>;
  readonly imports: Set<string>;
  readonly failed: string[];
  readonly code: number | null;
}

/** Runs the child until `stop` ends it; what it acknowledged is all that counts. */
async function listen(process: ChildProcess, stop: (lines: number) => void): Promise<Said> {
  const said = { writes: new Map<number, number>(), imports: new Set<string>(), failed: [] as string[] };
  let output = '';
  let errors = '';
  let lines = 0;
  process.stderr?.on('data', (bytes) => {
    errors += bytes;
  });
  process.stdout?.on('data', (bytes) => {
    output += bytes;
    for (let end = output.indexOf('\n'); end >= 0; end = output.indexOf('\n')) {
      const [word, name, ...rest] = output.slice(0, end).split(' ');
      output = output.slice(end + 1);
      if (word === 'write') said.writes.set(Number(name), Number(rest[0]));
      if (word === 'import') said.imports.add(name!);
      if (word === 'failed') said.failed.push([name, ...rest].join(' '));
      stop(++lines);
    }
  });
  const code = await new Promise<number | null>((resolve) => process.on('close', resolve));
  expect(errors).toBe('');
  return { ...said, code };
}

/** Reopens the store as after any crash: what was acknowledged is there, and nothing is half there. */
async function check(file: string, acknowledged: Pick<Said, 'writes' | 'imports'>): Promise<void> {
  const driver = await duckdbDriver({ file, threads: 1 });
  let tables = 0;
  try {
    const rows = await driver.snapshot((snapshot) => allRows(snapshot, 'log'));
    const parts = new Map<number, number>();
    let shared = -1;
    for (const { write, part, value, note } of rows) {
      if (write === -1) shared = Number(value);
      else {
        expect([value, note]).toEqual([write, `part ${part} of write number ${write}`]);
        parts.set(Number(write), (parts.get(Number(write)) ?? 0) + 1);
      }
    }
    for (const [write, count] of parts) expect([write, count]).toEqual([write, partsOfWrite]);
    for (const write of acknowledged.writes.keys()) expect(parts.has(write)).toBe(true);
    if (parts.size) expect(parts.has(shared)).toBe(true);
    const imported = driver.datasets().filter(({ id }) => id.startsWith('import-'));
    for (const { id, rows: count } of imported) expect([id, count]).toEqual([id, rowsOfImport]);
    for (const name of acknowledged.imports) expect(imported.some(({ id }) => id === name)).toBe(true);
    const last = Math.max(-1, ...acknowledged.writes.keys());
    if (last >= 0) {
      const again = await driver.write(numbered(last));
      expect(again.version).toBe(acknowledged.writes.get(last));
    }
    for (const { id } of imported) await driver.drop(id);
    tables = driver.datasets().length;
  } finally {
    await driver.close();
  }
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const left = await connection.run(
    "SELECT count(*)::INTEGER FROM duckdb_tables() WHERE table_name LIKE 'exa_rows_%'",
  );
  expect(await left.getRowsJS()).toEqual([[tables]]);
  connection.closeSync();
  instance.closeSync();
}

it(`loses nothing acknowledged, and keeps nothing half-written, over ${kills} kills`, async () => {
  await withDirectory(async (directory) => {
    const file = join(directory, 'store.duckdb');
    const all = { writes: new Map<number, number>(), imports: new Set<string>() };
    for (let round = 0; round < kills; round++) {
      const process = spawn('node', [child, file, String(round * 1_000_000)], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      // A different moment each time: after so many lines, at once.
      const lines = 2 + ((round * 37) % 60);
      const said = await listen(process, (heard) => {
        if (heard === lines) process.kill('SIGKILL');
      });
      expect(said.failed).toEqual([]);
      for (const [write, version] of said.writes) all.writes.set(write, version);
      await check(file, { writes: all.writes, imports: said.imports });
    }
    expect(all.writes.size).toBeGreaterThan(kills);
  });
}, 600_000);

it('a full disk is said in one sentence, and what was acknowledged stays', async () => {
  await withDirectory(async (directory) => {
    const file = join(directory, 'store.duckdb');
    // Files may not pass 3 MiB: writing beyond fails as on a full disk.
    const process = spawn(
      'bash',
      ['-c', `trap '' XFSZ; ulimit -f 3072; exec node ${JSON.stringify(child)} ${JSON.stringify(file)} 0`],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const said = await listen(process, () => undefined);
    expect(said.code).toBe(3);
    expect(said.failed).toEqual([
      "quota The store's disk is full: free some space, then try again. Nothing was changed.",
    ]);
    await check(file, said);
  });
}, 120_000);
