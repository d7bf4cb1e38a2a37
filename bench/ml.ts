import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { build as viteBuild } from 'vite';
import { assemblyPlugin } from '../assembly-plugin.ts';
import { Figures, median, medianRatio } from './figures.ts';
import { writeSection } from './markdown-page.ts';
import { benchOutOfCore } from './ml-ooc.ts';
import type { MlPages, Timed } from './ml-task.ts';
import { readOptions } from './options.ts';
import { openStage, type Stage } from './stage.ts';

declare const ml: MlPages;

/** What issue 5 asks of each task, ours ÷ scikit-learn's time, and where a ratio flatters. */
const tasks: Readonly<Record<string, { readonly ask: string; readonly flatters?: string }>> = {
  'lasso-diabetes': { ask: '≤ 0.18', flatters: 'Python overhead: 442 rows' },
  'lasso-100kx100': { ask: '≤ 1.2' },
  'pca-100kx50': {
    ask: '≤ 0.14',
    flatters: 'covariances; scikit-learn takes the singular values of all rows',
  },
  'ridge-1mx20': { ask: '≤ 0.65', flatters: 'one pass; scikit-learn copies and centres first' },
  'kmeans-1mx8': {
    ask: '≤ 0.7',
    flatters: 'another algorithm: rows that cannot have another centre are not compared again',
  },
  'ocsvm-grid': { ask: '≤ 0.25' },
  'ocsvm-fit-10k': { ask: '≤ 1.0' },
  'elliptic-10k': { ask: '≤ 0.08', flatters: 'Python overhead: pinvh and logdet of 2 × 2 matrices' },
  'iforest-10k': { ask: '≤ 0.25', flatters: 'Python overhead: a tree object a tree' },
  'gp-500': { ask: '≤ 0.7' },
  'svc-5kx10': { ask: '≤ 1.4' },
  'svr-5kx9': { ask: '≤ 1.4' },
  'forest-10kx20': { ask: '≤ 0.3', flatters: 'splits of 256 bins; scikit-learn sorts every value' },
  'knn-50kx8': { ask: '≤ 0.6' },
  'meanshift-1500': { ask: '≤ 0.07', flatters: 'Python overhead: a call a row and step' },
  'spectral-1500': { ask: '≤ 1' },
};

const asks: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(tasks).map(([name, { ask }]) => [name, ask])),
  'ooc/ridge-memory-mb': '≤ 350',
  'ooc/kmeans-memory-mb': '≤ 350',
  'ooc/ridge-vs-stream': '≥ 0.5',
  'ooc/kmeans-vs-stream': '≥ 0.5',
  'ooc/ridge-refit-vs-first': '≤ 0.01',
};

/** How long both sides are warmed up before a task is measured. */
const warmMs = 500;

const here = dirname(fileURLToPath(import.meta.url));
const pages = join(here, '..', 'dist', 'bench-ml');

/** Measures models beside scikit-learn; `--only` names tasks, `tasks` (all but) or `ooc`. */
export async function run(args: readonly string[], { build }: { build: typeof viteBuild }): Promise<void> {
  const options = readOptions(args);
  const figures = new Figures(asks);
  await build({
    configFile: false,
    root: join(here, 'ml-pages'),
    logLevel: 'warn',
    define: { global: 'globalThis' },
    plugins: [assemblyPlugin()],
    worker: { format: 'es', plugins: () => [assemblyPlugin()] },
    build: { outDir: pages, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 100_000 },
  });
  const wants = (name: string) => options.only.length === 0 || options.only.includes(name);
  const chosen = Object.keys(tasks).filter((name) => wants(name) || options.only.includes('tasks'));
  const stage = await openStage(pages);
  const save = () => {
    if (options.json) figures.write(options.json);
    if (options.markdown) writeSection(options.markdown, 'ml', figures, options);
  };
  try {
    if (chosen.length > 0) await benchTasks(stage, figures, chosen, options.rounds, save);
    if (wants('ooc')) await benchOutOfCore(stage, figures, options);
    save();
  } finally {
    await stage.close();
  }
}

async function benchTasks(
  stage: Stage,
  figures: Figures,
  chosen: readonly string[],
  rounds: number,
  save: () => void,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'exanalytics-ml-'));
  const peer = await startPeer(directory);
  const profile = await stage.profile();
  const browser = await profile.open();
  try {
    for (const name of await readdir(directory))
      stage.files.bodies.set(`/ml/${name}`, await readFile(join(directory, name)));
    const { page } = browser;
    await page.waitForFunction('globalThis.ml !== undefined');
    await page.evaluate((origin) => ml.prepare(origin), stage.files.origin);
    for (const task of chosen) {
      const [ours, theirs]: [number[], number[]] = [[], []];
      let checks: [number, number] = [0, 0];
      // Warms both up for half a second or once: compiled code, caches, memory.
      const begun = performance.now();
      do {
        await page.evaluate((name) => ml.run(name), task);
        await peer.run(task);
      } while (performance.now() - begun < warmMs);
      for (let round = 0; round < rounds; round++) {
        const mine = await page.evaluate((name) => ml.run(name), task);
        const peers = await peer.run(task);
        checks = [mine.check, peers.check];
        ours.push(median(mine.ms));
        theirs.push(median(peers.ms));
      }
      const { flatters } = tasks[task]!;
      const note = `${median(ours).toPrecision(3)} ms; scikit-learn ${median(theirs).toPrecision(3)} ms; found ${checks[0].toPrecision(6)}, ${checks[1].toPrecision(6)}`;
      figures.set(task, medianRatio(ours, theirs), '×', flatters ? `${note} (flatters: ${flatters})` : note);
      console.log(`    ${note}`);
      save();
    }
  } finally {
    await browser.close();
    await profile.remove();
    peer.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

interface Peer {
  run(task: string): Promise<Timed>;
  stop(): void;
}

/** scikit-learn in one thread; ready once its data are made. */
async function startPeer(directory: string): Promise<Peer> {
  const one = Object.fromEntries(
    ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'].map((name) => [name, '1']),
  );
  const process_: ChildProcess = spawn('/usr/bin/python3', [join(here, 'ml-peer.py'), directory], {
    env: { ...process.env, ...one },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: process_.stdout! })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('scikit-learn stopped: is python3-sklearn installed?');
    return JSON.parse(value) as Record<string, unknown>;
  };
  const { ready, numpy } = await next();
  console.log(`  scikit-learn ${ready}, numpy ${numpy}, one thread`);
  return {
    async run(task) {
      process_.stdin!.write(`${task}\n`);
      return (await next()) as unknown as Timed;
    },
    stop: () => process_.kill(),
  };
}
