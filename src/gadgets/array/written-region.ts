import type { ArrayClient, Picture } from '../../protocol/array-client.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { IndexRange } from '../exact/extent.ts';

/** Where a search walks: an axis of an array, within elements `[start, end)` of every axis. */
export interface RegionWalk {
  readonly client: ArrayClient;
  readonly array: string;
  readonly axis: number;
  readonly start: readonly bigint[];
  readonly end: readonly bigint[];
  readonly signal?: AbortSignal | undefined;
}

/** Elements of the first look for the end of a region, and how many times more each further look takes in. */
const firstLook = 4096n;
const lookFactor = 16n;
const lookCells = 256;

/**
 * The written region after (towards −1, before) the one that holds element `from`, along an axis; its ends are to within
 * a 256th of its length. From outside the walk it is the first (last) one. Undefined when there is none.
 */
export async function nextRegion(
  walk: RegionWalk,
  from: bigint,
  towards: 1 | -1,
): Promise<IndexRange | undefined> {
  const found = await nextBeside(walk, walk, from, towards);
  if (found === undefined) return undefined;
  const start = towards > 0 ? found : await endOfRun(walk, found, -1);
  return { start, end: await endOfRun(walk, start, 1) };
}

/**
 * The written tile after (before) the one at `from`, rows first: where it begins and ends along two axes. Each end is
 * looked for along a narrow band, as a band as wide as the array is known at its coarsest only.
 */
export async function nextTile(
  walk: RegionWalk,
  from: { readonly row: bigint; readonly column: bigint },
  towards: 1 | -1,
): Promise<{ readonly rows: IndexRange; readonly columns: IndexRange } | undefined> {
  const columnAxis = walk.axis + 1;
  const here = banded(walk, columnAxis, from.column);
  const row = await nextBeside(walk, here, from.row, towards);
  if (row === undefined) return undefined;
  const along = { ...banded(walk, walk.axis, row), axis: columnAxis };
  const column = await nextBeside(along, along, -1n, 1);
  if (column === undefined) return undefined;
  const down = banded(walk, columnAxis, column);
  const top = await endOfRun(down, row, -1);
  return {
    rows: { start: top, end: await endOfRun(down, row, 1) },
    columns: { start: column, end: await endOfRun(along, column, 1) },
  };
}

/** The walk within the eight elements along `axis` that hold `at`: what levels know as one. */
function banded(walk: RegionWalk, axis: number, at: bigint): RegionWalk {
  const first = at - (at % 8n);
  const put = (values: readonly bigint[], value: bigint): bigint[] =>
    values.map((one, i) => (i === axis ? value : one));
  const last = walk.end[axis]!;
  return {
    ...walk,
    start: put(walk.start, first),
    end: put(walk.end, first + 8n < last ? first + 8n : last),
  };
}

/** The first written element beside the run that holds `from`, which is followed within `run`. */
async function nextBeside(
  { client, array, axis, start, end, signal }: RegionWalk,
  run: RegionWalk,
  from: bigint,
  towards: 1 | -1,
): Promise<bigint | undefined> {
  const isWithin = from >= start[axis]! && from < end[axis]!;
  const beside = towards > 0 ? from + 1n : from;
  const edge = isWithin ? await endOfRun(run, from, towards) : beside;
  return await client.nextWritten(
    { array, start, end, axis, from: towards > 0 ? edge - 1n : edge, towards },
    signal ? { signal } : {},
  );
}

/** Where the written elements that begin at `at` (going up), or end with it (going down), end: the first not written. */
async function endOfRun(walk: RegionWalk, at: bigint, towards: 1 | -1): Promise<bigint> {
  const [low, high] = [walk.start[walk.axis]!, walk.end[walk.axis]!];
  for (let look = firstLook; ; look *= lookFactor) {
    const range =
      towards > 0
        ? { start: at, end: at + look < high ? at + look : high }
        : { start: at + 1n - look > low ? at + 1n - look : low, end: at + 1n };
    if (range.start >= range.end) return towards > 0 ? range.end : range.start;
    const picture = await sharpPicture(walk, range);
    const gap = gapIn(picture, walk.axis, at, towards);
    if (gap !== undefined) return towards > 0 ? (gap > at ? gap : at) : gap < at ? gap : at;
    if (towards > 0 ? range.end === high : range.start === low) return towards > 0 ? high : low;
  }
}

/** The nearest edge of a cell with nothing written, from the cell of `at` on. */
function gapIn(picture: Picture, axis: number, at: bigint, towards: 1 | -1): bigint | undefined {
  const { count, nans, first, step, cells } = picture;
  const [begin, side, size] = [first[axis]!, step[axis]!, cells[axis]!];
  for (let i = Number((at - begin) / side); i >= 0 && i < size; i += towards)
    if (count[i] === 0 && nans[i] === 0) return begin + side * BigInt(towards > 0 ? i : i + 1);
  return undefined;
}

function sharpPicture(
  { client, array, axis, start, end, signal }: RegionWalk,
  range: IndexRange,
): Promise<Picture> {
  return new Promise((resolve, reject) => {
    let stop: (() => void) | undefined;
    const settle = (then: () => void): void => {
      then();
      signal?.removeEventListener('abort', aborted);
      queueMicrotask(() => stop?.());
    };
    const aborted = (): void => settle(() => reject(new ExaError('cancelled', 'The search was given up.')));
    signal?.addEventListener('abort', aborted);
    stop = client.picture(
      {
        array,
        start: start.map((one, i) => (i === axis ? range.start : one)),
        end: end.map((one, i) => (i === axis ? range.end : one)),
        pixels: start.map((_, i) => (i === axis ? lookCells : 0)),
        fields: [],
      },
      {
        next: (picture) => {
          // Offline what is not here is not waited for.
          if (picture.sharp || picture.state.includes(2)) settle(() => resolve(picture));
        },
        failed: (error) => settle(() => reject(error)),
      },
    );
  });
}
