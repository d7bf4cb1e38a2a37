import { expect, test } from 'vitest';
import { labelledBins } from './distribution.figure.ts';

test('labels fit the room', () => {
  expect(labelledBins(12, 5)).toEqual([0, 3, 6, 9]);
  expect(labelledBins(3, 10)).toEqual([0, 1, 2]);
});
