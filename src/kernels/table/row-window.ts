import { blockRows } from '../../protocol/column.ts';

/** Part of a window in arrival order: of a block's matching rows, `take` after the first `skip`. */
export interface RowSlice {
  readonly block: number;
  readonly skip: number;
  readonly take: number;
}

/**
 * Which blocks a window `[offset, offset + limit)` in arrival order falls into, from each block's matching rows alone
 * (live rows, where nothing is filtered); no page is read for it.
 */
export function rowWindow(matching: ArrayLike<number>, offset: number, limit: number): RowSlice[] {
  const slices: RowSlice[] = [];
  let start = 0;
  for (let block = 0; block < matching.length && start < offset + limit; block++) {
    const end = start + matching[block]!;
    const skip = Math.max(0, offset - start);
    const take = Math.min(end, offset + limit) - start - skip;
    if (take > 0) slices.push({ block, skip, take });
    start = end;
  }
  return slices;
}

/** Positions of a slice's rows in its block of `length` rows; `mask` as `maskOf` gives it. */
export function slicePositions(
  { skip, take }: RowSlice,
  mask: Uint8Array | undefined,
  length: number,
): Uint16Array {
  const positions = new Uint16Array(take);
  let seen = 0;
  for (let i = 0; i < length && seen < skip + take; i++) {
    if (mask && mask[i] === 0) continue;
    if (seen >= skip) positions[seen - skip] = i;
    seen++;
  }
  return positions.slice(0, Math.max(0, seen - skip));
}

/**
 * `_row` of the rows at ranks `[offset, offset + limit)` of blocks of which no row is deleted, from the oldest or the newest
 * on: numbers alone, no page is read and nothing is sorted.
 */
export function arrivalWindow(
  blocks: readonly { readonly block: number; readonly length: number }[],
  from: 'oldest' | 'newest',
  offset: number,
  limit: number,
): Float64Array {
  const lengths = blocks.map(({ length }) => length);
  const all = lengths.reduce((sum, length) => sum + length, 0);
  const start = from === 'oldest' ? offset : Math.max(0, all - offset - limit);
  const end = from === 'oldest' ? offset + limit : all - offset;
  const numbers = rowWindow(lengths, start, Math.max(0, end - start)).flatMap(({ block, skip, take }) =>
    Array.from({ length: take }, (_, i) => blocks[block]!.block * blockRows + skip + i),
  );
  return Float64Array.from(from === 'oldest' ? numbers : numbers.reverse());
}
