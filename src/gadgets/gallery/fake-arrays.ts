import type { ArrayHead } from '../../protocol/array.ts';
import type {
  Advice,
  ArrayClient,
  ArrayCoverage,
  ArrayObserver,
  Box,
  CellField,
  Elements,
  Histogram,
  HistogramQuestion,
  Picture,
  PictureQuestion,
  Window,
  WindowQuestion,
} from '../../protocol/array-client.ts';
import type { Expression } from '../../protocol/array-expression.ts';
import type { Receipt } from '../../protocol/change.ts';
import type { Observer, Unsubscribe } from '../../protocol/client.ts';
import { ExaError, toExaError } from '../../protocol/errors.ts';

/** A written part of a fake array: `shape` elements from `start`, by their offset within it. */
export interface FakeRegion {
  readonly start: readonly bigint[];
  readonly shape: readonly number[];
  readonly at: (offset: readonly number[]) => number;
}

export interface FakeArray {
  readonly head: ArrayHead;
  readonly regions: readonly FakeRegion[];
}

/** A float64 array named `name` with these regions; NaN where nothing was written. */
export function fakeArray(
  name: string,
  shape: readonly bigint[],
  regions: readonly FakeRegion[],
  head: Partial<ArrayHead> = {},
): FakeArray {
  return {
    regions,
    head: {
      id: name,
      name,
      epoch: 'e',
      scope: 'public',
      version: 7,
      asOf: '2026-11-20T12:04:00.000Z',
      shape: shape.map(String),
      dtype: 'float64',
      chunk: shape.map((size) => Number(size < 1024n ? size : 1024n)),
      order: 'C',
      fill: 'NaN',
      reduced: shape.map((size) => size > 64n),
      chunks: regions.length,
      bytes: regions.reduce((sum, region) => sum + 8 * region.shape.reduce((a, b) => a * b, 1), 0),
      ...head,
    },
  };
}

type Asked =
  | { kind: 'picture'; question: PictureQuestion; observer: ArrayObserver<Picture> }
  | { kind: 'window'; question: WindowQuestion; observer: ArrayObserver<Window> }
  | { kind: 'histogram'; question: HistogramQuestion; observer: ArrayObserver<Histogram> };

/** An {@link ArrayClient} over sparse arrays in memory, with levers for every state a gadget can be in. */
export class FakeArrays implements ArrayClient {
  readonly arrays: Map<string, FakeArray>;
  /** Everything that is asked now, and all that ever was, in order. */
  readonly live = new Set<Asked>();
  readonly asked: Asked['question'][] = [];
  readonly written: { readonly array: string; readonly at: string; readonly elements: Elements }[] = [];
  readonly heads = new Set<{ array: string; observer: Observer<ArrayHead> }>();
  readonly #lists = new Set<Observer<readonly ArrayHead[]>>();
  held = false;
  failure: ExaError | undefined;
  afterwards: ExaError | undefined;
  coverage: Partial<ArrayCoverage> = {};
  /** Pictures and windows say that this much of them is not here (the cells from this share on). */
  awayFrom = 1;
  advice: Advice | undefined;

  constructor(arrays: readonly FakeArray[] = []) {
    this.arrays = new Map(arrays.map((array) => [array.head.id, array]));
  }

