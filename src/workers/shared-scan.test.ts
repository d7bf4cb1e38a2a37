import { expect, test } from 'vitest';
import { ExaError } from '../protocol/errors.ts';
import { sharedScan } from './shared-scan.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
const blocks = (count: number): string[] => Array.from({ length: count }, (_, i) => `block ${i}`);

test('calls of one message read each block one after the other', async () => {
  const scan = sharedScan(turn);
  const read: string[] = [];
  await Promise.all(
    ['a', 'b', 'c'].map((name) => scan.read(blocks(20), (key) => void read.push(`${key} ${name}`), never)),
  );
  expect(read).toHaveLength(60);
  for (let at = 0; at < read.length; at += 3)
    expect(new Set(read.slice(at, at + 3).map((one) => one.slice(0, -2))).size).toBe(1);
});

test('one that comes later joins where the others are, and reads what it missed', async () => {
  let breaths = 0;
  let later: Promise<void> | undefined;
  const read: string[] = [];
  const scan = sharedScan(async () => {
    await turn();
    if (++breaths === 1) later = scan.read(blocks(24), (key) => void read.push(`${key} later`), never);
  });
  await scan.read(blocks(24), (key) => void read.push(`${key} first`), never);
  await later;
  expect(new Set(read).size).toBe(48);
  const blockOf = (one: string | undefined): string | undefined => one?.replace(/ (first|later)$/, '');
  expect(read.filter((one, at) => blockOf(one) === blockOf(read[at + 1]))).toHaveLength(16);
});

test('one that reads little does not wait for one that reads much', async () => {
  const scan = sharedScan(turn);
  let much = 0;
  const all = scan.read(blocks(1000), () => void much++, never);
  await scan.read(['of another table'], () => {}, never);
  expect(much).toBeLessThan(50);
  await all;
  expect(much).toBe(1000);
});

test('a failure and a cancel end one call only', async () => {
  const scan = sharedScan(turn);
  const abort = new AbortController();
  let read = 0;
  const whole = scan.read(blocks(100), () => void read++, never);
  const broken = scan.read(
    blocks(100),
    (key) => {
      if (key === 'block 5') throw new ExaError('corrupt', 'This block cannot be read.');
    },
    never,
  );
  let before = 0;
  const cancelled = scan.read(
    blocks(100),
    () => {
      if (++before === 3) abort.abort();
    },
    abort.signal,
  );
  await expect(broken).rejects.toMatchObject({ tag: 'corrupt' });
  await expect(cancelled).rejects.toMatchObject({ tag: 'cancelled' });
  await whole;
  expect(read).toBe(100);
  expect(before).toBeLessThan(20);
});

test('nothing to read is done, and the next call begins anew', async () => {
  const scan = sharedScan(turn);
  await scan.read([], () => {}, never);
  let read = 0;
  await scan.read(blocks(9), () => void read++, never);
  await scan.read(blocks(9), () => void read++, never);
  expect(read).toBe(18);
});
