import { expect, test } from 'vitest';
import { columnFromLiterals } from '../arrow/build-column.ts';
import { encodeColumns } from '../arrow/columns-stream.ts';
import { inspectFile } from './inspect-file.ts';
import { readBatches } from './read-batches.ts';
import { blobSource, bytesSource, type ImportSource } from './source.ts';
import { textAt } from './typed-batch.ts';

const csv = 'order;amount;at\nA1;1.234,50;2024-03-31 03:00\nA2;7,00;2024-10-27 03:00\n';

async function read(source: ImportSource): Promise<(string | null)[][]> {
  const options = { zone: 'Europe/Paris' };
  const inspection = await inspectFile(source, options);
  const rows: (string | null)[][] = [];
  for await (const batch of readBatches(source, inspection, options))
    for (let i = 0; i < batch.rows; i++)
      rows.push(inspection.columns.map(({ name }) => textAt(batch.columns[name]!, i)));
  return rows;
}

const expected = [
  ['A1', '1234.50', '2024-03-31T01:00:00.000Z'],
  ['A2', '7.00', '2024-10-27T02:00:00.000Z'],
];

test('a file of the browser reads as in the store', async () => {
  expect(await read(blobSource('a.csv', new Blob([csv])))).toEqual(expected);
});

test('gzip, and gzip that is cut', async () => {
  const zipped = await new Response(
    new Blob([csv.repeat(400)]).stream().pipeThrough(new CompressionStream('gzip')),
  ).arrayBuffer();
  const source = blobSource('a.csv.gz', new Blob([zipped]));
  await expect(read(source)).resolves.toHaveLength(3 * 400 - 1);
  const cut = blobSource('a.csv.gz', new Blob([zipped.slice(0, zipped.byteLength - 20)]));
  await expect(read(cut)).rejects.toThrow(/a\.csv\.gz is cut short or damaged/);
});

test('Arrow', async () => {
  const price = columnFromLiterals({ kind: 'decimal', precision: 18, scale: 2 }, ['1234.50', '7.00']);
  expect(await read(bytesSource('a.arrow', encodeColumns({ price })))).toEqual([['1234.50'], ['7.00']]);
});
