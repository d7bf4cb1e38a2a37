import type { TableDriver } from '../drivers/table-driver.ts';
import { dayMs } from './calendar.ts';
import { eventsTable, messagesTable, tasksTable } from './contact-tables.ts';
import {
  clientsTable,
  type DemoTable,
  linesTable,
  ordersTable,
  productsTable,
  shopsTable,
} from './tables.ts';
import { addClientTotals, profileFor } from './totals.ts';
import { type DemoSize, demoSizes, makeWorld, type World } from './world.ts';

export interface DemoOptions {
  /** The same seed, size and day make the same rows. Default 2026. */
  readonly seed?: number;
  /** UTC milliseconds; the newest order is of the day before. Default: now. */
  readonly today?: number;
  readonly log?: (sentence: string) => void;
  readonly signal?: AbortSignal;
}

/** The demo's company of a size, as of the day that holds `today`. */
export function demoWorld(size: 'small' | 'large' | DemoSize, options: DemoOptions = {}): World {
  const today = Math.floor((options.today ?? Date.now()) / dayMs) * dayMs;
  return makeWorld(typeof size === 'string' ? demoSizes[size] : size, options.seed ?? 2026, today);
}

/** The demo's tables, those that others point at first. */
export function demoTables(world: World): DemoTable[] {
  return [
    shopsTable(),
    productsTable(world),
    clientsTable(world),
    ordersTable(world),
    linesTable(world),
    eventsTable(world),
    messagesTable(world),
    tasksTable(world),
  ];
}

/**
 * Fills a store with the demo, each table whole or not at all. A table whose name is taken is left alone.
 * Aborting drops the table under way and keeps those before it.
 */
export async function loadDemo(
  driver: TableDriver,
  size: 'small' | 'large' | DemoSize,
  options: DemoOptions = {},
): Promise<void> {
  const { log, signal } = options;
  const taken = new Set(driver.datasets().map((dataset) => dataset.name));
  const world = demoWorld(size, options);
  for (const table of demoTables(world)) {
    if (taken.has(table.name)) continue;
    const session = await driver.beginImport({
      name: table.name,
      mode: 'create',
      columns: table.columns,
      profile: profileFor(table.name, world.size.clients),
    });
    let rows = 0;
    try {
      const { start, end, perBatch } = table.units;
      for (let from = start; from < end; from += perBatch) {
        signal?.throwIfAborted();
        const batch = table.batch(from, Math.min(end, from + perBatch));
        await session.append(batch);
        rows += batch.rows;
        if (rows % (1 << 20) < batch.rows && end - start > 1 << 20)
          log?.(`Demo: ${table.name}, ${Math.floor((100 * (from - start)) / (end - start))} %`);
      }
    } catch (error) {
      await session.abort();
      throw error;
    }
    await session.commit();
    log?.(`Demo: ${table.name}, ${rows.toLocaleString('en-US')} rows`);
  }
  signal?.throwIfAborted();
  await addClientTotals(driver, world.size.clients);
}
