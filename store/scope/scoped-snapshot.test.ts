import fc from 'fast-check';
import { expect, it } from 'vitest';
import { literalAt } from '../../src/arrow/build-column.ts';
import { applyPatch, decodePatch, encodePatch } from '../../src/arrow/patch.ts';
import { kernelOf } from '../../src/kernels/kernel.ts';
import { blockRows, type ColumnType, type Literal } from '../../src/protocol/column.ts';
import type { KernelSpec } from '../../src/protocol/kernel.ts';
import type { Filter } from '../../src/protocol/query.ts';
import { allRows, batchOf, createDataset, withDriver, writeOf } from '../drivers/duckdb/driver.testing.ts';
import type { Snapshot } from '../drivers/table-driver.ts';
import { readInput } from '../read-input.ts';
import { scopeOf } from './scope.ts';
import { scopedTables } from './scoped-driver.ts';
import { seenBook } from './seen-blocks.ts';

const int: ColumnType = { kind: 'int32' };
const text: ColumnType = { kind: 'text' };
const columns = { id: int, kind: text, value: int, note: text };
const c = (id: string) => ({ op: 'column', column: id }) as const;

type Row = { id: number; kind: string | null; value: number | null; note: string };

/** Some filters, and the same said in plain TypeScript. */
const filters: readonly { where: Filter; sees(row: Row): boolean }[] = [
  { where: { op: 'in', column: 'kind', values: ['a'] }, sees: ({ kind }) => kind === 'a' },
  {
    where: { op: 'in', column: 'kind', values: ['a', null] },
    sees: ({ kind }) => kind === 'a' || kind === null,
  },
  {
    where: { op: 'not', of: { op: 'in', column: 'kind', values: ['b'] } },
    sees: ({ kind }) => kind !== null && kind !== 'b',
  },
  {
    where: { op: 'range', column: 'value', from: 3, to: 7 },
    sees: ({ value }) => value !== null && value >= 3 && value < 7,
  },
  {
    where: {
      op: 'and',
      of: [
        { op: 'in', column: 'kind', values: ['a', 'b'] },
        { op: 'range', column: 'value', from: 5 },
      ],
    },
    sees: ({ kind, value }) => (kind === 'a' || kind === 'b') && value !== null && value >= 5,
  },
  // Not pushed down to the engine.
  {
    where: { op: 'contains', column: 'note', text: 'E 1' },
    sees: ({ note }) => note.toLowerCase().includes('e 1'),
  },
];

const row = fc.record({
  id: fc.integer({ min: 0, max: 40 }),
  kind: fc.constantFrom('a', 'b', null),
  value: fc.option(fc.integer({ min: 0, max: 9 })),
  note: fc.integer({ min: 0, max: 3 }).map((n) => `Note ${n}`),
});
const step = fc.record({
  kind: fc.constantFrom('upsert' as const, 'delete' as const),
  rows: fc.uniqueArray(row, { selector: ({ id }) => id, minLength: 1, maxLength: 5 }),
});

const specs: readonly KernelSpec[] = [
  {
    kernel: 'aggregate',
    columns: { c2: text, c3: int },
    groupBy: [{ by: 'value', operand: c('c2') }],
    states: [
      { state: 'sum', operand: c('c3') },
      { state: 'minmax', operand: c('c3') },
    ],
  },
  {
    kernel: 'aggregate',
    columns: { c4: text },
    groupBy: [],
    states: [{ state: 'distinct', operand: c('c4') }],
  },
  {
    kernel: 'aggregate',
    columns: { c3: int },
    where: { op: 'range', operand: c('c3'), from: 2 },
    groupBy: [{ by: 'value', operand: c('c3') }],
    states: [{ state: 'rows' }],
  },
  {
    kernel: 'top',
    columns: { c1: int, c3: int },
    order: [{ operand: c('c3'), descending: true }],
    take: [c('c1')],
    limit: 4,
  },
];

