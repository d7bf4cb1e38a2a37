import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const unzip = promisify(gunzip);

/** Where public data sets may lie, beside the checkout. */
export const recordingsFolder: string = resolve('..', 'shared', 'data');

/** One column of a gzipped, comma-separated file, in units of `unit` of its own. */
interface Source {
  readonly file: string;
  readonly column: string;
  readonly unit: number;
}

/**
 * Two real recordings of two columns: a machine's temperature (°F) beside a server cluster's load (%), five minutes a row,
 * with the failures they are known for (Numenta Anomaly Benchmark, MIT); two electrodes of an EEG in millivolts, 128 rows a
 * second, with its few wild outliers (UCI 264, CC BY 4.0).
 */
const sources: readonly (readonly [Source, Source])[] = [
  [
    { file: 'nab/data/realKnownCause/machine_temperature_system_failure.csv.gz', column: 'value', unit: 1 },
    {
      file: 'nab/data/realKnownCause/cpu_utilization_asg_misconfiguration.csv.gz',
      column: 'value',
      unit: 1,
    },
  ],
  [
    { file: 'eeg-eye-state/eeg_eye_state.csv.gz', column: 'AF3', unit: 1000 },
    { file: 'eeg-eye-state/eeg_eye_state.csv.gz', column: 'O2', unit: 1000 },
  ],
];

/**
 * The recordings as rows of two, in C order; the shorter column ends in NaN. One whose files are not there, or are not what
 * they were, is undefined.
 */
export async function readRecordings(
  folder = recordingsFolder,
): Promise<readonly (Float64Array<ArrayBuffer> | undefined)[]> {
  return await Promise.all(
    sources.map(async (pair) => {
      const columns = await Promise.all(pair.map((source) => readColumn(folder, source)));
      const [one, other] = columns;
      if (!one?.length || !other?.length) return undefined;
      const rows = new Float64Array(2 * Math.max(one.length, other.length)).fill(Number.NaN);
      for (const [row, value] of one.entries()) rows[2 * row] = value;
      for (const [row, value] of other.entries()) rows[2 * row + 1] = value;
      return rows;
    }),
  );
}

async function readColumn(folder: string, { file, column, unit }: Source): Promise<number[] | undefined> {
  let text: string;
  try {
    text = (await unzip(await readFile(join(folder, file)))).toString('utf8');
  } catch {
    return undefined;
  }
  const [head = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const at = head.split(',').indexOf(column);
  const values = lines.map((line) => Number(line.split(',')[at] || Number.NaN) / unit);
  return at >= 0 && values.every(Number.isFinite) ? values : undefined;
}
