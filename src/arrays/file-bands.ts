import { chunkVolume } from './shape.ts';

/** A box of elements that lie one behind the other in a file, from element `element` on. */
export interface FileBand {
  readonly start: readonly number[];
  readonly shape: readonly number[];
  readonly element: number;
}

/** The elements of a file in C order of `shape` as boxes of about `most` elements at most, in whole chunks where they fit. */
export function* fileBands(
  shape: readonly number[],
  chunk: readonly number[],
  most: number,
): Generator<FileBand> {
  if (chunkVolume(shape) === 0) return;
  if (shape.length === 0) {
    yield { start: [], shape: [], element: 0 };
    return;
  }
  let axis = 0;
  while (axis < shape.length - 1 && chunkVolume(shape.slice(axis + 1)) > most) axis++;
  const inner = chunkVolume(shape.slice(axis + 1));
  let rows = Math.max(1, Math.floor(most / inner));
  if (rows > chunk[axis]!) rows -= rows % chunk[axis]!;
  const leads = chunkVolume(shape.slice(0, axis));
  for (let lead = 0; lead < leads; lead++) {
    const place: number[] = [];
    let rest = lead;
    for (let i = axis - 1; i >= 0; i--) {
      place.unshift(rest % shape[i]!);
      rest = Math.floor(rest / shape[i]!);
    }
    for (let from = 0; from < shape[axis]!; from += rows) {
      const count = Math.min(rows, shape[axis]! - from);
      yield {
        start: [...place, from, ...shape.slice(axis + 1).map(() => 0)],
        shape: [...place.map(() => 1), count, ...shape.slice(axis + 1)],
        element: (lead * shape[axis]! + from) * inner,
      };
    }
  }
}
