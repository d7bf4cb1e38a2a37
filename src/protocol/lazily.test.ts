import { expect, test } from 'vitest';
import { lazily } from './lazily.ts';

test('is made once for all who ask, and anew after a failure', async () => {
  let tries = 0;
  const make = lazily(async () => {
    if (++tries === 1) throw new Error('not yet');
    return tries;
  });
  const [one, two] = await Promise.allSettled([make(), make()]);
  expect([one.status, two.status, tries]).toEqual(['rejected', 'rejected', 1]);
  expect(await Promise.all([make(), make()])).toEqual([2, 2]);
  expect(await make()).toBe(2);
});
