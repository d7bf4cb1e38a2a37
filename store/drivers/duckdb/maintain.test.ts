import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnType, Literal } from '../../../src/protocol/column.ts';
import type { Profile } from '../../../src/protocol/profile.ts';
import type { Snapshot, TableDriver, Write } from '../table-driver.ts';
import { allRows, batchOf, profileOf, withDriver, writeOf } from './driver.testing.ts';

const int: ColumnType = { kind: 'int32' };
const text: ColumnType = { kind: 'text' };
const money: ColumnType = { kind: 'decimal', precision: 12, scale: 2 };
const time: ColumnType = { kind: 'timestamp' };

const clientColumns = { id: int, country: text, tier: int };
const orderColumns = { id: int, client: int, amount: money, state: text, at: time };
const totalColumns = {
  client: int,
  orders: { kind: 'int64' },
  paid: money,
  last: time,
  first_state: text,
} satisfies Record<string, ColumnType>;

const link = { id: 'client', label: 'Client', column: 'client', dataset: 'clients', key: 'id' };
const orderProfile = profileOf(['id'], {
  links: [
    {
      ...link,
      copies: [
        { column: 'country', as: 'client_country' },
        { column: 'tier', as: 'client_tier' },
      ],
    },
  ],
  calculated: [{ id: 'net', label: 'Net', formula: "if(state = 'cancelled', 0, amount)" }],
});
const totalProfile = profileOf(['client'], {
  links: [{ ...link, copies: [{ column: 'country', as: 'country' }] }],
  rollUp: {
    dataset: 'orders',
    by: 'client',
    columns: [
      { column: 'orders', formula: 'count()' },
      { column: 'paid', formula: 'sum(net)' },
      { column: 'last', formula: 'max(at)' },
      { column: 'first_state', formula: 'min(state)' },
    ],
  },
});

type Cells = Record<string, Literal>;

interface Step {
  readonly kind: 'append' | 'upsert' | 'delete' | 'import' | 'replace';
  readonly dataset: 'clients' | 'orders';
  readonly rows: readonly Cells[];
}

