import { itemSize, makeValues } from '../../../src/arrays/dtype.ts';
import { chunkVolume, shapeText } from '../../../src/arrays/shape.ts';
import { framedElements } from '../../../src/arrow/elements-frame.ts';
import type { ArrayBatchRequest } from '../../../src/protocol/array.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { ArrayRecord } from '../array-catalogue.ts';
import type { ArrayPart, BatchOptions } from '../chunk-driver.ts';
import { type ArrayFile, visibleOf } from './array-file.ts';
import { gridsOf, type LevelPages } from './level-pages.ts';

/** An array with its data and its levels. */
export interface OpenArray {
  readonly file: ArrayFile;
  readonly levels: LevelPages;
}

/** Most chunks a batch may name. */
const batchChunks = 4096;

/** Bytes of data chunks read at once; the next such group is read while one is sent. */
const groupBytes = 2 * 2 ** 20;

/** A chunk asked for. */
interface Wanted {
  readonly item: number;
  readonly level: number;
  readonly place: readonly number[];
  readonly revision: number;
  /** Not changed since the version asked about. */
  readonly same: boolean;
}

/**
 * Chunks of a request in its order, all as of the record there is when it begins. Throws `gone` for another epoch, `invalid`
 * for a chunk that is not there, `refused` for more than 4096.
 */
export async function* batchOf(
  array: OpenArray,
  request: ArrayBatchRequest,
  { signal, lend }: BatchOptions = {},
): AsyncGenerator<ArrayPart> {
  // Every part is as of this record, whatever is written meanwhile.
  const { record } = array.file;
  const groups = groupsOf(record, wantedOf(array, record, request));
  const readNext = () => {
    const { value: group } = groups.next();
    if (!group) return undefined;
    const reading = readGroup(array, record, group, lend);
    // Whoever leaves before it is wanted is not told of its failure.
    reading.catch(() => undefined);
    return reading;
  };
  const isAhead = bytesOfChunk(record) <= groupBytes;
  let next = readNext();
  try {
    while (next) {
      signal?.throwIfAborted();
      const parts = await next;
      next = isAhead ? readNext() : undefined;
      yield* parts;
      if (!isAhead) next = readNext();
    }
  } finally {
    await next?.catch(() => undefined);
  }
}

function bytesOfChunk({ chunk, dtype }: ArrayRecord): number {
  return chunkVolume(chunk) * itemSize(dtype);
}

function wantedOf(
  { file, levels }: OpenArray,
  record: ArrayRecord,
  { epoch, items }: ArrayBatchRequest,
): Wanted[] {
  const count = items.reduce((sum, { chunks }) => sum + chunks.length, 0);
  if (count > batchChunks)
    throw new ExaError(
      'refused',
      `The request names ${count} chunks: at most ${batchChunks} are given at once, so ask for a coarser level or a smaller part.`,
      { facts: { chunks: count, most: batchChunks } },
    );
  if (record.epoch !== epoch)
    throw new ExaError('gone', `The array ${record.name} was replaced: read its head again.`);
  const grids = gridsOf(record);
  const wanted: Wanted[] = [];
  for (const { level, chunks, since } of items) {
    const grid = grids[level];
    if (!grid)
      throw new ExaError(
        'invalid',
        `${record.name} has levels 0 to ${grids.length - 1}; there is no level ${level}.`,
      );
    for (const [i, place] of chunks.entries()) {
      if (place.length !== grid.grid.length || place.some((index, axis) => index >= grid.grid[axis]!))
        throw new ExaError(
          'invalid',
          `There is no chunk [${place.join(', ')}] at level ${level}: the grid there is ${shapeText(grid.grid)}.`,
        );
      const revision = revisionOf(file, levels, record, level, place);
      const same = since !== undefined && revision <= (since[i] ?? -1);
      wanted.push({ item: wanted.length, level, place, revision, same });
    }
  }
  return wanted;
}

/**
 * Neighbours in the request that are read together: data chunks up to {@link groupBytes}, the first by itself so that the
 * answer begins soon and then twice as many each time; anything else by itself.
 */
function* groupsOf(record: ArrayRecord, wanted: readonly Wanted[]): Generator<readonly Wanted[]> {
  const largest = Math.max(1, Math.floor(groupBytes / bytesOfChunk(record)));
  let most = 1;
  const isData = ({ level, same }: Wanted) => level === 0 && !same;
  for (let from = 0; from < wanted.length; ) {
    let to = from + 1;
    if (isData(wanted[from]!)) while (to < wanted.length && to - from < most && isData(wanted[to]!)) to++;
    yield wanted.slice(from, to);
    from = to;
    most = Math.min(largest, 2 * most);
  }
}

async function readGroup(
  { file, levels }: OpenArray,
  record: ArrayRecord,
  group: readonly Wanted[],
  lend: BatchOptions['lend'],
): Promise<ArrayPart[]> {
  const { version } = record;
  const [first] = group;
  if (first!.same) {
    const { item, level, revision } = first!;
    return [{ item, level, version, revision, same: true, body: new Uint8Array() }];
  }
  if (first!.level > 0) {
    const { item, level, place } = first!;
    const page = await file.reading(() => levels.page(record, level, place));
    return [{ item, level, version, revision: page?.revision ?? 0, body: page?.bytes ?? new Uint8Array() }];
  }
  const { dtype, chunk } = record;
  const chunks = await file.reading(() =>
    file.readChunks(
      record,
      group.map(({ place }) => place),
      () => framedElements(dtype, bytesOfChunk(record), () => makeValues(dtype, chunkVolume(chunk)), lend),
    ),
  );
  return group.map(({ item, level }, i) => ({
    item,
    level,
    version,
    revision: chunks[i]?.revision ?? 0,
    body: chunks[i]?.room.body ?? new Uint8Array(),
  }));
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
