import { expect, test } from 'vitest';
import { parseSharedFilter } from './parse-shared-filter.ts';

test('a filter of a page is read as it would be from a URL, and null drops one', () => {
  const filter = { op: 'and', of: [{ op: 'in', column: 'country', values: ['France', null] }] };
  expect(parseSharedFilter({ dataset: 'orders', filter, more: 1 })).toEqual({ dataset: 'orders', filter });
  expect(parseSharedFilter(null)).toBeUndefined();
});

test('anything else is refused with the shape of one', () => {
  let deep: object = { op: 'in', column: 'a', values: [1] };
  for (let i = 0; i < 100; i++) deep = { op: 'not', of: deep };
  const wrong = [
    undefined,
    1,
    'in(a,1)',
    {},
    { dataset: 'orders' },
    { filter: { op: 'in', column: 'a', values: [1] } },
    { dataset: 'orders', filter: { op: 'drop', column: 'a' } },
    { dataset: 'orders', filter: { op: 'and', of: 'all' } },
    { dataset: 'orders', filter: deep },
  ];
  for (const value of wrong) expect(() => parseSharedFilter(value)).toThrow('A filter is { dataset, filter');
});
