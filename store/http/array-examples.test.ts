import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { open } from '../../src/ndarray.ts';
import { type OpenStore, openStore } from '../open-store.ts';

const run = promisify(execFile);
const page = await readFile(new URL('../../docs/arrays.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1]!);

let store: OpenStore;
let url: string;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-array-examples-'));
  store = await openStore({ data: join(directory, 'data'), release: '0.0.0-test', warn: () => undefined });
  url = await store.app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

it('the JavaScript of docs/arrays.md prints what stands beside it', async () => {
  await store.arrays.create(
    { name: 'readings', shape: [10n ** 18n, 2n], dtype: 'float64', fill: 'NaN' },
    { fingerprint: 'readings' },
  );
  const [block] = blocks('js');
  const said: string[] = [];
  const expected = [...block!.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]!);
  const program = block!
    .replace(/^import .*$/m, '')
    .replaceAll('http://127.0.0.1:8090', url)
    .replaceAll('console.log(', 'print(');
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
    ...words: string[]
  ) => (...given: unknown[]) => Promise<void>;
  const print = (...values: unknown[]) =>
    said.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
  await new AsyncFunction('open', 'print', program)(open, print);
  expect(expected).toHaveLength(6);
  expect(said).toEqual(expected);
});

it.skipIf(spawnSync('curl', ['--version']).error !== undefined)(
  'the commands of docs/arrays.md run as they stand',
  async () => {
    const commands = blocks('sh').flatMap((block) => block.split(/\n(?=curl )/));
    const answers: string[] = [];
    for (const command of commands) {
      const { stdout } = await run('bash', ['-c', command.replaceAll('http://127.0.0.1:8090', url)], {
        cwd: directory,
      });
      answers.push(stdout);
    }
    expect(answers).toHaveLength(8);
    expect(JSON.parse(answers[0]!)).toMatchObject({ array: 'counts' });
    expect(JSON.parse(answers[1]!)).toMatchObject({ shape: ['1000000000000', '3'], dtype: 'int32' });
    expect(JSON.parse(answers[3]!)).toMatchObject({ updated: 6 });
    expect(JSON.parse(answers[4]!)).toMatchObject({ updated: 6 });
    expect(store.arrays.head('counts').shape).toEqual(['2000000000000', '3']);
    expect(answers[6]).toContain('"shape":[]');
    expect(JSON.parse(answers[7]!.trim().split('\n').at(-1)!)).toEqual({ result: null });
  },
);
