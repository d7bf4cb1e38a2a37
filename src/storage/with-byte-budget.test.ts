import { expect, test } from 'vitest';
import { memoryShelf } from './memory-shelf.ts';
import { makePage } from './page-cache.testing.ts';
import type { PageShelf } from './page-shelf.ts';
import { withByteBudget } from './with-byte-budget.ts';

/** A memory shelf that counts its transactions and fails when told to. */
function watchedShelf() {
  const shelf = memoryShelf();
  const seen = { puts: [] as number[], dels: 0, gets: 0, enumerated: 0, fail: [] as (Error | undefined)[] };
  const watched: PageShelf = {
    ...shelf,
    async putMany(pages) {
      seen.puts.push(pages.length);
      const error = seen.fail.shift();
      if (error) throw error;
      await shelf.putMany(pages);
    },
    async getMany(slots) {
      seen.gets++;
      return shelf.getMany(slots);
    },
    async slots() {
      seen.enumerated++;
      return shelf.slots();
    },
    close: async () => {},
  };
  return { shelf: watched, seen };
}

const quota = () => Object.assign(new Error('full'), { name: 'QuotaExceededError' });

test('writes offered one by one go in few transactions', async () => {
  const { shelf, seen } = watchedShelf();
  const cache = withByteBudget(shelf, { maxBytes: 1e6 });
  const pages = await Promise.all(Array.from({ length: 130 }, (_, i) => makePage(`d/e/s/${i}/c1`, 10)));
  await Promise.all(pages.map((page) => cache.putMany([page])));
  expect(seen.puts.reduce((a, b) => a + b)).toBe(130);
  expect(seen.puts.length).toBeLessThanOrEqual(4);
  expect(Math.max(...seen.puts)).toBeLessThanOrEqual(64);
  await cache.close();
});

test('pages that come shortly after each other share a transaction; closing waits for none', async () => {
  const { shelf, seen } = watchedShelf();
  const cache = withByteBudget(shelf, { maxBytes: 1e6, gatherMs: 500 });
  const pages = await Promise.all(Array.from({ length: 3 }, (_, i) => makePage(`d/e/s/${i}/c1`, 10)));
  const kept: Promise<void>[] = [];
  for (const page of pages) {
    kept.push(cache.putMany([page]));
    await new Promise((resolve) => setImmediate(resolve));
    expect((await cache.getMany([page.slot]))[0]).toBeDefined();
  }
  await Promise.all(kept);
  expect(seen.puts).toEqual([3]);
  const patient = withByteBudget(watchedShelf().shelf, { maxBytes: 1e6, gatherMs: 2 ** 31 - 1 });
  const last = patient.putMany([pages[0]!]);
  await patient.close();
  await last;
  await cache.close();
});

test('whenever pages are offered, they are on the shelf when that resolves', async () => {
  const { shelf } = watchedShelf();
  const cache = withByteBudget(shelf, { maxBytes: 1e6 });
  const page = await makePage('d/e/s/0/c1', 10);
  for (let turns = 0; turns < 30; turns++) {
    const first = cache.putMany([{ ...page, slot: `d/e/s/${turns}/c1` }]);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    await cache.putMany([{ ...page, slot: `d/e/s/${turns}/c2` }]);
    expect(await shelf.slots()).toContain(`d/e/s/${turns}/c2`);
    await first;
  }
  await cache.close();
});

test('what is not there is not looked for on the shelf', async () => {
  const { shelf, seen } = watchedShelf();
  const cache = withByteBudget(shelf, { maxBytes: 1e6 });
  await cache.getMany(['a/e/s/0/c1', 'a/e/s/1/c1']);
  expect(seen.gets).toBe(0);
  await cache.close();
});

test('a full disk: a tenth goes, one more try, and all is well', async () => {
  const { shelf, seen } = watchedShelf();
  const cache = withByteBudget(shelf, { maxBytes: 1e6 });
  await cache.putMany(
    await Promise.all(Array.from({ length: 20 }, (_, i) => makePage(`d/e/s/${i}/c1`, 100))),
  );
  seen.fail = [quota()];
  const page = await makePage('d/e/s/99/c1', 100);
  await cache.putMany([page]);
  expect(await cache.getMany([page.slot])).toEqual([page]);
  const report = await cache.report();
  expect(report.trouble).toBeUndefined();
  expect(report.pages).toBeLessThanOrEqual(19);
  await cache.close();
});

