import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';
import type { RequestNote } from '../store/request-log.ts';
import { copyDemo } from './made-demo.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = join(root, 'store', 'cli', 'exanalytics.mjs');

/** A real store in a process and directory of its own. */
export interface StoreProcess {
  /** `http://127.0.0.1:PORT`; the same after a restart. */
  readonly url: string;
  readonly dataDir: string;
  readonly logFile: string;
  /** All it printed since it was first started. */
  output(): string;
  /** Lines of the request log, oldest first; of an address beginning with `path` when given. */
  requests(path?: string): Promise<RequestNote[]>;
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>;
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; `wrap`: a command that runs it, this time. */
  start(options?: { wrap?: readonly string[] }): Promise<void>;
  /** Runs `exanalytics ARGS` and gives its exit code and output. */
  command(...args: string[]): Promise<{ code: number; output: string }>;
  /** Ends it and deletes its directory. */
  remove(): Promise<void>;
}

/** Starts a store on a free port; resolves when it has printed its address and answers. */
export async function startStore({
  demo = 'none',
  args = [],
  readyMs = 90_000,
  wrap: wrapAlways = [],
}: {
  demo?: 'none' | 'small' | 'large';
  args?: readonly string[];
  readyMs?: number;
  wrap?: readonly string[];
} = {}): Promise<StoreProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'exanalytics-e2e-'));
  const dataDir = join(directory, 'data');
  const logFile = join(directory, 'requests.ndjson');
  let port = 0;
  let url = '';
  let output = '';
  let child: ChildProcess | undefined;

  async function start({ wrap = wrapAlways }: { wrap?: readonly string[] } = {}): Promise<void> {
    if (child) throw new Error('The store is running already.');
    const words = [
      ...wrap,
      process.execPath,
      program,
      'serve',
      '--port',
      String(port),
      '--data',
      dataDir,
      '--demo',
      demo,
      '--log',
      logFile,
      ...args,
    ];
    const started = spawn(words[0]!, words.slice(1), { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    const from = output.length;
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
    };
    started.stdout.on('data', listen);
    started.stderr.on('data', listen);
    const ended = new Promise<void>((resolve) => started.once('exit', () => resolve()));
    const deadline = Date.now() + readyMs;
    for (;;) {
      const address = /Exanalytics Workbench: (http:\/\/\S+)/.exec(output.slice(from))?.[1];
      if (address) {
        url = address;
        port = Number(new URL(address).port);
        const answer = await fetch(`${url}/api/health`);
        if (answer.ok) return;
      }
      if (started.exitCode !== null || started.signalCode !== null) {
        child = undefined;
        throw new Error(`The store ended before it was ready:\n${output.slice(from)}`);
      }
      if (Date.now() > deadline) {
        started.kill('SIGKILL');
        await ended;
        child = undefined;
        throw new Error(`The store was not ready in ${readyMs} ms:\n${output.slice(from)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
    ending.kill(signal);
    await ended;
  }

  if (demo === 'small') await copyDemo(dataDir, makeDemo);
  await start();
  return {
    get url() {
      return url;
    },
    dataDir,
    logFile,
    output: () => output,
    async requests(path) {
      const text = existsSync(logFile) ? await readFile(logFile, 'utf8') : '';
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as RequestNote)
        .filter((note) => path === undefined || note.path.startsWith(path));
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start,
    command: (...words) => runCommand(words, directory),
    async remove() {
      await end('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Fills a folder with the small demo, as a person's first start does. */
async function makeDemo(dataDir: string): Promise<void> {
  const maker = await startStore({ args: ['--demo', 'small', '--data', dataDir] });
  await maker.stop();
  await maker.remove();
}

function runCommand(args: readonly string[], cwd: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Playwright's `test` with `store`: an empty store a test. */
export const test = base.extend<{ store: StoreProcess }>({
  store: async ({ browserName: _ }, use) => {
    const store = await startStore();
    await use(store);
    await store.remove();
  },
});
