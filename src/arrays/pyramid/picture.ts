import type { ArrayHead, Dtype } from '../../protocol/array.ts';
import {
  type Box,
  type CellField,
  cellFields,
  cellStates,
  type Picture,
  type PictureQuestion,
} from '../../protocol/array-client.ts';
import { ExaError } from '../../protocol/errors.ts';
import { numberAt, type Values } from '../dtype.ts';
import { chunkVolume, stridesOf } from '../shape.ts';
import { type Cells, isBelow } from './cells.ts';
import { type LevelGrid, levelGrids } from './level-grid.ts';
import { planView } from './view-plan.ts';

/** Chunks a line and an image may take, besides the one of the top level that says where there is data at all. */
const lineChunks = 7;
const imageChunks = 63;
const mostPixels = 4096;
const mostCells = 2 ** 18;

/** A decoded chunk: a level's cells, or the data's elements; undefined is a hole. */
export type HeldChunk = Cells | Values | undefined;

/** A chunk that is known, by its place. */
export interface KnownChunk {
  readonly level: number;
  readonly place: readonly number[];
  readonly chunk: HeldChunk;
}

/** Where the cells of a picture are, and the chunks of which level they are made from. */
export interface PicturePlan extends Pick<Picture, 'level' | 'step' | 'first' | 'cells'> {
  readonly chunks: readonly (readonly number[])[];
}

export function gridsOf({
  shape,
  chunk,
  reduced,
}: Pick<ArrayHead, 'shape' | 'chunk' | 'reduced'>): LevelGrid[] {
  return levelGrids(shape.map(BigInt), chunk, reduced);
}

/** Cuts a box to an array. Throws `invalid` for one of another rank. */
export function cutBox({ shape, name }: Pick<ArrayHead, 'shape' | 'name'>, { start, end }: Box): Box {
  if (start.length !== shape.length || end.length !== shape.length)
    throw new ExaError(
      'invalid',
      `${name} has ${shape.length} axes: give a first and last element for each.`,
    );
  return {
    start: start.map((at) => (at < 0n ? 0n : at)),
    end: end.map((at, axis) => (at > BigInt(shape[axis]!) ? BigInt(shape[axis]!) : at)),
  };
}

/** Throws `invalid` for a picture of no array, or one too fine to be seen. */
export function planPicture(
  head: ArrayHead,
  grids: readonly LevelGrid[],
  question: Pick<PictureQuestion, 'start' | 'end' | 'pixels'>,
): PicturePlan {
  const { pixels } = question;
  const { start, end } = cutBox(head, question);
  if (pixels.length !== start.length || pixels.some((count) => !(count >= 0 && count <= mostPixels)))
    throw new ExaError(
      'invalid',
      `A picture has 0 to ${mostPixels} cells along each of ${start.length} axes.`,
    );
  const drawn = pixels.filter((count) => count > 0);
  if (drawn.reduce((product, count) => product * count, 1) > mostCells)
    throw new ExaError('invalid', `A picture has at most ${mostCells} cells.`);
  if (start.some((at, axis) => at >= end[axis]!))
    return { level: 0, step: start.map(() => 1n), first: start, cells: start.map(() => 0), chunks: [] };
  const { level, chunks } = planView(
    grids,
    { start, end, pixels },
    drawn.length > 1 ? imageChunks : lineChunks,
  );
  const { factor } = grids[level]!;
  const shape = grids[0]!.shape;
  const step: bigint[] = [];
  const first: bigint[] = [];
  const cells: number[] = [];
  for (const [axis, at] of start.entries()) {
    if (pixels[axis] === 0) {
      const low = (at / factor[axis]!) * factor[axis]!;
      const high = ((end[axis]! + factor[axis]! - 1n) / factor[axis]!) * factor[axis]!;
      first.push(low);
      step.push((high < shape[axis]! ? high : shape[axis]!) - low);
      cells.push(1);
      continue;
    }
    let by = factor[axis]!;
    while (end[axis]! - at > by * BigInt(pixels[axis]!)) by *= 2n;
    const from = (at / by) * by;
    first.push(from);
    step.push(by);
    cells.push(Number((end[axis]! - from + by - 1n) / by));
  }
  return { level, step, first, cells, chunks };
}

