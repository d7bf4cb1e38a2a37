import type { ArrayHead, Dtype, ElementLiteral } from './array.ts';
import type { Expression } from './array-expression.ts';
import type { Receipt } from './change.ts';
import type { Observer, Unsubscribe } from './client.ts';

/** Elements in memory: `bool` as 0 or 1 in bytes, `float16` as its bits, `datetime64` as int64. */
export type ElementValues =
  | Int8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** Elements of a selection, in C order of `shape`. */
export interface Elements {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly values: ElementValues;
}

/** Elements `[start, end)` along every axis of an array, exact; what lies outside the array is cut off. */
export interface Box {
  readonly start: readonly bigint[];
  readonly end: readonly bigint[];
}

/** What a picture's cells can say; extremes and means are of written numbers, NaN where there is none. */
export const cellFields = ['min', 'max', 'mean'] as const;
export type CellField = (typeof cellFields)[number];

/** A picture of a box on so many cells. */
export interface PictureQuestion extends Box {
  readonly array: string;
  /**
   * Cells wanted along each axis, about half of them to one more are given: 4096 along one, 2^18 together at most. 0 along
   * an axis that is not drawn: one cell holds all of it.
   */
  readonly pixels: readonly number[];
  /** What to tell of each cell; all by default. */
  readonly fields?: readonly CellField[];
  /** Which way the picture is moving along each axis (−1, 0, 1): what comes next is fetched behind it. */
  readonly ahead?: readonly number[];
}

/** How well a cell is known: `exact` as asked, `coarse` of a coarser level for now, `away` neither here nor reachable. */
export const cellStates = { exact: 0, coarse: 1, away: 2 } as const;

/** How much of an array an answer speaks for, and as of when. */
export interface ArrayCoverage {
  readonly version: number;
  /** ISO time of that version. */
  readonly asOf: string;
  /** All that was read is as of `version`. */
  readonly settled: boolean;
  /** Offline, and some of it is older than the rest. */
  readonly mixed: boolean;
  /** Chunks that were here, holes included, of all that the answer needs. */
  readonly chunks: number;
  readonly chunksTotal: number;
  readonly from: 'cache' | 'store' | 'mixed';
}

/** A dense block of cells in C order; buffers are the receiver's own. */
export interface Picture {
  /** Level the cells were made from; 0: the elements themselves. */
  readonly level: number;
  /** Elements a cell covers along each axis: a power of two, or all that is shown of an axis that is not drawn. */
  readonly step: readonly bigint[];
  /** Index of the first element of the first cell along each axis; a multiple of `step` along a drawn one, at most `start`. */
  readonly first: readonly bigint[];
  /** Cells along each axis. */
  readonly cells: readonly number[];
  readonly min?: Float64Array;
  readonly max?: Float64Array;
  readonly mean?: Float64Array;
  /** Written numbers in each cell, and written NaNs (or not-a-times); the rest of a cell was never written. */
  readonly count: Float64Array;
  readonly nans: Float64Array;
  /** One of {@link cellStates} a cell. */
  readonly state: Uint8Array;
  /** Every cell is exact: nothing sharper is on its way. */
  readonly sharp: boolean;
  readonly coverage: ArrayCoverage;
}

/** A window of exact elements: at most 2^16. */
export interface WindowQuestion extends Box {
  readonly array: string;
}

export interface Window extends Elements {
  readonly first: readonly bigint[];
  /** 1 where the element's chunk was written, 0 where it is fill, 2 where it is not here. */
  readonly written: Uint8Array;
  readonly coverage: ArrayCoverage;
}

/** Numbers of a box in `bins` of equal width over `[from, to]`, as NumPy's `histogram`: the last bin holds `to` too. */
export interface HistogramQuestion extends Box {
  readonly array: string;
  /** 1 to 1024. */
  readonly bins: number;
  /** Lowest and highest finite number by default. */
  readonly from?: number;
  readonly to?: number;
}

