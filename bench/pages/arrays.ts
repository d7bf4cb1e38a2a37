import { FetchStore, get, open as openZarr } from 'zarrita';
import type { Picture } from '../../src/protocol/array-client.ts';
import type { LineZoom, Slice, Zoomed } from '../bench-pages.ts';
import { opened } from './ours.ts';

/** One zoom of a line: milliseconds to the first picture and to the sharp one. */
export function zoom({ array, start, end, pixels }: LineZoom): Promise<Zoomed> {
  const began = performance.now();
  let firstMs: number | undefined;
  return new Promise((resolve, reject) => {
    const stop = opened().arrays.picture(
      { array, start: [BigInt(start), 0n], end: [BigInt(end), 1n], pixels: [pixels, 0] },
      {
        next(picture: Picture) {
          firstMs ??= performance.now() - began;
          if (!picture.sharp || !picture.coverage.settled) return;
          const ms = performance.now() - began;
          stop();
          const count = picture.count.reduce((sum, numbers) => sum + numbers, 0);
          resolve({ firstMs, ms, chunks: picture.coverage.chunksTotal, count });
        },
        failed: reject,
      },
    );
  });
}

/** Reads a whole array through the workbench; the sum checks that it came. */
export async function slice(array: string): Promise<Slice> {
  const began = performance.now();
  const { values } = await opened().arrays.read(array, '');
  const ms = performance.now() - began;
  return { ms, bytes: values.byteLength, sum: sumOf(values as Float64Array) };
}

/** The same chunks as Zarr, by zarrita. */
export async function sliceZarrita(url: string): Promise<Slice> {
  const began = performance.now();
  const array = await openZarr(new FetchStore(url), { kind: 'array' });
  const { data } = await get(array);
  const ms = performance.now() - began;
  const values = data as Float64Array;
  return { ms, bytes: values.byteLength, sum: sumOf(values) };
}

/** The same bytes, six addresses at a time, and nothing done with them. */
export async function fetchChunks(urls: readonly string[]): Promise<{ ms: number; bytes: number }> {
  const began = performance.now();
  let next = 0;
  let bytes = 0;
  const lane = async (): Promise<void> => {
    while (next < urls.length) {
      const url = urls[next++]!;
      bytes += (await (await fetch(url, { cache: 'no-store' })).arrayBuffer()).byteLength;
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  return { ms: performance.now() - began, bytes };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