/** Where each cell of a level chunk falls in a picture along one axis: a cell of the picture, or −1. */
function placesAlong(
  { first, step, cells }: PicturePlan,
  grid: LevelGrid,
  place: readonly number[],
  axis: number,
): Int32Array {
  const side = grid.chunk[axis]!;
  const factor = grid.factor[axis]!;
  const base = BigInt(place[axis]!) * BigInt(side) * factor - first[axis]!;
  const places = new Int32Array(side);
  // One division of bigints a chunk; then plain numbers, as long as they are exact.
  const ratio = step[axis]! / factor;
  if (ratio * factor === step[axis]! && base % factor === 0n) {
    let at = base / factor;
    for (let i = 0; i < side; i++, at++) {
      const cell = at < 0n ? -1 : Number(at / ratio);
      places[i] = cell < cells[axis]! ? cell : -1;
    }
    return places;
  }
  for (let i = 0; i < side; i++) {
    const at = base + BigInt(i) * factor;
    const cell = at < 0n ? -1 : Number(at / step[axis]!);
    places[i] = cell < cells[axis]! ? cell : -1;
  }
  return places;
}

/** The picture of a plan from what is known; cells of what is not are filled from coarser levels, or away. */
export function paintPicture(
  head: ArrayHead,
  grids: readonly LevelGrid[],
  plan: PicturePlan,
  known: readonly KnownChunk[],
  fields: readonly CellField[] = cellFields,
): Omit<Picture, 'coverage'> {
  const { level, step, first, cells } = plan;
  const grid = grids[level]!;
  const canvas = new Canvas(cells);
  const here = new Map(
    known.filter((one) => one.level === level).map(({ place, chunk }) => [place.join(), { chunk }]),
  );
  const missing: (readonly number[])[] = [];
  for (const place of plan.chunks) {
    const found = here.get(place.join());
    if (!found) {
      missing.push(place);
      continue;
    }
    if (found.chunk === undefined) continue;
    const along = place.map((_, axis) => placesAlong(plan, grid, place, axis));
    if ('places' in found.chunk) canvas.addCells(found.chunk, grid.chunk, along);
    else canvas.addElements(found.chunk, head, along);
  }
  for (const place of missing) canvas.clear(place.map((_, axis) => placesAlong(plan, grid, place, axis)));
  if (missing.length > 0)
    for (let coarser = level + 1; coarser < grids.length; coarser++)
      paintCoarse(
        canvas,
        plan,
        grids[coarser]!,
        known.filter((one) => one.level === coarser),
      );
  const { count, nans, state } = canvas;
  return {
    level,
    step,
    first,
    cells,
    count,
    nans,
    state,
    sharp: missing.length === 0,
    ...canvas.fields(fields),
  };
}

/** Fills cells not known yet from a coarser level: extremes and mean as they are, counts by share. */
function paintCoarse(
  canvas: Canvas,
  { first, step, cells }: PicturePlan,
  grid: LevelGrid,
  known: readonly KnownChunk[],
): void {
  if (known.length === 0) return;
  const chunks = new Map<string, { readonly cells: Cells | undefined; readonly at: Int32Array }>();
  for (const { place, chunk } of known) {
    const held = chunk as Cells | undefined;
    const at = new Int32Array(chunkVolume(grid.chunk)).fill(-1);
    for (let i = 0; i < (held?.places.length ?? 0); i++) at[held!.places[i]!] = i;
    chunks.set(place.join(), { cells: held, at });
  }
  // Along each axis: which chunk and which cell of it hold the middle of a picture's cell.
  const chunkAt = cells.map((count, axis) => {
    const side = BigInt(grid.chunk[axis]!);
    return Array.from({ length: count }, (_, i) => {
      const middle = (first[axis]! + BigInt(i) * step[axis]! + step[axis]! / 2n) / grid.factor[axis]!;
      return [Number(middle / side), Number(middle % side)] as const;
    });
  });
  let share = 1;
  for (const [axis, by] of step.entries()) share *= Number(by) / Number(grid.factor[axis]!);
  const strides = stridesOf(grid.chunk, 'C');
  canvas.fillAway((index) => {
    const spots = index.map((i, axis) => chunkAt[axis]![i]!);
    const chunk = chunks.get(spots.map(([place]) => place).join());
    if (!chunk) return undefined;
    const spot = spots.reduce((sum, [, inside], axis) => sum + inside * strides[axis]!, 0);
    const i = chunk.at[spot]!;
    return { cells: chunk.cells, i, share: Math.min(1, share) };
  });
}

/** A picture in the making. */
class Canvas {
  readonly #shape: readonly number[];
  readonly #strides: readonly number[];
  readonly #sum: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly count: Float64Array;
  readonly nans: Float64Array;
  readonly state: Uint8Array;

  constructor(shape: readonly number[]) {
    const size = chunkVolume(shape);
    this.#shape = shape;
    this.#strides = stridesOf(shape, 'C');
    this.#sum = new Float64Array(size);
    this.#min = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.count = new Float64Array(size);
    this.nans = new Float64Array(size);
    this.state = new Uint8Array(size);
  }