const id = fc.integer({ min: 1, max: 12 });
const client = fc.option(fc.integer({ min: 1, max: 6 }), { nil: null, freq: 6 });
const orderRow = fc.record({
  id,
  client,
  amount: fc.option(fc.constantFrom('1.00', '2.50', '-3.25'), { nil: null }),
  state: fc.constantFrom<Literal>('paid', 'cancelled', null),
  at: fc.constantFrom<Literal>('2020-01-01T00:00:00.000Z', '2021-06-01T12:00:00.000Z', null),
});
const clientRow = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  country: fc.constantFrom<Literal>('FR', 'DE', null),
  tier: fc.constantFrom<Literal>(1, 2),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('append' as const, 'upsert' as const, 'delete' as const, 'import' as const),
    dataset: fc.constant('orders' as const),
    rows: fc.uniqueArray(orderRow, { selector: (row) => row.id, minLength: 1, maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constantFrom('upsert' as const, 'delete' as const, 'replace' as const, 'import' as const),
    dataset: fc.constant('clients' as const),
    rows: fc.uniqueArray(clientRow, { selector: (row) => row.id, minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('replace' as const),
    dataset: fc.constant('orders' as const),
    rows: fc.uniqueArray(orderRow, { selector: (row) => row.id, maxLength: 8 }),
  }),
);

function columnsOf(dataset: Step['dataset']): Record<string, ColumnType> {
  return dataset === 'orders' ? orderColumns : clientColumns;
}

function batch(columns: Record<string, ColumnType>, rows: readonly Cells[]) {
  return batchOf(
    Object.fromEntries(
      Object.entries(columns).map(([name, type]) => [name, [type, rows.map((row) => row[name]!)]]),
    ),
  );
}

async function importRows(
  driver: TableDriver,
  name: string,
  mode: 'create' | 'replace' | 'upsert',
  columns: Record<string, ColumnType>,
  profile: Profile,
  rows: readonly Cells[],
): Promise<void> {
  const session = await driver.beginImport({
    name,
    mode,
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
    profile,
  });
  if (rows.length) await session.append(batch(columns, rows));
  await session.commit();
}

/** Writes as one would: rows that cannot be stored (a key that is there already) are refused, and that is fine. */
async function apply(driver: TableDriver, { kind, dataset, rows }: Step): Promise<void> {
  if (kind === 'import' || kind === 'replace') {
    const profile = dataset === 'orders' ? orderProfile : profileOf(['id']);
    await importRows(driver, dataset, kind === 'import' ? 'upsert' : kind, columnsOf(dataset), profile, rows);
    return;
  }
  const columns = kind === 'delete' ? { id: int } : columnsOf(dataset);
  const change: Write['change'] = { kind, batch: batch(columns, rows) };
  await driver.write(writeOf(dataset, change)).catch((error: { tag?: string }) => {
    if (error.tag !== 'invalid') throw error;
  });
}

type Table = readonly Cells[];

function live(rows: Table): Table {
  return rows.filter((row) => row._live === true);
}

function cents(value: Literal | undefined): number {
  return Math.round(Number(value) * 100);
}

/** What the totals and copies must be, worked out from the rows of orders and clients alone. */
function check(clients: Table, orders: Table, totals: Table): void {
  const far = new Map(live(clients).map((row) => [row.id, row]));
  for (const row of live(orders)) {
    const named = row.client === null ? undefined : far.get(row.client!);
    expect([row.client_country, row.client_tier]).toEqual([named?.country ?? null, named?.tier ?? null]);
  }
  const groups = new Map<Literal, Table>();
  for (const row of live(orders))
    if (row.client !== null) groups.set(row.client!, [...(groups.get(row.client!) ?? []), row]);
  const expected = [...groups].map(([key, rows]) => {
    const amounts = rows.map((row) => {
      if (row.state === 'cancelled') return 0;
      // An unknown state is not 'cancelled'; an amount that is not there is skipped.
      return row.amount === null ? undefined : cents(row.amount);
    });
    const known = amounts.filter((amount) => amount !== undefined);
    const times = rows.map((row) => row.at!).filter((at) => at !== null);
    const states = rows.map((row) => row.state!).filter((state) => state !== null);
    return {
      client: key,
      orders: rows.length,
      paid: known.length ? known.reduce((sum, amount) => sum + amount, 0) : null,
      last: times.sort().at(-1) ?? null,
      first_state: states.sort()[0] ?? null,
      country: far.get(key)?.country ?? null,
    };
  });
  const found = live(totals).map(({ client: key, orders: count, paid, last, first_state, country }) => ({
    client: key,
    orders: Number(count),
    paid: paid === null ? null : cents(paid),
    last,
    first_state,
    country,
  }));
  const byClient = (a: { client?: Literal }, b: { client?: Literal }) => Number(a.client) - Number(b.client);
  expect(found.sort(byClient)).toEqual(expected.sort(byClient));
}

const datasets = ['clients', 'orders', 'totals'] as const;

async function read(snapshot: Snapshot): Promise<Record<(typeof datasets)[number], Table>> {
  return {
    clients: await allRows(snapshot, 'clients'),
    orders: await allRows(snapshot, 'orders'),
    totals: await allRows(snapshot, 'totals'),
  };
}

/** Every row that differs from what it was at `since` is among those changed since, with its values. */
async function checkPatches(
  snapshot: Snapshot,
  since: number,
  before: Record<string, Table>,
  after: Record<string, Table>,
  epochs: Record<string, string>,
): Promise<void> {
  for (const dataset of datasets) {
    const head = snapshot.head(dataset, 'public');
    if (epochs[dataset] !== head.epoch) continue;
    const blocks = head.revisions.map((_, block) => ({ block, since }));
    const { rows } = await snapshot.readChanged(dataset, [], blocks);
    const changed = new Set(rows);
    after[dataset]!.forEach((row, i) => {
      if (JSON.stringify(row) !== JSON.stringify(before[dataset]![i])) expect(changed.has(i)).toBe(true);
    });
  }
}

async function prepare(driver: TableDriver): Promise<void> {
  await importRows(driver, 'totals', 'create', totalColumns, totalProfile, []);
  await importRows(driver, 'orders', 'create', orderColumns, orderProfile, []);
  await importRows(driver, 'clients', 'create', clientColumns, profileOf(['id']), []);
}

describe('columns kept of other tables, and roll-ups', () => {
  it('are what recomputing gives, whatever was written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
        async (turns) => {
          await withDriver(async (driver) => {
            await prepare(driver);
            for (const steps of turns) {
              const epochs: Record<string, string> = {};
              const [since, before] = await driver.snapshot(async (snapshot) => {
                for (const dataset of datasets) epochs[dataset] = snapshot.head(dataset, 'public').epoch;
                return [snapshot.version, await read(snapshot)] as const;
              });
              // At once, so that several may share a transaction.
              await Promise.all(steps.map((one) => apply(driver, one)));
              await driver.snapshot(async (snapshot) => {
                const after = await read(snapshot);
                check(after.clients, after.orders, after.totals);
                await checkPatches(snapshot, since, before, after, epochs);
              });
            }
          });
        },
      ),
      { numRuns: Number(process.env.EXANALYTICS_RUNS ?? 12) },
    );
  }, 120_000);

  it('go with the table they are copied from, and with their declaration', async () => {
    await withDriver(async (driver) => {
      await prepare(driver);
      await apply(driver, { kind: 'upsert', dataset: 'clients', rows: [{ id: 1, country: 'FR', tier: 2 }] });
      const row = { id: 1, client: 1, amount: '5.00', state: 'paid', at: null };
      await apply(driver, { kind: 'append', dataset: 'orders', rows: [row] });
      await driver.drop('clients');
      const orders = await driver.snapshot((snapshot) => allRows(snapshot, 'orders'));
      expect(orders[0]).toMatchObject({ client_country: null, client_tier: null });

      const { profile, columns } = await driver.snapshot(async (snapshot) =>
        snapshot.head('orders', 'public'),
      );
      expect(columns.map(({ name }) => name)).toContain('client_country');
      const plain = { ...profile, links: profile.links.map(({ copies: _, ...rest }) => rest) };
      await driver.write(writeOf('orders', { kind: 'profile', profile: plain }));
      const after = await driver.snapshot(async (snapshot) => snapshot.head('orders', 'public'));
      expect(after.columns.map(({ name }) => name)).toEqual(Object.keys(orderColumns));
    });
  });

  it('are not written by others', async () => {
    await withDriver(async (driver) => {
      await prepare(driver);
      const refusals = [
        writeOf('totals', { kind: 'append', batch: batchOf({ client: [int, [1]] }) }),
        writeOf('orders', {
          kind: 'upsert',
          batch: batchOf({ id: [int, [1]], client_country: [text, ['XX']] }),
        }),
      ];
      for (const write of refusals)
        await expect(driver.write(write)).rejects.toMatchObject({
          tag: 'invalid',
          message: /kept? by the store|keeps itself/,
        });
      await expect(
        importRows(driver, 'bad', 'create', totalColumns, totalProfile, [
          { client: 1, orders: 1, paid: '1.00', last: null, first_state: null },
        ]),
      ).rejects.toMatchObject({ tag: 'invalid' });
    });
  });

  it('of a declaration that cannot be say why, and leave nothing', async () => {
    await withDriver(async (driver) => {
      await prepare(driver);
      const versions: number[] = [];
      driver.onVersion(({ version }) => versions.push(version));
      const wrong: Profile[] = [
        profileOf(['client'], { rollUp: { ...totalProfile.rollUp!, by: 'nobody' } }),
        profileOf([], { rollUp: totalProfile.rollUp! }),
        profileOf(['client'], {
          rollUp: { ...totalProfile.rollUp!, columns: [{ column: 'orders', formula: 'mean(amount)' }] },
        }),
        profileOf(['client'], {
          rollUp: { ...totalProfile.rollUp!, columns: [{ column: 'orders', formula: 'max(at)' }] },
        }),
      ];
      for (const profile of wrong)
        await expect(importRows(driver, 'wrong', 'create', totalColumns, profile, [])).rejects.toMatchObject({
          tag: 'invalid',
        });
      const own = { ...link, copies: [{ column: 'country', as: 'state' }] };
      const head = await driver.snapshot(async (snapshot) => snapshot.head('orders', 'public'));
      await expect(
        driver.write(writeOf('orders', { kind: 'profile', profile: { ...head.profile, links: [own] } })),
      ).rejects.toMatchObject({ tag: 'invalid' });
      expect(versions).toEqual([]);
      expect(driver.datasets().map(({ name }) => name)).toEqual(['clients', 'orders', 'totals']);
    });
  });
});
