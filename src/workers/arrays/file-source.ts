import { parseCsvMatrix } from '../../arrays/csv-matrix.ts';
import type { DenseArray } from '../../arrays/dense.ts';
import { itemSize, type Values } from '../../arrays/dtype.ts';
import { fileBands } from '../../arrays/file-bands.ts';
import { inCOrder, type NpyHeader, npyValues, parseNpyHeader } from '../../arrays/npy.ts';
import { chunkVolume } from '../../arrays/shape.ts';
import type { Dtype } from '../../protocol/array.ts';
import { ExaError } from '../../protocol/errors.ts';

/** Bytes of elements read of a file at once. */
const bandBytes = 16 * 2 ** 20;
/** Most bytes of a text, or of a file in Fortran order, which are read whole. */
const wholeBytes = 2 ** 28;

/** A file’s elements: its shape, and boxes of them in C order. */
export interface FileSource {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  boxes(
    chunk: readonly number[],
  ): AsyncIterable<{ readonly start: readonly number[]; readonly array: DenseArray }>;
}

/** Of a `.npy` file, or of a text file of numbers. Throws `corrupt`, `invalid`, `refused`. */
export async function sourceOf(file: Blob, name: string): Promise<FileSource> {
  const head = new Uint8Array(await file.slice(0, 65_536 + 12).arrayBuffer());
  if (head[0] !== 0x93) {
    if (file.size > wholeBytes) throw tooLarge(name);
    const array = parseCsvMatrix(await file.text(), name);
    return whole(array);
  }
  const header = parseNpyHeader(head);
  const { dtype, shape, order, offset } = header;
  const size = itemSize(dtype);
  const expected = offset + chunkVolume(shape) * size;
  if (file.size !== expected)
    throw new ExaError(
      'corrupt',
      `${name} has ${file.size} bytes where its header asks for ${expected}: it was cut short or damaged.`,
    );
  if (order === 'F' && shape.length > 1) {
    if (file.size > wholeBytes) throw tooLarge(name);
    return whole(
      inCOrder({ dtype, shape, order, values: await elementsOf(file, header, 0, chunkVolume(shape)) }),
    );
  }
  return {
    dtype,
    shape,
    async *boxes(chunk) {
      for (const band of fileBands(shape, chunk, Math.floor(bandBytes / size))) {
        const values = await elementsOf(file, header, band.element, chunkVolume(band.shape));
        yield { start: band.start, array: { dtype, shape: band.shape, order: 'C', values } };
      }
    },
  };
}

function whole(array: DenseArray): FileSource {
  const { dtype, shape } = array;
  return {
    dtype,
    shape,
    async *boxes() {
      if (chunkVolume(shape) > 0) yield { start: shape.map(() => 0), array };
    },
  };
}

function tooLarge(name: string): ExaError {
  return new ExaError(
    'refused',
    `${name} is larger than ${wholeBytes / 2 ** 20} MiB: as a .npy file in C order it can be kept at any size the disk holds.`,
  );
}

async function elementsOf(file: Blob, header: NpyHeader, from: number, count: number): Promise<Values> {
  const size = itemSize(header.dtype);
  const start = header.offset + from * size;
  return npyValues(header, new Uint8Array(await file.slice(start, start + count * size).arrayBuffer()));
}
