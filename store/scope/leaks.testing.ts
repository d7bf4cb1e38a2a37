import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { columnFromLiterals } from '../../src/arrow/build-column.ts';
import type { ColumnType, Literal } from '../../src/protocol/column.ts';
import type { Profile } from '../../src/protocol/profile.ts';
import type { Callers } from '../http/caller.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import { type Rights, scopeOf } from './scope.ts';

/** Values that stand only where the roles below may not look, in every form an answer could carry them. */
export const marker = {
  text: 'ZQX-hidden',
  int64: '731671765313306249',
  decimal: '6249193122.55',
  float64: 9.876_543_210_987_6e-57,
  time: '2187-05-04T03:02:01.000Z',
} as const;

function littleEndian(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

/** What to look for, by the name of what it would betray. */
const traces: readonly (readonly [string, Buffer])[] = [
  ['a text', Buffer.from('ZQX')],
  ['an integer', littleEndian(BigInt(marker.int64))],
  ['an integer’s digits', Buffer.from(marker.int64)],
  ['a decimal', littleEndian(624_919_312_255n)],
  ['a decimal’s digits', Buffer.from('6249193122')],
  ['a double', double(marker.float64)],
  ['a double’s digits', Buffer.from('9.8765432109876e-57')],
  ['a time', littleEndian(BigInt(Date.parse(marker.time)))],
  ['a time as a double', double(Date.parse(marker.time))],
  ['a time’s digits', Buffer.from(String(Date.parse(marker.time)))],
  ['a time as text', Buffer.from('2187-0')],
];

/** What hidden things an answer carries; empty for a tight one. */
export function leaksIn(body: Uint8Array): readonly string[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // Bytes within JSON are base64.
  const inside = bytes.toString('latin1').match(/"[A-Za-z0-9+/]{16,}={0,2}"/g) ?? [];
  const all = [bytes, ...inside.map((text) => Buffer.from(text.slice(1, -1), 'base64'))];
  return traces.filter(([, trace]) => all.some((one) => one.includes(trace))).map(([name]) => name);
}

const visible: Rights = {
  tenant: 'north',
  datasets: {
    orders: { where: { op: 'in', column: 'country', values: ['FR'] }, hide: ['margin', 'secret'] },
    clients: { where: { op: 'in', column: 'country', values: ['FR'] }, hide: ['email'] },
    totals: {},
    totals_all: {},
  },
  arrays: ['open'],
};

/** Roles that may not see a marker, by the name they are asked as. */
export const leakRoles: Readonly<Record<string, readonly Rights[][]>> = {
  reader: [[{ ...visible, role: 'reader' }]],
  editor: [[{ ...visible, role: 'editor' }]],
  administrator: [[{ ...visible, role: 'admin' }]],
  'a token that tries to widen': [
    [{ ...visible, role: 'reader' }],
    [
      {
        datasets: {
          '*': {},
          orders: {
            where: {
              op: 'or',
              of: [
                { op: 'not', of: { op: 'in', column: 'country', values: ['FR'] } },
                { op: 'in', column: 'country', values: ['FR'] },
              ],
            },
          },
        },
        arrays: '*',
        role: 'admin',
      },
    ],
  ],
  'two groups': [
    [
      { ...visible, role: 'reader' },
      {
        ...visible,
        datasets: {
          ...(visible.datasets as object),
          clients: { where: { op: 'in', column: 'country', values: ['FR', 'IT'] }, hide: [] },
        },
        role: 'reader',
      },
    ],
  ],
  'another tenant': [
    [
      {
        tenant: 'south',
        datasets: { clients: { where: { op: 'in', column: 'country', values: [] } } },
        arrays: [],
        role: 'reader',
      },
    ],
  ],
  'somebody without rights': [[{ datasets: {}, arrays: [], role: 'reader' }]],
};

const callers: Callers = ({ headers }) => {
  const role = String(headers['x-role'] ?? 'whole');
  const rights = leakRoles[role];
  return { scope: scopeOf(rights ?? []), user: role, expires: Date.now() + 400 };
};

const text: ColumnType = { kind: 'text' };
const int32: ColumnType = { kind: 'int32' };
const int64: ColumnType = { kind: 'int64' };
const money: ColumnType = { kind: 'decimal', precision: 18, scale: 2 };
const float64: ColumnType = { kind: 'float64' };
const time: ColumnType = { kind: 'timestamp' };

type Table = Readonly<Record<string, readonly [ColumnType, readonly Literal[]]>>;

/** Of every three orders and clients one is hidden: all that it says is a marker. */
export const orderCount = 90;
export const isHidden = (row: number): boolean => row % 3 === 1;
const rows = Array.from({ length: orderCount }, (_, i) => i);
const either = (hidden: Literal, seen: (i: number) => Literal) =>
  rows.map((i) => (isHidden(i) ? hidden : seen(i)));

const orders: Table = {
  id: [int32, rows],
  country: [text, either(marker.text, () => 'FR')],
  // Also seen orders name hidden clients.
  client: [int32, rows.map((i) => i % 7)],
  amount: [money, either(marker.decimal, (i) => `${i}.50`)],
  big: [int64, either(marker.int64, (i) => i)],
  ratio: [float64, either(marker.float64, (i) => i / 8)],
  note: [text, either(`${marker.text} note`, (i) => `note ${i}`)],
  placed: [time, either(marker.time, () => '2026-03-14T15:09:26.000Z')],
  margin: [money, rows.map(() => marker.decimal)],
  secret: [text, rows.map((i) => `${marker.text} ${i}`)],
};

const clientRows = Array.from({ length: 7 }, (_, i) => i);
const clients: Table = {
  id: [int32, clientRows],
  country: [text, clientRows.map((i) => (isHidden(i) ? marker.text : 'FR'))],
  name: [text, clientRows.map((i) => (isHidden(i) ? `${marker.text} client` : `client ${i}`))],
  email: [text, clientRows.map((i) => `${marker.text}@${i}`)],
};

const totals: Table = { client: [int32, []], amount: [money, []], last: [time, []] };
const vault: Table = { id: [int32, rows], ZQX: [text, rows.map(() => marker.text)] };

export function plainProfile(more: Partial<Profile> = {}): Profile {
  return {
    part: 'table',
    label: 'Table',
    grain: 'row',
    keys: ['id'],
    roles: {},
    labels: {},
    links: [],
    calculated: [],
    measures: [],
    zone: 'Europe/Paris',
    dimensions: [],
    ...more,
  };
}

const link = {
  id: 'client',
  label: 'Client',
  column: 'client',
  dataset: 'clients',
  key: 'id',
  copies: [
    { column: 'country', as: 'client_country' },
    { column: 'name', as: 'client_name' },
    { column: 'email', as: 'client_email' },
  ],
};

/** A store with tables, copies, totals and arrays in which markers stand where roles may not look. */
export async function leakStore(): Promise<
  OpenStore & { readonly datasets: Readonly<Record<string, string>>; end(): Promise<void> }
> {
  const directory = await mkdtemp(join(tmpdir(), 'exanalytics-leaks-'));
  const store = await openStore({
    data: directory,
    release: '0.0.0-test',
    warn: (sentence) => console.error(sentence),
    callers,
  });
  const { driver, arrays } = store;
  const make = async (name: string, table: Table, profile: Profile): Promise<string> => {
    const session = await driver.beginImport({
      name,
      mode: 'create',
      columns: Object.entries(table).map(([column, [type]]) => ({ name: column, type })),
      profile,
    });
    const columns = Object.entries(table).map(
      ([column, [type, values]]) => [column, columnFromLiterals(type, values)] as const,
    );
    const length = Object.values(table)[0]![1].length;
    if (length > 0) await session.append({ rows: length, columns: Object.fromEntries(columns) });
    return (await session.commit()).dataset;
  };
  const datasets: Record<string, string> = {
    clients: await make('clients', clients, plainProfile()),
    orders: await make('orders', orders, plainProfile({ links: [link] })),
    totals: await make(
      'totals',
      totals,
      plainProfile({
        keys: ['client'],
        rollUp: {
          dataset: 'orders',
          by: 'client',
          columns: [
            { column: 'amount', formula: 'max(amount)' },
            { column: 'last', formula: 'max(placed)' },
          ],
        },
      }),
    ),
    vault: await make('vault', vault, plainProfile()),
  };
  for (const [name, value] of [
    ['open', 1],
    ['closed', marker.float64],
  ] as const) {
    const { array } = await arrays.create({ name, shape: [64n], dtype: 'float64' }, { fingerprint: name });
    await arrays.write(array, [], 'float64', new Float64Array(64).fill(value), {
      fingerprint: `${name} values`,
    });
    datasets[name] = array;
  }
  return {
    ...store,
    datasets,
    async end() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
