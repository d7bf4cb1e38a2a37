import { expect, test } from 'vitest';
import { changeOf, figureQuestion } from './figure.query.ts';

test('a figure is one aggregate without groups', () => {
  expect(figureQuestion('orders', { measure: 'revenue' }, undefined)).toEqual({
    kind: 'aggregate',
    dataset: 'orders',
    where: undefined,
    groupBy: [],
    measures: [{ measure: 'revenue' }],
  });
});

test('a change has a direction, and a ratio only over something positive', () => {
  expect(changeOf(110, 100)).toEqual({ direction: 'more', ratio: 0.1 });
  expect(changeOf(50, 100)).toEqual({ direction: 'less', ratio: -0.5 });
  expect(changeOf(0, 0)).toEqual({ direction: 'same', ratio: undefined });
  expect(changeOf(5, -5)).toEqual({ direction: 'more', ratio: undefined });
  expect(changeOf(null, 1)).toBeUndefined();
  expect(changeOf(1, Number.NaN)).toBeUndefined();
});
