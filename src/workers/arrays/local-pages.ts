import { planChunks } from '../../arrays/chunk-plan.ts';
import { scatter } from '../../arrays/copy-elements.ts';
import { makeValues, type Values, valuesOf } from '../../arrays/dtype.ts';
import { decodeCells } from '../../arrays/pyramid/cells-page.ts';
import { childrenOf, type LevelGrid, regionOf } from '../../arrays/pyramid/level-grid.ts';
import { mergeChildren, Summary } from '../../arrays/pyramid/summarise.ts';
import { resolveSelection } from '../../arrays/selection.ts';
import { chunkVolume, stridesOf } from '../../arrays/shape.ts';
import { decodeElements, encodeElements } from '../../arrow/elements-page.ts';
import type { ArrayHead } from '../../protocol/array.ts';
import type { FileSource } from './file-source.ts';

/** A chunk of an array kept in this browser, as it is stored. */
export interface KeptPage {
  readonly bytes: Uint8Array;
  readonly checksum: string;
}

export type Page = readonly [key: string, page: KeptPage];

/** All of an array is as of one version: it never changes. */
export const localVersion = 1;
/** Bytes of pages in one transaction, about. */
const transactionBytes = 16 * 2 ** 20;

/** The chunks of a file as pages, some at a time: a chunk goes out with the last box that has a part in it. */
export async function* chunkPages(
  { dtype, shape, boxes }: FileSource,
  chunk: readonly number[],
  pageOf: (level: number, place: readonly number[], bytes: Uint8Array) => Page,
): AsyncGenerator<readonly Page[]> {
  const strides = stridesOf(chunk, 'C');
  const open = new Map<
    string,
    { readonly place: readonly number[]; readonly values: Values; left: number }
  >();
  let pages: Page[] = [];
  let bytes = 0;
  for await (const { start, array } of boxes(chunk)) {
    const selection = resolveSelection(
      start.map((at, axis) => ({ kind: 'slice', start: BigInt(at), stop: BigInt(at + array.shape[axis]!) })),
      shape.map(BigInt),
    );
    const source = { values: array.values, strides: stridesOf(array.shape, 'C') };
    for (const part of planChunks(selection, chunk, 2 ** 22)) {
      const key = part.chunk.join();
      const known = open.get(key) ?? {
        place: part.chunk,
        values: makeValues(dtype, chunkVolume(chunk)),
        left: part.chunk.reduce(
          (product, at, axis) => product * Math.min(chunk[axis]!, shape[axis]! - at * chunk[axis]!),
          1,
        ),
      };
      scatter(part, source, { values: known.values, strides });
      known.left -= part.spans.reduce((product, { length }) => product * length, 1);
      if (known.left > 0) {
        open.set(key, known);
        continue;
      }
      open.delete(key);
      const page = pageOf(0, known.place, encodeElements(dtype, known.values));
      pages.push(page);
      bytes += page[1].bytes.byteLength;
      if (bytes < transactionBytes) continue;
      yield pages;
      pages = [];
      bytes = 0;
    }
  }
  if (pages.length > 0) yield pages;
}

/** A chunk of a level, from the data or from the level below. */
export async function cellsOf(
  { shape: sizes, dtype, chunk, reduced }: ArrayHead,
  grids: readonly LevelGrid[],
  grid: LevelGrid,
  place: readonly number[],
  pagesAt: (level: number, places: readonly (readonly number[])[]) => Promise<KeptPage[]>,
): Promise<ReturnType<Summary['finish']>> {
  if (grid.level > 1) {
    const children = childrenOf(grids[grid.level - 1]!, place, reduced);
    const pages = await pagesAt(grid.level - 1, children);
    return mergeChildren(
      grid,
      reduced,
      place,
      pages.map(({ bytes }, i) => ({ place: children[i]!, cells: decodeCells(bytes) })),
    );
  }
  const shape = sizes.map(BigInt);
  const { start, end } = regionOf(grid, place, shape);
  const summary = new Summary(grid, dtype, reduced);
  const strides = stridesOf(chunk, 'C');
  let places: number[][] = [[]];
  for (const [axis, side] of chunk.entries()) {
    const first = Number(start[axis]! / BigInt(side));
    const last = Number((end[axis]! - 1n) / BigInt(side));
    places = places.flatMap((lead) =>
      Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => [...lead, first + i]),
    );
  }
  for (const at of places) {
    const [page] = await pagesAt(0, [at]);
    const { bytes } = decodeElements(page!.bytes);
    const shift = at.map((index, axis) => index * chunk[axis]! - Number(start[axis]!));
    const from = shift.map((by) => Math.max(0, -by));
    const to = shift.map((by, axis) =>
      Math.min(
        chunk[axis]!,
        Number(shape[axis]!) - at[axis]! * chunk[axis]!,
        Number(end[axis]! - start[axis]!) - by,
      ),
    );
    if (from.some((low, axis) => low >= to[axis]!)) continue;
    summary.add({ values: valuesOf(dtype, bytes), strides, from, to, shift, revision: localVersion });
  }
  return summary.finish();
}

/** Places of all chunks of a level, in C order. */
export function* placesOf(
  { grid }: Pick<LevelGrid, 'grid'>,
  lead: readonly number[] = [],
): Generator<number[]> {
  if (lead.length === grid.length) {
    yield [...lead];
    return;
  }
  for (let at = 0; at < grid[lead.length]!; at++) yield* placesOf({ grid }, [...lead, at]);
}

export function keyOf(epoch: string, level: number, place: readonly number[]): string {
  return `${epoch}/${level}/${place.join('.')}`;
}
