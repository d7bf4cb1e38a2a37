import { expect, it } from 'vitest';
import { expectedHashes, partialHashes } from './partial-hashes.testing.ts';

it('makes the same bytes in Node as ever', async () => {
  expect(await partialHashes()).toEqual(expectedHashes);
});
