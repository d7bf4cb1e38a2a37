import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stridesOf } from '../shape.ts';
import type { Cells } from './cells.ts';
import { decodeCells, encodeCells } from './cells-page.ts';
import { cellVolume, childrenOf, type LevelGrid, levelGrids, reducedAxes, regionOf } from './level-grid.ts';
import { mergeChildren, Summary } from './summarise.ts';
import { planView } from './view-plan.ts';

/** Data chunks by index; a missing one was never written. */
type Chunks = Map<string, Float64Array<ArrayBuffer>>;

interface World {
  readonly shape: bigint[];
  readonly chunk: number[];
  readonly grids: LevelGrid[];
  readonly reduced: boolean[];
  readonly chunks: Chunks;
}

/** Cells of any chunk, made the long way: level 1 from the data, every other from its children. */
function cellsOf(world: World, level: number, place: readonly number[]): Cells {
  const grid = world.grids[level]!;
  if (level > 1) {
    const children = childrenOf(world.grids[level - 1]!, place, world.reduced);
    return mergeChildren(
      grid,
      world.reduced,
      place,
      children.map((child) => ({ place: child, cells: cellsOf(world, level - 1, child) })),
    );
  }
  const summary = new Summary(grid, 'float64', world.reduced);
  const { start, end } = regionOf(grid, place, world.shape);
  const keys = [...world.chunks.keys()].sort((a, b) =>
    compare(a.split(',').map(Number), b.split(',').map(Number)),
  );
  for (const key of keys) {
    const at = key.split(',').map(Number);
    const from = at.map((i, axis) => Math.max(0, Number(start[axis]!) - i * world.chunk[axis]!));
    const to = at.map((i, axis) => Math.min(world.chunk[axis]!, Number(end[axis]!) - i * world.chunk[axis]!));
    if (from.some((low, axis) => low >= to[axis]!)) continue;
    summary.add({
      values: world.chunks.get(key)!,
      strides: stridesOf(world.chunk, 'C'),
      from,
      to,
      shift: at.map((i, axis) => i * world.chunk[axis]! - Number(start[axis]!)),
      revision: at.reduce((sum, i) => sum + i, 1),
    });
  }
  return summary.finish();
}

function compare(left: number[], right: number[]): number {
  for (const [i, value] of left.entries()) if (value !== right[i]) return value - right[i]!;
  return 0;
}

const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, -0, 0, 1e300) },
);

