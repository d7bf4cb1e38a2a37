import type { ChunkDriver } from '../drivers/chunk-driver.ts';

/** Rows written in each far-apart region of `sensors`. */
export const regionRows = 131_072;
/** Where `sensors` (10^18 rows of two) has data. */
export const regions: readonly bigint[] = [
  0n,
  123_456_789_012_345_678n,
  700_000_000_000_000_000n,
  10n ** 18n - BigInt(regionRows),
];

/** Makes `sensors`, 10^18 × 2 with a few far-apart regions of numbers, NaN elsewhere, and `matrix`, 10^9 × 2·10^9 with two tiles. */
export async function makeFarArrays(arrays: ChunkDriver): Promise<void> {
  const sensors = await arrays.beginImport({
    name: 'sensors',
    shape: [10n ** 18n, 2n],
    dtype: 'float64',
    chunk: 'rows',
    fill: 'NaN',
  });
  for (const [region, start] of regions.entries())
    await sensors.write(
      [{ kind: 'slice', start, stop: start + BigInt(regionRows) }],
      Float64Array.from({ length: 2 * regionRows }, (_, i) => ((i * 7919 + region * 104_729) % 10_007) / 64),
    );
  await sensors.commit();
  const matrix = await arrays.beginImport({
    name: 'matrix',
    shape: [10n ** 9n, 2n * 10n ** 9n],
    dtype: 'float32',
    chunk: 'tiles',
  });
  for (const [row, column] of [
    [0n, 0n],
    [499_999_744n, 1_000_000_000n],
  ] as const)
    await matrix.write(
      [
        { kind: 'slice', start: row, stop: row + 512n },
        { kind: 'slice', start: column, stop: column + 512n },
      ],
      Float32Array.from({ length: 512 * 512 }, (_, i) => ((i * 31) % 1009) / 8),
    );
  await matrix.commit();
  for (const { id } of arrays.heads()) await arrays.summarise(id);
}
