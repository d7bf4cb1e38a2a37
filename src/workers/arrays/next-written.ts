import { decodeCells } from '../../arrays/pyramid/cells-page.ts';
import type { LevelGrid } from '../../arrays/pyramid/level-grid.ts';
import { cutBox, gridsOf } from '../../arrays/pyramid/picture.ts';
import { stridesOf } from '../../arrays/shape.ts';
import type { ArrayPageCalls } from '../../protocol/array-messages.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { BookedArray } from './array-book.ts';
import { type ArrayWorld, headNow } from './array-world.ts';

type Asked = ArrayPageCalls['arrayNextWritten']['ask']['question'];

/**
 * The first element along an axis, after (before) another, of a level-1 cell with something written within a box; found down the
 * pyramid, a few chunks a level. To within eight elements along a reduced axis.
 */
export async function nextWritten(
  world: ArrayWorld,
  question: Asked,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  const { booked, isAway } = await headNow(world, question.array, signal);
  const grids = gridsOf(booked.head);
  const { axis, from, towards } = question;
  const box = cutBox(booked.head, question);
  if (grids.length === 1)
    throw new ExaError('refused', `${booked.head.name} is too small to have levels: look at all of it.`);
  const low = towards > 0 ? from + 1n : box.start[axis]!;
  const high = towards > 0 ? box.end[axis]! : from;
  const start = box.start.map((at, i) => (i === axis && low > at ? low : at));
  const end = box.end.map((at, i) => (i === axis && high < at ? high : at));
  if (start.some((at, i) => at >= end[i]!)) return undefined;

  /** Cells of a chunk with something written, that touch the range, nearest first. */
  const search = async (level: number, place: readonly number[]): Promise<bigint | undefined> => {
    signal.throwIfAborted();
    const grid = grids[level]!;
    const cells = await cellsOf(world, booked, level, place, signal, isAway);
    const strides = stridesOf(grid.chunk, 'C');
    const found = cells
      .map((cell) =>
        strides.map((stride, i) => {
          const local = Math.floor(cell / stride) % grid.chunk[i]!;
          return BigInt(place[i]!) * BigInt(grid.chunk[i]!) + BigInt(local);
        }),
      )
      .filter((cell) =>
        cell.every((at, i) => at * grid.factor[i]! < end[i]! && (at + 1n) * grid.factor[i]! > start[i]!),
      )
      .sort((left, right) =>
        left[axis]! < right[axis]! ? -towards : left[axis]! > right[axis]! ? towards : 0,
      );
    if (level === 1) {
      const [nearest] = found;
      if (!nearest) return undefined;
      const first = nearest[axis]! * grid.factor[axis]!;
      return first > start[axis]! ? first : start[axis]!;
    }
    let best: bigint | undefined;
    const seen = new Set<string>();
    for (const cell of found) {
      if (best !== undefined && !isNearer(cell[axis]! * grid.factor[axis]!, grid, best)) break;
      const below = grids[level - 1]!;
      const over = cell.map((at, i) =>
        Number((at * grid.factor[i]!) / below.factor[i]! / BigInt(below.chunk[i]!)),
      );
      if (seen.has(over.join())) continue;
      seen.add(over.join());
      const hit = await search(level - 1, over);
      if (hit !== undefined && (best === undefined || (towards > 0 ? hit < best : hit > best))) best = hit;
    }
    return best;
  };

  const isNearer = (at: bigint, grid: LevelGrid, best: bigint): boolean =>
    towards > 0 ? at < best : at + grid.factor[axis]! > best;

  const top = grids.length - 1;
  let best: bigint | undefined;
  for (const place of placesOf(grids[top]!)) {
    const hit = await search(top, place);
    if (hit !== undefined && (best === undefined || (towards > 0 ? hit < best : hit > best))) best = hit;
  }
  return best;
}

async function cellsOf(
  world: ArrayWorld,
  booked: BookedArray,
  level: number,
  place: readonly number[],
  signal: AbortSignal,
  isAway: boolean,
): Promise<number[]> {
  const [held] = isAway ? await world.desk.here(booked, level, [place]) : [];
  const chunk = held ?? (isAway ? undefined : await world.desk.fetch(booked, level, place, { signal }));
  if (!chunk)
    throw new ExaError(
      'offline',
      'This part of the array was not opened here before, and the store cannot be reached.',
    );
  return chunk.bytes ? [...decodeCells(chunk.bytes).places] : [];
}

function placesOf({ grid }: LevelGrid): number[][] {
  let places: number[][] = [[]];
  for (const count of grid)
    places = places.flatMap((head) => Array.from({ length: count }, (_, i) => [...head, i]));
  return places;
}
