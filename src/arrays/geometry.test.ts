import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countChunks } from './chunk-plan.ts';
import { adviseTopology, chunkFor, costOf, topologies } from './geometry.ts';
import { resolveSelection } from './selection.ts';
import { parseChunk } from './shape.ts';

it('fits chunks of every topology into their bytes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { maxLength: 4 }),
      fc.constantFrom(...topologies),
      fc.integer({ min: 64, max: 2 ** 22 }),
      (shape, topology, bytes) => {
        const chunk = chunkFor(topology, shape, 'float64', bytes);
        expect(chunk.reduce((product, side) => product * side, 8)).toBeLessThanOrEqual(Math.max(bytes, 8));
        expect(() =>
          parseChunk(
            chunk,
            shape.map((size) => (size > 2n ** 40n ? 2n ** 40n : size)),
            8,
          ),
        ).not.toThrow();
      },
    ),
  );
});

it('shapes the arrays of the demo as one would by hand', () => {
  expect(chunkFor('rows', [10n ** 18n, 2n], 'float64')).toEqual([16_384, 2]);
  expect(chunkFor('tiles', [10n ** 9n, 2n * 10n ** 9n], 'float32')).toEqual([256, 256]);
  expect(chunkFor('rows', [10n ** 9n, 2n * 10n ** 9n], 'float64')).toEqual([1, 32_768]);
  expect(chunkFor('columns', [10n ** 9n, 2n * 10n ** 9n], 'float64')).toEqual([32_768, 1]);
  expect(chunkFor('rows', [0n, 2n], 'float64')).toEqual([16_384, 2]);
});

it('costs of lines are the chunks a selection of them touches', () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })),
      fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
      fc.integer({ min: 1, max: 40 }),
      (sizes, chunk, count) => {
        const shape = sizes.map(BigInt);
        const first = (axis: number) => {
          const taken = BigInt(Math.min(count, sizes[axis]!));
          return resolveSelection(
            sizes.map((_, i) => ({ kind: 'slice', stop: i === axis ? taken : undefined })),
            shape,
          );
        };
        const rows = costOf(shape, chunk, 'float64', { kind: 'rows', count: BigInt(count) });
        expect(rows.chunks).toBe(countChunks(first(0), chunk));
        const columns = costOf(shape, chunk, 'float64', { kind: 'columns', count: BigInt(count) });
        expect(columns.chunks).toBe(countChunks(first(1), chunk));
      },
    ),
  );
});

it('says when another topology is many times cheaper, and keeps quiet when none is', () => {
  const shape = [10n ** 9n, 2n * 10n ** 9n];
  const advice = adviseTopology(shape, [1, 32_768], 'float64', { kind: 'columns', count: 1n });
  expect(advice.best).toBe('columns');
  expect(advice.sentence).toBe(
    'Chunks of 32768 × 1 would read 32768 times less for column scans than today’s 1 × 32768.',
  );
  expect(adviseTopology(shape, [1, 32_768], 'float64', { kind: 'rows', count: 1n }).sentence).toBeUndefined();
  expect(adviseTopology(shape, [1, 32_768], 'float64', { kind: 'tiles', count: 1n, side: 512n }).best).toBe(
    'tiles',
  );
});
