import { mkdtemp, open as openFile, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseSelection } from '../../src/arrays/parse-selection.ts';
import type { ArrayBatchRequest } from '../../src/protocol/array.ts';
import type { ArrayClient, Histogram, Picture, Window } from '../../src/protocol/array-client.ts';
import { httpArrayStore } from '../../src/storage/http-array-store.ts';
import { httpStore } from '../../src/storage/http-store.ts';
import { memoryCache } from '../../src/storage/memory-cache.ts';
import { memorySmallStore } from '../../src/storage/small-store.ts';
import { type Bench, bench } from '../../src/workers/coordinator.testing.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import { makeFarArrays, regions } from './far-arrays.testing.ts';
import { until } from './first-answer.testing.ts';

/** Every batch of chunks asked for. */
const asked: ArrayBatchRequest[] = [];
let store: OpenStore;
let url: string;
let directory: string;
let sensors: string;
let matrix: string;
let down = false;
/** As a browser's: it outlives the coordinators that use it. */
const cache = { ...memoryCache(512 * 2 ** 20), close: async () => {} };
const small = memorySmallStore();

const fetching = async (address: string, init: RequestInit): Promise<Response> => {
  if (down) throw new TypeError('fetch failed');
  if (address.endsWith('/batch')) asked.push(JSON.parse(String(init.body)));
  return await fetch(address, init);
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-array-client-'));
  store = await openStore({ data: directory, release: '0.0.0-test', warn: () => undefined });
  await makeFarArrays(store.arrays);
  const heads = store.arrays.heads();
  sensors = heads.find(({ name }) => name === 'sensors')!.id;
  matrix = heads.find(({ name }) => name === 'matrix')!.id;
  url = await store.app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const open = (): Promise<Bench> =>
  bench(httpStore(url, { fetch: fetching }), {
    arrays: async () => httpArrayStore(url, { fetch: fetching }),
    cache,
    small,
    workers: 2,
  });

const line = (arrays: ArrayClient, start: bigint, end: bigint, pixels = 800) =>
  until<Picture>(
    (observer) =>
      arrays.picture({ array: sensors, start: [start, 0n], end: [end, 1n], pixels: [pixels, 0] }, observer),
    ({ sharp, coverage }) => sharp && coverage.settled,
  );

/** Byte by byte; of megabytes, where `toEqual` takes its time. */
function isSame(one: ArrayBufferView, other: ArrayBufferView): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
    Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  return bytes(one).equals(bytes(other));
}

const chunksAsked = () => asked.flatMap(({ items }) => items.flatMap(({ chunks }) => chunks)).length;

