import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../docs/promises.md', import.meta.url), 'utf8');

/** Lines of the page's tables: what is promised, the test file, words of the test's name. */
const lines = [...page.matchAll(/^\| (?<what>[^|]+) \| `(?<file>[^`]+)` \| (?<name>[^|]+) \|$/gm)].map(
  ({ groups }) => ({ what: groups!.what!, file: groups!.file!, name: groups!.name! }),
);

test('the page of promises lists them', () => {
  expect(lines.length).toBeGreaterThan(40);
});

test.each(lines)('$what: its test is there', ({ file, name }) => {
  const place = new URL(`../${file}`, import.meta.url);
  expect(existsSync(place), file).toBe(true);
  // Words of a comment are no test.
  expect(readFileSync(place, 'utf8').replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '')).toContain(name);
});
