import type { ArrayChange } from './array.ts';
import type { Receipt, VersionEvent } from './change.ts';
import { readBoolean, readCount, readList, readObject, readOptional, readText } from './parse-shape.ts';

/** A receipt from JSON. Throws `corrupt`. */
export const parseReceipt = readObject<Receipt>({
  version: readCount,
  asOf: readText,
  appended: readCount,
  updated: readCount,
  deleted: readCount,
});

/** A version event from JSON. Throws `corrupt`. */
export const parseVersionEvent = readObject<VersionEvent>({
  version: readCount,
  previous: readCount,
  asOf: readText,
  datasets: readList(
    readObject<VersionEvent['datasets'][number]>({
      id: readText,
      epoch: readText,
      headChanged: readBoolean,
      allocated: readCount,
      blocks: readList(readObject<{ block: number; live: number }>({ block: readCount, live: readCount })),
    }),
  ),
  arrays: readOptional(
    readList(
      readObject<ArrayChange>({
        id: readText,
        epoch: readText,
        headChanged: readBoolean,
        chunks: readOptional(readList(readList(readCount))),
      }),
    ),
  ),
});

/** Where a store's clock stands (health, and the first event of a stream of changes), from JSON. Throws `corrupt`. */
export const parseClock = readObject<{ readonly version: number; readonly asOf: string }>({
  version: readCount,
  asOf: readText,
});
