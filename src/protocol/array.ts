/**
 * Element types of arrays. `bool` is one byte, 0 or 1; `float16` IEEE 754 binary16; `datetime64[u]` an int64 count of
 * `u` since 1970-01-01T00:00Z whose lowest value is "not a time", as in NumPy.
 */
export const dtypes = [
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float16',
  'float32',
  'float64',
  'datetime64[D]',
  'datetime64[h]',
  'datetime64[m]',
  'datetime64[s]',
  'datetime64[ms]',
  'datetime64[us]',
  'datetime64[ns]',
] as const;

export type Dtype = (typeof dtypes)[number];

/** Order of elements within a chunk: `C` last axis fastest, `F` first axis fastest. */
export type MemoryOrder = 'C' | 'F';

/** An element in JSON: 64-bit integers and times as decimal strings when past 2^53; "NaN", "Infinity", "-Infinity". */
export type ElementLiteral = number | string | boolean;

/** The small mutable record of an array. Sizes are decimal strings: JSON's numbers end at 2^53. */
export interface ArrayHead {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
  readonly scope: string;
  /** Store version that last changed it, and ISO time of that commit. */
  readonly version: number;
  readonly asOf: string;
  readonly shape: readonly string[];
  readonly dtype: Dtype;
  /** Elements of a chunk along each axis, each in `[1, 2^31)`. */
  readonly chunk: readonly number[];
  readonly order: MemoryOrder;
  /** What an element is where nothing was written. */
  readonly fill: ElementLiteral;
  /** Axes that pyramid levels reduce, eight to one a level; the others (at most 64 long) never are. */
  readonly reduced: readonly boolean[];
  /** Chunks with data, and their bytes on disk. */
  readonly chunks: number;
  readonly bytes: number;
}

/** Chunks of one level of an array, by their index an axis. Level 0 is the data. */
export interface ArrayBatchRequest {
  readonly epoch: string;
  readonly items: readonly {
    readonly level: number;
    readonly chunks: readonly (readonly number[])[];
    /** Of each chunk: the version as of which the asker has it (−1: not at all); unchanged since, it comes as an empty patch. */
    readonly since?: readonly number[];
  }[];
}

/** What a committed version changed in an array. */
export interface ArrayChange {
  readonly id: string;
  readonly epoch: string;
  /** Shape or epoch changed, or the array is new or gone: read the head again. */
  readonly headChanged: boolean;
  /** Chunks of level 0 written, or undefined when there were too many to name: then any may have changed. */
  readonly chunks?: readonly (readonly number[])[];
}
