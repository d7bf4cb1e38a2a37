import type { ChunkPart } from '../../arrays/chunk-plan.ts';
import { parseSelection } from '../../arrays/parse-selection.ts';
import { resolveSelection } from '../../arrays/selection.ts';
import type { Elements } from '../../protocol/array-client.ts';
import { cancelled, ExaError, isExaError } from '../../protocol/errors.ts';
import type { Pool } from '../pool.ts';
import type { BookedArray } from './array-book.ts';
import type { ChunkDesk, HereChunk } from './chunk-desk.ts';
import { type Gathering, gathering } from './gathering.ts';

/** Bytes of chunks looked for and asked for together, about a request’s; and how many such groups are under way. */
const groupBytes = 8 * 2 ** 20;
const groupsAtOnce = 4;
/** Bytes of chunks in files from which on a compute worker reads them. */
const leastFiled = 2 ** 20;

/**
 * The elements of a selection, chunk by chunk from here or the store. Throws `invalid` for a selection the array has not,
 * `refused` for one that takes too much at once, `offline` when a part is nowhere.
 */
export async function readElements(
  desk: ChunkDesk,
  booked: BookedArray,
  at: string,
  {
    pool,
    signal,
    progress,
    offline,
  }: {
    readonly pool: Pool;
    readonly signal: AbortSignal;
    readonly progress: (done: number) => void;
    readonly offline: boolean;
  },
): Promise<Elements> {
  const selection = resolveSelection(parseSelection(at), booked.head.shape.map(BigInt));
  const into = gathering(booked.head, selection);
  const filed = await takeFiled(into, desk, booked, at, { pool, signal, offline });
  const parts = into.parts.filter((part) => !filed.has(part));
  const perGroup = Math.max(1, Math.floor(groupBytes / into.chunkBytes));
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  let taken = 0;
  let done = filed.size;

  const take = (part: ChunkPart, found: HereChunk | undefined) => {
    if (!found)
      throw new ExaError(
        'offline',
        `Chunk [${part.chunk.join(', ')}] of ${booked.head.name} was not opened here before, and the store cannot be reached.`,
      );
    into.put(part, found.bytes);
  };

  const lane = async () => {
    while (taken < parts.length) {
      const some = parts.slice(taken, taken + perGroup);
      taken += some.length;
      const places = some.map((part) => part.chunk);
      const here = await desk.here(booked, 0, places);
      await Promise.all(
        some.map(async (part, i) => {
          const held = here[i];
          take(
            part,
            offline || held?.current
              ? held
              : await desk.bring(booked, 0, part.chunk, held, { signal: either }),
          );
          done++;
        }),
      );
      progress(done / into.parts.length);
      if (either.aborted) throw cancelled();
    }
  };

  try {
    const lanes = Promise.all(Array.from({ length: groupsAtOnce }, lane));
    lanes.catch(() => {});
    // What takes a while is done while the store makes its answer: a timer runs once all is asked for.
    if (parts.length > 0) await new Promise((resolve) => setTimeout(resolve, 0));
    into.reserve();
    await lanes;
  } catch (error) {
    ending.abort();
    throw error;
  }
  return into.result();
}

/** Has a compute worker gather what lies in files, and gives the parts that are done. */
async function takeFiled(
  into: Gathering,
  desk: ChunkDesk,
  booked: BookedArray,
  at: string,
  { pool, signal, offline }: { readonly pool: Pool; readonly signal: AbortSignal; readonly offline: boolean },
): Promise<ReadonlySet<ChunkPart>> {
  if (into.parts.length * into.chunkBytes < leastFiled) return new Set();
  const places = into.parts.map((part) => part.chunk);
  const located = await desk.filed(booked, places, { older: offline });
  const chunks = located.flatMap((page, i) =>
    page ? [{ ...page, place: places[i]!, part: into.parts[i]! }] : [],
  );
  if (chunks.length * into.chunkBytes < leastFiled) return new Set();
  await pool.staff(16);
  const worker = pool.workersOf(`arrays/${booked.head.id}`, 16)(8);
  try {
    const { values, absent } = await pool.call(
      worker,
      'arrayGather',
      { head: booked.head, at, chunks: chunks.map(({ part, ...slice }) => slice) },
      { signal },
    );
    into.adopt(values);
    const lost = new Set(absent);
    return new Set(chunks.flatMap(({ part }, i) => (lost.has(i) ? [] : [part])));
  } catch (error) {
    // A worker that went away has read nothing.
    if (isExaError(error, 'gone')) return new Set();
    throw error;
  }
}
