import { expect, test } from 'vitest';
import { encodeNpy } from '../../arrays/npy.ts';
import { decodeCells } from '../../arrays/pyramid/cells-page.ts';
import { gridsOf } from '../../arrays/pyramid/picture.ts';
import { decodeElements } from '../../arrow/elements-page.ts';
import type { ArrayHead, MemoryOrder } from '../../protocol/array.ts';
import type { BatchPart } from '../../protocol/batch.ts';
import { openLocalDatabase } from '../../storage/local-database.ts';
import { type LocalArrays, openLocalArrays } from './local-arrays.ts';

const fresh = (): string => `local arrays ${Math.random()}`;

async function chunkOf(
  arrays: LocalArrays,
  { id, epoch }: ArrayHead,
  level: number,
  place: readonly number[],
): Promise<Uint8Array> {
  const parts: BatchPart[] = [];
  for await (const part of arrays.batch(id, { epoch, items: [{ level, chunks: [place] }] })) parts.push(part);
  expect(parts.length).toBe(1);
  return parts[0]!.body;
}

/** Row `i`, column `j` is `1000 i + j`. */
function fileOf(rows: number, columns: number, order: MemoryOrder): Blob {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) values[order === 'C' ? i * columns + j : j * rows + i] = 1000 * i + j;
  return new Blob([encodeNpy({ dtype: 'float64', shape: [rows, columns], order, values })]);
}

test('a .npy file in either order, and numbers as text, are kept whole with every level', async () => {
  const arrays = openLocalArrays({ name: fresh() });
  const text = Array.from({ length: 300 }, (_, i) =>
    Array.from({ length: 250 }, (_, j) => 1000 * i + j).join(';'),
  );
  for (const file of [fileOf(300, 250, 'C'), fileOf(300, 250, 'F'), new Blob([text.join('\r\n')])]) {
    const told: number[] = [];
    const id = await arrays.keep(file, 'grid', { progress: (done) => told.push(done) });
    expect(told.at(-1)).toBe(1);
    const head = await arrays.head(id);
    expect(head).toMatchObject({
      name: 'grid',
      shape: ['300', '250'],
      dtype: 'float64',
      reduced: [true, true],
    });
    const [rows, columns] = head.chunk as [number, number];
    const grids = gridsOf(head);
    for (const [down, across] of [
      [0, 0],
      [grids[0]!.grid[0]! - 1, grids[0]!.grid[1]! - 1],
    ] as const) {
      const { bytes } = decodeElements(await chunkOf(arrays, head, 0, [down, across]));
      const values = new Float64Array(bytes.slice().buffer);
      for (let i = 0; i < rows; i += 17)
        for (let j = 0; j < columns; j += 13)
          if (down * rows + i < 300 && across * columns + j < 250)
            expect(values[i * columns + j]).toBe(1000 * (down * rows + i) + across * columns + j);
    }
    const top = decodeCells(await chunkOf(arrays, head, grids.length - 1, [0, 0]));
    expect(top.counts.reduce((sum, count) => sum + count, 0n)).toBe(75_000n);
    expect(Math.max(...top.max)).toBe(299_249);
    expect(Math.min(...top.min)).toBe(0);
  }
  expect((await arrays.arrays()).arrays.length).toBe(3);
});

test('a file that is cut or no numbers, or is given up, leaves nothing', async () => {
  const name = fresh();
  const arrays = openLocalArrays({ name });
  const good = fileOf(300, 250, 'C');
  await expect(arrays.keep(good.slice(0, good.size - 8), 'cut.npy')).rejects.toMatchObject({
    tag: 'corrupt',
    message: expect.stringMatching(/^cut\.npy has \d+ bytes where its header asks for \d+/),
  });
  await expect(arrays.keep(new Blob(['1,2\n3,x\n']), 'm.csv')).rejects.toMatchObject({
    tag: 'invalid',
    message: 'Line 2, column 2 of m.csv: “x” is no number.',
  });
  await expect(arrays.keep(new Blob(['1,2\n3\n']), 'm.csv')).rejects.toMatchObject({ tag: 'invalid' });
  const leaves = new AbortController();
  await expect(
    arrays.keep(good, 'left', { signal: leaves.signal, progress: () => leaves.abort() }),
  ).rejects.toMatchObject({ tag: 'cancelled' });
  expect((await arrays.arrays()).arrays).toEqual([]);
  const pages = await openLocalDatabase(name).read((transaction) => transaction.keys('pages'));
  expect(pages).toEqual([]);
});

test('what is dropped is gone, and what a killed tab left is swept', async () => {
  const name = fresh();
  const arrays = openLocalArrays({ name });
  const id = await arrays.keep(fileOf(20, 3, 'C'), 'small');
  const database = openLocalDatabase(name);
  await database.write(async (transaction) =>
    transaction.put('pages', 'left/0/0', { bytes: new Uint8Array(8) }),
  );
  const again = openLocalArrays({ name });
  await expect
    .poll(async () => (await database.read((transaction) => transaction.keys('pages'))).includes('left/0/0'))
    .toBe(false);
  expect((await again.head(id)).shape).toEqual(['20', '3']);
  await again.drop(id);
  await expect(again.head(id)).rejects.toMatchObject({ tag: 'missing' });
  expect(await database.read((transaction) => transaction.keys('pages'))).toEqual([]);
});
