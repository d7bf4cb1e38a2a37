import { type ChunkPart, planChunks } from '../../arrays/chunk-plan.ts';
import { gather } from '../../arrays/copy-elements.ts';
import { denseOf, resultStrides } from '../../arrays/dense.ts';
import { fillValues, itemSize, makeValues, valuesOf } from '../../arrays/dtype.ts';
import type { Selection } from '../../arrays/selection.ts';
import { chunkVolume, shapeText, stridesOf } from '../../arrays/shape.ts';
import { elementsIn } from '../../arrow/elements-frame.ts';
import type { Elements } from '../../protocol/array-client.ts';
import { cancelled, ExaError } from '../../protocol/errors.ts';
import type { BookedArray } from './array-book.ts';
import type { ChunkDesk, HereChunk } from './chunk-desk.ts';

/** Most chunks and bytes of elements one reading takes. */
const mostChunks = 16_384;
const mostBytes = 64 * 2 ** 20;
/** Bytes of chunks looked for and asked for together, about a request’s; and how many such groups are under way. */
const groupBytes = 8 * 2 ** 20;
const groupsAtOnce = 4;

/** The elements of a selection, chunk by chunk from here or the store. Throws `offline` when a part is nowhere. */
export async function readElements(
  desk: ChunkDesk,
  booked: BookedArray,
  selection: Selection,
  {
    signal,
    progress,
    offline,
  }: {
    readonly signal: AbortSignal;
    readonly progress: (done: number) => void;
    readonly offline: boolean;
  },
): Promise<Elements> {
  const { dtype, fill, chunk, order, name } = booked.head;
  // Every element is in some part: nothing need be filled first.
  const dense = denseOf(dtype, selection.shape, makeValues(dtype, 1), { mostBytes });
  const target = { values: dense.values, strides: resultStrides(selection, dense) };
  const strides = stridesOf(chunk, order);
  const hole = { values: fillValues(dtype, fill), strides: chunk.map(() => 0) };
  const parts = [...planChunks(selection, chunk, mostChunks)];
  const perGroup = Math.max(1, Math.floor(groupBytes / (chunkVolume(chunk) * itemSize(dtype))));
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  let taken = 0;
  let done = 0;

  const take = (part: ChunkPart, found: HereChunk | undefined) => {
    if (!found)
      throw new ExaError(
        'offline',
        `Chunk [${part.chunk.join(', ')}] of ${name} was not opened here before, and the store cannot be reached.`,
      );
    if (!found.bytes) {
      gather(part, hole, target);
      return;
    }
    const elements = elementsIn(found.bytes);
    const values = valuesOf(elements.dtype, elements.bytes);
    if (elements.dtype !== dtype || values.length !== chunkVolume(chunk))
      throw new ExaError(
        'corrupt',
        `A chunk of ${name} is not ${shapeText(chunk)} elements of ${dtype}, as its head says.`,
      );
    gather(part, { values, strides }, target);
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
      progress(done / parts.length);
      if (either.aborted) throw cancelled();
    }
  };

  try {
    await Promise.all(Array.from({ length: groupsAtOnce }, lane));
  } catch (error) {
    ending.abort();
    throw error;
  }
  return { dtype, shape: dense.shape, values: dense.values };
}
