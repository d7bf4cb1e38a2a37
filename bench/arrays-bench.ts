import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchPages, LineZoom, Slice, Zoomed } from './bench-pages.ts';
import { mix } from './clients-table.ts';
import { type Figures, median, quantile } from './figures.ts';
import { bytesWritten, pssUnder, storeProcess } from './memory.ts';
import type { BenchOptions } from './options.ts';
import type { Stage } from './stage.ts';
import { activity, headOf, makeArray, putValues } from './store-array.ts';

declare const bench: BenchPages;

const here = dirname(fileURLToPath(import.meta.url));
const zooms = 200;
const pixels = 1000;
/** Rows written in one place, and places, of the array of 10^18. */
const regionRows = 131_072;
const regions = 8;

function wave(rows: number, seed: number): Float64Array {
  return Float64Array.from({ length: 2 * rows }, (_, i) => mix(seed + i) / 2 ** 32 + (i % 4096) / 512);
}

/** Zooms from the whole array to single rows, each to a random written row, widths even on a logarithmic scale. */
function randomZooms(
  array: string,
  rows: bigint,
  written: readonly (readonly [bigint, number])[],
  seed: number,
): LineZoom[] {
  const random = (i: number) => mix(seed * 7919 + i) / 2 ** 32;
  return Array.from({ length: zooms }, (_, i) => {
    const [from, count] = written[Math.floor(random(4 * i) * written.length)]!;
    const target = from + BigInt(Math.floor(random(4 * i + 1) * count));
    const power = random(4 * i + 2) * (rows.toString(2).length - 1);
    const width =
      (BigInt(Math.floor(2 ** (power % 1) * 2 ** 20)) * 2n ** BigInt(Math.floor(power))) / 2n ** 20n || 1n;
    const low = target - width / 2n;
    const start = low < 0n ? 0n : low + width > rows ? rows - width : low;
    return { array, start: String(start), end: String(start + width), pixels };
  });
}

/** Deep zooms over 10^18 rows beside the same over 10^6: time, pages, bytes; then again from what is kept. */
export async function benchZoom(stage: Stage, figures: Figures, options: BenchOptions): Promise<void> {
  const { store } = stage;
  const huge = 10n ** 18n;
  const small = 10n ** 6n;
  const spec = { dtype: 'float64', chunk: 'rows', fill: 'NaN' };
  const z18 = await makeArray(store.url, { ...spec, name: 'zoom-18', shape: [String(huge), 2] });
  const z6 = await makeArray(store.url, { ...spec, name: 'zoom-6', shape: [String(small), 2] });
  const places: [bigint, number][] = [];
  for (let i = 0; i < regions; i++) {
    const from = ((huge - BigInt(regionRows)) / BigInt(regions - 1)) * BigInt(i);
    places.push([from, regionRows]);
    await putValues(store.url, z18, `${from}:${from + BigInt(regionRows)}`, wave(regionRows, i), [
      regionRows,
      2,
    ]);
  }
  for (let at = 0; at < Number(small); at += 250_000)
    await putValues(store.url, z6, `${at}:${at + 250_000}`, wave(250_000, at), [250_000, 2]);
  for (const array of [z18, z6]) await activity(store.url, `/${array}/summarise`);

  const ratios: number[] = [];
  const firsts: number[] = [];
  let mostPages = 0;
  const kilobytes: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const profile = await stage.profile();
    const browser = await profile.open();
    try {
      const { page } = browser;
      await page.evaluate((url) => bench.ours.open(url), store.url);
      const run = async (list: readonly LineZoom[]): Promise<Zoomed[]> => {
        const found: Zoomed[] = [];
        for (const one of list)
          found.push(await page.evaluate(async (what) => (await bench.arrays()).zoom(what), one));
        return found;
      };
      const before = (await store.requests()).length;
      const large = randomZooms(z18, huge, places, round + 1);
      const little = randomZooms(z6, small, [[0n, Number(small)]], round + 1);
      // The page's modules, the workers and the head are there before anything is timed.
      await run([large[0]!, little[0]!]);
      const slow: number[] = [];
      const fast: number[] = [];
      // Interleaved: a machine that drifts drifts for both.
      for (let i = 0; i < zooms; i++) {
        const from = (await store.requests()).length;
        const [shown] = await run([large[i]!]);
        slow.push(shown!.ms);
        // Those of its level, and the top one that says where there is data at all.
        mostPages = Math.max(mostPages, shown!.chunks + 1);
        const lines = (await store.requests())
          .slice(from)
          .filter(({ path }) => path.endsWith(`/${z18}/batch`));
        kilobytes.push(lines.reduce((sum, { bytes }) => sum + bytes, 0) / 1024);
        fast.push((await run([little[i]!]))[0]!.ms);
      }
      ratios.push(quantile(slow, 0.95) / quantile(fast, 0.95));
      firsts.push(
        quantile(
          (await run(large)).map(({ firstMs }) => firstMs),
          0.95,
        ),
      );
      if (round === 0)
        console.log(
          `  zoom: 10^18 p95 ${quantile(slow, 0.95).toFixed(1)} ms, 10^6 ${quantile(fast, 0.95).toFixed(1)} ms, ${(await store.requests()).length - before} requests`,
        );
    } finally {
      await browser.close();
      await profile.remove();
    }
  }
  const note = `${zooms} zooms a round, ${options.rounds} rounds, cold browser; ${pixels} points wide`;
  figures.set('zoom/p95-1e18-vs-1e6', median(ratios), '×', note);
  figures.set('zoom/max-pages', mostPages, 'pages', 'chunks a line is made of, the top level’s included');
  figures.set('zoom/p95-kb', quantile(kilobytes, 0.95), 'kB', 'bodies sent for one zoom');
  figures.set(
    'zoom/first-coarse-ms',
    median(firsts),
    'ms',
    'p95 of the same zooms again: to the first picture on the page’s thread',
  );
}