  addCells(cells: Cells, chunk: readonly number[], along: readonly Int32Array[]): void {
    const { places } = cells;
    for (let i = 0; i < places.length; i++) {
      let rest = places[i]!;
      let into = 0;
      for (let axis = chunk.length - 1; axis >= 0; axis--) {
        const side = chunk[axis]!;
        const cell = along[axis]![rest % side]!;
        rest = Math.floor(rest / side);
        if (cell < 0) {
          into = -1;
          break;
        }
        into += cell * this.#strides[axis]!;
      }
      if (into < 0) continue;
      const count = Number(cells.counts[i]!);
      this.nans[into]! += Number(cells.nans[i]!);
      if (count === 0) continue;
      this.count[into]! += count;
      this.#sum[into]! += cells.sum[i]!;
      if (isBelow(cells.min[i]!, this.#min[into]!)) this.#min[into] = cells.min[i]!;
      if (isBelow(this.#max[into]!, cells.max[i]!)) this.#max[into] = cells.max[i]!;
    }
  }

  addElements(values: Values, { dtype, chunk, order }: ArrayHead, along: readonly Int32Array[]): void {
    const strides = stridesOf(chunk, order);
    const numbers = asNumbers(dtype, values);
    const last = chunk.length - 1;
    const walk = (axis: number, at: number, into: number): void => {
      const cells = along[axis]!;
      const stride = strides[axis]!;
      const step = this.#strides[axis]!;
      for (let i = 0; i < cells.length; i++) {
        const cell = cells[i]!;
        if (cell < 0) continue;
        if (axis < last) walk(axis + 1, at + i * stride, into + cell * step);
        else this.#add(numbers(at + i * stride), into + cell * step);
      }
    };
    if (chunk.length === 0) this.#add(numbers(0), 0);
    else walk(0, 0, 0);
  }

  #add(value: number, into: number): void {
    if (Number.isNaN(value)) {
      this.nans[into]!++;
      return;
    }
    this.count[into]!++;
    this.#sum[into]! += value;
    if (isBelow(value, this.#min[into]!)) this.#min[into] = value;
    if (isBelow(this.#max[into]!, value)) this.#max[into] = value;
  }

  /** Marks the cells a missing chunk has a part of as away: what others gave them is not all. */
  clear(along: readonly Int32Array[]): void {
    const ranges = along.map((cells) => {
      const inside = cells.filter((cell) => cell >= 0);
      return inside.length === 0 ? undefined : ([inside[0]!, inside[inside.length - 1]!] as const);
    });
    if (ranges.includes(undefined)) return;
    const walk = (axis: number, into: number): void => {
      if (axis === ranges.length) {
        this.state[into] = cellStates.away;
        this.count[into] = 0;
        this.nans[into] = 0;
        this.#sum[into] = 0;
        this.#min[into] = Number.POSITIVE_INFINITY;
        this.#max[into] = Number.NEGATIVE_INFINITY;
        return;
      }
      const [from, to] = ranges[axis]!;
      for (let cell = from; cell <= to; cell++) walk(axis + 1, into + cell * this.#strides[axis]!);
    };
    walk(0, 0);
  }

  fillAway(
    find: (
      index: readonly number[],
    ) => { readonly cells: Cells | undefined; readonly i: number; readonly share: number } | undefined,
  ): void {
    const index = this.#shape.map(() => 0);
    for (let at = 0; at < this.state.length; at++) {
      if (this.state[at] !== cellStates.away) continue;
      let rest = at;
      for (const [axis, stride] of this.#strides.entries()) {
        index[axis] = Math.floor(rest / stride);
        rest %= stride;
      }
      const found = find(index);
      if (!found) continue;
      this.state[at] = cellStates.coarse;
      const { cells, i, share } = found;
      if (!cells || i < 0) continue;
      const count = Number(cells.counts[i]!) * share;
      this.nans[at] = Number(cells.nans[i]!) * share;
      if (count === 0) continue;
      this.count[at] = count;
      this.#sum[at] = cells.sum[i]! * share;
      this.#min[at] = cells.min[i]!;
      this.#max[at] = cells.max[i]!;
    }
  }

  fields(wanted: readonly CellField[]): Partial<Record<CellField, Float64Array>> {
    const told: Partial<Record<CellField, Float64Array>> = {};
    const pick = (values: Float64Array) =>
      values.map((value, i) => (this.count[i] === 0 ? Number.NaN : value));
    if (wanted.includes('min')) told.min = pick(this.#min);
    if (wanted.includes('max')) told.max = pick(this.#max);
    if (wanted.includes('mean')) told.mean = this.#sum.map((sum, i) => sum / this.count[i]!);
    return told;
  }
}

/** An element as a number, by its place. */
function asNumbers(dtype: Dtype, values: Values): (at: number) => number {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array || dtype === 'float16')
    return (at) => numberAt(dtype, values, at);
  return (at) => values[at]!;
}
