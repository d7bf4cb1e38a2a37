import type { Cells } from '../../../src/arrays/pyramid/cells.ts';
import { decodeCells, encodeCells } from '../../../src/arrays/pyramid/cells-page.ts';
import {
  childrenOf,
  type LevelGrid,
  levelFactor,
  levelGrids,
  regionOf,
} from '../../../src/arrays/pyramid/level-grid.ts';
import { mergeChildren, Summary } from '../../../src/arrays/pyramid/summarise.ts';
import { stridesOf } from '../../../src/arrays/shape.ts';
import type { DerivedFiles } from '../../derived.ts';
import type { ArrayRecord } from '../array-catalogue.ts';
import { type ArrayFile, visibleOf } from './array-file.ts';
import type { Cover } from './chunk-index.ts';

/** A level chunk as it travels. */
export interface LevelPage {
  readonly bytes: Uint8Array;
  readonly revision: number;
}

/** Data chunks under a level-1 chunk up to which each is looked for; beyond, the written ones are gone through. */
const probes = 4096;

/** Level chunks of one array, made when asked for and kept under the revision of the data below. */
export class LevelPages {
  readonly #file: ArrayFile;
  readonly #kept: DerivedFiles | undefined;
  readonly #making = new Map<string, Promise<Uint8Array>>();

  constructor(file: ArrayFile, kept: DerivedFiles | undefined) {
    this.#file = file;
    this.#kept = kept;
  }

  /** The chunk as of a record; undefined over a hole. */
  async page(record: ArrayRecord, level: number, place: readonly number[]): Promise<LevelPage | undefined> {
    const revision = this.revision(record, level, place);
    if (revision === undefined) return undefined;
    const key = `array/${record.id}/${record.epoch}/${level}/${place.join()}/${revision}`;
    const known = await this.#kept?.get(key);
    if (known) return { bytes: known, revision };
    let making = this.#making.get(key);
    if (!making) {
      making = this.#make(record, level, place).then((cells) => {
        const bytes = encodeCells(cells);
        void this.#kept?.put(key, bytes);
        return bytes;
      });
      this.#making.set(key, making);
      making.finally(() => this.#making.delete(key)).catch(() => undefined);
    }
    return { bytes: await making, revision };
  }

  revision(record: ArrayRecord, level: number, place: readonly number[]): number | undefined {
    const grid = gridsOf(record)[1];
    if (!grid) return undefined;
    return this.#file.index.levelRevision(
      level,
      place,
      record.version,
      coverOf(record, grid),
      (entry) => visibleOf(this.#file.record, entry).revision,
    );
  }

  async #make(record: ArrayRecord, level: number, place: readonly number[]): Promise<Cells> {
    const grids = gridsOf(record);
    if (level === 1) return await this.#summarise(record, grids[1]!, place);
    const children: { place: readonly number[]; cells: Cells }[] = [];
    for (const child of childrenOf(grids[level - 1]!, place, record.reduced)) {
      const page = await this.page(record, level - 1, child);
      if (page) children.push({ place: child, cells: decodeCells(page.bytes) });
    }
    return mergeChildren(grids[level]!, record.reduced, place, children);
  }

  async #summarise(record: ArrayRecord, grid: LevelGrid, place: readonly number[]): Promise<Cells> {
    const shape = record.shape.map(BigInt);
    const { start, end } = regionOf(grid, place, shape);
    const summary = new Summary(grid, record.dtype, record.reduced);
    const strides = stridesOf(record.chunk, record.order);
    for (const at of this.#written(record, start, end)) {
      const chunk = await this.#file.readChunk(record, at);
      if (!chunk) continue;
      const shift = at.map((index, axis) =>
        Number(BigInt(index) * BigInt(record.chunk[axis]!) - start[axis]!),
      );
      const from = shift.map((by) => Math.max(0, -by));
      const to = shift.map((by, axis) =>
        Math.min(chunk.extent[axis]!, Number(end[axis]! - start[axis]!) - by),
      );
      if (from.some((low, axis) => low >= to[axis]!)) continue;
      summary.add({ values: chunk.values, strides, from, to, shift, revision: chunk.revision });
    }
    return summary.finish();
  }

  /** Data chunks with something written that touch a region, in C order. */
  #written(record: ArrayRecord, start: readonly bigint[], end: readonly bigint[]): (readonly number[])[] {
    const first = start.map((at, axis) => Number(at / BigInt(record.chunk[axis]!)));
    const last = end.map((at, axis) => Number((at - 1n) / BigInt(record.chunk[axis]!)));
    const count = first.reduce((product, from, axis) => product * (last[axis]! - from + 1), 1);
    if (count <= probes) {
      let places: number[][] = [[]];
      for (const [axis, from] of first.entries())
        places = places.flatMap((head) =>
          Array.from({ length: Math.max(0, last[axis]! - from + 1) }, (_, i) => [...head, from + i]),
        );
      return places;
    }
    const found: (readonly number[])[] = [];
    for (const { place } of this.#file.index.entries())
      if (place.every((index, axis) => index >= first[axis]! && index <= last[axis]!)) found.push(place);
    return found.sort(inOrder);
  }
}

export function gridsOf({ shape, chunk, reduced }: ArrayRecord): LevelGrid[] {
  return levelGrids(shape.map(BigInt), chunk, reduced);
}

/** C order of chunk places. */
export function inOrder(left: readonly number[], right: readonly number[]): number {
  for (const [axis, index] of left.entries()) if (index !== right[axis]) return index - right[axis]!;
  return 0;
}

function coverOf({ chunk, reduced }: ArrayRecord, grid: LevelGrid): Cover {
  const widths = grid.chunk.map((side, axis) => side * (reduced[axis] ? levelFactor : 1));
  return function* (place) {
    const ranges = place.map((index, axis) => {
      const from = BigInt(index) * BigInt(chunk[axis]!);
      const first = from / BigInt(widths[axis]!);
      const last = (from + BigInt(chunk[axis]!) - 1n) / BigInt(widths[axis]!);
      return [Number(first), Number(last)] as const;
    });
    let places: number[][] = [[]];
    for (const [first, last] of ranges)
      places = places.flatMap((head) =>
        Array.from({ length: last - first + 1 }, (_, i) => [...head, first + i]),
      );
    for (const over of places) yield { place: over, reduced };
  };
}