test('a disk that stays full: says so, goes on without writing, still reads, until something is forgotten', async () => {
  const { shelf, seen } = watchedShelf();
  const cache = withByteBudget(shelf, { maxBytes: 1e6 });
  const old = await makePage('a/e/s/0/c1', 1_000);
  await cache.putMany(
    await Promise.all(Array.from({ length: 9 }, (_, i) => makePage(`b/e/s/${i}/c1`, 400, i))),
  );
  await cache.putMany([old]);
  seen.fail = [quota(), quota()];
  await cache.putMany([await makePage('d/e/s/0/c1', 100)]);
  expect((await cache.report()).trouble).toMatch(/no space/);
  expect(await cache.getMany(['d/e/s/0/c1', old.slot])).toEqual([undefined, old]);
  const puts = seen.puts.length;
  await cache.putMany([await makePage('d/e/s/1/c1', 100)]);
  expect(seen.puts.length).toBe(puts);
  await cache.forget('a');
  await cache.putMany([await makePage('d/e/s/1/c1', 100)]);
  expect((await cache.getMany(['d/e/s/1/c1']))[0]?.revision).toBe(1);
  expect((await cache.report()).trouble).toBeUndefined();
  await cache.close();
});

test('a failed write leaves neither the new page nor the old revision, and fails no read', async () => {
  const { shelf, seen } = watchedShelf();
  const cache = withByteBudget(shelf, { maxBytes: 1e6 });
  await cache.putMany([await makePage('d/e/s/0/c1', 100, 1, 1)]);
  seen.fail = [new Error('disk on fire')];
  await cache.putMany([await makePage('d/e/s/0/c1', 100, 2, 2)]);
  expect((await cache.report()).trouble).toBe('disk on fire');
  expect(await cache.getMany(['d/e/s/0/c1'])).toEqual([undefined]);
  expect(await shelf.slots()).toEqual([]);
  await cache.close();
});

test('a shelf that cannot be read gives misses, and keeps what it has', async () => {
  const { shelf } = watchedShelf();
  const page = await makePage('d/e/s/0/c1', 100);
  let broken = false;
  const cache = withByteBudget(
    {
      ...shelf,
      getMany: (slots) => (broken ? Promise.reject(new Error('unreadable')) : shelf.getMany(slots)),
    },
    { maxBytes: 1e6 },
  );
  await cache.putMany([page]);
  broken = true;
  expect(await cache.getMany([page.slot])).toEqual([undefined]);
  broken = false;
  expect(await cache.getMany([page.slot])).toEqual([page]);
  await cache.close();
});

test('after a clean end the manifest is trusted; after an unclean one slots are enumerated once and orphans adopted', async () => {
  const { shelf, seen } = watchedShelf();
  const first = withByteBudget(shelf, { maxBytes: 1e6 });
  await first.putMany([await makePage('d/e/s/0/c1', 100)]);
  await first.close();
  expect(seen.enumerated).toBe(0);

  const second = withByteBudget(shelf, { maxBytes: 1e6, saveAfterMs: 1e9 });
  expect(await second.held(['d/e/s/0/c1'])).toEqual([1]);
  expect(seen.enumerated).toBe(0);
  await second.putMany([await makePage('d/e/s/1/c1', 200, 1, 7)]);
  await shelf.delMany(['d/e/s/0/c1']);
  // It never closes: a crash.

  const third = withByteBudget(shelf, { maxBytes: 1e6 });
  expect(await third.report()).toMatchObject({ bytes: 200, pages: 1 });
  expect(await third.held(['d/e/s/0/c1', 'd/e/s/1/c1'])).toEqual([undefined, 7]);
  expect(seen.enumerated).toBe(1);
  await third.close();
  const fourth = withByteBudget(shelf, { maxBytes: 1e6 });
  expect(await fourth.report()).toMatchObject({ bytes: 200 });
  expect(seen.enumerated).toBe(1);
  await fourth.close();
});

test('a manifest that is not ours is as good as none', async () => {
  for (const manifest of [null, 7, { format: 2 }, { format: 1, small: [[1]], main: [] }]) {
    const { shelf } = watchedShelf();
    await shelf.putMany([await makePage('d/e/s/0/c1', 100)]);
    await shelf.saveManifest(manifest);
    const cache = withByteBudget(shelf, { maxBytes: 1e6 });
    expect(await cache.report()).toMatchObject({ pages: 1, bytes: 100 });
    await cache.close();
  }
});

test('one that does not own the shelf reads, writes nothing, and takes over when it may', async () => {
  const { shelf } = watchedShelf();
  const owner = withByteBudget(shelf, { maxBytes: 1e6 });
  let mine = false;
  const other = withByteBudget(shelf, { maxBytes: 1e6, owns: () => mine });
  const page = await makePage('d/e/s/0/c1', 100);
  await other.putMany([page]);
  expect(await owner.getMany([page.slot])).toEqual([undefined]);
  await owner.putMany([page]);
  expect(await other.getMany([page.slot])).toEqual([page]);
  await owner.close();
  mine = true;
  expect(await other.report()).toMatchObject({ pages: 1 });
  await other.forget();
  expect(await shelf.slots()).toEqual([]);
  await other.close();
});