export interface Histogram {
  /** `bins + 1` ascending. */
  readonly edges: Float64Array;
  readonly counts: Float64Array;
  /** Numbers outside the edges, and NaNs. */
  readonly below: number;
  readonly above: number;
  readonly nans: number;
  /** Elements of the box never written; they are in no bin. */
  readonly unwritten: bigint;
  /** False: made from a level's cells, each counted at its mean (show ≈); a box too large to count stays so. */
  readonly exact: boolean;
  readonly coverage: ArrayCoverage;
}

/** Told the best there is (coarse first, then sharp), and again when chunks it read change. */
export interface ArrayObserver<T> extends Observer<T> {
  /** Fraction of what is under way, `[0, 1]`. */
  progress?(done: number): void;
}

export interface ArrayActivity {
  readonly signal?: AbortSignal;
  /** Fraction done, `[0, 1]`. */
  readonly progress?: (done: number) => void;
}

/** How an algorithm walks an array; `rows` run along the last axis, `columns` along the first. */
export type Walk = 'rows' | 'columns' | 'tiles' | 'random';

export interface Advice {
  readonly topology: 'rows' | 'columns' | 'tiles';
  readonly chunk: readonly number[];
  /** How many times cheaper than today's chunks; 1 when they are the best. */
  readonly times: number;
  /** For a person, when it is at least twice as cheap. */
  readonly sentence?: string;
}

/** All a gadget knows of arrays; part of the `DataClient`. Promises reject with `ExaError`. */
export interface ArrayClient {
  list(observer: Observer<readonly ArrayHead[]>): Unsubscribe;
  head(array: string, observer: Observer<ArrayHead>): Unsubscribe;
  picture(question: PictureQuestion, observer: ArrayObserver<Picture>): Unsubscribe;
  window(question: WindowQuestion, observer: ArrayObserver<Window>): Unsubscribe;
  histogram(question: HistogramQuestion, observer: ArrayObserver<Histogram>): Unsubscribe;
  /**
   * Elements of an index expression (`'0:10, ::-1'`, NumPy's within its brackets), at most 64 MiB. `invalid` names what of
   * `at` is not understood (`facts.part`).
   */
  read(array: string, at: string, options?: ArrayActivity): Promise<Elements>;
  /**
   * The place a written chunk begins, next after element `from` along `axis` (before it, towards −1) within a box;
   * undefined where there is none.
   */
  nextWritten(
    question: Box & {
      readonly array: string;
      readonly axis: number;
      readonly from: bigint;
      readonly towards: 1 | -1;
    },
    options?: ArrayActivity,
  ): Promise<bigint | undefined>;
  /** Evaluates an expression here or in the store, to the same bits. */
  evaluate(
    expression: Expression,
    options?: ArrayActivity & { readonly where?: 'here' | 'store' },
  ): Promise<Elements>;
  /** Assigns to a selection: as many elements as it has, or one for all of them. Resolves as `DataClient.write` does. */
  write(
    array: string,
    at: string,
    elements: Elements,
  ): { readonly kept: Promise<void>; readonly stored: Promise<Receipt> };
  /**
   * Keeps a `.npy` file, or a text file of numbers, in this browser as an array that is read and never written; gives its
   * id. Whole, or nothing of it.
   */
  keep(file: Blob, name: string, options?: ArrayActivity): Promise<string>;
  /** Removes an array kept in this browser. Rejects `refused` for one of the store. */
  drop(array: string): Promise<void>;
  /** Whether other chunks would read less for a walk. */
  advise(array: string, walk: Walk): Promise<Advice>;
  /** Copies an array into other chunks, in the store; cancelling leaves it as it was. */
  rechunk(
    array: string,
    chunk: readonly number[] | Advice['topology'],
    options?: ArrayActivity,
  ): Promise<void>;
}

/** An element of a window or a reading as it goes into JSON. */
export type { ElementLiteral };
