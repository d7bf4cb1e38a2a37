import { describe, expect, test } from 'vitest';
import { allRows, withDriver } from '../drivers/duckdb/driver.testing.ts';
import type { RowBatch } from '../drivers/table-driver.ts';
import { dayMs } from './calendar.ts';
import { liveInvoices } from './live-invoices.ts';
import { demoTables, demoWorld, loadDemo } from './load-demo.ts';
import { addClientTotals } from './totals.ts';
import type { DemoSize } from './world.ts';

const tiny: DemoSize = {
  clients: 400,
  orders: 3000,
  ordersWithLines: 3000,
  products: 50,
  events: 300,
  messages: 200,
  tasks: 100,
  days: 400,
};
const today = Date.UTC(2026, 10, 21);

describe('the demo', () => {
  test('rows do not depend on the size of the batches', () => {
    for (const table of demoTables(demoWorld(tiny, { today }))) {
      const { start, end } = table.units;
      const whole = table.batch(start, end);
      const middle = Math.floor((start + end) / 2);
      const parts = [table.batch(start, middle), table.batch(middle, end)];
      expect(parts.flatMap(texts), table.name).toEqual(texts(whole));
    }
  });

  test('columns are of the declared types and every batch fits a block', () => {
    for (const table of demoTables(demoWorld(tiny, { today }))) {
      const { start, end, perBatch } = table.units;
      const batch = table.batch(start, Math.min(end, start + perBatch));
      expect(batch.rows).toBeLessThanOrEqual(65_536);
      for (const { name, type } of table.columns) {
        expect(batch.columns[name]!.kind, `${table.name}.${name}`).toBe(type.kind);
        expect(batch.columns[name]!.length).toBe(batch.rows);
      }
      expect(Object.keys(batch.columns)).toEqual(table.columns.map(({ name }) => name));
    }
  });

  test('orders arrive in order, end yesterday, and pay what their lines cost', () => {
    const world = demoWorld(tiny, { today });
    const [, , , orders, lines] = demoTables(world);
    const order = orders!.batch(0, tiny.orders).columns;
    const line = lines!.batch(0, tiny.orders).columns;
    const dates = order.date!;
    if (dates.kind !== 'timestamp' || order.amount?.kind !== 'decimal' || line.amount?.kind !== 'decimal')
      throw new Error('types');
    for (let i = 1; i < tiny.orders; i++)
      expect(dates.values[i]!).toBeGreaterThanOrEqual(dates.values[i - 1]!);
    expect(dates.values.at(-1)!).toBeLessThan(today);
    expect(dates.values.at(-1)!).toBeGreaterThanOrEqual(today - dayMs);
    const sum = (values: BigInt64Array) => values.reduce((total, value) => total + value, 0n);
    expect(sum(order.amount.values)).toBe(sum(line.amount.values));
  });

  test('is stored whole, with links between the tables, and lets invoices arrive', async () => {
    await withDriver(async (driver) => {
      await loadDemo(driver, tiny, { today });
      const heads = await driver.snapshot(async (snapshot) =>
        Object.fromEntries(
          driver.datasets().map(({ id, name }) => [name, snapshot.head(id, 'public')] as const),
        ),
      );
      expect(heads.orders!.allocated).toBe(tiny.orders);
      const clientLink = heads.orders!.profile.links.find(({ id }) => id === 'client')!;
      expect(clientLink.dataset).toBe(heads.clients!.id);
      const before = heads.orders!.allocated;
      await liveInvoices(driver, tiny, { batches: 2, everyMs: 10, perHour: 3_600_000, clock: () => today });
      const after = await driver.snapshot(async (snapshot) => snapshot.head(heads.orders!.id, 'public'));
      expect(after.allocated).toBe(before + 20);
      const lines = driver.datasets().find(({ name }) => name === 'order_lines')!;
      expect(lines.rows).toBeGreaterThan(heads.order_lines!.allocated);
    });
  });

  test('an aborted load leaves no half table', async () => {
    await withDriver(async (driver) => {
      const abort = new AbortController();
      const sentences: string[] = [];
      const log = (sentence: string) => {
        sentences.push(sentence);
        if (sentence.includes('clients')) abort.abort();
      };
      await expect(loadDemo(driver, tiny, { today, log, signal: abort.signal })).rejects.toThrow();
      expect(
        driver
          .datasets()
          .map(({ name }) => name)
          .sort(),
      ).toEqual(['clients', 'products', 'shops']);
    });
  });

  test('totals a client are kept as invoices arrive', async () => {
    await withDriver(async (driver) => {
      await loadDemo(driver, tiny, { today });
      await addClientTotals(driver, 7_000_000);
      await liveInvoices(driver, tiny, { everyMs: 1, batches: 2, clock: () => today, perHour: 36_000_000 });
      const [orders, totals] = await driver.snapshot(async (snapshot) => [
        await allRows(snapshot, 'orders'),
        await allRows(snapshot, 'client-totals'),
      ]);
      const counts = new Map<unknown, number>();
      for (const { client } of orders!) counts.set(client, (counts.get(client) ?? 0) + 1);
      expect(orders!.length).toBeGreaterThan(tiny.orders);
      expect(new Map(totals!.map(({ client, orders: count }) => [client, Number(count)]))).toEqual(counts);
      expect(totals!.every(({ client_name }) => typeof client_name === 'string')).toBe(true);
    });
  });
});

function texts({ columns, rows }: RowBatch): string[] {
  return Array.from({ length: rows }, (_, i) =>
    Object.values(columns)
      .map((data) => (data.kind === 'text' ? data.dictionary[data.codes[i]!] : String(data.values[i])))
      .join('|'),
  );
}
