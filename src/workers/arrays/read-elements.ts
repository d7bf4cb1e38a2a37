import { planChunks } from '../../arrays/chunk-plan.ts';
import { gather } from '../../arrays/copy-elements.ts';
import { denseOf, resultStrides } from '../../arrays/dense.ts';
import { fillValues, valuesOf } from '../../arrays/dtype.ts';
import type { Selection } from '../../arrays/selection.ts';
import { chunkVolume, shapeText, stridesOf } from '../../arrays/shape.ts';
import { decodeElements } from '../../arrow/elements-page.ts';
import type { Elements } from '../../protocol/array-client.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { BookedArray } from './array-book.ts';
import type { ChunkDesk } from './chunk-desk.ts';

/** Most chunks and bytes of elements one reading takes. */
const mostChunks = 16_384;
const mostBytes = 64 * 2 ** 20;
/** Chunks looked for and waited for together. */
const atOnce = 256;

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
  const dense = denseOf(dtype, selection.shape, fillValues(dtype, fill), { mostBytes });
  const target = { values: dense.values, strides: resultStrides(selection, dense) };
  const strides = stridesOf(chunk, order);
  const parts = [...planChunks(selection, chunk, mostChunks)];
  let done = 0;
  for (let from = 0; from < parts.length; from += atOnce) {
    const some = parts.slice(from, from + atOnce);
    const here = await desk.here(
      booked,
      0,
      some.map((part) => part.chunk),
    );
    await Promise.all(
      some.map(async (part, i) => {
        let found = here[i];
        if (!offline && !found?.current) found = await desk.fetch(booked, 0, part.chunk, { signal });
        if (!found)
          throw new ExaError(
            'offline',
            `Chunk [${part.chunk.join(', ')}] of ${name} was not opened here before, and the store cannot be reached.`,
          );
        if (found.bytes) {
          const elements = decodeElements(found.bytes);
          const values = valuesOf(elements.dtype, elements.bytes);
          if (elements.dtype !== dtype || values.length !== chunkVolume(chunk))
            throw new ExaError(
              'corrupt',
              `A chunk of ${name} is not ${shapeText(chunk)} elements of ${dtype}, as its head says.`,
            );
          gather(part, { values, strides }, target);
        }
        progress(++done / parts.length);
      }),
    );
    if (signal.aborted) throw new ExaError('cancelled', 'The request was cancelled.');
  }
  return { dtype, shape: dense.shape, values: dense.values };
}