/** A 64 MiB array read cold, beside bare fetches of the same chunks and zarrita's reading of them; then offline. */
export async function benchSlice(stage: Stage, figures: Figures, options: BenchOptions): Promise<void> {
  const { store, files } = stage;
  const chunk = 32_768;
  const chunks = Math.max(1, Math.round(256 * options.scale));
  const rows = chunks * chunk;
  const array = await makeArray(store.url, {
    name: 'slice',
    shape: [rows],
    dtype: 'float64',
    chunk: [chunk],
  });
  const warming = await makeArray(store.url, {
    name: 'warming',
    shape: [8 * chunk],
    dtype: 'float64',
    chunk: [chunk],
  });
  for (let i = 0; i < 8; i++) {
    const values = wave(chunk / 2, 1000 + i);
    await putValues(store.url, warming, `${i * chunk}:${(i + 1) * chunk}`, values, [chunk]);
    files.bodies.set(`/warming/c/${i}`, new Uint8Array(values.buffer));
  }
  for (const [name, elements] of [
    ['slice', rows],
    ['warming', 8 * chunk],
  ] as const)
    files.bodies.set(`/${name}/zarr.json`, Buffer.from(JSON.stringify(zarrOf(elements, chunk))));
  const urls: string[] = [];
  const whole = new Uint8Array(8 * rows);
  for (let i = 0; i < chunks; i++) {
    const values = wave(chunk / 2, i);
    await putValues(store.url, array, `${i * chunk}:${(i + 1) * chunk}`, values, [chunk]);
    const bytes = new Uint8Array(values.buffer);
    files.bodies.set(`/slice/c/${i}`, bytes);
    urls.push(`${files.origin}/slice/c/${i}`);
    whole.set(bytes, i * bytes.length);
  }
  files.bodies.set('/slice/whole', whole);
  const speed = ({ ms, bytes }: { ms: number; bytes: number }) => bytes / 2 ** 20 / (ms / 1000);
  const cold: number[] = [];
  const bare: number[] = [];
  const zarrita: number[] = [];
  const offline: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const profile = await stage.profile();
    let browser = await profile.open();
    try {
      await browser.page.evaluate((url) => bench.ours.open(url), store.url);
      const { page } = browser;
      const bareOf = async (addresses: readonly string[]) =>
        speed(await page.evaluate(async (all) => (await bench.arrays()).fetchChunks(all), addresses));
      const zarritaOf = (path: string) =>
        page.evaluate(async (url) => (await bench.arrays()).sliceZarrita(url), files.origin + path);
      const oursOf = (id: string) => page.evaluate(async (it) => (await bench.arrays()).slice(it), id);
      // Modules, workers and connections are there and have run before; no chunk is here.
      await oursOf(warming);
      await zarritaOf('/warming');
      await bareOf(urls.slice(0, 32));
      // Each is first, second and last in turn; of the bare ones the faster counts.
      const sums: number[] = [];
      const counted = ({ ms, bytes, sum }: Slice) => {
        sums.push(sum);
        return speed({ ms, bytes });
      };
      const turns = [
        async () => cold.push(counted(await oursOf(array))),
        async () => zarrita.push(counted(await zarritaOf('/slice'))),
        async () => bare.push(Math.max(await bareOf(urls), await bareOf([`${files.origin}/slice/whole`]))),
      ];
      for (let i = 0; i < turns.length; i++) {
        await turns[(round + i) % turns.length]!();
        // What was read is kept behind the answer: nobody's turn pays for another's.
        await page.waitForTimeout(3_000);
      }
      if (sums[0] !== sums[1]) throw new Error('zarrita read other values than we did.');
      // What was read is on its way to this browser's disk.
      await browser.page.waitForFunction((n) => bench.ours.keptPages().then((kept) => kept >= n), chunks);
      await page.waitForTimeout(2_000);
      await browser.close();
      await store.stop();
      browser = await profile.open();
      await browser.page.evaluate((url) => bench.ours.open(url), store.url);
      await browser.page.evaluate(async (id) => void (await (await bench.arrays()).slice(id)), warming);
      const again = await browser.page.evaluate(async (id) => (await bench.arrays()).slice(id), array);
      if (again.sum !== sums[0]) throw new Error('Offline other values came than online.');
      offline.push(speed(again));
    } finally {
      await browser.close();
      await profile.remove();
      if (offline.length > round || cold.length > round) await store.start().catch(() => {});
    }
  }
  const ratio = (mine: readonly number[], theirs: readonly number[]) =>
    median(mine.map((value, i) => value / theirs[i]!));
  const each = (values: readonly number[]) => `${median(values).toFixed(0)} MiB/s`;
  figures.set(
    'slice/vs-bare-fetch',
    ratio(cold, bare),
    '×',
    `${each(cold)}; bare ${each(bare)}, the faster of an address a chunk, six at a time, and one for all`,
  );
  figures.set(
    'slice/vs-zarrita',
    ratio(cold, zarrita),
    '×',
    `${each(cold)}; zarrita ${each(zarrita)}, uncompressed chunks`,
  );
  figures.set(
    'slice/cached-offline-vs-cold',
    ratio(offline, cold),
    '×',
    `${each(offline)} after a restart without a store; cold ${each(cold)}`,
  );
}

