import { expect, test } from 'vitest';
import { loadChecksum } from '../arrow/checksum.ts';
import type { CachedPage, PageCache } from './page-cache.ts';

/** A page of `length` bytes made from `seed`, with its true checksum. */
export async function makePage(slot: string, length: number, seed = 1, revision = 1): Promise<CachedPage> {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 7) & 255);
  return { slot, revision, checksum: (await loadChecksum())(bytes), bytes };
}

/** What every page cache does, whatever it is made of. `open` gives an empty one of at most `maxBytes`. */
export function testPageCache(open: (maxBytes: number) => Promise<PageCache>): void {
  test('keeps pages, in the order asked, and nothing for what it does not have', async () => {
    const cache = await open(10_000);
    const [a, b] = [await makePage('d/e/s/0/c1', 100), await makePage('d/e/s/1/c1', 200, 2, 9)];
    await cache.putMany([a, b]);
    expect(await cache.getMany(['d/e/s/1/c1', 'x', 'd/e/s/0/c1'])).toEqual([b, undefined, a]);
    expect(await cache.held(['d/e/s/1/c1', 'x'])).toEqual([9, undefined]);
    await cache.close();
  });

  test('holds one revision a slot', async () => {
    const cache = await open(10_000);
    await cache.putMany([await makePage('d/e/s/0/c1', 100, 1, 1)]);
    const next = await makePage('d/e/s/0/c1', 300, 2, 2);
    await cache.putMany([next]);
    expect(await cache.getMany([next.slot])).toEqual([next]);
    expect(await cache.report()).toMatchObject({ bytes: 300, pages: 1 });
    await cache.close();
  });

  test('pages offered are readable before they are written', async () => {
    const cache = await open(10_000);
    const page = await makePage('d/e/s/0/c1', 100);
    const written = cache.putMany([page]);
    expect(await cache.getMany([page.slot])).toEqual([page]);
    await written;
    await cache.close();
  });

  test('stays within its bytes and reports them by data set', async () => {
    const cache = await open(1_000);
    for (let i = 0; i < 40; i++) await cache.putMany([await makePage(`d${i % 2}/e/s/${i}/c1`, 100, i)]);
    const report = await cache.report();
    expect(report.bytes).toBeLessThanOrEqual(1_000);
    expect(report.datasets.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(report.bytes);
    const slots = Array.from({ length: 40 }, (_, i) => `d${i % 2}/e/s/${i}/c1`);
    const found = (await cache.getMany(slots)).filter((page) => page !== undefined);
    expect(found.reduce((sum, { bytes }) => sum + bytes.byteLength, 0)).toBe(report.bytes);
    await cache.close();
  });

  test('a page larger than everything is not kept, and nothing goes for it', async () => {
    const cache = await open(1_000);
    await cache.putMany([await makePage('d/e/s/0/c1', 400)]);
    await cache.putMany([await makePage('d/e/s/1/c1', 1_001)]);
    expect((await cache.getMany(['d/e/s/0/c1', 'd/e/s/1/c1'])).map((page) => page?.slot)).toEqual([
      'd/e/s/0/c1',
      undefined,
    ]);
    await cache.close();
  });

  test('forgets slots, a data set, everything', async () => {
    const cache = await open(10_000);
    const slots = ['a/e/s/0/c1', 'a/e/s/1/c1', 'ab/e/s/0/c1', 'b/e/s/0/c1'];
    await cache.putMany(await Promise.all(slots.map((slot, i) => makePage(slot, 10, i))));
    const there = async () => (await cache.getMany(slots)).flatMap((page) => page?.slot ?? []);
    await cache.delMany(['a/e/s/1/c1']);
    expect(await there()).toEqual(['a/e/s/0/c1', 'ab/e/s/0/c1', 'b/e/s/0/c1']);
    await cache.forget('a');
    expect(await there()).toEqual(['ab/e/s/0/c1', 'b/e/s/0/c1']);
    await cache.forget();
    expect(await there()).toEqual([]);
    expect((await cache.report()).bytes).toBe(0);
    await cache.close();
  });

  test('a page whose buffer was transferred away is gone, and the rest is not hurt', async () => {
    const cache = await open(10_000);
    const [lost, kept] = [await makePage('d/e/s/0/c1', 100), await makePage('d/e/s/1/c1', 100)];
    const written = cache.putMany([lost, kept]);
    structuredClone(lost.bytes, { transfer: [lost.bytes.buffer] });
    await written;
    const [first, second] = await cache.getMany([lost.slot, kept.slot]);
    // Either it was copied in time or it is missing; never empty bytes.
    expect(first?.bytes.byteLength ?? 100).toBe(100);
    expect(second).toEqual(kept);
    await cache.close();
  });

  test('a view of a larger buffer is kept as the view', async () => {
    const cache = await open(10_000);
    const whole = await makePage('d/e/s/0/c1', 300);
    const bytes = whole.bytes.subarray(100, 150);
    const view = { ...whole, bytes, checksum: (await loadChecksum())(bytes) };
    await cache.putMany([view]);
    expect((await cache.getMany([view.slot]))[0]?.bytes).toEqual(bytes);
    await cache.close();
  });

  test('finds nothing once closed, and does not fail', async () => {
    const cache = await open(10_000);
    const page = await makePage('d/e/s/0/c1', 100);
    await cache.putMany([page]);
    await cache.close();
    expect(await cache.getMany([page.slot])).toEqual([undefined]);
    await cache.putMany([page]);
    await cache.close();
  });
}
