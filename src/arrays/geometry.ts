import type { Dtype } from '../protocol/array.ts';
import { itemSize } from './dtype.ts';
import { type Shape, shapeText, volume } from './shape.ts';

/** Out-of-core topologies: chunks of whole rows, of whole columns, or near-square tiles. */
export const topologies = ['rows', 'columns', 'tiles'] as const;
export type Topology = (typeof topologies)[number];

/** Bytes of a chunk unless said otherwise: a zoom to single elements stays cheap, a stream still flows. */
export const defaultChunkBytes = 2 ** 18;

/** How an algorithm walks an array; `rows` run along the last axis, `columns` along the first. */
export type Access =
  | { readonly kind: 'rows'; readonly count: bigint }
  | { readonly kind: 'columns'; readonly count: bigint }
  /** `count` boxes of `side` elements an axis, anywhere. */
  | { readonly kind: 'tiles'; readonly count: bigint; readonly side: bigint }
  | { readonly kind: 'random'; readonly count: bigint };

/** What an access reads; `useful` is the bytes it asked for. */
export interface AccessCost {
  readonly chunks: bigint;
  readonly bytes: bigint;
  readonly useful: bigint;
}

/** Powers of two, so that neighbours line up with pyramid levels; at least 1, no longer than the axis needs. */
function floorPower(value: bigint): bigint {
  let power = 1n;
  while (power * 2n <= value) power *= 2n;
  return power;
}

/** Smallest power of two an axis fits in. */
function coveringPower(size: bigint): bigint {
  return size <= 1n ? 1n : floorPower(size - 1n) * 2n;
}

/** The whole axis where it is short, else a power of two. */
function sideFor(size: bigint, room: bigint): bigint {
  const longest = size < 1n ? 1n : size;
  return longest <= room ? longest : floorPower(room < 1n ? 1n : room);
}

/**
 * A chunk's shape of at most about `bytes`. Rows and columns fill their own axis first; tiles double the shortest side
 * until full.
 */
export function chunkFor(
  topology: Topology,
  shape: Shape,
  dtype: Dtype,
  bytes: number = defaultChunkBytes,
): number[] {
  let room = BigInt(Math.max(1, Math.floor(bytes / itemSize(dtype))));
  const chunk = shape.map(() => 1n);
  if (topology === 'tiles') {
    for (;;) {
      let shortest = -1;
      for (const [axis, size] of shape.entries())
        if (chunk[axis]! < coveringPower(size) && (shortest < 0 || chunk[axis]! < chunk[shortest]!))
          shortest = axis;
      if (shortest < 0 || volume(chunk) * 2n > room) break;
      chunk[shortest]! *= 2n;
    }
    return chunk.map((side, axis) => Number(side > shape[axis]! && shape[axis]! > 0n ? shape[axis]! : side));
  }
  const axes = [...shape.keys()];
  if (topology === 'rows') axes.reverse();
  for (const axis of axes) {
    // A growing axis may be empty today.
    const size = shape[axis]! === 0n ? room : shape[axis]!;
    chunk[axis] = sideFor(size, room < 2n ** 30n ? room : 2n ** 30n);
    room /= chunk[axis]!;
  }
  return chunk.map(Number);
}

/** Chunks and bytes an access reads when every chunk it touches is read whole, once. */
export function costOf(shape: Shape, chunk: readonly number[], dtype: Dtype, access: Access): AccessCost {
  const size = BigInt(itemSize(dtype));
  const grid = shape.map((length, axis) => ceilDivide(length, BigInt(chunk[axis]!)));
  const all = grid.reduce((product, count) => product * count, 1n);
  const chunkBytes = chunk.reduce((product, side) => product * BigInt(side), size);
  const cost = (chunks: bigint, elements: bigint): AccessCost => {
    const touched = chunks < all ? chunks : all;
    return { chunks: touched, bytes: touched * chunkBytes, useful: elements * size };
  };
  if (shape.length === 0) return cost(1n, 1n);
  switch (access.kind) {
    case 'rows':
      return line(shape.length - 1);
    case 'columns':
      return line(0);
    case 'tiles': {
      // A box at a random place touches on average (side − 1) / chunk + 1 chunks along an axis.
      let chunks = access.count;
      let elements = access.count;
      for (const [axis, length] of shape.entries()) {
        const side = access.side < length ? access.side : length;
        chunks *= atMost(ceilDivide(side - 1n, BigInt(chunk[axis]!)) + 1n, grid[axis]!);
        elements *= side;
      }
      return cost(chunks, elements);
    }
    case 'random':
      return cost(access.count, access.count);
  }

  /** `count` neighbouring lines along an axis: they share the chunks across. */
  function line(along: number): AccessCost {
    const { count } = access;
    let chunks = grid[along]!;
    let left = count;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (axis === along) continue;
      chunks *= atMost(ceilDivide(left, BigInt(chunk[axis]!)), grid[axis]!);
      left = ceilDivide(left, shape[axis]! || 1n);
    }
    const lines = volume(shape) / (shape[along]! || 1n);
    return cost(chunks, (count < lines ? count : lines) * shape[along]!);
  }
}

/** The cheapest topology for an access, and a sentence when today's chunks cost at least twice as much. */
export function adviseTopology(
  shape: Shape,
  chunk: readonly number[],
  dtype: Dtype,
  access: Access,
): { readonly best: Topology; readonly chunk: number[]; readonly times: number; readonly sentence?: string } {
  const bytes = chunk.reduce((product, side) => product * side, itemSize(dtype));
  const now = costOf(shape, chunk, dtype, access).bytes;
  const options = topologies.map((topology) => {
    const other = chunkFor(topology, shape, dtype, bytes);
    return { topology, chunk: other, bytes: costOf(shape, other, dtype, access).bytes };
  });
  const best = options.reduce((left, right) => (right.bytes < left.bytes ? right : left));
  const times = best.bytes === 0n ? 1 : Number((now * 100n) / best.bytes) / 100;
  if (times < 2) return { best: best.topology, chunk: best.chunk, times };
  return {
    best: best.topology,
    chunk: best.chunk,
    times,
    sentence: `Chunks of ${shapeText(best.chunk)} would read ${roundTimes(times)} times less for ${accessWords[access.kind]} than today’s ${shapeText(chunk)}.`,
  };
}

const accessWords: Readonly<Record<Access['kind'], string>> = {
  rows: 'row scans',
  columns: 'column scans',
  tiles: 'tiles',
  random: 'single elements',
};

function roundTimes(times: number): string {
  return times < 10 ? String(Math.round(times * 10) / 10) : String(Math.round(times));
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return value <= 0n ? 0n : (value - 1n) / by + 1n;
}

function atMost(value: bigint, limit: bigint): bigint {
  return value < limit ? value : limit;
}