  list(observer: Observer<readonly ArrayHead[]>): Unsubscribe {
    this.#lists.add(observer);
    queueMicrotask(() => {
      if (!this.#lists.has(observer)) return;
      if (this.failure) observer.failed?.(this.failure);
      else if (!this.held) observer.next([...this.arrays.values()].map(({ head }) => head));
    });
    return () => this.#lists.delete(observer);
  }

  head(array: string, observer: Observer<ArrayHead>): Unsubscribe {
    const entry = { array, observer };
    this.heads.add(entry);
    queueMicrotask(() => this.#tellHead(entry));
    return () => this.heads.delete(entry);
  }

  picture(question: PictureQuestion, observer: ArrayObserver<Picture>): Unsubscribe {
    return this.#ask({ kind: 'picture', question, observer });
  }

  window(question: WindowQuestion, observer: ArrayObserver<Window>): Unsubscribe {
    return this.#ask({ kind: 'window', question, observer });
  }

  histogram(question: HistogramQuestion, observer: ArrayObserver<Histogram>): Unsubscribe {
    return this.#ask({ kind: 'histogram', question, observer });
  }

  async read(array: string, at: string): Promise<Elements> {
    this.#array(array);
    throw new ExaError('invalid', `“${at}” is not read by the fake client.`, { facts: { part: at } });
  }

  async nextWritten(
    question: Box & {
      readonly array: string;
      readonly axis: number;
      readonly from: bigint;
      readonly towards: 1 | -1;
    },
  ): Promise<bigint | undefined> {
    const { axis, from, towards } = question;
    const starts = this.#array(question.array)
      .regions.filter(({ start, shape }) =>
        start.every((at, i) => at < question.end[i]! && at + BigInt(shape[i]!) > question.start[i]!),
      )
      .map(({ start }) => start[axis]!)
      .filter((start) => (towards > 0 ? start > from : start < from));
    if (starts.length === 0) return undefined;
    return starts.reduce((best, start) => (towards > 0 === start < best ? start : best));
  }

  async evaluate(_: Expression): Promise<Elements> {
    throw new ExaError('broken', 'The fake client evaluates nothing.');
  }

  write(array: string, at: string, elements: Elements): { kept: Promise<void>; stored: Promise<Receipt> } {
    this.written.push({ array, at, elements });
    const receipt = { version: 8, asOf: '2026-11-20T12:05:00.000Z', appended: 0, updated: 1, deleted: 0 };
    return { kept: Promise.resolve(), stored: Promise.resolve(receipt) };
  }

  async advise(array: string): Promise<Advice> {
    return this.advice ?? { topology: 'rows', chunk: this.#array(array).head.chunk, times: 1 };
  }

  async rechunk(): Promise<void> {}

  async keep(_: Blob, name: string): Promise<string> {
    return name;
  }

  async drop(): Promise<void> {}

  /** Tells everything live again, after a lever was moved or `arrays` changed. */
  tellAll(): void {
    for (const asked of this.live) this.#tell(asked);
    for (const entry of this.heads) this.#tellHead(entry);
    for (const observer of this.#lists) observer.next([...this.arrays.values()].map(({ head }) => head));
  }

  tellProgress(done: number): void {
    for (const { observer } of this.live) observer.progress?.(done);
  }

  #array(id: string): FakeArray {
    const array = this.arrays.get(id);
    if (!array) throw new ExaError('missing', `There is no array “${id}”.`, { facts: { array: id } });
    return array;
  }

  #ask(asked: Asked): Unsubscribe {
    this.live.add(asked);
    this.asked.push(asked.question);
    queueMicrotask(() => this.#tell(asked));
    return () => this.live.delete(asked);
  }

  #tell(asked: Asked): void {
    if (!this.live.has(asked)) return;
    if (this.failure) {
      asked.observer.failed?.(this.failure);
      return;
    }
    if (this.held) return;
    try {
      const array = this.#array(asked.question.array);
      const coverage = this.#coverageOf(array);
      if (asked.kind === 'picture')
        asked.observer.next(pictureOf(array, asked.question, coverage, this.awayFrom));
      else if (asked.kind === 'window')
        asked.observer.next(windowOf(array, asked.question, coverage, this.awayFrom));
      else asked.observer.next(histogramOf(array, asked.question, coverage));
      const { afterwards } = this;
      if (afterwards) setTimeout(() => asked.observer.failed?.(afterwards), 100);
    } catch (error) {
      asked.observer.failed?.(toExaError(error));
    }
  }

  #tellHead(entry: { array: string; observer: Observer<ArrayHead> }): void {
    if (!this.heads.has(entry)) return;
    if (this.failure) entry.observer.failed?.(this.failure);
    else if (!this.held)
      try {
        entry.observer.next(this.#array(entry.array).head);
      } catch (error) {
        entry.observer.failed?.(toExaError(error));
      }
  }

  #coverageOf({ head }: FakeArray): ArrayCoverage {
    const { version, asOf } = head;
    return {
      version,
      asOf,
      settled: true,
      mixed: false,
      chunks: 8,
      chunksTotal: 8,
      from: 'cache',
      ...this.coverage,
    };
  }
}

function cut({ head }: FakeArray, box: Box): Box {
  const start = box.start.map((at) => (at < 0n ? 0n : at));
  const end = box.end.map((at, axis) => (at < BigInt(head.shape[axis]!) ? at : BigInt(head.shape[axis]!)));
  return { start, end };
}

/** Every written element of a box. */
function visit(array: FakeArray, { start, end }: Box, seen: (at: bigint[], value: number) => void): void {
  for (const region of array.regions) {
    const offset = region.shape.map(() => 0);
    const walk = (axis: number): void => {
      if (axis === offset.length) {
        seen(
          offset.map((by, i) => region.start[i]! + BigInt(by)),
          region.at(offset),
        );
        return;
      }
      for (let by = 0; by < region.shape[axis]!; by++) {
        const at = region.start[axis]! + BigInt(by);
        if (at < start[axis]! || at >= end[axis]!) continue;
        offset[axis] = by;
        walk(axis + 1);
      }
    };
    walk(0);
  }
}

function pictureOf(
  array: FakeArray,
  question: PictureQuestion,
  coverage: ArrayCoverage,
  away: number,
): Picture {
  const box = cut(array, question);
  const step = question.pixels.map((pixels, axis) => {
    const length = box.end[axis]! - box.start[axis]!;
    if (pixels === 0) return length;
    let size = 1n;
    while (length > size * BigInt(pixels)) size *= 2n;
    return size;
  });
  const first = box.start.map((at, axis) =>
    question.pixels[axis] === 0 ? at : (at / step[axis]!) * step[axis]!,
  );
  const cells = box.end.map((end, axis) => Number((end - first[axis]! + step[axis]! - 1n) / step[axis]!));
  const size = cells.reduce((product, side) => product * side, 1);
  const count = new Float64Array(size);
  const nans = new Float64Array(size);
  const sum = new Float64Array(size);
  const min = new Float64Array(size).fill(Number.NaN);
  const max = new Float64Array(size).fill(Number.NaN);
  const whole = {
    start: first,
    end: first.map((at, axis) => at + step[axis]! * BigInt(cells[axis]!)),
  };
  visit(array, whole, (at, value) => {
    const cell = at.reduce(
      (place, index, axis) => place * cells[axis]! + Number((index - first[axis]!) / step[axis]!),
      0,
    );
    if (Number.isNaN(value)) {
      nans[cell]!++;
      return;
    }
    count[cell]!++;
    sum[cell]! += value;
    if (!(min[cell]! <= value)) min[cell] = value;
    if (!(max[cell]! >= value)) max[cell] = value;
  });
  const fields: readonly CellField[] = question.fields ?? ['min', 'max', 'mean'];
  const widest = step.reduce((most, by) => (by > most ? by : most), 1n);
  const state = new Uint8Array(size).fill(2, Math.floor(size * away));
  return {
    level: Math.floor((widest.toString(2).length - 1) / 3),
    step,
    first,
    cells,
    count,
    nans,
    state,
    sharp: away >= 1,
    coverage,
    ...(fields.includes('min') ? { min } : {}),
    ...(fields.includes('max') ? { max } : {}),
    ...(fields.includes('mean') ? { mean: sum.map((total, cell) => total / count[cell]!) } : {}),
  };
}

function windowOf(array: FakeArray, question: WindowQuestion, coverage: ArrayCoverage, away: number): Window {
  const { start: first, end } = cut(array, question);
  const shape = first.map((at, axis) => Math.max(0, Number(end[axis]! - at)));
  const size = shape.reduce((product, side) => product * side, 1);
  const values = new Float64Array(size).fill(Number(array.head.fill));
  const written = new Uint8Array(size).fill(2, Math.floor(size * away));
  visit(array, { start: first, end }, (at, value) => {
    const place = at.reduce((sum, index, axis) => sum * shape[axis]! + Number(index - first[axis]!), 0);
    values[place] = value;
    if (written[place] === 0) written[place] = 1;
  });
  return { dtype: 'float64', first, shape, values, written, coverage };
}

function histogramOf(array: FakeArray, question: HistogramQuestion, coverage: ArrayCoverage): Histogram {
  const box = cut(array, question);
  const numbers: number[] = [];
  let nans = 0;
  visit(array, box, (_, value) => {
    if (Number.isNaN(value)) nans++;
    else numbers.push(value);
  });
  const volume = box.start.reduce((product, at, axis) => product * (box.end[axis]! - at), 1n);
  const finite = numbers.filter(Number.isFinite);
  const from = question.from ?? finite.reduce((a, b) => Math.min(a, b), finite[0] ?? 0);
  const to = question.to ?? finite.reduce((a, b) => Math.max(a, b), finite[0] ?? 1);
  const width = (to - from) / question.bins || 1;
  const counts = new Float64Array(question.bins);
  let below = 0;
  let above = 0;
  for (const number of numbers)
    if (number < from) below++;
    else if (number > to) above++;
    else counts[Math.min(question.bins - 1, Math.floor((number - from) / width))]!++;
  return {
    edges: Float64Array.from({ length: question.bins + 1 }, (_, i) => from + i * width),
    counts,
    below,
    above,
    nans,
    unwritten: volume - BigInt(numbers.length + nans),
    exact: true,
    coverage,
  };
}
