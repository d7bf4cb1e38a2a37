import { describe, expect, it } from 'vitest';
import type { DatasetSummary, Head } from '../protocol/head.ts';
import { plainProfile } from '../protocol/plain-profile.ts';
import type { Profile } from '../protocol/profile.ts';
import { clientName, clientValuesQuestion, lifetimeMeasures, ordersOf } from './clients/clients.query.ts';
import { columnLabel, humanName } from './column-label.ts';
import {
  candidatesFor,
  dimensionsOf,
  linkedColumns,
  linkedFrom,
  measuresOf,
  subjectOf,
  typeOfColumn,
} from './subject.ts';

const summary = (
  id: string,
  profile: Partial<Profile>,
  rest: Partial<DatasetSummary> = {},
): DatasetSummary => ({
  id,
  name: id,
  epoch: 'e',
  version: 1,
  asOf: '2026-11-20T12:00:00.000Z',
  rows: 10,
  bytes: 100,
  profile: plainProfile('', profile),
  ...rest,
});

const lines = summary(
  'lines',
  { part: 'orders', grain: 'line', roles: { order: 'c1', client: 'c7', amount: 'amount', date: 'c5' } },
  { version: 3 },
);
const clients = summary('clients', { part: 'clients', keys: ['k1'], roles: { id: 'k1', name: 'k2' } });
const orders = summary(
  'orders',
  {
    part: 'orders',
    grain: 'order',
    roles: { client: 'c7', amount: 'c5' },
    links: [{ id: 'client', label: 'Client', column: 'c7', dataset: 'clients', key: 'k1' }],
  },
  { version: 2 },
);
const words = {
  rows: 'Rows',
  orders: 'Orders',
  amount: 'Amount',
  mean: 'Mean',
  clients: 'Clients',
  quantity: 'Units',
};

describe('subjects', () => {
  it('takes the newest that plays the part, or the one named', () => {
    expect(subjectOf('orders', undefined, [orders, lines])?.dataset.id).toBe('lines');
    expect(subjectOf('orders', 'orders', [orders, lines])?.dataset.id).toBe('orders');
    expect(subjectOf('orders', 'gone', [orders, lines])?.dataset.id).toBe('lines');
    expect(subjectOf('orders', undefined, [clients])).toBeUndefined();
    expect(subjectOf('home', undefined, [orders])).toBeUndefined();
  });
  it('derives clients from orders only after tables of their own', () => {
    expect(
      candidatesFor('clients', [lines, clients]).map(({ dataset, by }) => `${dataset.id} ${by}`),
    ).toEqual(['clients own', 'lines derived']);
  });
  it('finds what names a table', () => {
    expect(linkedFrom('clients', [orders, lines]).map(({ column }) => column)).toEqual(['c7']);
    expect(ordersOf(clients, [orders, lines])?.dataset.id).toBe('orders');
  });
});

describe('measures and dimensions', () => {
  it('counts distinct orders where a row is a line', () => {
    expect(measuresOf(lines.profile, words).map(({ formula }) => formula)).toEqual([
      'sum("amount")',
      'distinct("c1")',
      'sum("amount") / distinct("c1")',
      'distinct("c7")',
    ]);
  });
  it('has a measure for any table, and keeps a profile’s own', () => {
    expect(measuresOf(plainProfile(''), words)).toEqual([
      { id: 'x_count', label: 'Rows', formula: 'count()', format: 'count' },
    ]);
    const own = [words.rows, words.orders].map((label) => ({
      id: label,
      label,
      formula: 'count()',
      format: 'count' as const,
    }));
    expect(measuresOf({ ...orders.profile, measures: own }, words)).toEqual(own);
  });
  it('falls back to roles for dimensions', () => {
    expect(dimensionsOf(plainProfile('', { roles: { state: 'a', country: 'b' } }))).toEqual(['a', 'b']);
    expect(dimensionsOf(plainProfile('', { dimensions: ['x', 'x', 'y'] }), 1)).toEqual(['x']);
  });
});

describe('clients from orders', () => {
  it('is worth what its orders sum to', () => {
    expect(
      lifetimeMeasures(lines.profile, { clients: 'C', value: 'V', orders: 'O', amount: 'A' }).map(
        (one) => one.formula,
      ),
    ).toEqual([
      'distinct("c7")',
      'sum("amount") / distinct("c7")',
      'distinct("c1") / distinct("c7")',
      'sum("amount")',
    ]);
  });
  it('asks for the first clients by what is there', () => {
    const question = clientValuesQuestion('orders', 'c7', orders.profile, 'x_last', undefined);
    expect(question.order?.[0]).toEqual({ by: 'x_orders', descending: true });
    expect(question.measures.map((one) => 'formula' in one && one.formula)).toEqual(['count()', 'sum("c5")']);
    expect(question.where).toEqual({
      op: 'and',
      of: [{ op: 'not', of: { op: 'in', column: 'c7', values: [null] } }],
    });
  });
  it('names clients only where the join is small', () => {
    expect(clientName(orders.profile, 'c7', clients)).toBe('client.k2');
    expect(clientName(orders.profile, 'c7', { ...clients, rows: 65_537 })).toBeUndefined();
    expect(clientName(lines.profile, 'c7', clients)).toBeUndefined();
  });
});

describe('column labels', () => {
  const head = {
    ...orders,
    scope: 'public',
    allocated: 0,
    columns: [
      { id: 'c5', name: 'net_amount', type: { kind: 'float64' } },
      { id: 'c7', name: 'clientID', type: { kind: 'text' } },
    ],
    revisions: [],
    live: [],
    zones: {},
  } as const satisfies Head;
  const linked = {
    ...clients,
    columns: [
      { id: 'k2', name: 'full_name', type: { kind: 'text' } },
      { id: 'k3', name: 'home_country', type: { kind: 'text' } },
    ],
  } as const;

  it('reads like words', () => {
    expect(humanName('order_date')).toBe('Order date');
    expect(humanName('InvoiceNo')).toBe('Invoice no');
    expect(humanName('clientID')).toBe('Client ID');
    expect(humanName('_')).toBe('_');
    expect(columnLabel('c5', head)).toBe('Net amount');
  });
  it('reads through links', () => {
    expect(columnLabel('client.k2', head, [linked])).toBe('Client');
    expect(columnLabel('client.k1', head)).toBe('Client');
    expect(columnLabel('client.k3', head, [linked])).toBe('Client · Home country');
    expect(columnLabel('client.k3', head)).toBe('Client · K3');
    const full = { ...head, ...linked, id: 'clients' };
    expect(typeOfColumn('client.k3', head, [full])).toEqual({ kind: 'text' });
    expect(typeOfColumn('nothing.k3', head, [full])).toBeUndefined();
    expect(linkedColumns(head, [full])).toEqual([
      { id: 'client.k2', name: 'Client', type: { kind: 'text' } },
      { id: 'client.k3', name: 'Client · Home country', type: { kind: 'text' } },
    ]);
    expect(linkedColumns(head, [{ ...full, allocated: 65_537 }])).toEqual([]);
  });
});
