import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DenseArray } from '../../../src/arrays/dense.ts';
import { fillValues, makeValues, setLiteral, valuesOf } from '../../../src/arrays/dtype.ts';
import { parseSelection } from '../../../src/arrays/parse-selection.ts';
import { decodeCells } from '../../../src/arrays/pyramid/cells-page.ts';
import { maxAxis } from '../../../src/arrays/shape.ts';
import { decodeElements } from '../../../src/arrow/elements-page.ts';
import { dtypes, type MemoryOrder } from '../../../src/protocol/array.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { ArrayPart } from '../chunk-driver.ts';
import { freshKey, get, openArrays, put, type TestArrays, withArrays } from './chunks.testing.ts';

const empty = { name: 'A', shape: [10n, 3n], dtype: 'float64', chunk: [4, 2] } as const;

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

describe('an array on disk', () => {
  it('is what a dense array is after any writes, growth, cuts, and reopening', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('write' as const),
        from: fc.tuple(fc.nat(11), fc.nat(4)),
        size: fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 })),
        seed: fc.integer({ min: 1, max: 1000 }),
      }),
      fc.record({
        kind: fc.constant('resize' as const),
        rows: fc.integer({ min: 0, max: 14 }),
        columns: fc.constant(3),
      }),
      fc.record({
        kind: fc.constant('resize' as const),
        rows: fc.integer({ min: 0, max: 14 }),
        columns: fc.integer({ min: 1, max: 5 }),
      }),
      fc.record({
        kind: fc.constant('append' as const),
        rows: fc.integer({ min: 0, max: 5 }),
        seed: fc.nat(1000),
      }),
      fc.record({ kind: fc.constant('reopen' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 9 }),
        fc.constantFrom<MemoryOrder>('C', 'F'),
        async (steps, order) => {
          const directory = await mkdtemp(join(tmpdir(), 'exanalytics-arrays-'));
          let arrays: TestArrays = await openArrays(directory);
          try {
            const { array: id } = await arrays.driver.create({ ...empty, order, fill: -1 }, freshKey());
            let shape = [10, 3];
            let dense = new Map<string, number>();
            for (const one of steps) {
              if (one.kind === 'write') {
                const start = one.from.map((from, axis) => Math.min(from, shape[axis]!));
                const end = start.map((from, axis) => Math.min(shape[axis]!, from + one.size[axis]!));
                const values: number[] = [];
                for (let i = start[0]!; i < end[0]!; i++)
                  for (let j = start[1]!; j < end[1]!; j++) {
                    values.push(one.seed + i * 7 + j);
                    dense.set(`${i},${j}`, one.seed + i * 7 + j);
                  }
                // One value would be spread, which is the same here.
                await put(arrays.driver, id, `${start[0]}:${end[0]}, ${start[1]}:${end[1]}`, ...values);
              } else if (one.kind === 'resize') {
                shape = [one.rows, one.columns];
                await arrays.driver.resize(id, shape.map(BigInt), freshKey());
                dense = new Map([...dense].filter(([key]) => inside(key, shape)));
              } else if (one.kind === 'append') {
                const sizes = order === 'C' ? [one.rows, shape[1]!] : [shape[0]!, one.rows];
                const values = Float64Array.from({ length: sizes[0]! * sizes[1]! }, (_, i) => one.seed + i);
                if (values.length !== 1 && values.length > 0) {
                  await arrays.driver.append(
                    id,
                    { dtype: 'float64', shape: sizes, order: 'C', values },
                    freshKey(),
                  );
                  for (let i = 0; i < sizes[0]!; i++)
                    for (let j = 0; j < sizes[1]!; j++) {
                      const at = order === 'C' ? [shape[0]! + i, j] : [i, shape[1]! + j];
                      dense.set(at.join(), one.seed + i * sizes[1]! + j);
                    }
                  shape =
                    order === 'C' ? [shape[0]! + one.rows, shape[1]!] : [shape[0]!, shape[1]! + one.rows];
                }
              } else {
                await arrays.close();
                arrays = await openArrays(directory);
              }
            }
            expect(arrays.driver.head(id).shape).toEqual(shape.map(String));
            const expected: number[] = [];
            for (let i = 0; i < shape[0]!; i++)
              for (let j = 0; j < shape[1]!; j++) expected.push(dense.get(`${i},${j}`) ?? -1);
            expect([...(await get(arrays.driver, id, ''))]).toEqual(expected);
          } finally {
            await arrays.close();
            await rm(directory, { recursive: true, force: true });
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('addresses 10^18 rows, and its levels find what was written', async () => {
    await withArrays(async ({ driver, events }) => {
      const { array: id } = await driver.create(
        { name: 'sensors', shape: [10n ** 18n, 2n], dtype: 'float64', fill: 'NaN' },
        freshKey(),
      );
      await put(driver, id, '999999999999999990:, 0', ...Array.from({ length: 10 }, (_, i) => i));
      await put(driver, id, '5e17, :', 7, 8);
      expect(events.at(-1)?.arrays).toEqual([
        { id, epoch: driver.head(id).epoch, headChanged: false, chunks: [[30_517_578_125_000, 0]] },
      ]);
      expect([...(await get(driver, id, '-1, :'))]).toEqual([9, Number.NaN]);
      const { epoch } = driver.head(id);
      const [root] = await all(driver.batch(id, { epoch, items: [{ level: 17, chunks: [[0, 0]] }] }));
      const cells = decodeCells(root!.body);
      // The last is written with its whole chunk, the rest of which is NaN.
      expect(cells.places.length).toBe(4);
      expect([...cells.counts]).toEqual([1n, 1n, 10n, 0n]);
      expect([...cells.max]).toEqual([7, 8, 9, -Infinity]);
      expect([...cells.revisions]).toEqual([3, 3, 2, 2]);
      const parts = await all(
        driver.batch(id, {
          epoch,
          items: [
            {
              level: 0,
              chunks: [
                [0, 0],
                [30_517_578_125_000, 0],
              ],
            },
          ],
        }),
      );
      expect(parts.map(({ item, revision }: ArrayPart) => [item, revision])).toEqual([
        [0, 0],
        [1, 3],
      ]);
      expect(parts[0]!.body.length).toBe(0);
      const chunk = decodeElements(parts[1]!.body);
      expect(valuesOf(chunk.dtype, chunk.bytes).length).toBe(32_768);
      await driver.summarise(id);
    });
  });

  it('appends without changing what lies before: revisions of earlier levels stay', async () => {
    await withArrays(async ({ driver }) => {
      const { array: id } = await driver.create(
        { name: 'log', shape: [100n], dtype: 'float64', chunk: [10] },
        freshKey(),
      );
      await put(driver, id, ':', 1);
      const levels = async () => {
        const { epoch } = driver.head(id);
        return (await all(driver.batch(id, { epoch, items: [{ level: 1, chunks: [[0]] }] })))[0]!;
      };
      const before = decodeCells((await levels()).body);
      const values = new Float64Array(95).fill(2);
      await driver.append(id, { dtype: 'float64', shape: [95], order: 'C', values }, freshKey());
      const after = decodeCells((await levels()).body);
      expect([...after.revisions.subarray(0, 12)]).toEqual([...before.revisions.subarray(0, 12)]);
      expect(after.counts.reduce((sum, count) => sum + count, 0n)).toBe(195n);
      expect(driver.head(id).epoch).toBe(driver.head(id).epoch);
    });
  });

  it('takes lists, truths and steps at the far end of huge axes, of every type and in both orders', async () => {
    await withArrays(async ({ driver }) => {
      for (const order of ['C', 'F'] as const)
        for (const dtype of dtypes) {
          const { array: id } = await driver.create(
            { name: `far ${order} ${dtype}`, shape: [maxAxis, 3n], dtype, chunk: [4096, 3], order },
            freshKey(),
          );
          const values = makeValues(dtype, 30);
          for (let i = 0; i < 30; i++) setLiteral(dtype, values, i, dtype === 'bool' ? i % 3 === 0 : i + 1);
          await driver.write(id, parseSelection(`${maxAxis - 10n}:`), dtype, values, freshKey());
          const expected = (...places: readonly [number, number][]) =>
            places.map(([row, column]) => values[row * 3 + column]);
          const seen = async (at: string) => [...(await get(driver, id, at))];
          expect(await seen(`[${maxAxis - 1n}, -10, ${maxAxis - 5n}, -1], 1`)).toEqual(
            expected([9, 1], [0, 1], [5, 1], [9, 1]),
          );
          expect(await seen('-2:, [true, false, true]')).toEqual(expected([8, 0], [8, 2], [9, 0], [9, 2]));
          expect(await seen('-1:-9:-3, -1')).toEqual(expected([9, 2], [6, 2], [3, 2]));
          expect(await seen('::9223372036854775805, 0')).toEqual([
            makeValues(dtype, 1)[0],
            ...expected([8, 0]),
          ]);
          // Past the end a slice is cut, as NumPy's is.
          expect((await driver.read(id, parseSelection(`${maxAxis - 1n}:1e30`))).shape).toEqual([1, 3]);
        }
    });
  });

  it('is made longer and shorter at the cost of its record, and appended to at the cost of what is new', async () => {
    await withArrays(async ({ driver, directory }) => {
      const { array: id } = await driver.create(
        { name: 'log', shape: [100_000n, 2n], dtype: 'float64', chunk: [1024, 2] },
        freshKey(),
      );
      const whole = Float64Array.from({ length: 200_000 }, (_, i) => i);
      await driver.write(id, [], 'float64', whole, freshKey());
      const [folder] = await readdir(join(directory, 'arrays'));
      const onDisk = async () => (await stat(join(directory, 'arrays', folder!, 'journal-0'))).size;
      const before = await onDisk();
      for (const rows of [2n ** 62n, 100_000n, 10n ** 18n, 100_000n])
        await driver.resize(id, [rows, 2n], freshKey());
      expect(await onDisk()).toBe(before);
      expect([...(await get(driver, id, '-1'))]).toEqual([199_998, 199_999]);
      const rows = { dtype: 'float64', shape: [3, 2], order: 'C', values: Float64Array.of(1, 2, 3, 4, 5, 6) };
      await driver.append(id, rows as DenseArray, freshKey());
      // One chunk is written again, and its place in the index; not the other ninety-seven.
      expect((await onDisk()) - before).toBeLessThan(2 * 1024 * 2 * 8);
      expect([...(await get(driver, id, '-4:, 0'))]).toEqual([199_998, 1, 3, 5]);
    });
  });

  it('shows a batch as of one version while others write', async () => {
    await withArrays(async ({ driver }) => {
      const { array: id } = await driver.create(
        { name: 'x', shape: [100n], dtype: 'float64', chunk: [10] },
        freshKey(),
      );
      await put(driver, id, ':', 1);
      const { epoch } = driver.head(id);
      const places = Array.from({ length: 10 }, (_, i) => [i]);
      const parts: ArrayPart[] = [];
      for await (const part of driver.batch(id, {
        epoch,
        items: [
          { level: 0, chunks: places },
          { level: 1, chunks: [[0]] },
        ],
      })) {
        parts.push(part);
        if (parts.length === 1) await put(driver, id, ':', 2);
      }
      const sums = parts.slice(0, 10).map(({ body }) => {
        const { dtype, bytes } = decodeElements(body);
        return [...(valuesOf(dtype, bytes) as Float64Array)].reduce((sum, value) => sum + value, 0);
      });
      expect(sums).toEqual(new Array(10).fill(10));
      expect(new Set(parts.map(({ version }) => version)).size).toBe(1);
      expect(decodeCells(parts[10]!.body).max.every((max) => max === 1)).toBe(true);
      expect([...(await get(driver, id, ':'))]).toEqual(new Array(100).fill(2));
    });
  });

  it('lets two writers on one slice both be heard, whole', async () => {
    await withArrays(async ({ driver }) => {
      const { array: id } = await driver.create(
        { name: 'x', shape: [100n], dtype: 'float64', chunk: [10] },
        freshKey(),
      );
      await Promise.all(Array.from({ length: 10 }, (_, i) => put(driver, id, `${i}::10`, i + 1)));
      await Promise.all([put(driver, id, '20:40', 5), put(driver, id, '30:50', 6)]);
      const values = [...(await get(driver, id, ':'))];
      expect(values.slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(new Set(values.slice(30, 40)).size).toBe(1);
    });
  });

  it('does a write once, however often it is sent', async () => {
    await withArrays(async ({ driver }) => {
      const { array: id } = await driver.create(empty, freshKey());
      const key = { key: 'once', fingerprint: 'a' };
      const write = () => driver.write(id, parseSelection('0, 0'), 'float64', Float64Array.of(1), key);
      const first = await write();
      await put(driver, id, '0, 0', 2);
      expect(await write()).toEqual(first);
      expect([...(await get(driver, id, '0, 0'))]).toEqual([2]);
      await expect(
        driver.write(id, [], 'float64', Float64Array.of(3), { ...key, fingerprint: 'b' }),
      ).rejects.toMatchObject({ tag: 'conflict' });
    });
  });

  it('imports whole or not at all, and leaves nothing of what was aborted', async () => {
    await withArrays(async ({ driver, directory }) => {
      const session = await driver.beginImport(empty);
      await session.write(
        parseSelection('0:5'),
        Float64Array.from({ length: 15 }, (_, i) => i),
      );
      expect(driver.heads()).toEqual([]);
      await session.abort();
      expect(await readdir(join(directory, 'arrays'))).toEqual([]);
      await expect(session.write([], Float64Array.of(1))).rejects.toMatchObject({ tag: 'missing' });
      const other = await driver.beginImport(empty);
      await other.write(parseSelection('9'), Float64Array.of(1, 2, 3));
      const { array } = await other.commit();
      expect([...(await get(driver, array, '9'))]).toEqual([1, 2, 3]);
      expect(driver.head(array).chunks).toBe(2);
    });
  });

  it('rechunks: the same elements under a new epoch', async () => {
    await withArrays(async ({ driver, directory }) => {
      const { array: id } = await driver.create({ ...empty, fill: 4 }, freshKey());
      await put(driver, id, '2:7, 1:', ...Array.from({ length: 10 }, (_, i) => i));
      const before = [...(await get(driver, id, ''))];
      const { epoch } = driver.head(id);
      await driver.rechunk(id, [1, 3]);
      expect([...(await get(driver, id, ''))]).toEqual(before);
      expect(driver.head(id).chunk).toEqual([1, 3]);
      await expect(all(driver.batch(id, { epoch, items: [] }))).rejects.toMatchObject({ tag: 'gone' });
      await driver.drop(id);
      expect(driver.heads()).toEqual([]);
      await expect.poll(() => readdir(join(directory, 'arrays'))).toEqual([]);
    });
  });

  it('rechunks with progress; what is cancelled, or overtaken by a write, leaves all as it was', async () => {
    await withArrays(async ({ driver, directory }) => {
      const { array: id } = await driver.create(empty, freshKey());
      await put(driver, id, '', ...Array.from({ length: 30 }, (_, i) => i));
      const folders = async () => (await readdir(join(directory, 'arrays'))).length;
      const leaves = new AbortController();
      const cancelled = driver.rechunk(id, [10, 1], {
        signal: leaves.signal,
        progress: () => leaves.abort(new ExaError('cancelled', 'It was cancelled.')),
      });
      await expect(cancelled).rejects.toMatchObject({ tag: 'cancelled' });
      let write: Promise<unknown> | undefined;
      const overtaken = driver.rechunk(id, [10, 1], {
        progress: () => {
          write ??= put(driver, id, '0, 0', 7);
        },
      });
      await expect(overtaken).rejects.toThrow('A was written meanwhile: rechunk it again.');
      await write;
      expect([driver.head(id).chunk, await folders()]).toEqual([[4, 2], 1]);
      const done: number[] = [];
      await driver.rechunk(id, [10, 1], { progress: (part) => done.push(part) });
      expect(done).toEqual([1, 2, 3, 4, 5, 6].map((chunk) => chunk / 6));
      expect([...(await get(driver, id, ''))]).toEqual([7, ...Array.from({ length: 29 }, (_, i) => i + 1)]);
      await expect.poll(folders).toBe(1);
    });
  });

  it('notices a flipped bit, and says which array', async () => {
    await withArrays(async ({ driver, directory }) => {
      const { array: id } = await driver.create({ name: 'x', shape: [8n], dtype: 'float64' }, freshKey());
      await put(driver, id, ':', 1, 2, 3, 4, 5, 6, 7, 8);
      const [folder] = await readdir(join(directory, 'arrays'));
      const path = join(directory, 'arrays', folder!, 'journal-0');
      const bytes = await readFile(path);
      bytes[9]! ^= 1;
      await writeFile(path, bytes);
      await expect(get(driver, id, ':')).rejects.toThrow(
        /Chunk \[0\] of x is damaged \(journal 0, byte \d+\): restore it/,
      );
    });
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['cut short', (path) => truncate(path, 70)],
    ['cut to nothing', (path) => truncate(path, 0)],
    ['gone', (path) => rm(path)],
    [
      'flipped in its index',
      async (path) => {
        const bytes = await readFile(path);
        bytes[bytes.length - 3]! ^= 1;
        await writeFile(path, bytes);
      },
    ],
  ])('a journal %s: its array is listed, says so and can be dropped; others are read', async (_, spoil) => {
    const directory = await mkdtemp(join(tmpdir(), 'exanalytics-arrays-'));
    let arrays = await openArrays(directory);
    const warned: string[] = [];
    try {
      const { array: good } = await arrays.driver.create({ ...empty, name: 'good' }, freshKey());
      const { array: hurt } = await arrays.driver.create({ ...empty, name: 'hurt' }, freshKey());
      for (const id of [good, hurt]) await put(arrays.driver, id, '0, 0', 7);
      await arrays.close();
      const folders = await readdir(join(directory, 'arrays'));
      await spoil(join(directory, 'arrays', folders.find((name) => name.startsWith('hurt'))!, 'journal-0'));
      arrays = await openArrays(directory, { warn: (line) => warned.push(line) });
      const { driver } = arrays;
      const sentence =
        'The index of the array hurt is damaged on the store’s disk: restore it from a copy, or drop it.';
      expect(warned).toHaveLength(1);
      expect(warned[0]).toContain(sentence);
      expect([...(await get(driver, good, '0, 0'))]).toEqual([7]);
      expect(driver.heads().map(({ name }) => name)).toEqual(['good', 'hurt']);
      const { epoch } = driver.head(hurt);
      for (const use of [
        () => get(driver, hurt, '0, 0'),
        () => put(driver, hurt, '0, 0', 8),
        async () =>
          await all(driver.batch(hurt, { epoch, items: [{ level: 0, chunks: [[0, 0]], since: [99] }] })),
        () => driver.checkpoint(hurt),
      ])
        await expect(use()).rejects.toMatchObject({ tag: 'corrupt', message: sentence });
      await expect(driver.create({ ...empty, name: 'hurt' }, freshKey())).rejects.toMatchObject({
        tag: 'conflict',
      });
      await driver.drop(hurt);
      expect(await readdir(join(directory, 'arrays'))).toHaveLength(1);
      await driver.create({ ...empty, name: 'hurt' }, freshKey());
      expect([...(await get(driver, hurt, '0, 0'))]).toEqual([0]);
    } finally {
      await arrays.close();
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe('bad input, one sentence each', () => {
  it.each<[string, (arrays: TestArrays, id: string) => Promise<unknown>, RegExp]>([
    ['an unknown array', ({ driver }) => get(driver, 'nope', ''), /There is no array called nope here/],
    [
      'out of range',
      ({ driver }, id) => get(driver, id, '10'),
      /no element 10 along axis 0: it has 10 elements/,
    ],
    [
      'too many values',
      ({ driver }, id) => put(driver, id, '0', 1, 2),
      /3 elements are to be written, and 2 were given/,
    ],
    [
      'another type',
      ({ driver }, id) => driver.write(id, [], 'int32', fillValues('int32', 1), freshKey()),
      /A holds float64 and the values are int32: convert them/,
    ],
    [
      'a million chunks',
      async ({ driver }, id) => {
        const chunks = Array.from({ length: 10 ** 6 }, () => [0, 0]);
        return await all(driver.batch(id, { epoch: driver.head(id).epoch, items: [{ level: 0, chunks }] }));
      },
      /names 1000000 chunks: at most 4096 are given at once/,
    ],
    [
      'a chunk beyond the grid',
      async ({ driver }, id) =>
        await all(
          driver.batch(id, { epoch: driver.head(id).epoch, items: [{ level: 0, chunks: [[3, 0]] }] }),
        ),
      /no chunk \[3, 0\] at level 0: the grid there is 3 × 2/,
    ],
    [
      'a level that is not there',
      async ({ driver }, id) =>
        await all(
          driver.batch(id, { epoch: driver.head(id).epoch, items: [{ level: 9, chunks: [[0, 0]] }] }),
        ),
      /has levels 0 to 0; there is no level 9/,
    ],
    [
      'another rank',
      ({ driver }, id) => driver.resize(id, [1n], freshKey()),
      /has 2 axes: a new shape has as many/,
    ],
    [
      'rows that do not fit',
      ({ driver }, id) =>
        driver.append(
          id,
          { dtype: 'float64', shape: [1, 2], order: 'C', values: Float64Array.of(1, 2) },
          freshKey(),
        ),
      /1 × 2 elements do not fit at the end of axis 0 of A, which is 10 × 3/,
    ],
    ['a name taken', ({ driver }) => driver.create(empty, freshKey()), /an array called A already/],
    [
      'a grid too fine',
      ({ driver }) =>
        driver.create({ name: 'b', shape: [10n ** 18n], dtype: 'int8', chunk: [8] }, freshKey()),
      /at most 2\^53 − 1/,
    ],
    [
      'a growth to a grid too fine',
      ({ driver }, id) => driver.resize(id, [2n ** 62n, 3n], freshKey()),
      /Axis 0 of 4611686018427387904 elements in chunks of 4 has .* at most 2\^53 − 1/,
    ],
    [
      'a negative growth',
      ({ driver }, id) => driver.resize(id, [-1n, 3n], freshKey()),
      /axis 0 is -1: a size cannot be negative/,
    ],
    [
      'an append past 2^63',
      async ({ driver }) => {
        const { array } = await driver.create(
          { name: 'long', shape: [maxAxis], dtype: 'int8', chunk: [2 ** 20] },
          freshKey(),
        );
        const values = Int8Array.of(1, 2);
        return await driver.append(array, { dtype: 'int8', shape: [2], order: 'C', values }, freshKey());
      },
      /axis 0 is 9223372036854775809: an axis has at most 2\^63 − 1 elements/,
    ],
    [
      'a slice cut at the end',
      ({ driver }, id) => put(driver, id, '9:12, 0', 1, 2, 3),
      /1 elements are to be written, and 3 were given/,
    ],
    [
      'a fill that does not fit',
      ({ driver }) => driver.create({ name: 'b', shape: [1n], dtype: 'uint8', fill: 256 }, freshKey()),
      /256 is not a value of uint8/,
    ],
    [
      'all of a huge array',
      async ({ driver }) => {
        const { array } = await driver.create(
          { name: 'big', shape: [10n ** 18n], dtype: 'int8' },
          freshKey(),
        );
        return await get(driver, array, '');
      },
      /takes 1000000000000000000 bytes: at most/,
    ],
  ])('%s', async (_, attempt, sentence) => {
    await withArrays(async (arrays) => {
      const { array } = await arrays.driver.create(empty, freshKey());
      await expect(attempt(arrays, array)).rejects.toThrow(sentence);
    });
  });
});

function inside(key: string, shape: readonly number[]): boolean {
  return key.split(',').every((index, axis) => Number(index) < shape[axis]!);
}