describe('arrays over a real store', () => {
  it('zooms from all of 10^18 rows to one, eight chunks at most a step, and back from what is here', async () => {
    const { client, close } = await open();
    const target = regions[1]! + 70_001n;
    const spans: bigint[] = [];
    for (let span = 10n ** 18n; span >= 1n; span /= 64n) spans.push(span);
    spans.push(1n);
    const picture = async (span: bigint) => {
      const start = target - span / 2n < 0n ? 0n : target - span / 2n;
      const before = chunksAsked();
      const { last } = await line(client.arrays, start, start + span);
      expect(chunksAsked() - before).toBeLessThanOrEqual(8 + 16);
      return last;
    };
    for (const span of spans) {
      const shown = await picture(span);
      expect(shown.cells[0]).toBeLessThanOrEqual(801);
      expect(shown.count.reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
      const from = shown.first[0]!;
      const to = from + shown.step[0]! * BigInt(shown.cells[0]!);
      expect(from <= target && target < to).toBe(true);
    }
    const row = await picture(1n);
    const exact = await store.arrays.read(sensors, [
      { kind: 'at', at: target },
      { kind: 'at', at: 0n },
    ]);
    expect(row.level).toBe(0);
    expect(row.mean![0]).toBe(exact.values[0]);
    for (const span of [...spans].reverse()) expect((await picture(span)).coverage.from).toBe('cache');
    await close();
  });

  it('asks for nothing under a hole once a level above is here', async () => {
    const { client, close } = await open();
    await line(client.arrays, 0n, 10n ** 18n);
    const before = asked.length;
    const { last } = await line(client.arrays, 500_000_000_000_000_000n, 500_000_000_000_000_100n);
    expect(asked.length).toBe(before);
    expect(last.count.every((count) => count === 0)).toBe(true);
    expect([...new Set(last.state)]).toEqual([0]);
    await close();
  });

  it('tells the mean, extremes and count of each cell as counting the elements does', async () => {
    const { client, close } = await open();
    const start = regions[0]!;
    const { last } = await line(client.arrays, start, start + 65_536n, 512);
    const exact = await store.arrays.read(sensors, [
      { kind: 'slice', start, stop: start + 65_536n },
      { kind: 'at', at: 0n },
    ]);
    const step = Number(last.step[0]!);
    expect(last.cells[0]).toBe(65_536 / step);
    for (let cell = 0; cell < last.cells[0]!; cell++) {
      const numbers = (exact.values as Float64Array).subarray(cell * step, (cell + 1) * step);
      expect(last.count[cell]).toBe(step);
      expect(last.min![cell]).toBe(numbers.reduce((a, b) => Math.min(a, b)));
      expect(last.max![cell]).toBe(numbers.reduce((a, b) => Math.max(a, b)));
      expect(last.mean![cell]).toBeCloseTo(numbers.reduce((a, b) => a + b, 0) / step, 9);
    }
    await close();
  });

  it('draws an image, its exact elements and their histogram', async () => {
    const { client, close } = await open();
    const box = { array: matrix, start: [0n, 0n], end: [256n, 256n] };
    const { last } = await until<Picture>(
      (observer) => client.arrays.picture({ ...box, pixels: [256, 256] }, observer),
      ({ sharp }) => sharp,
    );
    const exact = await store.arrays.read(matrix, [
      { kind: 'slice', stop: 256n },
      { kind: 'slice', stop: 256n },
    ]);
    expect([...last.mean!]).toEqual([...exact.values].map(Number));
    const { last: window } = await until<Window>(
      (observer) => client.arrays.window(box, observer),
      ({ coverage }) => coverage.settled,
    );
    expect(window.values).toEqual(exact.values);
    expect(window.written.every((state) => state === 1)).toBe(true);
    const { last: histogram } = await until<Histogram>(
      (observer) => client.arrays.histogram({ ...box, bins: 10 }, observer),
      ({ coverage }) => coverage.settled,
    );
    expect(histogram.exact).toBe(true);
    expect(histogram.counts.reduce((a, b) => a + b, 0)).toBe(65_536);
    expect(histogram.unwritten).toBe(0n);
    const read = await client.arrays.read(matrix, '10:20, ::-1000_000_000');
    expect(read.shape).toEqual([10, 2]);
    await close();
  });

  it('brings only the chunks a write touched, and tells the new picture', async () => {
    const { client, close } = await open();
    const start = regions[2]!;
    const pictures: Picture[] = [];
    const stop = client.arrays.picture(
      { array: sensors, start: [start, 0n], end: [start + 65_536n, 1n], pixels: [64, 0] },
      { next: (picture) => pictures.push(picture) },
    );
    const waitFor = async (passes: (picture: Picture) => boolean) => {
      while (!pictures.some(passes)) await new Promise((done) => setTimeout(done, 10));
    };
    await waitFor(({ sharp, coverage }) => sharp && coverage.settled);
    const before = asked.length;
    const { stored } = client.arrays.write(sensors, `${start + 5n}, 0`, {
      dtype: 'float64',
      shape: [],
      values: Float64Array.of(9999),
    });
    await stored;
    await waitFor((picture) => picture.max![0] === 9999);
    const sent = asked.slice(before).flatMap(({ items }) => items);
    expect(sent.every(({ since }) => since !== undefined)).toBe(true);
    expect(sent.flatMap(({ chunks }) => chunks).length).toBeLessThanOrEqual(2);
    stop();
    await close();
  });

  it('finds the next written region either way', async () => {
    const { client, close } = await open();
    const whole = { array: sensors, start: [0n, 0n], end: [10n ** 18n, 2n], axis: 0 };
    const next = await client.arrays.nextWritten({ ...whole, from: 10n ** 9n, towards: 1 });
    expect(next).toBe((regions[1]! / 16_384n) * 16_384n);
    const before = await client.arrays.nextWritten({ ...whole, from: 10n ** 9n, towards: -1 });
    expect(before).toBe(131_064n);
    await close();
  });

  it('a chunk damaged on its way is asked for again', async () => {
    const fresh = memoryCache(2 ** 26);
    let spoiled = 0;
    const spoiling = async (address: string, init: RequestInit): Promise<Response> => {
      const answer = await fetch(address, init);
      if (!address.endsWith('/batch') || spoiled > 0) return answer;
      spoiled++;
      const bytes = new Uint8Array(await answer.arrayBuffer());
      bytes[bytes.length - 200]! ^= 4;
      return new Response(bytes, { headers: answer.headers });
    };
    const { client, close } = await bench(httpStore(url), {
      arrays: async () => httpArrayStore(url, { fetch: spoiling }),
      cache: fresh,
      workers: 1,
    });
    const start = regions[0]!;
    const { last } = await line(client.arrays, start, start + 500n);
    expect(spoiled).toBe(1);
    expect(last.count.every((count) => count === 1)).toBe(true);
    await close();
  });

  it('a chunk damaged on the store’s disk is named, never shown, and leaves no trace here', async () => {
    const key = () => ({ key: crypto.randomUUID(), fingerprint: 'f' });
    const { array: id } = await store.arrays.create(
      { name: 'hurt', shape: [4096n], dtype: 'float64', chunk: [1024] },
      key(),
    );
    const values = Float64Array.from({ length: 4096 }, (_, i) => i + 0.5);
    await store.arrays.write(id, [], 'float64', values, key());
    // Elements of the third chunk, by their bytes.
    const root = join(directory, 'arrays');
    const needle = Buffer.from(values.buffer, 8 * 2500, 8);
    for (const folder of await readdir(root)) {
      const path = join(root, folder, 'journal-0');
      const bytes = await readFile(path).catch(() => Buffer.alloc(0));
      const at = bytes.indexOf(needle);
      if (at < 0) continue;
      const file = await openFile(path, 'r+');
      await file.write(Uint8Array.of(bytes[at]! ^ 1), 0, 1, at);
      await file.close();
    }
    const held = memoryCache(2 ** 26);
    const { client, close } = await bench(httpStore(url), {
      arrays: async () => httpArrayStore(url),
      cache: held,
      workers: 1,
    });
    const damaged = {
      tag: 'corrupt',
      message: expect.stringMatching(/^Chunk \[2\] of hurt is damaged \(journal 0, byte \d+\): restore it/),
    };
    await expect(client.arrays.read(id, '')).rejects.toMatchObject(damaged);
    await expect(client.arrays.read(id, '2500')).rejects.toMatchObject(damaged);
    const failed = until<Picture>(
      (observer) =>
        client.arrays.picture({ array: id, start: [2048n], end: [3072n], pixels: [1024] }, observer),
      ({ sharp }) => sharp,
    );
    await expect(failed).rejects.toMatchObject(damaged);
    expect([...(await client.arrays.read(id, ':2048')).values]).toEqual([...values.subarray(0, 2048)]);
    expect([...(await client.arrays.read(id, '3072:')).values]).toEqual([...values.subarray(3072)]);
    const { epoch, scope } = store.arrays.head(id);
    const slots = [0, 1, 2, 3].map((at) => `${id}/${epoch}/${scope}/@0/${at}`);
    await expect
      .poll(async () => (await held.held(slots)).map((revision) => revision !== undefined))
      .toEqual([true, true, false, true]);
    // Written again it is whole.
    await store.arrays.write(id, parseSelection('2048:3072'), 'float64', values.subarray(2048, 3072), key());
    expect([...(await client.arrays.read(id, '')).values]).toEqual([...values]);
    await close();
  });

  it('a question too large, or about another shape, is one sentence', async () => {
    const { client, close } = await open();
    const box = { array: matrix, start: [0n, 0n], end: [10n ** 9n, 10n ** 9n] };
    const picture = (pixels: number[], start = box.start) =>
      until<Picture>(
        (observer) => client.arrays.picture({ ...box, start, pixels }, observer),
        () => true,
      );
    await expect(picture([4096, 4096])).rejects.toThrow(/at most 262144 cells/);
    await expect(picture([10 ** 6, 1])).rejects.toThrow(/0 to 4096 cells along each of 2 axes/);
    await expect(picture([10], [0n])).rejects.toThrow(/has 2 axes/);
    await expect(
      until<Window>(
        (observer) => client.arrays.window(box, observer),
        () => true,
      ),
    ).rejects.toThrow(/at most 65536 elements; this one has 1000000000000000000/);
    await expect(client.arrays.read(matrix, '1:x')).rejects.toMatchObject({
      tag: 'invalid',
      facts: { part: '1:x' },
    });
    await expect(client.arrays.read(matrix, '0:100000, 0:100000')).rejects.toMatchObject({ tag: 'refused' });
    await expect(client.arrays.read('nowhere', '0')).rejects.toMatchObject({ tag: 'missing' });
    await close();
  });

  it('brings what comes next along a pan behind the answer', async () => {
    const { client, close } = await open();
    // Chunks of 16 384 rows: the line needs the first, the way it moves leads into the second.
    const start = regions[3]! + 2000n;
    const next = [Number(regions[3]! / 16_384n) + 1, 0];
    const at = { array: sensors, start: [start, 1n], end: [start + 9000n, 2n], pixels: [4000, 0] };
    const stop = client.arrays.picture({ ...at, ahead: [1, 0] }, { next: () => {} });
    await vi.waitFor(
      () =>
        expect(
          asked.flatMap(({ items }) => items.flatMap(({ level, chunks }) => (level === 0 ? chunks : []))),
        ).toContainEqual(next),
      { timeout: 30_000 },
    );
    await vi.waitFor(
      async () =>
        expect(
          await cache.held([`${sensors}/${store.arrays.head(sensors).epoch}/public/@0/${next.join('.')}`]),
        ).not.toEqual([undefined]),
      { timeout: 30_000 },
    );
    stop();
    const after = asked.length;
    const { last } = await until<Picture>(
      (observer) =>
        client.arrays.picture({ ...at, start: [start + 15_000n, 1n], end: [start + 24_000n, 2n] }, observer),
      ({ sharp }) => sharp,
    );
    expect(last.coverage.from).toBe('cache');
    expect(asked.slice(after).flatMap(({ items }) => items.filter(({ level }) => level === 0))).toEqual([]);
    await close();
  });

  it('reads offline all of a part larger than what memory holds', async () => {
    const receipt = await store.arrays.create(
      { name: 'large', shape: [8n * 2n ** 20n], dtype: 'float64', chunk: [2 ** 20], order: 'C', fill: 0 },
      { key: 'large', fingerprint: '' },
    );
    const values = Float64Array.from({ length: 7 * 2 ** 20 }, (_, i) => i);
    await store.arrays.write(
      receipt.array,
      [{ kind: 'slice', start: 0n, stop: 7n * 2n ** 20n }],
      'float64',
      values,
      { key: 'large-1', fingerprint: '' },
    );
    const before = await open();
    const whole = await before.client.arrays.read(receipt.array, '');
    expect(isSame(whole.values.subarray(0, values.length), values)).toBe(true);
    await before.close();
    down = true;
    try {
      const { client, close } = await open();
      const again = await client.arrays.read(receipt.array, '');
      expect(isSame(again.values, whole.values)).toBe(true);
      await close();
    } finally {
      down = false;
    }
  });

  it('opens offline what was opened before, and says what is not here', async () => {
    const target = regions[1]! + 70_001n;
    const before = await open();
    await line(before.client.arrays, target, target + 1n);
    await before.close();
    down = true;
    try {
      const { client, close } = await open();
      const { last } = await line(client.arrays, target, target + 1n);
      expect(last.mean![0]).not.toBeNaN();
      expect(last.coverage).toMatchObject({ settled: true, from: 'cache' });
      await expect(
        until<Window>(
          (observer) =>
            client.arrays.window(
              { array: matrix, start: [499_999_744n, 1_000_000_000n], end: [499_999_754n, 1_000_000_010n] },
              observer,
            ),
          ({ coverage }) => coverage.settled,
        ),
      ).rejects.toMatchObject({ tag: 'offline' });
      await close();
    } finally {
      down = false;
    }
  });
});
