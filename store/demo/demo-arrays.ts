import type { Index } from '../../src/arrays/selection.ts';
import type { ChunkDriver } from '../drivers/chunk-driver.ts';
import { seededRandom } from './random.ts';
import { readRecordings, recordingsFolder } from './recordings.ts';

/** Rows made in a region of `sensors` that no recording fills. */
const sensorRows = 131_072;
/** Rows and columns of each tile written in `matrix`. */
const tileSide = 768;

/** Where `sensors` (10^18 rows of two) has data: its beginning, two places between (where chunks begin), its end. */
export const sensorRegions: readonly bigint[] = [
  0n,
  123_456_789_012_332_544n,
  700_000_000_000_000_000n - (700_000_000_000_000_000n % 16_384n),
  10n ** 18n - BigInt(sensorRows),
];

/** Where `matrix` (10^9 by 2·10^9) has data. */
export const matrixRegions: readonly (readonly [bigint, bigint])[] = [
  [0n, 0n],
  [499_999_744n, 1_000_000_000n],
  [10n ** 9n - BigInt(tileSide), 2n * 10n ** 9n - BigInt(tileSide)],
];

/**
 * Makes the demo arrays where there are none: `sensors`, a temperature and a load with daily waves, noise and a few
 * faults, between them two real recordings where they lie beside the checkout (else more of the same); and `matrix`, smooth
 * hills. A few megabytes written in far-apart regions, the rest never was.
 */
export async function loadDemoArrays(
  arrays: ChunkDriver,
  {
    log,
    signal,
    recordings = recordingsFolder,
  }: {
    readonly log?: (line: string) => void;
    readonly signal?: AbortSignal;
    /** Where the recordings may be. */
    readonly recordings?: string;
  } = {},
): Promise<void> {
  if (arrays.heads().length > 0) return;
  const sensors = await arrays.beginImport({
    name: 'sensors',
    shape: [10n ** 18n, 2n],
    dtype: 'float64',
    chunk: 'rows',
    fill: 'NaN',
  });
  const [machine, eeg] = await readRecordings(recordings);
  const recorded = [undefined, machine, eeg, undefined];
  for (const [region, start] of sensorRegions.entries()) {
    signal?.throwIfAborted();
    const values = recorded[region] ?? sensorValues(region);
    await sensors.write([box(start, values.length / 2)], values, signal);
  }
  await sensors.commit();
  const matrix = await arrays.beginImport({
    name: 'matrix',
    shape: [10n ** 9n, 2n * 10n ** 9n],
    dtype: 'float32',
    chunk: 'tiles',
  });
  for (const [region, [row, column]] of matrixRegions.entries()) {
    signal?.throwIfAborted();
    await matrix.write([box(row, tileSide), box(column, tileSide)], hills(region), signal);
  }
  await matrix.commit();
  for (const { id } of arrays.heads()) await arrays.summarise(id, { signal });
  log?.('arrays: sensors (10^18 × 2), matrix (10^9 × 2·10^9)');
}

function box(start: bigint, length: number): Index {
  return { kind: 'slice', start, stop: start + BigInt(length) };
}

/** One sample a second: a daily wave, a slow drift, noise, and now and then a fault. */
function sensorValues(region: number): Float64Array<ArrayBuffer> {
  const random = seededRandom(20_261_121 + region);
  const values = new Float64Array(2 * sensorRows);
  let drift = 0;
  for (let row = 0; row < sensorRows; row++) {
    drift += (random(1, row) - 0.5) * 0.01;
    const day = wave(row / 86_400);
    const fault = random(2, row) > 0.99995 ? 12 : 0;
    values[2 * row] = 21 + 4 * day + drift + (random(3, row) - 0.5) * 0.3 + fault;
    values[2 * row + 1] = 0.45 + 0.3 * wave(row / 3600 + region / 7) + (random(4, row) - 0.5) * 0.1;
  }
  return values;
}

/** Hills of a few heights and widths over a gentle slope. */
function hills(region: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(7 + region);
  const peaks = Array.from({ length: 24 }, (_, i) => ({
    row: random(1, i) * tileSide,
    column: random(2, i) * tileSide,
    height: 0.4 + random(3, i),
    width: 900 + 9000 * random(4, i),
  }));
  const values = new Float32Array(tileSide * tileSide);
  for (let row = 0; row < tileSide; row++)
    for (let column = 0; column < tileSide; column++) {
      let height = (row + column) / (8 * tileSide);
      for (const peak of peaks) {
        const apart = 1 + ((row - peak.row) ** 2 + (column - peak.column) ** 2) / peak.width;
        height += peak.height / (apart * apart);
      }
      values[row * tileSide + column] = height;
    }
  return values;
}

/** A smooth wave of period 1 between −1 and 1: two parabolas, the same bits in every engine. */
function wave(turns: number): number {
  const phase = turns - Math.floor(turns);
  return phase < 0.5 ? 16 * phase * (0.5 - phase) : -16 * (phase - 0.5) * (1 - phase);
}
