import type { ArrayHead } from '../protocol/array.ts';
import { type Box, cellStates, type Histogram, type Window } from '../protocol/array-client.ts';
import type { ArrayQuestion, BareAnswer } from '../protocol/array-messages.ts';
import { ExaError } from '../protocol/errors.ts';
import { planChunks, stepAt } from './chunk-plan.ts';
import { gather } from './copy-elements.ts';
import { denseOf } from './dense.ts';
import { fillValues, numberAt, type Values } from './dtype.ts';
import { histogramOf } from './histogram.ts';
import type { Cells } from './pyramid/cells.ts';
import type { LevelGrid } from './pyramid/level-grid.ts';
import { cutBox, type KnownChunk, paintPicture, planPicture } from './pyramid/picture.ts';
import { planView } from './pyramid/view-plan.ts';
import { resolveSelection, type Selection } from './selection.ts';
import { chunkVolume, stridesOf } from './shape.ts';

/** The chunks an answer is made from, all of one level. */
export interface Needs {
  readonly level: number;
  readonly places: readonly (readonly number[])[];
}

/** Most elements of a window, and most chunks of data it or an exact histogram reads. */
const windowElements = 2n ** 16n;
const windowChunks = 1024;
const histogramChunks = 64;
/** Chunks of a coarser level an approximate histogram reads. */
const sketchChunks = 63;

/** Throws `invalid` for a question that fits no array of this shape, `refused` for one too large. */
export function needsOf(head: ArrayHead, grids: readonly LevelGrid[], question: ArrayQuestion): Needs {
  switch (question.kind) {
    case 'picture': {
      const { level, chunks } = planPicture(head, grids, question);
      return { level, places: chunks };
    }
    case 'window':
      return {
        level: 0,
        places: [...planChunks(windowOf(head, question), head.chunk, windowChunks)].map(({ chunk }) => chunk),
      };
    case 'histogram': {
      const box = cutBox(head, question);
      const exact = planView(grids, { ...box, pixels: box.start.map(() => 2 ** 31) }, histogramChunks);
      if (exact.level === 0) return { level: 0, places: exact.chunks };
      const sketch = planView(grids, { ...box, pixels: box.start.map(() => 4096) }, sketchChunks);
      return { level: sketch.level, places: sketch.chunks };
    }
  }
}

/** The best answer there is with what is known. */
export function answerOf(
  head: ArrayHead,
  grids: readonly LevelGrid[],
  question: ArrayQuestion,
  known: readonly KnownChunk[],
): BareAnswer {
  switch (question.kind) {
    case 'picture':
      return paintPicture(head, grids, planPicture(head, grids, question), known, question.fields);
    case 'window':
      return fillWindow(head, windowOf(head, question), question, known);
    case 'histogram':
      return countInto(head, grids, question, known);
  }
}

function windowOf(head: ArrayHead, box: Box): Selection {
  const { start, end } = cutBox(head, box);
  const count = start.reduce((product, at, axis) => product * (end[axis]! > at ? end[axis]! - at : 0n), 1n);
  if (count > windowElements)
    throw new ExaError('refused', `A window has at most ${windowElements} elements; this one has ${count}.`);
  return resolveSelection(
    start.map((at, axis) => ({ kind: 'slice', start: at, stop: end[axis]! > at ? end[axis]! : at })),
    head.shape.map(BigInt),
  );
}

function fillWindow(
  head: ArrayHead,
  selection: Selection,
  box: Box,
  known: readonly KnownChunk[],
): Omit<Window, 'coverage'> {
  const { dtype, chunk, order } = head;
  const dense = denseOf(dtype, selection.shape, fillValues(dtype, head.fill));
  const written = new Uint8Array(dense.values.length);
  const strides = stridesOf(dense.shape, 'C');
  const chunks = new Map(known.filter(({ level }) => level === 0).map((one) => [one.place.join(), one]));
  for (const part of planChunks(selection, chunk, windowChunks)) {
    const found = chunks.get(part.chunk.join());
    if (found?.chunk)
      gather(
        part,
        { values: found.chunk as Values, strides: stridesOf(chunk, order) },
        { values: dense.values, strides },
      );
    const state = found === undefined ? cellStates.away : found.chunk ? 1 : 0;
    if (state === 0) continue;
    const mark = (axis: number, at: number): void => {
      const span = part.spans[axis];
      if (!span) written[at] = state;
      else for (let i = 0; i < span.length; i++) mark(axis + 1, at + stepAt(span.places, i) * strides[axis]!);
    };
    mark(0, 0);
  }
  return { dtype, shape: dense.shape, values: dense.values, first: cutBox(head, box).start, written };
}

