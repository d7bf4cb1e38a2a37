import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LosslessNumber, stringify } from 'lossless-json';
import { bytesOf, itemSize } from '../../../../src/arrays/dtype.ts';
import { chunkVolume } from '../../../../src/arrays/shape.ts';
import type { Dtype } from '../../../../src/protocol/array.ts';
import type { ArrayRecord } from '../../array-catalogue.ts';
import type { CheckpointOptions, Compression } from '../../chunk-driver.ts';
import { type ArrayFile, visibleOf } from '../array-file.ts';
import { encodeShard } from './codec-chain.ts';
import type { CodecSpec } from './compressors.ts';
import { parseExact } from './metadata.ts';

/** Most bytes of a shard before compression, and chunks in it. */
const shardBytes = 2 ** 24;
const shardChunks = 4096;

const crc32c: CodecSpec = { name: 'crc32c', configuration: {} };
const compressions: Readonly<Record<Compression, readonly CodecSpec[]>> = {
  gzip: [{ name: 'gzip', configuration: { level: 1 } }, crc32c],
  zstd: [{ name: 'zstd', configuration: { level: 1, checksum: false } }, crc32c],
  none: [crc32c],
};

/**
 * Brings the array's Zarr v3 folder up to the record: shards with a chunk written since the folder's own version are made
 * again aside and renamed, then the metadata; all of them where the folder was compressed otherwise. A crash in between leaves whole shards; the next checkpoint goes on.
 */
export async function checkpointZarr(
  file: ArrayFile,
  record: ArrayRecord,
  folder: string,
  { signal, progress, compress = 'gzip' }: CheckpointOptions,
): Promise<{ readonly folder: string; readonly shards: number }> {
  const since = await versionIn(folder, record.epoch, compress);
  if (since === undefined) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const sides = shardSides(record);
  const shards = new Map<string, number[]>();
  for (const entry of file.index.entries()) {
    const seen = file.index.at(entry.place, record.version);
    if (!seen || visibleOf(record, seen).revision <= (since ?? -1)) continue;
    const place = entry.place.map((at, axis) => Math.floor(at / sides[axis]!));
    shards.set(place.join(), place);
  }
  let done = 0;
  for (const place of shards.values()) {
    signal?.throwIfAborted();
    const bytes = await shardOf(file, record, place, sides, compressions[compress]);
    const path = join(folder, place.length ? `c/${place.join('/')}` : 'c');
    if (bytes) await replaceFile(path, bytes);
    else await rm(path, { force: true });
    progress?.(++done / shards.size);
  }
  await replaceFile(join(folder, 'zarr.json'), Buffer.from(metadataText(record, sides, compress)));
  return { folder, shards: shards.size };
}

async function shardOf(
  file: ArrayFile,
  record: ArrayRecord,
  place: readonly number[],
  sides: readonly number[],
  codecs: readonly CodecSpec[],
): Promise<Uint8Array | undefined> {
  const chunks: (Uint8Array | undefined)[] = [];
  for (let i = 0; i < chunkVolume(sides); i++) {
    let rest = i;
    const at = new Array<number>(sides.length);
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      at[axis] = place[axis]! * sides[axis]! + (rest % sides[axis]!);
      rest = Math.floor(rest / sides[axis]!);
    }
    const chunk = await file.readChunk(record, at);
    chunks.push(chunk && bytesOf(chunk.values));
  }
  return chunks.some((chunk) => chunk) ? await encodeShard(chunks, codecs) : undefined;
}

/** Chunks a shard has along each axis: the shortest side is doubled until it is full. */
export function shardSides({ chunk, shape, dtype }: ArrayRecord): number[] {
  const sides = chunk.map(() => 1);
  const bytes = () => chunkVolume(chunk) * chunkVolume(sides) * itemSize(dtype);
  for (;;) {
    let shortest = -1;
    for (const [axis, side] of sides.entries()) {
      const useful = BigInt(side) * BigInt(chunk[axis]!) < BigInt(shape[axis]!);
      if (useful && (shortest < 0 || side < sides[shortest]!)) shortest = axis;
    }
    if (shortest < 0 || bytes() * 2 > shardBytes || chunkVolume(sides) * 2 > shardChunks) return sides;
    sides[shortest]! *= 2;
  }
}

/** The version the folder is as of; undefined when it is not there, of another past of the array, or compressed otherwise. */
async function versionIn(folder: string, epoch: string, compress: Compression): Promise<number | undefined> {
  const text = await readFile(join(folder, 'zarr.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { attributes } = parseExact(text, 'zarr.json');
    const { exanalytics: own } = attributes as {
      exanalytics: { epoch: string; version: number; compress?: Compression };
    };
    return own.epoch === epoch && (own.compress ?? 'gzip') === compress ? own.version : undefined;
  } catch {
    return undefined;
  }
}

function metadataText(record: ArrayRecord, sides: readonly number[], compress: Compression): string {
  const { shape, chunk, dtype, order, fill, epoch, version, asOf, name } = record;
  const rank = shape.length;
  const transpose = { name: 'transpose', configuration: { order: shape.map((_, axis) => rank - 1 - axis) } };
  const bytes = { name: 'bytes', configuration: { endian: 'little' } };
  const text = stringify(
    {
      zarr_format: 3,
      node_type: 'array',
      shape: shape.map(BigInt),
      data_type: dataType(dtype),
      chunk_grid: {
        name: 'regular',
        configuration: { chunk_shape: chunk.map((side, axis) => side * sides[axis]!) },
      },
      chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
      fill_value:
        typeof fill === 'string' && /^-?\d+$/.test(fill) && fill !== '-0'
          ? BigInt(fill)
          : fill === '-0'
            ? new LosslessNumber('-0.0')
            : fill,
      codecs: [
        {
          name: 'sharding_indexed',
          configuration: {
            chunk_shape: chunk,
            codecs: [...(order === 'F' && rank > 1 ? [transpose] : []), bytes, ...compressions[compress]],
            index_codecs: [bytes, { name: 'crc32c' }],
            index_location: 'end',
          },
        },
      ],
      attributes: { exanalytics: { name, epoch, version, asOf, compress } },
    },
    undefined,
    2,
  );
  return text ?? '';
}

function dataType(dtype: Dtype): unknown {
  const unit = /^datetime64\[(\w+)\]$/.exec(dtype)?.[1];
  return unit ? { name: 'numpy.datetime64', configuration: { unit, scale_factor: 1 } } : dtype;
}

/** Writes aside, forces to disk, renames. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.writing`;
  const file = await open(aside, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, path);
}
