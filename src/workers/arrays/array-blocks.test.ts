import { expect, test } from 'vitest';
import { encodeElements } from '../../arrow/elements-page.ts';
import { decodePage } from '../../arrow/page.ts';
import type { ArrayBatchRequest, ArrayHead } from '../../protocol/array.ts';
import type { BatchPart } from '../../protocol/batch.ts';
import { arrayBlocks } from './array-blocks.ts';

const head: ArrayHead = {
  id: 'local-grid',
  name: 'grid',
  epoch: 'e',
  scope: 's',
  version: 1,
  asOf: '2026-11-20T12:04:00.000Z',
  shape: ['40', '6'],
  dtype: 'int32',
  chunk: [8, 6],
  order: 'C',
  fill: 0,
  reduced: [true, false],
  chunks: 5,
  bytes: 960,
};
/** Element `[row, column]` is `10 · row + column`. */
const element = (row: number, column: number): number => 10 * row + column;

const arrays = {
  head: async () => head,
  async *batch(_: string, { items }: ArrayBatchRequest): AsyncGenerator<BatchPart> {
    for (const [item, [down]] of items[0]!.chunks.entries()) {
      const values = Int32Array.from({ length: 48 }, (_, i) =>
        element(8 * Number(down) + Math.floor(i / 6), i % 6),
      );
      const body = encodeElements('int32', values);
      yield { item, kind: 'page', version: 1, block: 0, level: 0, revision: 1, checksum: '', body };
    }
  },
};

test('each part of an array has its own rows and columns, though they begin at the same element', async () => {
  const blocks = arrayBlocks(arrays);
  const column = async (dataset: string, id: string): Promise<number[]> => {
    for await (const { body } of blocks.parts({
      kind: 'pages',
      dataset,
      epoch: 'e',
      column: id,
      blocks: [0],
    })) {
      const data = decodePage(body);
      return data.kind === 'int32' ? [...data.values] : [];
    }
    return [];
  };
  for (const [rows, columns] of [
    [3, 2],
    [3, 5],
    [20, 2],
    [40, 6],
  ] as const)
    expect(await column(`array:local-grid[0:${rows},0:${columns}]`, 'c2')).toEqual(
      Array.from({ length: rows }, (_, row) => element(row, 1)),
    );
});
