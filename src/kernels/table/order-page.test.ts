import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatColumns, takeRows } from '../../arrow/build-column.ts';
import { type BlockInput, rowColumn } from '../block.ts';
import { maskOf } from './mask.ts';
import { pivotOf } from './order-key.ts';
import { orderCases } from './order-page.testing.ts';
import { orderBlock, orderKeys, repairOrder, sortPositions } from './order-page.ts';
import { arrivalWindow, rowWindow, slicePositions } from './row-window.ts';
import { matchingRows, rankOf, splitAt, windowRows } from './window.ts';

test('an order page is the block sorted plainly', () => {
  fc.assert(
    fc.property(orderCases, (c) => {
      for (const input of c.inputs) {
        const { positions } = orderBlock(c, input);
        const expected = c.expected.filter((row) => row >>> 16 === input.block).map((row) => row & 65_535);
        expect([...positions]).toEqual(expected);
      }
    }),
    { numRuns: 200 },
  );
});

test('a window over all blocks is a slice of everything sorted plainly', () => {
  fc.assert(
    fc.property(orderCases, fc.nat({ max: 800 }), fc.nat({ max: 50 }), (c, offset, limit) => {
      const blocks = c.inputs.map((input) => orderBlock(c, input));
      expect(matchingRows(blocks)).toBe(c.expected.length);
      expect([...windowRows(blocks, offset, limit)]).toEqual(c.expected.slice(offset, offset + limit));
      const split = splitAt(blocks, offset);
      expect(split.reduce((a, b) => a + b, 0)).toBe(Math.min(offset, c.expected.length));
    }),
    { numRuns: 200 },
  );
});

test('a window in arrival order is one of rows sorted by their number', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 6 });
  fc.assert(
    fc.property(
      lengths,
      fc.boolean(),
      fc.nat({ max: 400 }),
      fc.nat({ max: 50 }),
      (sizes, isNewest, offset, limit) => {
        // Every second block of a table, as where some are not here.
        const blocks = sizes.map((length, i) => ({ block: 2 * i, length }));
        const order = [{ operand: { op: 'column' as const, column: rowColumn }, descending: isNewest }];
        const sorted = blocks.map((block) => orderBlock({ order, columns: {} }, { ...block, columns: {} }));
        expect(arrivalWindow(blocks, isNewest ? 'newest' : 'oldest', offset, limit)).toEqual(
          windowRows(sorted, offset, limit),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('the rank of a row is its place', () => {
  fc.assert(
    fc.property(orderCases, (c) => {
      const blocks = c.inputs.map((input) => orderBlock(c, input));
      c.expected.slice(0, 20).forEach((row, place) => {
        const { keys } = blocks.find(({ block }) => block === row >>> 16)!;
        expect(rankOf(blocks, pivotOf(row >>> 16, keys, row & 65_535))).toBe(place);
      });
    }),
    { numRuns: 50 },
  );
});

test('a repaired order page is the one sorted anew', () => {
  fc.assert(
    fc.property(orderCases, orderCases, fc.array(fc.nat({ max: 149 })), (before, after, picks) => {
      const [old, now] = [before.inputs[0], after.inputs[0]];
      if (!old || !now) return;
      const length = Math.min(old.length, now.length);
      const changed = [...new Set(picks.filter((position) => position < length))];
      const mixed = mix(old, now, length, new Set(changed));
      const spec = { ...before, where: after.where };
      const cut = mix(old, old, length, new Set());
      const page = orderBlock(spec, cut).positions;
      const keys = orderKeys(spec.order, mixed, spec.columns);
      const mask = maskOf(spec.where, mixed, spec.columns);
      expect([...repairOrder(page, changed, keys, mask)]).toEqual([...orderBlock(spec, mixed).positions]);
    }),
    { numRuns: 200 },
  );
});

/** The first `length` rows of `old`, those at `changed` as in `now`. */
function mix(old: BlockInput, now: BlockInput, length: number, changed: ReadonlySet<number>): BlockInput {
  const from = Array.from({ length }, (_, i) => (changed.has(i) ? old.length + i : i));
  const columns = Object.fromEntries(
    Object.entries(old.columns).map(([name, column]) => [
      name,
      takeRows(concatColumns([column, now.columns[name]!]), from),
    ]),
  );
  const live = Uint8Array.from({ length }, (_, i) => (changed.has(i) ? now : old).live?.[i] ?? 1);
  return { block: old.block, length, columns, live };
}

test('a full block of doubles sorts as Float64Array does', () => {
  const values = Float64Array.from({ length: 65_536 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) / 977);
  const input = {
    block: 0,
    length: 65_536,
    columns: { f: { kind: 'float64' as const, length: 65_536, values } },
  };
  const keys = orderKeys([{ operand: { op: 'column', column: 'f' }, descending: false }], input, {
    f: { kind: 'float64' },
  });
  const positions = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  sortPositions(keys, positions);
  expect(Float64Array.from(positions, (p) => values[p]!)).toEqual(values.slice().sort());
});

test('windows in arrival order fall into the right blocks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.boolean(), { maxLength: 30 }), { maxLength: 8 }),
      fc.nat({ max: 150 }),
      fc.nat({ max: 60 }),
      (blocks, offset, limit) => {
        const masks = blocks.map((rows) => Uint8Array.from(rows, Number));
        const counts = masks.map((mask) => mask.reduce((a, b) => a + b, 0));
        const all = blocks.flatMap((rows, b) => rows.flatMap((live, i) => (live ? [b * 100 + i] : [])));
        const got = rowWindow(counts, offset, limit).flatMap((slice) =>
          [...slicePositions(slice, masks[slice.block], masks[slice.block]!.length)].map(
            (position) => slice.block * 100 + position,
          ),
        );
        expect(got).toEqual(all.slice(offset, offset + limit));
      },
    ),
  );
});
