import fc from 'fast-check';
import { expect, it } from 'vitest';
import { literalAt } from '../../../src/arrow/build-column.ts';
import { type ColumnData, isValid } from '../../../src/arrow/column-data.ts';
import { applyPatch, decodePatch, encodePatch } from '../../../src/arrow/patch.ts';
import type { VersionEvent } from '../../../src/protocol/change.ts';
import { blockRows, type ColumnType, type Literal } from '../../../src/protocol/column.ts';
import { liveColumn } from '../../../src/protocol/page.ts';
import type { Snapshot, TableDriver } from '../table-driver.ts';
import { batchOf, createDataset, withDriver, writeOf } from './driver.testing.ts';

const int64: ColumnType = { kind: 'int64' };
const text: ColumnType = { kind: 'text' };
const columns = { id: int64, value: int64, note: text };
const ids = ['c1', 'c2', 'c3', liveColumn];

/** Two blocks, so that writes meet the end of one and the beginning of the other. */
const firstRows = blockRows + 50;

async function table(driver: TableDriver, rows = firstRows): Promise<string> {
  const all = Array.from({ length: rows }, (_, i) => i);
  const batch = batchOf({
    id: [int64, all],
    value: [int64, all.map(() => 0)],
    note: [text, all.map((i) => `note ${i % 7}`)],
  });
  return await createDataset(driver, 'Table', columns, ['id'], batch);
}

function values(data: ColumnData): Literal[] {
  return Array.from({ length: data.length }, (_, i) => literalAt(data, i));
}

/** First row in which two columns hold different values, or −1: dictionaries may differ. */
function firstDifference(left: ColumnData, right: ColumnData): number {
  if (left.length !== right.length) return Math.min(left.length, right.length);
  for (let i = 0; i < left.length; i++) {
    if (isValid(left, i) !== isValid(right, i)) return i;
    if (isValid(left, i) && valueAt(left, i) !== valueAt(right, i)) return i;
  }
  return -1;
}

function valueAt(data: ColumnData, row: number): number | bigint | string | undefined {
  return data.kind === 'text' ? data.dictionary[data.codes[row]!] : data.values[row];
}

interface Kept {
  readonly revision: number;
  readonly pages: readonly ColumnData[];
}

async function keep(snapshot: Snapshot, dataset: string): Promise<Kept[]> {
  const { revisions } = snapshot.head(dataset, 'public');
  const kept: Kept[] = [];
  for (const [block, revision] of revisions.entries()) {
    const pages: ColumnData[] = [];
    for (const id of ids) pages.push(await snapshot.readBlock(dataset, id, block));
    kept.push({ revision, pages });
  }
  return kept;
}

const key = fc.oneof(
  fc.integer({ min: blockRows - 20, max: blockRows + 80 }),
  fc.integer({ min: 0, max: blockRows + 200 }),
);
const write = fc.oneof(
  fc.record({
    kind: fc.constant('upsert' as const),
    keys: fc.array(key, { minLength: 1, maxLength: 6 }),
    value: fc.integer({ min: 0, max: 9 }),
    note: fc.option(fc.constantFrom('', 'short', 'a note that is longer than twelve bytes', 'żółw')),
  }),
  fc.record({ kind: fc.constant('delete' as const), keys: fc.array(key, { minLength: 1, maxLength: 4 }) }),
);

