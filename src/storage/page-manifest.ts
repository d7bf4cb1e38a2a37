import type { Kept, S3FifoState } from './s3-fifo.ts';

/** What the manifest record of a cache holds. */
interface Manifest extends S3FifoState {
  readonly format: 1;
}

/** The record to save. */
export function writeManifest(state: S3FifoState): Manifest {
  return { format: 1, ...state };
}

/** What a saved record tells; undefined when there is none, or none this version reads. */
export function readManifest(record: unknown): S3FifoState | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const { format, small, main } = record as Partial<Record<keyof Manifest, unknown>>;
  return format === 1 && isQueue(small) && isQueue(main) ? { small, main } : undefined;
}

function isQueue(value: unknown): value is Kept[] {
  return (
    Array.isArray(value) &&
    value.every(
      (kept) =>
        Array.isArray(kept) &&
        typeof kept[0] === 'string' &&
        Number.isSafeInteger(kept[1]) &&
        kept[1] >= 0 &&
        Number.isSafeInteger(kept[2]) &&
        Number.isSafeInteger(kept[3]),
    )
  );
}
