import { expect, it } from 'vitest';
import { documentLink } from './document-link.ts';

const row: Record<string, string | number | null> = { order_id: 'A/7 b', shop: 3, empty: null };
const link = (template: string) => documentLink(template, (column) => row[column]);

it('puts the row’s values in, encoded', () => {
  expect(link('https://erp.example/web#id={order_id}&shop={shop}')).toBe(
    'https://erp.example/web#id=A%2F7%20b&shop=3',
  );
});

it.each([
  ['a missing value', 'https://erp.example/{empty}'],
  ['a column that is not there', 'https://erp.example/{other}'],
  ['a script', 'javascript:alert({shop})'],
  ['no address', 'http://'],
])('makes no link of %s', (_, template) => {
  expect(link(template)).toBeUndefined();
});
