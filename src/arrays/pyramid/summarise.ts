import type { Dtype } from '../../protocol/array.ts';
import { numberAt, type Values } from '../dtype.ts';
import { chunkVolume } from '../shape.ts';
import { CellBuffer, type Cells, isBelow } from './cells.ts';
import { type LevelGrid, levelFactor } from './level-grid.ts';

/** What of one data chunk lies in a level-1 chunk. */
export interface DataPart {
  readonly values: Values;
  readonly strides: readonly number[];
  /** Offsets `[from, to)` within the chunk along each axis. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Along each axis, what to add to an offset to get the element's index within the level chunk's region. */
  readonly shift: readonly number[];
  readonly revision: number;
}

/**
 * Makes a level-1 chunk: data chunks are added in C order of their index; within one, each cell is summed in C order,
 * then the chunks' parts of the cell are joined.
 */
export class Summary {
  readonly #buffer: CellBuffer;
  readonly #dtype: Dtype;
  readonly #cellStrides: number[];
  readonly #reduced: readonly boolean[];

  constructor(grid: LevelGrid, dtype: Dtype, reduced: readonly boolean[]) {
    this.#buffer = new CellBuffer(chunkVolume(grid.chunk));
    this.#dtype = dtype;
    this.#reduced = reduced;
    this.#cellStrides = grid.chunk.map((_, axis) => chunkVolume(grid.chunk.slice(axis + 1)));
  }

  add(part: DataPart): void {
    const values = asNumbers(this.#dtype, part.values);
    const part1 = new CellBuffer(this.#buffer.counts.length);
    const counts = new Float64Array(this.#buffer.counts.length);
    const nans = new Float64Array(this.#buffer.counts.length);
    this.#walk(part, (at, cell) => {
      const value = values[at]!;
      if (Number.isNaN(value)) {
        nans[cell]!++;
        return;
      }
      part1.sum[cell] = counts[cell] === 0 ? value : part1.sum[cell]! + value;
      counts[cell]!++;
      if (isBelow(value, part1.min[cell]!)) part1.min[cell] = value;
      if (isBelow(part1.max[cell]!, value)) part1.max[cell] = value;
    });
    this.#walk(part, (at, cell) => {
      const value = values[at]!;
      if (Number.isNaN(value)) return;
      const apart = value - part1.sum[cell]! / counts[cell]!;
      part1.m2[cell] = part1.m2[cell]! + apart * apart;
    });
    for (let cell = 0; cell < counts.length; cell++) {
      if (counts[cell] === 0 && nans[cell] === 0) continue;
      part1.counts[cell] = BigInt(counts[cell]!);
      part1.nans[cell] = BigInt(nans[cell]!);
      part1.revisions[cell] = part.revision;
      this.#buffer.join(cell, part1, cell);
    }
  }

  finish(): Cells {
    return this.#buffer.finish();
  }

  #walk({ strides, from, to, shift }: DataPart, visit: (at: number, cell: number) => void): void {
    const rank = strides.length;
    const step = (axis: number, at: number, cell: number): void => {
      if (axis === rank) {
        visit(at, cell);
        return;
      }
      const reduce = this.#reduced[axis]!;
      const stride = this.#cellStrides[axis]!;
      for (let offset = from[axis]!; offset < to[axis]!; offset++) {
        const index = offset + shift[axis]!;
        const place = cell + (reduce ? Math.floor(index / levelFactor) : index) * stride;
        if (axis === rank - 1) visit(at + offset * strides[axis]!, place);
        else step(axis + 1, at + offset * strides[axis]!, place);
      }
    };
    step(0, 0, 0);
  }
}

/** Cells of a chunk from those of the level below; `children` in C order. */
export function mergeChildren(
  grid: LevelGrid,
  reduced: readonly boolean[],
  place: readonly number[],
  children: Iterable<{ readonly place: readonly number[]; readonly cells: Cells }>,
): Cells {
  const buffer = new CellBuffer(chunkVolume(grid.chunk));
  for (const child of children) {
    const { places } = child.cells;
    for (let i = 0; i < places.length; i++) {
      let rest = places[i]!;
      let into = 0;
      let stride = 1;
      for (let axis = place.length - 1; axis >= 0; axis--) {
        const side = grid.chunk[axis]!;
        const local = rest % side;
        rest = Math.floor(rest / side);
        const inside = reduced[axis]
          ? Math.floor(((child.place[axis]! - place[axis]! * levelFactor) * side + local) / levelFactor)
          : local;
        into += inside * stride;
        stride *= side;
      }
      buffer.join(into, child.cells, i);
    }
  }
  return buffer.finish();
}

function asNumbers(dtype: Dtype, values: Values): ArrayLike<number> {
  if (!(values instanceof BigInt64Array) && !(values instanceof BigUint64Array) && dtype !== 'float16')
    return values;
  return Float64Array.from({ length: values.length }, (_, i) => numberAt(dtype, values, i));
}