it('a page at any revision, and the patch since, are the page of now', async () => {
  await withDriver(async (driver) => {
    const dataset = await table(driver);
    const older: Kept[][] = [await driver.snapshot((snapshot) => keep(snapshot, dataset))];
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 5 }), async (writes) => {
        await Promise.all(
          writes.map((one) =>
            driver.write(
              writeOf(dataset, {
                kind: one.kind,
                batch: batchOf({
                  id: [int64, one.keys],
                  ...(one.kind === 'upsert' && {
                    value: [int64, one.keys.map(() => one.value)] as const,
                    note: [text, one.keys.map(() => one.note)] as const,
                  }),
                }),
              }),
            ),
          ),
        );
        await driver.snapshot(async (snapshot) => {
          const head = snapshot.head(dataset, 'public');
          const now = await keep(snapshot, dataset);
          for (const [block, { pages }] of now.entries()) {
            const flags = pages[3]!;
            const live = flags.kind === 'bool' ? flags.values.reduce((sum, flag) => sum + flag, 0) : -1;
            expect([head.revisions[block], head.live[block]]).toEqual([now[block]!.revision, live]);
          }
          for (const then of older) {
            const blocks = now.map((_, block) => ({ block, since: then[block]?.revision ?? 0 }));
            const changed = await snapshot.readChanged(dataset, ['c1', 'c2', 'c3'], blocks);
            const patch = decodePatch(encodePatch(changed));
            for (const [block, { pages }] of now.entries())
              for (const [i, id] of ids.entries()) {
                const page = applyPatch(then[block]?.pages[i], block, id, patch, pages[i]!.length);
                expect([block, id, firstDifference(page, pages[i]!)]).toEqual([block, id, -1]);
              }
          }
          older.push(now);
          if (older.length > 4) older.splice(1, 1);
        });
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

it('readers see one version while writers write: never half a write, nor a head beside other rows', async () => {
  await withDriver(async (driver) => {
    const dataset = await table(driver);
    const touched = [1, 2, blockRows - 1, blockRows, blockRows + 49];
    let writing = true;
    const events: VersionEvent[] = [];
    driver.onVersion((event) => events.push(event));
    const writer = (async () => {
      for (let n = 1; n <= 40; n++)
        await driver.write(
          writeOf(dataset, {
            kind: 'upsert',
            batch: batchOf({
              id: [int64, [...touched, 1_000_000 + n]],
              value: [int64, [...touched.map(() => n), n]],
            }),
          }),
        );
      writing = false;
    })();
    let read = 0;
    const reader = async (): Promise<void> => {
      while (writing || read === 0) {
        await driver.snapshot(async (snapshot) => {
          const head = snapshot.head(dataset, 'public');
          const seen = new Set<Literal>();
          for (const block of [0, 1]) {
            const page = await snapshot.readBlock(dataset, 'c2', block);
            expect(page.length).toBe(Math.min(blockRows, head.allocated - block * blockRows));
            for (const id of touched) if (id >> 16 === block) seen.add(literalAt(page, id & 65535));
            const { rows } = await snapshot.readChanged(
              dataset,
              [],
              [{ block, since: head.revisions[block]! - 1 }],
            );
            expect(rows.length).toBeGreaterThan(0);
          }
          expect([...seen]).toEqual([head.allocated - firstRows]);
          expect(Math.max(...head.revisions)).toBeLessThanOrEqual(snapshot.version);
          read++;
        });
      }
    };
    await Promise.all([writer, reader(), reader(), reader()]);
    expect(events.map(({ version, previous }) => version - previous)).toEqual(events.map(() => 1));
    expect(events).toHaveLength(40);
  });
});

it('many writes at once are few transactions', async () => {
  await withDriver(async (driver) => {
    const dataset = await table(driver, 10);
    const versions = new Set<number>();
    driver.onVersion(({ version }) => versions.add(version));
    const receipts = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        driver.write(
          writeOf(dataset, {
            kind: 'upsert',
            batch: batchOf({ id: [int64, [i % 50]], value: [int64, [i]] }),
          }),
        ),
      ),
    );
    expect(versions.size).toBeLessThanOrEqual(3);
    expect(receipts.reduce((sum, { appended }) => sum + appended, 0)).toBe(40);
    const rows = await driver.snapshot((snapshot) => snapshot.readBlock(dataset, 'c2', 0));
    expect(values(rows)).toEqual(Array.from({ length: 50 }, (_, i) => 250 + i));
  });
});
