import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assemblyPlugin } from '../../../assembly-plugin.ts';
import { bytesOf } from '../../../src/arrays/dtype.ts';
import type { Expression, ReduceOp } from '../../../src/protocol/array-expression.ts';
import { freshKey, openArrays, type TestArrays } from './chunks.testing.ts';

/** Elements: enough to be worth threads, in chunks that threads finish in any order. */
const rows = 2_200_000;

let directory: string;
let script: string;
let id: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-evaluate-'));
  script = join(directory, 'evaluate-worker.js');
  await build({
    configFile: false,
    plugins: [assemblyPlugin()],
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, 'evaluate-worker.ts'),
      outDir: directory,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'evaluate-worker.js', format: 'es' } },
    },
  });
  const arrays = await openArrays(directory);
  ({ array: id } = await arrays.driver.create(
    { name: 'a', shape: [10n ** 15n], dtype: 'float64', chunk: [16_384], order: 'C', fill: 0.1 },
    freshKey(),
  ));
  const values = Float64Array.from(
    { length: rows },
    (_, i) => Math.sin(i) * 10 ** ((i * 7) % 13) + (i % 1009 === 0 ? Number.NaN : 0),
  );
  await arrays.driver.write(
    id,
    [{ kind: 'slice', start: 777n, stop: 777n + BigInt(rows) }],
    'float64',
    values,
    freshKey(),
  );
  await arrays.close();
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function over<T>(threads: number, use: (arrays: TestArrays) => Promise<T>): Promise<T> {
  const arrays = await openArrays(directory, { crew: { threads, script } });
  try {
    return await use(arrays);
  } finally {
    await arrays.close();
  }
}

it('comes to the same bits on one, two and three threads', async () => {
  const a: Expression = { op: 'array', array: id, at: ':2_300_000' };
  const known: Expression = {
    op: 'where',
    condition: { op: 'isnan', of: a },
    left: { op: 'value', value: 0.5 },
    right: { op: 'multiply', left: a, right: { op: 'array', array: id, at: '2_299_999::-1' } },
  };
  const reductions: ReduceOp[] = ['var', 'argmax'];
  const expressions: Expression[] = [
    ...reductions.map((by): Expression => ({ op: 'reduce', by, of: known })),
    { op: 'abs', of: { op: 'array', array: id, at: '0:2_250_000' } },
  ];
  const bits: string[][] = [];
  for (const threads of [1, 2, 3])
    bits.push(
      await over(threads, async ({ driver }) => {
        const found: string[] = [];
        for (const expression of expressions) {
          const { values } = await driver.evaluate(expression);
          found.push(Buffer.from(bytesOf(values)).toString('base64'));
        }
        return found;
      }),
    );
  expect(bits[1]).toEqual(bits[0]);
  expect(bits[2]).toEqual(bits[0]);
});

it('on threads tells progress, ends when it is aborted, and names a damaged chunk', async () => {
  await over(2, async ({ driver }) => {
    const sum: Expression = { op: 'reduce', by: 'sum', of: { op: 'array', array: id } };
    const told: number[] = [];
    const leaves = new AbortController();
    await expect(
      driver.evaluate(sum, {
        signal: leaves.signal,
        progress(done) {
          told.push(done);
          leaves.abort();
        },
      }),
    ).rejects.toThrow();
    expect(told[0]).toBeGreaterThan(0);
    expect(told[0]).toBeLessThan(1);
    // Threads that were at it are gone; others serve what comes next, also two at once and one after the other.
    const count: Expression = {
      op: 'reduce',
      by: 'count',
      of: { op: 'array', array: id, at: '777:2_200_777' },
    };
    const none = Math.ceil(rows / 1009);
    const [one, other] = await Promise.all([driver.evaluate(count), driver.evaluate(count)]);
    const third = await driver.evaluate(count);
    for (const { values } of [one, other, third]) expect(Number(values[0])).toBe(rows - none);
  });
  const [folder] = await readdir(join(directory, 'arrays'));
  const journal = await open(join(directory, 'arrays', folder!, 'journal-0'), 'r+');
  await journal.write(Uint8Array.of(1, 2, 3), 0, 3, 4_000_000);
  await journal.close();
  await over(2, async ({ driver }) => {
    await expect(
      driver.evaluate({ op: 'reduce', by: 'sum', of: { op: 'array', array: id } }),
    ).rejects.toMatchObject({
      tag: 'corrupt',
      message: expect.stringMatching(/^Chunk \[\d+(, \d+)*\] of a is damaged/),
    });
  });
});
