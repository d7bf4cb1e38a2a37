import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as zarrita from 'zarrita';
import { makeValues, setLiteral, type Values } from '../../../../src/arrays/dtype.ts';
import { decodeNpy } from '../../../../src/arrays/npy.ts';
import { parseSelection } from '../../../../src/arrays/parse-selection.ts';
import { type Dtype, dtypes, type MemoryOrder } from '../../../../src/protocol/array.ts';
import { freshKey, get, openArrays, put, type TestArrays, withArrays } from '../chunks.testing.ts';
import { crc32c } from './crc32c.ts';
import { openZarr } from './read-zarr.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exanalytics-zarr-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** A folder as zarrita wants a store: whole files and ranges of them. */
function storeOf(path: string): zarrita.AsyncReadable {
  const get = async (key: string) => {
    const bytes = await readFile(join(path, key)).catch(() => undefined);
    return bytes && new Uint8Array(bytes);
  };
  return {
    get,
    getRange: async (key, range) => {
      const bytes = await get(key);
      return 'suffixLength' in range
        ? bytes?.subarray(-range.suffixLength)
        : bytes?.subarray(range.offset, range.offset + range.length);
    },
  };
}

/** All elements a folder holds, by reading it back. */
async function readBack(path: string): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for await (const { start, shape, values } of (await openZarr(path)).boxes()) {
    const walk = (place: bigint[], at: number): number => {
      if (place.length === shape.length) {
        found.set(place.join(), values[at]);
        return at + 1;
      }
      let next = at;
      for (let i = 0; i < shape[place.length]!; i++)
        next = walk([...place, start[place.length]! + BigInt(i)], next);
      return next;
    };
    walk([], 0);
  }
  return found;
}

function sampleOf(dtype: Dtype, count: number): Values {
  const values = makeValues(dtype, count);
  for (let i = 0; i < count; i++) setLiteral(dtype, values, i, dtype === 'bool' ? i % 3 === 0 : i % 120);
  return values;
}