/** Metadata of a Zarr array of float64 in one axis, its chunks as they are. */
function zarrOf(elements: number, chunk: number): object {
  return {
    zarr_format: 3,
    node_type: 'array',
    shape: [elements],
    data_type: 'float64',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [chunk] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
    fill_value: 0,
    attributes: {},
  };
}

/** The sum of 10^9 float64 on the store's disk, beside two threads that read the same file and add it up. */
export async function benchSum(stage: Stage, figures: Figures, options: BenchOptions): Promise<void> {
  const { store } = stage;
  const each = 8 * 2 ** 20 - 2 ** 16;
  const writes = Math.max(1, Math.round((1e9 / each) * options.scale));
  const rows = writes * each;
  const array = await makeArray(store.url, { name: 'sum', shape: [rows], dtype: 'float64', chunk: [32_768] });
  const values = wave(each / 2, 3);
  for (let i = 0; i < writes; i++) {
    values[0] = i;
    await putValues(store.url, array, `${i * each}:${(i + 1) * each}`, values, [each]);
  }
  const folder = join(store.dataDir, 'arrays');
  const [name] = readdirSync(folder);
  const file = join(folder, name!, 'journal-0');
  const pid = storeProcess(store.dataDir);
  const expression = { op: 'reduce', by: 'sum', of: { op: 'array', array } };
  const ratios: number[] = [];
  const ours: number[] = [];
  const loops: number[] = [];
  let most = 0;
  for (let round = 0; round < options.rounds; round++) {
    loops.push(await twoThreadLoop(file, rows));
    const watch = setInterval(() => {
      most = Math.max(most, pssUnder(pid));
    }, 100);
    const began = performance.now();
    await activity(store.url, '/evaluate', { expression });
    ours.push(performance.now() - began);
    clearInterval(watch);
    ratios.push(loops[round]! / ours[round]!);
  }
  const gib = (rows * 8) / 2 ** 30;
  figures.set(
    'sum/vs-two-thread-loop',
    median(ratios),
    '×',
    `${rows.toExponential(2)} float64, ${gib.toFixed(1)} GiB: ${median(ours).toFixed(0)} ms, checksums verified; the loop ${median(loops).toFixed(0)} ms, unverified`,
  );
  figures.set('sum/store-memory-mb', most, 'MB', 'PSS of the store’s processes, highest seen');
}

function twoThreadLoop(file: string, rows: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(here, 'two-thread-loop.mjs'), file, String(rows)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString();
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(Number(output)) : reject(new Error(`The loop ended with ${code}.`)),
    );
  });
}

/** What one row written somewhere in 10^18 costs the disk. */
export async function benchWrite(stage: Stage, figures: Figures): Promise<void> {
  const { store } = stage;
  const array = await makeArray(store.url, {
    name: 'scattered',
    shape: [String(10n ** 18n), 2],
    dtype: 'float64',
    chunk: 'rows',
  });
  const pid = storeProcess(store.dataDir);
  const costs: number[] = [];
  for (let i = 0; i < 50; i++) {
    const row = (10n ** 18n / 50n) * BigInt(i) + BigInt(i * 7919);
    const before = bytesWritten(pid);
    await putValues(store.url, array, `${row}`, Float64Array.of(i, i), [2]);
    costs.push((bytesWritten(pid) - before) / 1024);
  }
  const { chunks } = await headOf(store.url, array);
  figures.set(
    'write/scattered-kb',
    quantile(costs, 0.95),
    'kB',
    `p95 of ${chunks} single rows far apart, as /proc counts them`,
  );
}
