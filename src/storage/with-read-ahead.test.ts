import { expect, test } from 'vitest';
import { memorySmallStore } from './small-store.ts';
import { withReadAhead } from './with-read-ahead.ts';

/** A store that tells which keys it was asked for. */
async function told(values: Readonly<Record<string, string>>) {
  const small = memorySmallStore();
  for (const [key, value] of Object.entries(values)) await small.set(key, value);
  const asked: string[] = [];
  const get = (key: string): Promise<unknown> => {
    asked.push(key);
    return small.get(key);
  };
  return { small: { ...small, get }, asked };
}

test('reads at once, answers from that once, and reads anew then', async () => {
  const { small, asked } = await told({ scope: 'a', asOf: 'then' });
  const ahead = withReadAhead(small, ['scope', 'none']);
  expect(asked).toEqual(['scope', 'none']);
  expect(await ahead.get('scope')).toBe('a');
  expect(await ahead.get('none')).toBeUndefined();
  expect(asked).toEqual(['scope', 'none']);
  await small.set('scope', 'b');
  expect(await ahead.get('scope')).toBe('b');
  expect(await ahead.get('asOf')).toBe('then');
});

test('what was written or removed since is read anew', async () => {
  const { small } = await told({ scope: 'a', asOf: 'then' });
  const ahead = withReadAhead(small, ['scope', 'asOf']);
  await ahead.set('scope', 'b');
  await ahead.del('asOf');
  expect(await ahead.get('scope')).toBe('b');
  expect(await ahead.get('asOf')).toBeUndefined();
});

test('a read that fails says so to whoever asks, and to nobody else', async () => {
  const { small } = await told({});
  const ahead = withReadAhead({ ...small, get: () => Promise.reject(new Error('gone')) }, ['scope']);
  await expect(ahead.get('scope')).rejects.toThrow('gone');
});
