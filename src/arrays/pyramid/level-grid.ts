import { gridSize, type Shape } from '../shape.ts';

/** Elements along a reduced axis that become one, level by level. */
export const levelFactor = 8;
/** Longest axis that levels leave as it is. */
const shortAxis = 64n;
/** Cells of a level chunk, about. */
const levelCells = 4096;
/** Of those, at most so many go to axes that are not reduced. */
const flatCells = 512;

/** One level of an array's pyramid. Level 0 is the data itself, in its own chunks. */
export interface LevelGrid {
  readonly level: number;
  /** Elements a cell covers along each axis: `8 ** level`, or 1 where the axis is not reduced. */
  readonly factor: Shape;
  /** Cells along each axis. */
  readonly shape: Shape;
  /** Cells of a chunk along each axis. */
  readonly chunk: readonly number[];
  /** Chunks along each axis. */
  readonly grid: readonly number[];
}

/** Which axes levels reduce: those longer than 64. */
export function reducedAxes(shape: Shape): boolean[] {
  return shape.map((size) => size > shortAxis);
}

/**
 * Levels 0 to the first whose reduced axes fit one chunk; level 0 alone when no axis is reduced. Level chunks of a
 * reduced axis have a power of two of cells, the same at every level, so that a chunk covers eight of the level below.
 */
export function levelGrids(
  shape: Shape,
  dataChunk: readonly number[],
  reduced: readonly boolean[],
): LevelGrid[] {
  const grids: LevelGrid[] = [
    { level: 0, factor: shape.map(() => 1n), shape, chunk: dataChunk, grid: gridOf(shape, dataChunk) },
  ];
  if (!reduced.includes(true)) return grids;
  const chunk = levelChunk(shape, reduced);
  for (let level = 1; ; level++) {
    const factor = reduced.map((reduce) => (reduce ? BigInt(levelFactor) ** BigInt(level) : 1n));
    const cells = shape.map((size, axis) => (size + factor[axis]! - 1n) / factor[axis]!);
    const grid = gridOf(cells, chunk);
    grids.push({ level, factor, shape: cells, chunk, grid });
    if (reduced.every((reduce, axis) => !reduce || grid[axis]! <= 1)) return grids;
  }
}

function levelChunk(shape: Shape, reduced: readonly boolean[]): number[] {
  const chunk = shape.map((size, axis) => (reduced[axis] ? 1 : Math.max(1, Number(size))));
  const flat = () => chunk.reduce((product, side) => product * side, 1);
  for (let axis = 0; axis < chunk.length && flat() > flatCells; axis++) chunk[axis] = 1;
  const room = levelCells / flat();
  const count = reduced.filter((reduce) => reduce).length;
  let side = 2;
  while ((side * 2) ** count <= room) side *= 2;
  return chunk.map((size, axis) => (reduced[axis] ? side : size));
}

function gridOf(shape: Shape, chunk: readonly number[]): number[] {
  return shape.map((size, axis) => gridSize(size, chunk[axis]!, axis));
}

/** Elements `[start, end)` along each axis that a chunk of a level covers, cut to the array. */
export function regionOf(
  grid: LevelGrid,
  place: readonly number[],
  shape: Shape,
): { readonly start: Shape; readonly end: Shape } {
  const start = place.map((at, axis) => BigInt(at) * BigInt(grid.chunk[axis]!) * grid.factor[axis]!);
  const end = start.map((from, axis) => {
    const to = from + BigInt(grid.chunk[axis]!) * grid.factor[axis]!;
    return to < shape[axis]! ? to : shape[axis]!;
  });
  return { start, end };
}

/** Chunks of the level below that a chunk of level 2 or more summarises, in C order, cut to the grid. */
export function childrenOf(
  below: LevelGrid,
  place: readonly number[],
  reduced: readonly boolean[],
): number[][] {
  let children: number[][] = [[]];
  for (const [axis, at] of place.entries()) {
    const from = reduced[axis] ? at * levelFactor : at;
    const to = Math.min(below.grid[axis]!, reduced[axis] ? from + levelFactor : from + 1);
    children = children.flatMap((head) =>
      Array.from({ length: Math.max(0, to - from) }, (_, i) => [...head, from + i]),
    );
  }
  return children;
}

/** Elements of cell `cell` (its place in the chunk's C order) that lie in the array; 64-bit, by arithmetic. */
export function cellVolume(grid: LevelGrid, place: readonly number[], cell: number, shape: Shape): bigint {
  let rest = cell;
  let volume = 1n;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const side = grid.chunk[axis]!;
    const index = BigInt(place[axis]!) * BigInt(side) + BigInt(rest % side);
    rest = Math.floor(rest / side);
    const start = index * grid.factor[axis]!;
    const left = shape[axis]! - start;
    volume *= left <= 0n ? 0n : left < grid.factor[axis]! ? left : grid.factor[axis]!;
  }
  return volume;
}
