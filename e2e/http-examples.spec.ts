import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { test } from './store-process.ts';

const run = promisify(execFile);

/** Commands of the page's `sh` blocks: each begins with `curl` at the start of a line. */
async function examples(): Promise<string[]> {
  const text = await readFile(new URL('../docs/http.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!);
  return blocks.flatMap((block) => block.split(/\n(?=curl )/)).map((command) => command.trim());
}

test('the examples of docs/http.md run as they stand', async ({ store }) => {
  test.skip(spawnSync('curl', ['--version']).error !== undefined, 'curl is not installed here.');
  const answers: Record<string, unknown>[] = [];
  for (const example of await examples()) {
    const command = example.replaceAll('http://127.0.0.1:8090', store.url);
    const { stdout } = await run('bash', ['-c', command]);
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    answers.push(answer);
    if (command.includes('/api/imports'))
      await fetch(`${store.url}/api/imports/${String(answer.id)}/commit`, { method: 'POST' });
  }
  expect(answers).toHaveLength(7);
  expect(answers[1]).toMatchObject({ appended: 3, updated: 0 });
  expect(answers[2]).toMatchObject({
    rows: [
      ['Lyon', '32.75'],
      ['Paris', '8.00'],
    ],
  });
  expect(answers[3]).toMatchObject({
    rows: [
      [2, 3, 'Lyon', '20.25'],
      [0, 1, 'Lyon', '12.50'],
    ],
    coverage: { matching: 3 },
  });
});
