import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Values } from '../../../src/arrays/dtype.ts';
import { parseSelection } from '../../../src/arrays/parse-selection.ts';
import { loadChecksum } from '../../../src/arrow/checksum.ts';
import type { Receipt, VersionEvent } from '../../../src/protocol/change.ts';
import { derivedFiles } from '../../derived.ts';
import type { ChunkDriver } from '../chunk-driver.ts';
import { duckdbDriver } from '../duckdb/duckdb-driver.ts';
import { type FsChunkOptions, fsChunkDriver } from './fs-chunk-driver.ts';

/** Arrays over a catalogue of their own, for tests. */
export interface TestArrays {
  readonly driver: ChunkDriver;
  readonly directory: string;
  readonly events: VersionEvent[];
  close(): Promise<void>;
}

export async function openArrays(
  directory: string,
  options: Pick<FsChunkOptions, 'compactBytes' | 'crew' | 'warn'> = {},
): Promise<TestArrays> {
  const tables = await duckdbDriver({ file: join(directory, 'store.duckdb'), threads: 1 });
  const events: VersionEvent[] = [];
  tables.onVersion((event) => events.push(event));
  const checksum = await loadChecksum();
  const files = await derivedFiles({ directory: join(directory, 'derived'), checksum });
  const driver = await fsChunkDriver({
    directory: join(directory, 'arrays'),
    catalogue: tables.catalogue,
    checksum,
    files,
    ...options,
  });
  return {
    driver,
    directory,
    events,
    async close() {
      await files.settled();
      await tables.close();
      await driver.close();
    },
  };
}

export async function withArrays<T>(
  use: (arrays: TestArrays) => Promise<T>,
  options: Pick<FsChunkOptions, 'compactBytes' | 'crew'> = {},
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'exanalytics-arrays-'));
  const arrays = await openArrays(directory, options);
  try {
    return await use(arrays);
  } finally {
    await arrays.close();
    await rm(directory, { recursive: true, force: true });
  }
}

let keys = 0;

/** A key nobody used. */
export function freshKey(): { key: string; fingerprint: string } {
  return { key: `test-${keys++}`, fingerprint: '' };
}

/** Assigns float64 values to an index expression. */
export function put(driver: ChunkDriver, id: string, at: string, ...values: number[]): Promise<Receipt> {
  return driver.write(id, parseSelection(at), 'float64', Float64Array.from(values), freshKey());
}

export async function get(driver: ChunkDriver, id: string, at: string): Promise<Values> {
  return (await driver.read(id, parseSelection(at))).values;
}
