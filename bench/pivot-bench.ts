import type { Columns } from '../src/arrow/columns-stream.ts';
import { blockRows } from '../src/protocol/column.ts';
import { plainProfile } from '../src/protocol/plain-profile.ts';
import type { AggregateQuestion } from '../src/protocol/query.ts';
import type { BenchPages } from './bench-pages.ts';
import { type Figures, median } from './figures.ts';
import { loadTable } from './load-table.ts';
import type { BenchOptions } from './options.ts';
import type { Stage } from './stage.ts';

declare const bench: BenchPages;

/** Values of each of the two fields: every pair of them occurs. */
const side = 1000;
const rowsOfTable = 4_000_000;

/** Two fields whose pairs are a million groups, and an amount of two decimals. */
function columnsOf(start: number, end: number): Columns {
  const length = end - start;
  const row = (i: number): number => start + i;
  return {
    place: { kind: 'int32', length, values: Int32Array.from({ length }, (_, i) => row(i) % side) },
    thing: {
      kind: 'int32',
      length,
      values: Int32Array.from({ length }, (_, i) => Math.floor(row(i) / side) % side),
    },
    amount: {
      kind: 'decimal',
      precision: 12,
      scale: 2,
      length,
      values: BigInt64Array.from({ length }, (_, i) => BigInt((row(i) * 7919) % 100_003)),
    },
  };
}

/** From choosing two fields that make a million groups, on warm columns, to the painted window with its totals. */
export async function benchPivot(stage: Stage, figures: Figures, options: BenchOptions): Promise<void> {
  const rows = Math.max(side * side, Math.round(rowsOfTable * options.scale));
  const dataset = await loadTable(
    stage.store.url,
    'bench-pivot',
    rows,
    columnsOf,
    plainProfile('Pivot', {
      measures: [
        { id: 'rows', label: 'Rows', formula: 'count()', format: 'count' },
        { id: 'revenue', label: 'Revenue', formula: 'sum(c3)', format: 'number' },
      ],
    }),
  );
  const profile = await stage.profile();
  const { page, close } = await profile.open();
  try {
    await page.evaluate((url) => bench.ours.open(url), stage.store.url);
    // Warm: the three columns are here, and were read once.
    const warm: AggregateQuestion = {
      kind: 'aggregate',
      dataset,
      groupBy: [{ by: 'number', column: 'c1', origin: 0, width: 100 }],
      measures: [{ id: 'm', label: '', formula: 'sum(c3) + max(c2)', format: 'number' }],
    };
    const pages = 3 * Math.ceil(rows / blockRows);
    await page.evaluate(([asked, wanted]) => bench.ours.bringHere(asked, wanted), [warm, pages] as const);
    await page.evaluate(async (id) => (await bench.gadgets()).showPivot(id), dataset);
    const times: number[] = [];
    let longest = 0;
    for (let round = 0; round <= options.rounds; round++) {
      const run = await page.evaluate(async ([id, n]) => (await bench.gadgets()).choosePivot(id, n), [
        dataset,
        round,
      ] as const);
      if (run.rows !== side || run.columns !== side)
        throw new Error(`The pivot shows ${run.rows} × ${run.columns} groups, not ${side} × ${side}.`);
      // The first reads pages into the workers.
      if (round === 0) continue;
      times.push(run.ms);
      longest = Math.max(longest, run.longestTaskMs);
    }
    figures.set(
      'pivot/million-groups-ms',
      median(times),
      'ms',
      `${side} × ${side} groups of ${rows.toLocaleString('en')} rows; longest task of the page ${Math.round(longest)} ms`,
    );
  } finally {
    await close();
    await profile.remove();
  }
}
