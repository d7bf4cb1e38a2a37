import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { build as viteBuild } from 'vite';
import { startStore } from '../e2e/store-process.ts';
import { encodeColumns } from '../src/arrow/columns-stream.ts';
import { plainProfile } from '../src/protocol/plain-profile.ts';
import { clientsColumns } from './clients-table.ts';
import { type CountedLine, countedLine } from './counted-line.ts';
import { Figures, median, medianRatio } from './figures.ts';
import { loadTable } from './load-table.ts';
import { writeSection } from './markdown-page.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { openStage, type Stage } from './stage.ts';

/** What issue 6 asks of each figure. */
const asks: Readonly<Record<string, string>> = {
  'first/vs-workbench': '≤ 1.5',
  'tenth/vs-first-bytes': '≤ 0.2',
  'tenth/vs-first-time': '≤ 0.2',
  'script-kb': '≤ 60',
  'first-table/vs-perspective-time': '≤ 0.5',
  'first-table/vs-perspective-bytes': '≤ 0.5',
  'scope/leaks': '= 0',
};

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const rows = 10_000;

/** Measures gadgets in a portal's page: `--only first,tenth,table,scope`. */
export async function run(args: readonly string[], { build }: { build: typeof viteBuild }): Promise<void> {
  const options = readOptions(args);
  const figures = new Figures(asks);
  const wants = (name: string): boolean => options.only.length === 0 || options.only.includes(name);
  if (wants('first') || wants('tenth') || wants('table')) {
    const pages = await openPages(build);
    try {
      if (wants('first') || wants('tenth')) await benchGadgets(pages, figures, options);
      if (wants('table')) await benchTable(pages, figures, options);
    } finally {
      await pages.close();
    }
  }
  if (wants('scope')) benchScope(figures);
  if (options.json) figures.write(options.json);
  if (options.markdown) writeSection(options.markdown, 'embed', figures, options);
}

interface Pages {
  readonly stage: Pick<Stage, 'profile'>;
  /** The store, as the browser reaches it. */
  readonly line: CountedLine;
  /** The portal and the peer's page, counted too. */
  readonly portal: CountedLine;
  close(): Promise<void>;
}