function seenOf(
  rows: readonly Record<string, Literal>[],
  sees: (row: Row) => boolean,
  hidden: readonly string[],
) {
  return rows.map((row) => {
    const shown = row._live === true && sees(row as unknown as Row);
    const cells = Object.entries(row).map(([name, value]) => [
      name,
      name === '_live' ? shown : shown && !hidden.includes(name) ? value : null,
    ]);
    return Object.fromEntries(cells) as Record<string, Literal>;
  });
}

it('a scope sees its rows, its columns and its live counts; patches and the engine agree with its pages', async () => {
  await withDriver(async (driver) => {
    const rest = Array.from({ length: 60 }, (_, i) => blockRows + i);
    const ids = [...Array.from({ length: blockRows }, (_, i) => i + 1000), ...rest.map((i) => i + 1000)];
    const dataset = await createDataset(
      driver,
      'Table',
      columns,
      ['id'],
      batchOf({
        id: [int, ids],
        kind: [text, ids.map((i) => (i % 3 === 0 ? 'a' : 'b'))],
        value: [int, ids.map((i) => i % 10)],
        note: [text, ids.map((i) => `Note ${i % 4}`)],
      }),
    );
    const book = seenBook();
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...filters),
        fc.subarray(['value', 'note']),
        fc.array(step, { minLength: 1, maxLength: 4 }),
        async ({ where, sees }, hide, steps) => {
          const scope = scopeOf([[{ datasets: { Table: { where, hide } } }]]);
          const tables = scopedTables(driver, scope, book);
          const before = await tables.snapshot(async (snapshot) => ({
            version: snapshot.version,
            pages: await pagesOf(snapshot, dataset),
            revision: snapshot.head(dataset).revisions[1]!,
          }));
          for (const { kind, rows } of steps)
            await driver.write(
              writeOf(dataset, {
                kind,
                batch: batchOf(
                  kind === 'delete'
                    ? { id: [int, rows.map(({ id }) => id)] }
                    : {
                        id: [int, rows.map(({ id }) => id)],
                        kind: [text, rows.map((one) => one.kind)],
                        value: [int, rows.map((one) => one.value)],
                        note: [text, rows.map((one) => one.note)],
                      },
                ),
              }),
            );
          const whole = await driver.snapshot((snapshot) => allRows(snapshot, dataset));
          await tables.snapshot(async (snapshot) => {
            const expected = seenOf(whole, sees, hide);
            // Rows of block 1 only: where the writes are.
            const head = snapshot.head(dataset);
            expect(head.scope).toBe(scope.hash);
            for (const [block, live] of head.live.entries())
              expect(live).toBe(
                expected.slice(block * blockRows, (block + 1) * blockRows).filter((row) => row._live).length,
              );
            const found = await allRows(snapshot, dataset);
            expect(found.length).toBe(expected.length);
            expect(found.findIndex((row, i) => JSON.stringify(row) !== JSON.stringify(expected[i]))).toBe(-1);

            const ids = ['c1', 'c2', 'c3', 'c4'];
            const patch = decodePatch(
              encodePatch(await snapshot.readChanged(dataset, ids, [{ block: 1, since: before.revision }])),
            );
            const now = await pagesOf(snapshot, dataset);
            for (const [i, id] of [...ids, '_live'].entries()) {
              const patched = applyPatch(before.pages[i]!, 1, id, patch, now[i]!.length);
              for (let place = 0; place < now[i]!.length; place++)
                expect(literalAt(patched, place)).toEqual(literalAt(now[i]!, place));
            }

            for (const spec of specs) {
              const kernel = kernelOf(spec);
              const pushed = (await snapshot.exactPartials(dataset, spec, [1]))?.get(1);
              if (!pushed) continue;
              compared++;
              const mapped = kernel.encode(
                kernel.map(await readInput(snapshot, head, Object.keys(spec.columns), 1)),
              );
              expect(Buffer.from(pushed).equals(Buffer.from(mapped))).toBe(true);
            }
          });
        },
      ),
      { numRuns: 6, seed: 3 },
    );
    expect(compared).toBeGreaterThan(4);
  });
}, 240_000);

async function pagesOf(snapshot: Snapshot, dataset: string) {
  return await Promise.all(['c1', 'c2', 'c3', 'c4', '_live'].map((id) => snapshot.readBlock(dataset, id, 1)));
}
