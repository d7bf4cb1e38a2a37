import { type ChunkPart, planChunks } from '../../arrays/chunk-plan.ts';
import { gather } from '../../arrays/copy-elements.ts';
import { resultStrides, sizesWithin } from '../../arrays/dense.ts';
import { fillValues, itemSize, makeValues, type Values, valuesOf } from '../../arrays/dtype.ts';
import type { Selection } from '../../arrays/selection.ts';
import { chunkVolume, shapeText, stridesOf, volume } from '../../arrays/shape.ts';
import { elementsIn } from '../../arrow/elements-frame.ts';
import type { ArrayHead } from '../../protocol/array.ts';
import type { Elements } from '../../protocol/array-client.ts';
import { ExaError } from '../../protocol/errors.ts';

/** Most chunks and bytes of elements one reading takes. */
const mostChunks = 16_384;
const mostBytes = 64 * 2 ** 20;

/** The elements of a selection while its chunks come in, in any order. */
export interface Gathering {
  /** The chunks the selection touches. */
  readonly parts: readonly ChunkPart[];
  /** Bytes of one chunk's elements. */
  readonly chunkBytes: number;
  /** Takes a chunk's page in; undefined is a hole. Throws `corrupt` where it is no such chunk. */
  put(part: ChunkPart, page: Uint8Array | undefined): void;
  /** Goes on with elements another thread gathered of the same selection. */
  adopt(values: Values): void;
  /** Makes the room now rather than with the first chunk. */
  reserve(): void;
  /** The elements; all parts were put. */
  result(): Elements;
}

/** Throws `refused` when the selection takes too many chunks or bytes at once. */
export function gathering(
  { dtype, fill, chunk, order, name }: Pick<ArrayHead, 'dtype' | 'fill' | 'chunk' | 'order' | 'name'>,
  selection: Selection,
): Gathering {
  const shape = sizesWithin(dtype, selection.shape, mostBytes);
  const parts = [...planChunks(selection, chunk, mostChunks)];
  const strides = stridesOf(chunk, order);
  const hole = { values: fillValues(dtype, fill), strides: chunk.map(() => 0) };
  const targetStrides = resultStrides(selection, { shape, order: 'C' });
  let target: { readonly values: Values; readonly strides: readonly number[] } | undefined;
  const made = () => {
    // Every element is in some part: nothing need be filled first.
    target ??= { values: makeValues(dtype, Number(volume(selection.shape))), strides: targetStrides };
    return target;
  };
  return {
    parts,
    chunkBytes: chunkVolume(chunk) * itemSize(dtype),
    put(part, page) {
      if (!page) {
        gather(part, hole, made());
        return;
      }
      const elements = elementsIn(page);
      const values = valuesOf(elements.dtype, elements.bytes);
      if (elements.dtype !== dtype || values.length !== chunkVolume(chunk))
        throw new ExaError(
          'corrupt',
          `A chunk of ${name} is not ${shapeText(chunk)} elements of ${dtype}, as its head says.`,
        );
      gather(part, { values, strides }, made());
    },
    adopt(values) {
      target = { values, strides: targetStrides };
    },
    reserve: () => void made(),
    result: () => ({ dtype, shape, values: made().values }),
  };
}
