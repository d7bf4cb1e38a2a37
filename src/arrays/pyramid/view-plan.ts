import type { Shape } from '../shape.ts';
import type { LevelGrid } from './level-grid.ts';

/** What a picture shows: elements `[start, end)` along each axis, drawn on so many pixels (0: not drawn along it). */
export interface View {
  readonly start: Shape;
  readonly end: Shape;
  readonly pixels: readonly number[];
}

/** The level to draw a view from, and the chunks of it to have, in C order. */
export interface ViewPlan {
  readonly level: number;
  readonly chunks: readonly (readonly number[])[];
}

/**
 * The coarsest level with at least a cell a pixel (so at most eight along an axis), or coarser still until `mostChunks`
 * serve. Ranges are cut to the array; an empty one needs nothing. A line asks for 8 chunks, a heat map for 64.
 */
export function planView(grids: readonly LevelGrid[], view: View, mostChunks = 8): ViewPlan {
  const { shape } = grids[0]!;
  const start = view.start.map((at) => (at < 0n ? 0n : at));
  const end = view.end.map((at, axis) => (at > shape[axis]! ? shape[axis]! : at));
  if (start.some((at, axis) => at >= end[axis]!)) return { level: 0, chunks: [] };
  let level = 0;
  while (level + 1 < grids.length && isFineEnough(grids[level + 1]!, start, end, view.pixels)) level++;
  for (; level < grids.length - 1; level++) {
    const chunks = chunksOf(grids[level]!, start, end, mostChunks);
    if (chunks) return { level, chunks };
  }
  // Nothing is coarser than the top level: what does not fit is what its own short axes ask for.
  return { level, chunks: chunksOf(grids[level]!, start, end, Infinity) ?? [] };
}

/** Chunks of the next coarser level above a plan's: what is worth drawing first, usually here already. */
export function coarserPlan(grids: readonly LevelGrid[], view: View, level: number): ViewPlan | undefined {
  const above = grids[level + 1];
  if (!above) return undefined;
  const { shape } = grids[0]!;
  const start = view.start.map((at) => (at < 0n ? 0n : at));
  const end = view.end.map((at, axis) => (at > shape[axis]! ? shape[axis]! : at));
  return { level: level + 1, chunks: chunksOf(above, start, end, Infinity) ?? [] };
}

function isFineEnough(grid: LevelGrid, start: Shape, end: Shape, pixels: readonly number[]): boolean {
  return grid.factor.every(
    (factor, axis) =>
      factor === 1n || pixels[axis] === 0 || (end[axis]! - start[axis]!) / factor >= BigInt(pixels[axis]!),
  );
}

function chunksOf(grid: LevelGrid, start: Shape, end: Shape, most: number): number[][] | undefined {
  const first = start.map((at, axis) => Number(at / grid.factor[axis]! / BigInt(grid.chunk[axis]!)));
  const last = end.map((at, axis) => Number((at - 1n) / grid.factor[axis]! / BigInt(grid.chunk[axis]!)));
  const count = first.reduce((product, from, axis) => product * (last[axis]! - from + 1), 1);
  if (count > most) return undefined;
  let chunks: number[][] = [[]];
  for (const [axis, from] of first.entries())
    chunks = chunks.flatMap((head) =>
      Array.from({ length: last[axis]! - from + 1 }, (_, i) => [...head, from + i]),
    );
  return chunks;
}