const world: fc.Arbitrary<World> = fc
  .tuple(
    fc.constantFrom<[number[], number[]]>(
      [[5000], [300]],
      [
        [700, 3],
        [128, 3],
      ],
      [
        [300, 200],
        [64, 64],
      ],
      [
        [90, 2, 70],
        [32, 1, 40],
      ],
      [
        [600, 70],
        [1, 70],
      ],
    ),
    fc.array(fc.tuple(fc.nat(), fc.array(number, { minLength: 1, maxLength: 9 })), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([[sizes, chunk], writes]) => {
    const shape = sizes.map(BigInt);
    const reduced = reducedAxes(shape);
    const grids = levelGrids(shape, chunk, reduced);
    const chunks: Chunks = new Map();
    for (const [seed, values] of writes) {
      const place = grids[0]!.grid.map((count, axis) => Math.floor(seed / 7 ** axis) % count);
      const elements = chunk.reduce((product, side) => product * side, 1);
      chunks.set(
        place.join(),
        Float64Array.from({ length: elements }, (_, i) => values[i % values.length]!),
      );
    }
    return { shape, chunk, grids, reduced, chunks };
  });

describe('a pyramid', () => {
  it('summarises every cell as counting through its elements does, at every level', () => {
    fc.assert(
      fc.property(world, fc.nat(), (made, seed) => {
        const level = 1 + (seed % (made.grids.length - 1));
        const grid = made.grids[level]!;
        const place = grid.grid.map((count, axis) => Math.floor(seed / 5 ** axis) % count);
        const cells = cellsOf(made, level, place);
        const expected = oracle(made, grid, place);
        expect([...cells.places]).toEqual([...expected.keys()].sort((a, b) => a - b));
        for (const [i, cell] of cells.places.entries()) {
          const { numbers, nans, revision } = expected.get(cell)!;
          expect(cells.counts[i]).toBe(BigInt(numbers.length));
          expect(cells.nans[i]).toBe(BigInt(nans));
          expect(cells.revisions[i]).toBe(revision);
          expect(cells.min[i]).toBe(
            numbers.length ? numbers.reduce((a, b) => (less(b, a) ? b : a)) : Infinity,
          );
          expect(cells.max[i]).toBe(
            numbers.length ? numbers.reduce((a, b) => (less(a, b) ? b : a)) : -Infinity,
          );
          const sum = numbers.reduce((a, b) => a + b, 0);
          const scale = numbers.reduce((a, b) => a + Math.abs(b), 1);
          expect(Math.abs(cells.sum[i]! - sum)).toBeLessThanOrEqual(1e-12 * scale);
          const mean = sum / numbers.length;
          const m2 = numbers.reduce((a, b) => a + (b - mean) ** 2, 0);
          if (Number.isFinite(m2)) expect(Math.abs(cells.m2[i]! - m2)).toBeLessThanOrEqual(1e-9 * (m2 + 1));
          expect(cellVolume(grid, place, cell, made.shape)).toBeGreaterThanOrEqual(
            cells.counts[i]! + cells.nans[i]!,
          );
        }
        expect(decodeCells(encodeCells(cells))).toEqual(cells);
      }),
      { numRuns: 60 },
    );
  });

  it('has 17 levels over 10^18 rows of two, and its volumes add up to the array', () => {
    const shape = [10n ** 18n, 2n];
    const grids = levelGrids(shape, [16_384, 2], reducedAxes(shape));
    const top = grids.at(-1)!;
    expect(grids.length - 1).toBe(17);
    expect(top.chunk).toEqual([2048, 2]);
    expect(top.grid).toEqual([1, 1]);
    let volume = 0n;
    for (let cell = 0; cell < 4096; cell++) volume += cellVolume(top, [0, 0], cell, shape);
    expect(volume).toBe(2n * 10n ** 18n);
  });

  it('keeps ±∞ and NaN apart', () => {
    const grids = levelGrids([80n], [80], [true]);
    const summary = new Summary(grids[1]!, 'float64', [true]);
    const values = new Float64Array(80).fill(1);
    values.set([Infinity, Number.NaN, -Infinity]);
    summary.add({ values, strides: [1], from: [0], to: [80], shift: [0], revision: 3 });
    const cells = summary.finish();
    expect([cells.min[0], cells.max[0], cells.counts[0], cells.nans[0]]).toEqual([
      -Infinity,
      Infinity,
      7n,
      1n,
    ]);
    expect(cells.sum[0]).toBeNaN();
    expect([cells.min[1], cells.sum[1], cells.m2[1]]).toEqual([1, 8, 0]);
  });
});

function less(a: number, b: number): boolean {
  return a < b || (a === b && Object.is(a, -0) && Object.is(b, 0));
}

function oracle(made: World, grid: LevelGrid, place: readonly number[]) {
  const found = new Map<number, { numbers: number[]; nans: number; revision: number }>();
  const cellStrides = stridesOf(grid.chunk, 'C');
  for (const [key, values] of made.chunks) {
    const at = key.split(',').map(Number);
    const strides = stridesOf(made.chunk, 'C');
    values.forEach((value, i) => {
      let cell = 0;
      for (const [axis, side] of made.chunk.entries()) {
        const element = at[axis]! * side + (Math.floor(i / strides[axis]!) % side);
        if (BigInt(element) >= made.shape[axis]!) return;
        const index = Math.floor(element / Number(grid.factor[axis]!)) - place[axis]! * grid.chunk[axis]!;
        if (index < 0 || index >= grid.chunk[axis]!) return;
        cell += index * cellStrides[axis]!;
      }
      const slot = found.get(cell) ?? { numbers: [], nans: 0, revision: 0 };
      found.set(cell, slot);
      if (Number.isNaN(value)) slot.nans++;
      else slot.numbers.push(value);
      slot.revision = Math.max(
        slot.revision,
        at.reduce((sum, one) => sum + one, 1),
      );
    });
  }
  return found;
}

describe('the view planner', () => {
  const shape = [10n ** 18n, 2n];
  const grids = levelGrids(shape, [16_384, 2], reducedAxes(shape));

  it('needs at most 8 chunks for any line over 10^18 rows, from all of it to one row', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: shape[0]! - 1n }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 1, max: 4000 }),
        (start, power, pixels) => {
          const end = start + 2n ** BigInt(power);
          const plan = planView(grids, { start: [start, 0n], end: [end, 2n], pixels: [pixels, 0] });
          expect(plan.chunks.length).toBeGreaterThan(0);
          expect(plan.chunks.length).toBeLessThanOrEqual(8);
          // Every element of the range lies in the chunks given.
          const grid = grids[plan.level]!;
          const last = end > shape[0]! ? shape[0]! : end;
          expect(regionOf(grid, plan.chunks[0]!, shape).start[0]).toBeLessThanOrEqual(start);
          expect(regionOf(grid, plan.chunks.at(-1)!, shape).end[0]).toBeGreaterThanOrEqual(last);
        },
      ),
    );
  });

  it('goes to the data for few rows, to the top for all', () => {
    const few = planView(grids, { start: [5n, 0n], end: [6n, 2n], pixels: [1000, 0] });
    expect(few).toEqual({ level: 0, chunks: [[0, 0]] });
    const all = planView(grids, { start: [0n, 0n], end: shape, pixels: [1000, 0] });
    expect(all.level).toBe(16);
    expect(all.chunks.length).toBe(2);
    expect(planView(grids, { start: [5n, 0n], end: [5n, 2n], pixels: [9, 0] }).chunks).toEqual([]);
  });

  it('takes at most 64 chunks for a heat map of 10^9 by 2·10^9', () => {
    const wide = [10n ** 9n, 2n * 10n ** 9n];
    const levels = levelGrids(wide, [256, 256], reducedAxes(wide));
    for (const [height, width] of [
      [wide[0]!, wide[1]!],
      [100_000n, 3_000_000n],
      [512n, 512n],
      [1n, 1n],
    ] as const) {
      const plan = planView(
        levels,
        { start: [7n, 11n], end: [7n + height, 11n + width], pixels: [512, 512] },
        64,
      );
      expect(plan.chunks.length).toBeLessThanOrEqual(64);
    }
  });
});
