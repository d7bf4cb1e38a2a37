import { shapeText } from '../../../src/arrays/shape.ts';
import { encodeElements } from '../../../src/arrow/elements-page.ts';
import type { ArrayBatchRequest } from '../../../src/protocol/array.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { ArrayRecord } from '../array-catalogue.ts';
import type { ArrayPart } from '../chunk-driver.ts';
import { type ArrayFile, visibleOf } from './array-file.ts';
import type { Scratch } from './journal.ts';
import { gridsOf, type LevelPages } from './level-pages.ts';

/** An array with its data and its levels. */
export interface OpenArray {
  readonly file: ArrayFile;
  readonly levels: LevelPages;
}

/** Most chunks a batch may name. */
const batchChunks = 4096;

/**
 * Chunks of a request in its order, all as of the record there is when it begins. Throws `gone` for another epoch, `invalid`
 * for a chunk that is not there, `refused` for more than 4096.
 */
export async function* batchOf(
  { file, levels }: OpenArray,
  request: ArrayBatchRequest,
  signal?: AbortSignal,
): AsyncGenerator<ArrayPart> {
  const count = request.items.reduce((sum, { chunks }) => sum + chunks.length, 0);
  if (count > batchChunks)
    throw new ExaError(
      'refused',
      `The request names ${count} chunks: at most ${batchChunks} are given at once, so ask for a coarser level or a smaller part.`,
      { facts: { chunks: count, most: batchChunks } },
    );
  // Every part is as of this record, whatever is written meanwhile.
  const record = file.record;
  if (record.epoch !== request.epoch)
    throw new ExaError('gone', `The array ${record.name} was replaced: read its head again.`);
  const grids = gridsOf(record);
  const scratch: Scratch = {};
  let item = 0;
  for (const { level, chunks, since } of request.items) {
    const grid = grids[level];
    if (!grid)
      throw new ExaError(
        'invalid',
        `${record.name} has levels 0 to ${grids.length - 1}; there is no level ${level}.`,
      );
    for (const [i, place] of chunks.entries()) {
      signal?.throwIfAborted();
      if (place.length !== grid.grid.length || place.some((index, axis) => index >= grid.grid[axis]!))
        throw new ExaError(
          'invalid',
          `There is no chunk [${place.join(', ')}] at level ${level}: the grid there is ${shapeText(grid.grid)}.`,
        );
      const revision = revisionOf(file, levels, record, level, place);
      if (since !== undefined && revision <= (since[i] ?? -1)) {
        yield { item: item++, level, version: record.version, revision, same: true, body: new Uint8Array() };
        continue;
      }
      const page = await file.reading(() => pageOf(file, levels, record, level, place, scratch));
      yield { item: item++, level, version: record.version, ...page };
    }
  }
}

/** Version that last changed a chunk, or made it shorter; 0 of a hole. */
function revisionOf(
  file: ArrayFile,
  levels: LevelPages,
  record: ArrayRecord,
  level: number,
  place: readonly number[],
): number {
  if (level > 0) return levels.revision(record, level, place) ?? 0;
  const entry = file.index.at(place, record.version);
  return entry ? visibleOf(record, entry).revision : 0;
}

async function pageOf(
  file: ArrayFile,
  levels: LevelPages,
  record: ArrayRecord,
  level: number,
  place: readonly number[],
  scratch: Scratch,
): Promise<{ revision: number; body: Uint8Array }> {
  if (level > 0) {
    const page = await levels.page(record, level, place);
    return { revision: page?.revision ?? 0, body: page?.bytes ?? new Uint8Array() };
  }
  const chunk = await file.readChunk(record, place, scratch);
  return chunk
    ? { revision: chunk.revision, body: encodeElements(record.dtype, chunk.values) }
    : { revision: 0, body: new Uint8Array() };
}
