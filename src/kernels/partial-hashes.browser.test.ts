import { expect, it } from 'vitest';
import { expectedHashes, partialHashes } from './partial-hashes.testing.ts';

it('makes the same bytes in Chromium as in Node', async () => {
  expect(await partialHashes()).toEqual(expectedHashes);
});
