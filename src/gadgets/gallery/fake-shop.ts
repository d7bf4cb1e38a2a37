import type { ColumnInfo } from '../../protocol/column.ts';
import type { Head } from '../../protocol/head.ts';
import { plainProfile } from '../../protocol/plain-profile.ts';
import type { Profile } from '../../protocol/profile.ts';
import type { FakeTable } from './fake-table.ts';

/** A head over `columns`; anything may be said otherwise. */
export function fakeHead(
  id: string,
  columns: readonly ColumnInfo[],
  profile: Partial<Profile> = {},
  rest: Partial<Head> = {},
): Head {
  return {
    id,
    name: id,
    epoch: 'e1',
    scope: 'public',
    version: 1,
    asOf: '2026-11-20T12:04:00.000Z',
    allocated: 0,
    columns,
    profile: plainProfile(id, profile),
    revisions: [1],
    live: [0],
    zones: { UTC: { from: [-8.64e15], offsetMs: [0] } },
    ...rest,
  };
}

/** A small shop: `count` orders over 2011 with clients, countries, states and amounts, from a fixed seed. */
export function fakeOrders(count = 400): FakeTable {
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const countries = [
    'France',
    'Germany',
    'Japan',
    'Senegal',
    'Brazil',
    'Poland',
    'Italy',
    'Spain',
    'India',
    'Peru',
  ];
  const states = ['draft', 'confirmed', 'payment', 'shipped', 'archived'];
  const rows = Array.from({ length: count }, (_, i) => {
    const at = Date.UTC(2011, 0, 1) + Math.floor(((i + random()) / count) * 365 * 86_400_000);
    return {
      c1: `ORD-${10_000 + i}`,
      c2: new Date(at).toISOString(),
      c3: countries[Math.floor(random() ** 1.7 * countries.length)]!,
      c4: states[Math.floor(random() * states.length)]!,
      c5: (5 + random() * 400 * (1 + i / count)).toFixed(2),
      c6: 1 + Math.floor(random() * 9),
      c7: i % 50 === 49 ? null : `Client ${1 + Math.floor(random() * 60)}`,
    };
  });
  const head = fakeHead(
    'orders',
    [
      { id: 'c1', name: 'order_id', type: { kind: 'text' } },
      { id: 'c2', name: 'ordered_at', type: { kind: 'timestamp' } },
      { id: 'c3', name: 'country', type: { kind: 'text' } },
      { id: 'c4', name: 'state', type: { kind: 'text' } },
      { id: 'c5', name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
      { id: 'c6', name: 'items', type: { kind: 'int32' } },
      { id: 'c7', name: 'client', type: { kind: 'text' } },
    ],
    {
      part: 'orders',
      label: 'Orders',
      grain: 'order',
      keys: ['c1'],
      roles: { id: 'c1', date: 'c2', country: 'c3', state: 'c4', amount: 'c5', quantity: 'c6', client: 'c7' },
      labels: {
        c1: 'Order',
        c2: 'Date',
        c3: 'Country',
        c4: 'State',
        c5: 'Amount',
        c6: 'Items',
        c7: 'Client',
      },
      measures: [
        { id: 'orders', label: 'Orders', formula: 'count()', format: 'count' },
        { id: 'revenue', label: 'Revenue', formula: 'sum(c5)', format: 'money' },
        { id: 'basket', label: 'Average order', formula: 'sum(c5) / count()', format: 'money' },
        { id: 'clients', label: 'Clients', formula: 'distinct(c7)', format: 'count' },
      ],
      zone: 'UTC',
      currency: 'EUR',
      dimensions: ['c4', 'c3'],
    },
    { allocated: count, live: [count] },
  );
  return { head, rows };
}

/** Orders that name their clients, and the clients. */
export function fakeShop(): readonly [FakeTable, FakeTable] {
  const orders = fakeOrders(120);
  const links = [{ id: 'client', label: 'Client', column: 'c7', dataset: 'clients', key: 'k1' }];
  const clients = fakeHead(
    'clients',
    [
      { id: 'k1', name: 'client_id', type: { kind: 'text' } },
      { id: 'k2', name: 'segment', type: { kind: 'text' } },
      { id: 'k3', name: 'credit', type: { kind: 'decimal', precision: 12, scale: 2 } },
    ],
    {
      part: 'clients',
      label: 'Clients',
      keys: ['k1'],
      roles: { id: 'k1', segment: 'k2', amount: 'k3' },
      dimensions: ['k2'],
      currency: 'EUR',
    },
  );
  return [
    { ...orders, head: { ...orders.head, profile: { ...orders.head.profile, links } } },
    {
      head: clients,
      rows: Array.from({ length: 60 }, (_, i) => ({
        k1: `Client ${i + 1}`,
        k2: i % 2 === 0 ? 'Retail' : 'Wholesale',
        k3: (i * 13.37).toFixed(2),
      })),
    },
  ];
}