describe('what we write', () => {
  let arrays: TestArrays;
  beforeAll(async () => {
    arrays = await openArrays(await mkdtemp(join(folder, 'store-')));
  });
  afterAll(async () => await arrays.close());

  const read = dtypes.filter((dtype) => !dtype.startsWith('datetime64') && dtype !== 'float16');
  it.each(read.flatMap((dtype) => (['C', 'F'] as MemoryOrder[]).map((order) => [dtype, order] as const)))(
    'zarrita reads: %s in %s order',
    async (dtype, order) => {
      const { driver } = arrays;
      const { array: id } = await driver.create(
        {
          name: `z ${dtype} ${order}`,
          shape: [37n, 11n],
          dtype,
          chunk: [8, 4],
          order,
          fill: dtype === 'bool' ? true : 7,
        },
        freshKey(),
      );
      await driver.write(id, parseSelection('3:30, 2:10'), dtype, sampleOf(dtype, 27 * 8), freshKey());
      const { folder: path } = await driver.checkpoint(id);
      const opened = await zarrita.open.v3(zarrita.root(storeOf(path)), { kind: 'array' });
      expect(opened.shape).toEqual([37, 11]);
      const all = await zarrita.get(opened);
      const ours = await get(driver, id, '');
      // bool comes as its own kind of list.
      const theirs = Array.from(all.data as Iterable<number | bigint | boolean>, (value) =>
        typeof value === 'boolean' ? Number(value) : value,
      );
      const flat: unknown[] = [];
      for (let i = 0; i < 37; i++)
        for (let j = 0; j < 11; j++) flat.push(theirs[i * all.stride[0]! + j * all.stride[1]!]);
      expect(flat).toEqual([...ours]);
    },
  );

  it.each(dtypes)('we read back: %s', async (dtype) => {
    const { driver } = arrays;
    const { array: id } = await driver.create(
      { name: `r ${dtype}`, shape: [9n, 5n], dtype, chunk: [4, 3], order: 'F' },
      freshKey(),
    );
    await driver.write(id, [], dtype, sampleOf(dtype, 45), freshKey());
    const { folder: path } = await driver.checkpoint(id);
    const { metadata } = await openZarr(path);
    expect([metadata.dtype, metadata.shape]).toEqual([dtype, [9n, 5n]]);
    const found = await readBack(path);
    const ours = await get(driver, id, '');
    for (let i = 0; i < 9; i++)
      for (let j = 0; j < 5; j++) expect(found.get(`${i},${j}`)).toBe(ours[i * 5 + j]);
  });

  it('zarrita reads: compressed with zstd, and not at all; another compression writes every shard anew', async () => {
    const { driver } = arrays;
    const { array: id } = await driver.create(
      { name: 'pressed', shape: [4096n], dtype: 'float64', chunk: [256] },
      freshKey(),
    );
    await driver.write(id, [], 'float64', sampleOf('float64', 4096), freshKey());
    const ours = [...(await get(driver, id, ''))];
    const sizes: number[] = [];
    for (const compress of ['zstd', 'none', 'gzip'] as const) {
      const { folder: path, shards } = await driver.checkpoint(id, { compress });
      expect(shards).toBe(1);
      expect((await driver.checkpoint(id, { compress })).shards).toBe(0);
      sizes.push((await readFile(join(path, 'c/0'))).length);
      const opened = await zarrita.open.v3(zarrita.root(storeOf(path)), { kind: 'array' });
      expect([...((await zarrita.get(opened)).data as Float64Array)]).toEqual(ours);
      expect((await readBack(path)).get('4095')).toBe(ours[4095]);
    }
    const [zstd, none, gzip] = sizes;
    expect(none).toBeGreaterThan(32_768);
    expect(Math.max(zstd!, gzip!)).toBeLessThan(none! / 4);
  });

  it.each(['NaN', 'Infinity', '-Infinity', '-0'])(
    'zarrita and we read: %s as fill value, among its like',
    async (fill) => {
      const { driver } = arrays;
      const { array: id } = await driver.create(
        { name: `f ${fill}`, shape: [12n], dtype: 'float64', chunk: [4], fill },
        freshKey(),
      );
      const special = [Number.NaN, Infinity, -Infinity, -0];
      await put(driver, id, '1:5', ...special);
      const ours = [...(await get(driver, id, ''))];
      expect(ours).toEqual([Number(fill), ...special, ...new Array(7).fill(Number(fill))]);
      const { folder: path } = await driver.checkpoint(id);
      const opened = await zarrita.open.v3(zarrita.root(storeOf(path)), { kind: 'array' });
      expect([...((await zarrita.get(opened)).data as Float64Array)]).toEqual(ours);
      const found = await readBack(path);
      expect(Array.from({ length: 8 }, (_, i) => found.get(String(i)))).toEqual(ours.slice(0, 8));
      expect((await openZarr(path)).metadata.fill).toBe(fill);
    },
  );

  it('keeps a shape of 10^18 exactly, and writes again only the shards that changed', async () => {
    await withArrays(async ({ driver }) => {
      const { array: id } = await driver.create(
        { name: 'a', shape: [10n ** 18n, 2n], dtype: 'float64', chunk: [1024, 2] },
        freshKey(),
      );
      await put(driver, id, '-1', 1, 2);
      await put(driver, id, '5', 3, 4);
      expect((await driver.checkpoint(id)).shards).toBe(2);
      await put(driver, id, '6', 5, 6);
      const { shards, folder: path } = await driver.checkpoint(id);
      expect(shards).toBe(1);
      expect((await driver.checkpoint(id)).shards).toBe(0);
      expect((await openZarr(path)).metadata.shape).toEqual([10n ** 18n, 2n]);
      const wanted = [[10n ** 18n - 1n, 1n] as const, [5n, 0n] as const, [6n, 1n] as const];
      const found: unknown[] = [];
      for await (const { start, shape, values } of (await openZarr(path)).boxes())
        for (const [i, [row, column]] of wanted.entries())
          if (row >= start[0]! && row < start[0]! + BigInt(shape[0]!))
            found[i] = values[Number(row - start[0]!) * shape[1]! + Number(column - start[1]!)];
      expect(found).toEqual([2, 3, 6]);
    });
  });
});

