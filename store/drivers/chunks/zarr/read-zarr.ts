import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { copyElements } from '../../../../src/arrays/copy-elements.ts';
import { makeValues, type Values } from '../../../../src/arrays/dtype.ts';
import { chunkVolume, stridesOf } from '../../../../src/arrays/shape.ts';
import { ExaError, isExaError } from '../../../../src/protocol/errors.ts';
import { decodeObject } from './codec-chain.ts';
import { parseVersion2, parseVersion3, type ZarrMetadata } from './metadata.ts';

/** A box of elements of an array, in C order, and where it begins. */
export interface Box {
  readonly start: readonly bigint[];
  readonly shape: readonly number[];
  readonly values: Values;
}

/** A Zarr folder, v2 or v3, opened to be read. */
export interface ZarrFolder {
  readonly metadata: ZarrMetadata;
  /** Stored objects there are. */
  readonly objects: number;
  /** What is stored, object by object, cut to the array; what is not stored is the fill value. */
  boxes(): AsyncGenerator<Box>;
}

/** Throws `missing` when the folder holds no array, `invalid` or `corrupt` when it cannot be read. */
export async function openZarr(folder: string): Promise<ZarrFolder> {
  const metadata = await readMetadata(folder);
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const places = files
    .filter((file) => file.isFile())
    .map((file) => metadata.placeOf(relative(folder, join(file.parentPath, file.name)).split(sep).join('/')))
    .filter((place) => place !== undefined);
  const { shape, chunk, codecs } = metadata;
  return {
    metadata,
    objects: places.length,
    async *boxes() {
      for (const place of places) {
        const start = place.map((at, axis) => BigInt(at) * BigInt(chunk[axis]!));
        // An object beyond the shape is left over from before the array was made smaller.
        if (start.some((from, axis) => from >= shape[axis]!)) continue;
        const size = start.map((from, axis) => {
          const left = shape[axis]! - from;
          return left < BigInt(chunk[axis]!) ? Number(left) : chunk[axis]!;
        });
        const key = metadata.keyOf(place);
        const bytes = await readFile(join(folder, key));
        const whole = await decodeObject(codecs, bytes, chunk, metadata).catch((cause: unknown) => {
          if (!isExaError(cause, 'corrupt')) throw cause;
          throw new ExaError('corrupt', `${key}: ${cause.message}`, { cause });
        });
        const cut = size.some((room, axis) => room !== chunk[axis]);
        const values = cut ? makeValues(metadata.dtype, chunkVolume(size)) : whole;
        if (cut)
          copyElements(
            size,
            { values: whole, strides: stridesOf(chunk, 'C') },
            { values, strides: stridesOf(size, 'C') },
          );
        yield { start, shape: size, values };
      }
    },
  };
}

async function readMetadata(folder: string): Promise<ZarrMetadata> {
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => undefined);
  const three = await read('zarr.json');
  if (three !== undefined) return parseVersion3(three);
  const two = await read('.zarray');
  if (two !== undefined) return parseVersion2(two);
  throw new ExaError(
    'missing',
    `${folder} holds neither zarr.json nor .zarray: name the folder of one Zarr array.`,
  );
}
