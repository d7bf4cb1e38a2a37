import { describe, expect, it } from 'vitest';
import type { Filter } from '../../protocol/query.ts';
import { formatsOf } from '../format.ts';
import { type ColumnWords, filterWords } from './filter-words.ts';

const columns: ColumnWords = {
  label: (column) => column.toUpperCase(),
  type: (column) => ({ kind: column === 'day' ? 'date' : column === 'amount' ? 'int32' : 'text' }),
  zone: 'UTC',
};
const said = (filter: Filter): string => {
  const { label, text, excludes } = filterWords(filter, columns, formatsOf('en'));
  return `${label}${excludes ? ' not' : ':'} ${text}`.replace(/[\u2009\u202f\u00a0]/g, ' ');
};

describe('filters in words', () => {
  it.each([
    [{ op: 'in', column: 'country', values: ['France', null] }, 'COUNTRY: France, (none)'],
    [{ op: 'in', column: 'country', values: ['a', 'b', 'c', 'd', 'e'] }, 'COUNTRY: a, b, c +2'],
    [{ op: 'not', of: { op: 'in', column: 'country', values: ['France'] } }, 'COUNTRY not France'],
    [{ op: 'range', column: 'amount', from: 10_000, to: 20_000 }, 'AMOUNT: 10,000 to below 20,000'],
    [{ op: 'range', column: 'amount', to: 5 }, 'AMOUNT: below 5'],
    [{ op: 'range', column: 'amount' }, 'AMOUNT: any'],
    [{ op: 'contains', column: 'country', text: 'lan' }, 'COUNTRY: contains “lan”'],
    [{ op: 'and', of: [{ op: 'range', column: 'amount', from: 3 }] }, 'AMOUNT: from 3'],
  ] satisfies [Filter, string][])('%j', (filter, text) => {
    expect(said(filter)).toBe(text);
  });
  it('shows the last day of a period', () => {
    const text = said({ op: 'range', column: 'day', from: '2011-01-01', to: '2011-02-01' });
    expect(text).toContain('31 Jan 2011');
  });
});