function countInto(
  head: ArrayHead,
  grids: readonly LevelGrid[],
  question: Extract<ArrayQuestion, { kind: 'histogram' }>,
  known: readonly KnownChunk[],
): Omit<Histogram, 'coverage'> {
  const box = cutBox(head, question);
  const { level } = needsOf(head, grids, question);
  const grid = grids[level]!;
  const here = known.filter((one) => one.level === level && one.chunk !== undefined);
  let nans = 0;
  let seen = 0n;
  for (const { place, chunk } of here) {
    if (!('places' in chunk!)) {
      eachElement(head, box, place, chunk as Values, (value) => {
        if (Number.isNaN(value)) nans++;
        seen++;
      });
      continue;
    }
    eachCell(grid, box, place, chunk as Cells, (i, cells) => {
      nans += Number(cells.nans[i]!);
      seen += cells.counts[i]! + cells.nans[i]!;
    });
  }
  const volume = box.start.reduce(
    (product, at, axis) => product * (box.end[axis]! > at ? box.end[axis]! - at : 0n),
    1n,
  );
  const counted = histogramOf(
    {
      nans,
      unwritten: volume > seen ? volume - seen : 0n,
      each(tell) {
        for (const { place, chunk } of here)
          if ('places' in chunk!)
            eachCell(grid, box, place, chunk as Cells, (i, cells) => {
              const count = Number(cells.counts[i]!);
              if (count > 0) tell(cells.sum[i]! / count, count);
            });
          else
            eachElement(head, box, place, chunk as Values, (value) => {
              if (!Number.isNaN(value)) tell(value, 1);
            });
      },
    },
    question,
  );
  return { ...counted, exact: level === 0 };
}

/** Elements of a chunk within a box, as numbers. */
function eachElement(
  { dtype, chunk, order }: ArrayHead,
  { start, end }: Box,
  place: readonly number[],
  values: Values,
  tell: (value: number) => void,
): void {
  const strides = stridesOf(chunk, order);
  const ranges = place.map((at, axis) => {
    const base = BigInt(at) * BigInt(chunk[axis]!);
    const from = start[axis]! > base ? Number(start[axis]! - base) : 0;
    const to = end[axis]! - base < BigInt(chunk[axis]!) ? Number(end[axis]! - base) : chunk[axis]!;
    return [from, to] as const;
  });
  const walk = (axis: number, at: number): void => {
    const range = ranges[axis];
    if (!range) {
      tell(numberAt(dtype, values, at));
      return;
    }
    for (let i = range[0]; i < range[1]; i++) walk(axis + 1, at + i * strides[axis]!);
  };
  walk(0, 0);
}

/** Cells of a level chunk that begin within a box. */
function eachCell(
  { chunk, factor }: LevelGrid,
  { start, end }: Box,
  place: readonly number[],
  cells: Cells,
  tell: (i: number, cells: Cells) => void,
): void {
  const strides = stridesOf(chunk, 'C');
  // Of each axis: which of the chunk's cells are within.
  const inside = place.map((at, axis) =>
    Uint8Array.from({ length: chunk[axis]! }, (_, i) => {
      const from = (BigInt(at) * BigInt(chunk[axis]!) + BigInt(i)) * factor[axis]!;
      return from < end[axis]! && from + factor[axis]! > start[axis]! ? 1 : 0;
    }),
  );
  const size = chunkVolume(chunk);
  for (let i = 0; i < cells.places.length; i++) {
    let rest = cells.places[i]! % size;
    let isInside = true;
    for (const [axis, stride] of strides.entries()) {
      if (inside[axis]![Math.floor(rest / stride)] === 0) isInside = false;
      rest %= stride;
    }
    if (isInside) tell(i, cells);
  }
}