async function openPages(build: typeof viteBuild): Promise<Pages> {
  const peer = mkdtempSync(join(tmpdir(), 'exanalytics-peer-'));
  await build({
    configFile: false,
    root: join(root, 'bench', 'pages'),
    logLevel: 'warn',
    build: {
      outDir: peer,
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: 100_000,
      rollupOptions: { input: join(root, 'bench', 'pages', 'perspective-table.html') },
    },
  });
  const files = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://portal').pathname;
    const body = files.get(path) ?? fileIn(peer, path);
    if (!body) return response.writeHead(404).end();
    const type = path.endsWith('.js')
      ? 'text/javascript'
      : path.endsWith('.arrow')
        ? 'application/octet-stream'
        : 'text/html; charset=utf-8';
    return response.writeHead(200, { 'content-type': type, 'content-encoding': 'br' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const portal = await countedLine(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const stage = await openStage(peer);
  const store = await startStore({ args: ['--allow-origin', portal.url] });
  const line = await countedLine(store.url);
  const count = { id: 'rows', label: 'Rows', formula: 'count()', format: 'count' } as const;
  const revenue = { id: 'revenue', label: 'Revenue', formula: 'sum(revenue)', format: 'number' } as const;
  await loadTable(
    store.url,
    'clients',
    rows,
    clientsColumns,
    plainProfile('Clients', { measures: [count, revenue] }),
  );
  // Compressed as the store compresses, once.
  const packed = (bytes: Uint8Array): Buffer =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
  const page = (body: string): Buffer =>
    packed(
      Buffer.from(
        `<!doctype html><html lang="en"><title>Portal</title><script type="module" src="${line.url}/embed/v1/embed.js"></script>${body}`,
      ),
    );
  files.set('/first', page('<exa-figure dataset="clients"></exa-figure>'));
  files.set('/table', page('<exa-grid dataset="clients" style="height:600px"></exa-grid>'));
  files.set('/rows.arrow', packed(encodeColumns(clientsColumns(0, rows))));
  const kept = new Map<string, Buffer>();
  function fileIn(folder: string, path: string): Buffer | undefined {
    const known = kept.get(path);
    if (known) return known;
    try {
      const body = packed(readFileSync(join(folder, path)));
      kept.set(path, body);
      return body;
    } catch {
      return undefined;
    }
  }
  return {
    stage,
    line,
    portal,
    async close() {
      line.close();
      portal.close();
      server.closeAllConnections();
      server.close();
      await store.remove();
      await stage.close();
      rmSync(peer, { recursive: true, force: true });
    },
  };
}

/** From navigation to the first frame after `seen` gives true in a page that knows nothing, and what it fetched. */
async function cold(
  { stage, line, portal }: Pages,
  url: string,
  seen: () => boolean,
  then?: (page: Page) => Promise<void>,
): Promise<{ ms: number; bytes: number; paths: readonly string[] }> {
  const profile = await stage.profile();
  const { page, close } = await profile.open('about:blank');
  try {
    await page.addInitScript(`globalThis.seenAt = new Promise((resolve) => {
      const look = () => ((${seen.toString()})() ? requestAnimationFrame(() => resolve(performance.now())) : requestAnimationFrame(look));
      look();
    });`);
    // A browser that has just started is busy with itself for a while.
    await page.waitForTimeout(2000);
    const [before, from] = [line.bytes + portal.bytes, line.paths.length];
    await page.goto(url);
    const ms = await page.evaluate<number>('globalThis.seenAt');
    const found = { ms, bytes: line.bytes + portal.bytes - before, paths: line.paths.slice(from) };
    await then?.(page);
    return found;
  } finally {
    await close();
    await profile.remove();
  }
}

/** Whether a gadget of the tag shows its picture; self-contained, as pages get it as text. */
const isFigureSeen = (): boolean => {
  const find = (node: Document | ShadowRoot): boolean =>
    node.querySelector('exa-figure[phase=ready]') !== null ||
    [...node.querySelectorAll('*')].some((one) => one.shadowRoot !== null && find(one.shadowRoot));
  return find(document);
};
const isGridSeen = (): boolean =>
  (document.querySelector('exa-grid[phase=ready]')?.shadowRoot?.querySelectorAll('[role=gridcell]').length ??
    0) > 20;
const isTableSeen = (): boolean => document.querySelector('table[data-ready]') !== null;

async function benchGadgets(pages: Pages, figures: Figures, { rounds }: BenchOptions): Promise<void> {
  const { line, portal } = pages;
  const [first, workbench, tenthMs, tenthBytes, firstBytes]: [
    number[],
    number[],
    number[],
    number[],
    number[],
  ] = [[], [], [], [], []];
  let scripts: readonly string[] = [];
  for (let round = 0; round < rounds; round++) {
    workbench.push((await cold(pages, `${line.url}/#/explore?data=clients`, isFigureSeen)).ms);
    const found = await cold(pages, `${portal.url}/first`, isFigureSeen, async (page) => {
      // Each asks what nobody asked before; the tenth of a column that nobody has read.
      const add = async (formula: string): Promise<number> =>
        page.evaluate(async (asked) => {
          const began = performance.now();
          const figure = document.createElement('exa-figure');
          figure.setAttribute('dataset', 'clients');
          Object.assign(figure, { measure: { id: 'asked', label: asked, formula: asked, format: 'number' } });
          document.body.append(figure);
          while (figure.getAttribute('phase') !== 'ready')
            await new Promise((resolve) => requestAnimationFrame(resolve));
          return performance.now() - began;
        }, formula);
      for (const formula of ['sum', 'min', 'max', 'mean'].flatMap((name) => [
        `${name}(country)`,
        `${name}(orders)`,
      ]))
        await add(formula);
      const before = line.bytes + portal.bytes;
      tenthMs.push(await add('sum(since)'));
      tenthBytes.push(line.bytes + portal.bytes - before);
    });
    first.push(found.ms);
    firstBytes.push(found.bytes);
    scripts = found.paths;
  }
  figures.set(
    'first/vs-workbench',
    medianRatio(first, workbench),
    '×',
    `a figure: ${Math.round(median(first))} ms in a page of another origin, ${Math.round(median(workbench))} ms in Explore`,
  );
  figures.set(
    'tenth/vs-first-bytes',
    medianRatio(tenthBytes, firstBytes),
    '×',
    `${(median(tenthBytes) / 1024).toFixed(1)} of ${Math.round(median(firstBytes) / 1024)} kB; a measure of a column that nobody has read`,
  );
  figures.set('tenth/vs-first-time', medianRatio(tenthMs, first), '×', `${Math.round(median(tenthMs))} ms`);
  const names = [...new Set(scripts)].filter((path) => path.endsWith('.js') && !path.includes('data.worker'));
  const size = (path: string): number =>
    brotliCompressSync(readFileSync(join(root, 'dist', 'web', path))).byteLength / 1024;
  figures.set(
    'script-kb',
    names.reduce((sum, path) => sum + size(path), 0),
    'kB',
    `${names.length} scripts until the first figure; no chart`,
  );
}

async function benchTable(pages: Pages, figures: Figures, { rounds }: BenchOptions): Promise<void> {
  const { portal } = pages;
  const [ours, peers, ourBytes, peerBytes]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let round = 0; round < rounds; round++) {
    const one = await cold(pages, `${portal.url}/table`, isGridSeen);
    const other = await cold(pages, `${portal.url}/perspective-table.html`, isTableSeen);
    ours.push(one.ms);
    peers.push(other.ms);
    ourBytes.push(one.bytes);
    peerBytes.push(other.bytes);
  }
  figures.set(
    'first-table/vs-perspective-time',
    medianRatio(ours, peers),
    '×',
    `${Math.round(median(ours))} and ${Math.round(median(peers))} ms`,
  );
  figures.set(
    'first-table/vs-perspective-bytes',
    medianRatio(ourBytes, peerBytes),
    '×',
    `${Math.round(median(ourBytes) / 1024)} and ${Math.round(median(peerBytes) / 1024)} kB; Perspective’s client alone, no viewer`,
  );
}

/** Runs the leak matrix as the tests do, and counts what it found. */
function benchScope(figures: Figures): void {
  const folder = mkdtempSync(join(tmpdir(), 'exanalytics-leaks-'));
  const file = join(folder, 'report.json');
  const words = [
    'run',
    '--project',
    'unit',
    'store/scope/leaks.test.ts',
    '--reporter=json',
    `--outputFile=${file}`,
  ];
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...words], {
      cwd: root,
      stdio: 'ignore',
    });
  } catch {
    // What failed stands in the report.
  }
  const report = JSON.parse(readFileSync(file, 'utf8')) as { numFailedTests: number; numTotalTests: number };
  rmSync(folder, { recursive: true, force: true });
  figures.set(
    'scope/leaks',
    report.numFailedTests,
    'leaks',
    `${report.numTotalTests} tests of the matrix: role × route × (page, patch, partial, dictionary, change, export)`,
  );
}