const python = '/usr/bin/python3';
const hasZarr = (() => {
  try {
    execFileSync(python, ['-c', 'import zarr, numcodecs; assert zarr.__version__.startswith("2.")'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
})();
if (!hasZarr)
  console.warn(
    'SKIPPED: Debian’s python3-zarr is not installed, so nothing proves that we read what it writes.',
  );

describe.skipIf(!hasZarr)('what Debian’s python3-zarr writes, we read', () => {
  const script = `
import sys, numpy as np, zarr
from numcodecs import Blosc, LZ4, Zlib, GZip, Zstd
codecs = dict(blosc=Blosc(cname='lz4', shuffle=1), zstdblosc=Blosc(cname='zstd', shuffle=2), lz4=LZ4(), zlib=Zlib(3), gzip=GZip(1), zstd=Zstd(3), none=None)
dtypes = dict(blosc='<f8', zstdblosc='>i4', lz4='<u2', zlib='<f4', gzip='|b1', zstd='<i8', none='<M8[s]')
for kind, dtype in dtypes.items():
    path = sys.argv[1] + kind
    a = (np.arange(60 * 26) % 101).reshape(60, 26).astype(dtype)
    z = zarr.open(path, mode='w', shape=a.shape, chunks=(16, 10), dtype=dtype, compressor=codecs[kind], order='F' if kind in ('zlib', 'none') else 'C', dimension_separator='/' if kind == 'gzip' else '.')
    z[:] = a
    np.save(path + '.npy', a)
`;
  // Once for all of them: Python takes longer to begin than to write.
  beforeAll(() => void execFileSync(python, ['-c', script, join(folder, 'v2-')]));
  it.each(['blosc', 'zstdblosc', 'lz4', 'zlib', 'gzip', 'zstd', 'none'])('%s', async (kind) => {
    const path = join(folder, `v2-${kind}`);
    const dense = decodeNpy(await readFile(`${path}.npy`));
    const found = await readBack(path);
    for (let i = 0; i < 60; i++)
      for (let j = 0; j < 26; j++) expect(found.get(`${i},${j}`)).toBe(dense.values[i * 26 + j]);
  });
});

describe('bad folders, one sentence each', () => {
  let good: string;
  beforeAll(async () => {
    good = join(folder, 'good');
    await withArrays(async ({ driver }) => {
      const { array: id } = await driver.create(
        { name: 'a', shape: [16n], dtype: 'int32', chunk: [4] },
        freshKey(),
      );
      await driver.write(id, [], 'int32', sampleOf('int32', 16), freshKey());
      const { folder: path } = await driver.checkpoint(id);
      await cp(path, good, { recursive: true });
    });
  });

  const shard = 'c/0';
  const edit = (change: (json: Record<string, never>) => void) => async (path: string) => {
    const json = JSON.parse(await readFile(join(path, 'zarr.json'), 'utf8')) as Record<string, never>;
    change(json);
    await writeFile(join(path, 'zarr.json'), JSON.stringify(json));
  };
  it.each<[string, (path: string) => Promise<void>, RegExp]>([
    ['not an array', (path) => rm(join(path, 'zarr.json')), /holds neither zarr.json nor .zarray/],
    ['cut JSON', (path) => truncate(join(path, 'zarr.json'), 20), /zarr.json is not JSON/],
    [
      'a group',
      edit((json) => Object.assign(json, { node_type: 'group' })),
      /describes a group, not an array/,
    ],
    [
      'an unknown codec',
      edit((json) =>
        Object.assign(json, {
          codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'zfp' }],
        }),
      ),
      /compressed with “zfp”, which is not known here/,
    ],
    [
      'an unknown type',
      edit((json) => Object.assign(json, { data_type: 'complex64' })),
      /no element type "complex64"/,
    ],
    [
      'a chunk shape that lies',
      edit((json) => {
        const [sharding] = json.codecs as unknown as [{ configuration: { chunk_shape: number[] } }];
        sharding.configuration.chunk_shape = [8];
      }),
      /its metadata and its data do not belong together|does not match|cut short/,
    ],
    [
      'a truncated shard',
      (path) => truncate(join(path, shard), 30),
      /less than its index alone: it was cut short/,
    ],
    [
      'a shard cut at its start',
      async (path) => {
        const bytes = await readFile(join(path, shard));
        await writeFile(join(path, shard), bytes.subarray(100));
      },
      /names a chunk beyond its end|does not match/,
    ],
    [
      'a flipped bit',
      async (path) => {
        const bytes = await readFile(join(path, shard));
        bytes[12]! ^= 4;
        await writeFile(join(path, shard), bytes);
      },
      /^c\/0: A checksum of the array does not match/,
    ],
    [
      'a negative shape',
      edit((json) => Object.assign(json, { shape: [-4] })),
      /axis 0 is -4: a size cannot be negative/,
    ],
  ])('%s', async (name, spoil, sentence) => {
    const path = join(folder, `bad-${name.replaceAll(' ', '-')}`);
    await mkdir(dirname(path), { recursive: true });
    await cp(good, path, { recursive: true });
    await spoil(path);
    await expect(readBack(path)).rejects.toThrow(sentence);
  });

  const two = (change: Record<string, unknown>, chunk?: Uint8Array) => async (path: string) => {
    await rm(path, { recursive: true });
    await mkdir(path);
    const json = {
      zarr_format: 2,
      shape: [16],
      chunks: [16],
      dtype: '<i4',
      fill_value: 0,
      order: 'C',
      filters: null,
      compressor: { id: 'zlib', level: 1 },
    };
    await writeFile(join(path, '.zarray'), JSON.stringify({ ...json, ...change }));
    const whole = deflateSync(Buffer.alloc(64));
    await writeFile(join(path, '0'), chunk ?? whole);
  };
  it.each<[string, (path: string) => Promise<void>, RegExp]>([
    [
      'an unknown compressor of v2',
      two({ compressor: { id: 'lzma' } }),
      /compressed with “lzma”, which is not known here: those known are gzip, zlib/,
    ],
    ['an unknown filter', two({ filters: [{ id: 'delta' }] }), /the filter “delta”, which is not known here/],
    [
      'chunks that lie in v2',
      two({ chunks: [15] }),
      /^0: A chunk of the array holds 64 bytes, and 15 elements/,
    ],
    [
      'a chunk of v2 cut short',
      two({}, deflateSync(Buffer.alloc(64)).subarray(0, 8)),
      /^0: A chunk of the array is not what “zlib” makes: it was damaged or cut short/,
    ],
    [
      'a grid of v2 too fine',
      two({ shape: [4e18], chunks: [1] }),
      /Axis 0 of 4000000000000000000 elements in chunks of 1 has .* at most 2\^53 − 1/,
    ],
    ['a fractional shape of v2', two({ shape: [1.5] }), /axis 0 must be a whole number/],
  ])('%s', async (name, spoil, sentence) => {
    const path = join(folder, `two-${name.replaceAll(' ', '-')}`);
    await cp(good, path, { recursive: true });
    await spoil(path);
    await expect(readBack(path)).rejects.toThrow(sentence);
  });

  it.each<[string, string, unknown]>([
    ['float32', '0x3fc00000', 1.5],
    ['float64', '0x7ff8000000000000', 'NaN'],
    ['float16', '0xfc00', '-Infinity'],
  ])('a fill value of %s as its bits, %s', async (dtype, bits, fill) => {
    const path = join(folder, `bits-${dtype}`);
    await cp(good, path, { recursive: true });
    await edit((json) => Object.assign(json, { data_type: dtype, fill_value: bits }))(path);
    expect((await openZarr(path)).metadata.fill).toBe(fill);
    await edit((json) => Object.assign(json, { fill_value: '0x1' }))(path);
    await expect(openZarr(path)).rejects.toThrow(`fill value “0x1” is not a value of ${dtype}`);
  });

  it('crc32c is that of RFC 3720', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  });
});
