import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { beforeAll, expect, it } from 'vitest';
import { assemblyPlugin } from '../../../assembly-plugin.ts';
import { get, openArrays } from './chunks.testing.ts';
import { perWrite } from './crash-child.testing.ts';
import { openZarr } from './zarr/read-zarr.ts';

/** How often the writing process is killed. */
const kills = process.env.EXANALYTICS_LONG === '1' ? 100 : 4;
/** Two to four seconds a kill, most of it starting a process and opening its database; busy machines take longer. */
const mostMs = 300_000 + 30_000 * kills;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const outDir = join(root, 'node_modules/.cache/exanalytics-array-crash');

beforeAll(async () => {
  await build({
    root,
    configFile: false,
    plugins: [assemblyPlugin()],
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

/** Runs the child until it said `lines` lines and then a little longer; what it acknowledged is all that counts. */
async function runAndKill(directory: string, lines: number, delayMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(outDir, 'crash-child.testing.js'), directory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (bytes) => {
    errors += bytes;
  });
  child.stdout.on('data', (bytes) => {
    output += bytes;
    if (output.split('\n').length > lines) setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(errors).toBe('');
  return output.split('\n').slice(0, -1);
}

it(
  `loses no acknowledged element and shows no half commit, over ${kills} kills`,
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'exanalytics-array-crash-'));
    try {
      let lastSaid = 0;
      const imported = new Set<string>();
      for (let kill = 0; kill < kills; kill++) {
        for (const line of await runAndKill(directory, 1 + (kill % 4) * 3, (kill * 7) % 23)) {
          const [word, name] = line.split(' ');
          if (word === 'write') lastSaid = Math.max(lastSaid, Number(name));
          if (word === 'import') imported.add(name!);
        }
        const arrays = await openArrays(directory);
        try {
          const values = [...(await get(arrays.driver, 'log', ''))];
          expect(values.length).toBe(perWrite);
          // One commit set them all: whichever it was, all of it is there.
          expect(new Set(values).size).toBe(1);
          expect(Number(values[0])).toBeGreaterThanOrEqual(lastSaid);
          const grown = [...(await get(arrays.driver, 'grow', ''))].map(Number);
          expect(grown).toEqual(Array.from({ length: grown.length }, (_, i) => Math.floor(i / 3) + 1));
          expect(grown.length).toBeGreaterThanOrEqual(3 * lastSaid);
          const heads = arrays.driver.heads();
          for (const id of imported) expect(heads.map((head) => head.id)).toContain(id);
          for (const { id } of heads.filter((head) => head.id.startsWith('import')))
            expect([...(await get(arrays.driver, id, ''))]).toEqual(new Array(100).fill(1));
          // Nothing is left of imports that were not committed.
          expect((await readdir(join(directory, 'arrays'))).length).toBe(heads.length);
          const { folder } = await arrays.driver.checkpoint('log');
          for await (const box of (await openZarr(folder)).boxes())
            expect(new Set(box.values as Float64Array)).toEqual(new Set([values[0]]));
        } finally {
          await arrays.close();
        }
      }
      expect(lastSaid).toBeGreaterThan(0);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
  mostMs,
);
