import { isValid } from '../../src/arrow/column-data.ts';
import { widenYears } from '../../src/arrow/prepare-rows.ts';
import { kernelOf } from '../../src/kernels/kernel.ts';
import type { Head } from '../../src/protocol/head.ts';
import type { AggregateSpec } from '../../src/protocol/kernel.ts';
import type { Snapshot } from '../drivers/table-driver.ts';
import { readInput } from '../read-input.ts';
import type { TableView } from './table-view.ts';

/** Live rows a block, and calendar years `[first, end)` their times fall in, after scope. */
export interface SeenBlocks {
  readonly live: readonly number[];
  readonly years: readonly [number, number] | undefined;
}

interface Block {
  readonly revision: number;
  readonly live: number;
  readonly years: readonly [number, number] | undefined;
}

/** Counts of seen rows a block at its revision, for the scopes and data sets asked about last. */
export interface SeenBook {
  seen(whole: Snapshot, head: Head, view: TableView, scope: string): Promise<SeenBlocks>;
}

/** Remembers up to `max` pairs of scope and data set; after a write only the blocks it touched are counted again. */
export function seenBook({ max = 512 } = {}): SeenBook {
  const known = new Map<string, Map<number, Block>>();
  return {
    async seen(whole, head, view, scope) {
      const place = `${head.id}/${head.epoch}/${scope}`;
      const blocks = known.get(place) ?? new Map<number, Block>();
      known.delete(place);
      known.set(place, blocks);
      if (known.size > max) known.delete(known.keys().next().value!);
      const counted: Block[] = [];
      const missing: number[] = [];
      for (const [block, revision] of head.revisions.entries()) {
        const one = blocks.get(block);
        if (one?.revision === revision) counted[block] = one;
        else missing.push(block);
      }
      for (const [block, one] of await count(whole, head, view, missing)) {
        counted[block] = one;
        blocks.set(block, one);
      }
      let years: readonly [number, number] | undefined;
      for (const one of counted)
        if (one.years)
          years = years ? [Math.min(years[0], one.years[0]), Math.max(years[1], one.years[1])] : one.years;
      return { live: counted.map(({ live }) => live), years };
    },
  };
}

async function count(
  whole: Snapshot,
  head: Head,
  { rows, nulls, nullUnless }: TableView,
  blocks: readonly number[],
): Promise<Map<number, Block>> {
  const found = new Map<number, Block>();
  if (blocks.length === 0) return found;
  const times = head.columns.filter(
    ({ id, type }) => type.kind === 'timestamp' && !nulls.has(id) && !nullUnless.has(id),
  );
  const spec: AggregateSpec = {
    kernel: 'aggregate',
    columns: { ...rows?.columns, ...Object.fromEntries(times.map(({ id, type }) => [id, type])) },
    ...(rows && { where: rows.where }),
    groupBy: [],
    states: times.map(({ id }) => ({ state: 'minmax', operand: { op: 'column', column: id } })),
  };
  const kernel = kernelOf(spec);
  const pushed = await whole.exactPartials(head.id, spec, blocks);
  for (const block of blocks) {
    const bytes = pushed?.get(block);
    const partial = bytes
      ? kernel.decode(bytes)
      : kernel.map(await readInput(whole, head, Object.keys(spec.columns), block));
    if (partial.kernel !== 'aggregate') continue;
    let years: readonly [number, number] | undefined;
    for (const state of partial.states)
      if (state.state === 'minmax')
        years = widenYears(
          years,
          [state.min, state.max].filter((data) => data.length > 0 && isValid(data, 0)),
        );
    found.set(block, { revision: head.revisions[block]!, live: partial.rows[0] ?? 0, years });
  }
  return found;
}
