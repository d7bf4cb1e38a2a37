import { expect, it } from 'vitest';
import { frameToken } from './frame-token.ts';

it('gives the first token once, then asks the parent, once for all who wait', async () => {
  const token = frameToken('one');
  let asked = 0;
  token.onWanted(() => asked++);
  expect(await token.source()).toBe('one');
  const both = Promise.all([token.source(), token.source()]);
  expect(asked).toBe(1);
  token.set('two');
  expect(await both).toEqual(['two', 'two']);
});

it('without a first token the parent is asked before anything else, also if it listens late', async () => {
  const token = frameToken('');
  const got = token.source();
  let asked = 0;
  token.onWanted(() => asked++);
  expect(asked).toBe(1);
  token.set('one');
  expect(await got).toBe('one');
});

it('a token given early is the next one', async () => {
  const token = frameToken('one');
  await token.source();
  token.set('two');
  expect(await token.source()).toBe('two');
});

it('a parent that gives none is said in a sentence, and asked again', async () => {
  const token = frameToken('', 5);
  await expect(token.source()).rejects.toThrow(/expired/);
  const again = token.source();
  token.set('late');
  expect(await again).toBe('late');
});
