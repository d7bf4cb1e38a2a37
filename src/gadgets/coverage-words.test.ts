import { expect, it } from 'vitest';
import type { Coverage } from '../protocol/answer.ts';
import { coverageWords, coveredShare } from './coverage-words.ts';
import { formatsOf } from './format.ts';

const whole: Coverage = {
  version: 1,
  asOf: '2026-11-20T12:00:00.000Z',
  settled: true,
  mixed: false,
  blocks: 107,
  blocksTotal: 107,
  rows: 7_000_000,
  rowsTotal: 7_000_000,
  approximate: [],
  from: 'cache',
};

it('says what an answer leaves out, and nothing when it leaves out nothing', () => {
  const formats = formatsOf('en');
  expect(coverageWords(undefined, formats)).toBeUndefined();
  expect(coverageWords(whole, formats)).toBeUndefined();
  expect(coverageWords({ ...whole, blocks: 93, rows: 6_090_000 }, formats)).toBe(
    '93 of 107 blocks here; totals cover 87% of rows',
  );
  // A part is never told as the whole.
  expect(coverageWords({ ...whole, blocks: 106, rows: 6_999_999 }, formats)).toContain('99% of rows');
  expect(coverageWords({ ...whole, mixed: true }, formats)).toContain('older');
});

it('knows the share of rows an answer speaks for, where that is not all', () => {
  expect(coveredShare(undefined)).toBeUndefined();
  expect(coveredShare(whole)).toBeUndefined();
  expect(coveredShare({ ...whole, mixed: true })).toBeUndefined();
  expect(coveredShare({ ...whole, blocks: 93, rows: 6_090_000 })).toBe(0.87);
});
