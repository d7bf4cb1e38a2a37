import { describe, expect, test } from 'vitest';
import type { DatasetSummary } from '../../protocol/head.ts';
import { plainProfile } from '../../protocol/plain-profile.ts';
import type { Profile } from '../../protocol/profile.ts';
import type { Filter } from '../../protocol/query.ts';
import { clientTotalsQuestion, totalsColumns, totalsOf } from './clients.query.ts';

function summary(id: string, profile: Partial<Profile>): DatasetSummary {
  const rest = { epoch: 'e', version: 1, asOf: '2026-01-01T00:00:00.000Z', rows: 1, bytes: 1 };
  return { id, name: id, ...rest, profile: plainProfile('', profile) };
}

const clients = summary('clients', { part: 'clients', keys: ['c1'], roles: { name: 'c2' } });
const totals = summary('totals', {
  keys: ['c1'],
  roles: { quantity: 'c2', amount: 'c3', date: 'c4' },
  links: [
    {
      id: 'client',
      label: 'Client',
      column: 'c1',
      dataset: 'clients',
      key: 'c1',
      copies: [
        { column: 'c2', as: 'c5' },
        { column: 'c5', as: 'c6' },
      ],
    },
  ],
  rollUp: { dataset: 'orders', by: 'c3', columns: [] },
});

describe('totals per client', () => {
  test('are found by what they count', () => {
    expect(totalsOf('orders', 'c3', [clients, totals])).toBe(totals);
    expect(totalsOf('orders', 'c4', [clients, totals])).toBeUndefined();
    expect(totalsOf('other', 'c3', [clients, totals])).toBeUndefined();
  });

  test('are listed by the name they keep, without grouping', () => {
    const columns = totalsColumns(totals, clients);
    expect(columns).toEqual({ client: 'c1', name: 'client.c2', orders: 'c2', amount: 'c3', last: 'c4' });
    expect(clientTotalsQuestion(totals, columns, 'x_last', clients, undefined)).toMatchObject({
      kind: 'rows',
      dataset: 'totals',
      order: [
        { column: 'c4', descending: true },
        { column: 'c1', descending: false },
      ],
      columns: ['c1', 'client.c2', 'c2', 'c3', 'c4'],
    });
  });

  test('follow filters on the columns they keep, and no others', () => {
    const columns = totalsColumns(totals, clients);
    const ask = (where: Filter) => clientTotalsQuestion(totals, columns, 'x_amount', clients, where).where;
    const kept: Filter = { op: 'in', column: 'c5', values: ['FR'] };
    const foreign: Filter = { op: 'in', column: 'c9', values: [1] };
    expect(ask(kept)).toEqual({ ...kept, column: 'client.c5' });
    expect(ask({ op: 'not', of: kept })).toEqual({ op: 'not', of: { ...kept, column: 'client.c5' } });
    expect(ask({ op: 'and', of: [kept, foreign] })).toBeUndefined();
  });
});
