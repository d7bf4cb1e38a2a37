import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadChecksum } from '../../src/arrow/checksum.ts';
import { encodeColumns } from '../../src/arrow/columns-stream.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { RowBatch, TableDriver, Write } from '../drivers/table-driver.ts';
import { chosenColumn, int32Column } from './columns.ts';
import { demoWorld } from './load-demo.ts';
import { lineBatch, orderBatch } from './tables.ts';
import { type DemoSize, orderStates, type World } from './world.ts';

export interface LiveOptions {
  /** Invoices an hour. Default 51 000: 14 a second. */
  readonly perHour?: number;
  readonly seed?: number;
  /** Milliseconds between batches. Default 1000. */
  readonly everyMs?: number;
  /** Batches to write before stopping; default: until aborted. */
  readonly batches?: number;
  /** UTC milliseconds. */
  readonly clock?: () => number;
  readonly newKey?: () => string;
  readonly signal?: AbortSignal;
  readonly log?: (sentence: string) => void;
}

/**
 * Lets invoices arrive as they would: every second a small batch of new orders with their lines, and some recent
 * orders one state further, each as one write with its own idempotency key. Runs until aborted (then resolves).
 * Throws `missing` when the store does not hold the demo's orders.
 */
export async function liveInvoices(
  driver: TableDriver,
  size: 'small' | 'large' | DemoSize,
  options: LiveOptions = {},
): Promise<void> {
  const { perHour = 51_000, everyMs = 1000, clock = Date.now, newKey = randomUUID, signal } = options;
  const orders = idOf(driver, 'orders');
  const lines = idOf(driver, 'order_lines');
  const checksum = await loadChecksum();
  const world = demoWorld(size, { seed: options.seed, today: clock() });
  let next = await driver.snapshot(async (snapshot) => snapshot.head(orders, 'public').allocated);
  let owed = 0;
  let last = clock();
  const write = async (dataset: string, kind: 'append' | 'upsert', batch: RowBatch): Promise<void> => {
    if (batch.rows === 0) return;
    const key = newKey();
    const fingerprint = checksum(encodeColumns(batch.columns));
    await again(driver, { key, fingerprint, dataset, change: { kind, batch } }, options);
  };
  for (let batch = 0; batch < (options.batches ?? Number.POSITIVE_INFINITY); batch++) {
    const now = clock();
    owed += (Math.max(everyMs, now - last) / 3_600_000) * perHour;
    last = now;
    const count = Math.min(1000, Math.floor(owed));
    owed -= count;
    const made = Array.from({ length: count }, (_, i) => ({ ...world.orderAt(next + i, now), state: 0 }));
    await write(orders, 'append', orderBatch(world, next, made));
    await write(lines, 'append', lineBatch(world, next, made));
    await write(orders, 'upsert', progressed(world, next, count, batch));
    next += count;
    if (batch % 60 === 0) options.log?.(`Live: ${next.toLocaleString('en-US')} orders`);
    if (signal?.aborted) return;
    const aborted = await sleep(everyMs, false, { signal }).catch(() => true);
    if (aborted) return;
  }
}

/** Distances, in orders, at which an order enters the state of that index: minutes later, then hours, then a day. */
const stateDistance = [0, 700, 4000, 40_000, 160_000];

/** For each state past draft, a few orders that reach it now. */
function progressed(world: World, next: number, count: number, batch: number): RowBatch {
  const ids: number[] = [];
  const states: number[] = [];
  for (let state = 1; state < stateDistance.length; state++)
    for (let i = 0; i < Math.max(1, Math.floor(count / 4)); i++) {
      const id = next - stateDistance[state]! - ((batch + i * 7) % 50) * 4 - state;
      if (id < 1 || ids.includes(id) || isCancelled(world, id)) continue;
      ids.push(id);
      states.push(state);
    }
  return {
    rows: ids.length,
    columns: {
      id: int32Column(ids.length, (i) => ids[i]!),
      state: chosenColumn(ids.length, orderStates, (i) => states[i]!),
    },
  };
}

function isCancelled(world: World, id: number): boolean {
  return id <= world.size.orders && orderStates[world.order(id - 1).state] === 'cancelled';
}

/** Writes once more, with the same key, after a failure that may pass. */
async function again(driver: TableDriver, write: Write, options: LiveOptions): Promise<void> {
  try {
    await driver.write(write);
  } catch (error) {
    if (!(error instanceof ExaError) || !['offline', 'conflict'].includes(error.tag)) throw error;
    options.log?.(`Live: ${error.message}`);
    await sleep(500);
    await driver.write(write);
  }
}

function idOf(driver: TableDriver, name: string): string {
  const found = driver.datasets().find((dataset) => dataset.name === name);
  if (found) return found.id;
  throw new ExaError(
    'missing',
    `The store has no data set ${name}: start it with --demo before letting invoices arrive.`,
  );
}
