import type { DenseArray } from '../../src/arrays/dense.ts';
import type { Values } from '../../src/arrays/dtype.ts';
import type { Topology } from '../../src/arrays/geometry.ts';
import type { Index } from '../../src/arrays/selection.ts';
import type { Shape } from '../../src/arrays/shape.ts';
import type {
  ArrayBatchRequest,
  ArrayHead,
  Dtype,
  ElementLiteral,
  MemoryOrder,
} from '../../src/protocol/array.ts';
import type { Expression } from '../../src/protocol/array-expression.ts';
import type { Receipt } from '../../src/protocol/change.ts';

/** An array to be. */
export interface ArraySpec {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** Chunk sizes, or a topology to choose them by (default `tiles` where both sides are long, else `rows`). */
  readonly chunk?: readonly number[] | Topology;
  readonly order?: MemoryOrder;
  readonly fill?: ElementLiteral;
}

/** A chunk of a batch, in the order asked. An empty body is a hole: the fill value, or nothing under a level chunk. */
export interface ArrayPart {
  /** Position among all chunks of the request. */
  readonly item: number;
  readonly level: number;
  readonly version: number;
  /** Version that last changed it; 0 of a hole. */
  readonly revision: number;
  /** It has not changed since the version asked about: the body is left out. */
  readonly same?: boolean;
  /** Arrow: elements (`arrow/elements-page`) of level 0, cells (`arrays/pyramid/cells-page`) above. */
  readonly body: Uint8Array;
}

/** What makes a write one: sent again with its key it is done once. */
export interface WriteKey {
  readonly key?: string;
  readonly fingerprint: string;
}

/** An array being filled where nobody sees it: committed whole, or dropped without a trace. */
export interface ArrayImport {
  readonly id: string;
  readonly chunk: readonly number[];
  write(indices: readonly Index[], values: Values, signal?: AbortSignal): Promise<void>;
  /** One version. */
  commit(): Promise<Receipt & { readonly array: string }>;
  abort(): Promise<void>;
}

export interface Progress {
  readonly signal?: AbortSignal;
  /** Fraction done, `[0, 1]`. */
  progress?(done: number): void;
}

/** How the chunks of a Zarr folder are compressed. */
export type Compression = 'gzip' | 'zstd' | 'none';

export interface CheckpointOptions extends Progress {
  /** gzip where it is not said. */
  readonly compress?: Compression;
}

export interface BatchOptions {
  readonly signal?: AbortSignal;
  /** Room for a body of so many bytes, free again once it is sent; an ordinary buffer serves where there is none. */
  readonly lend?: (length: number) => Uint8Array<ArrayBuffer> | undefined;
}

/** Arrays at rest, under the clock and catalogue they share with tables. */
export interface ChunkDriver {
  heads(): readonly ArrayHead[];
  /** Throws `missing`. */
  head(id: string): ArrayHead;
  /**
   * All parts are as of one version. When it ends, or is left, nothing is read into lent room any more. Throws `gone` for
   * another epoch, `refused` for too many chunks.
   */
  batch(id: string, request: ArrayBatchRequest, options?: BatchOptions): AsyncGenerator<ArrayPart>;
  read(id: string, indices: readonly Index[], signal?: AbortSignal): Promise<DenseArray>;
  create(spec: ArraySpec, key: WriteKey): Promise<Receipt & { readonly array: string }>;
  /** Throws `conflict` when the element types differ. One value is assigned to every element. */
  write(id: string, indices: readonly Index[], dtype: Dtype, values: Values, key: WriteKey): Promise<Receipt>;
  /** Adds rows at the end of the first axis (the last one in F order), at the cost of the rows added. */
  append(id: string, rows: DenseArray, key: WriteKey): Promise<Receipt>;
  /** O(1): what is cut off is fill if the array grows again. */
  resize(id: string, shape: Shape, key: WriteKey): Promise<Receipt>;
  drop(id: string): Promise<void>;
  beginImport(spec: ArraySpec): Promise<ArrayImport>;
  /** Copies an array into other chunks; the copy takes its name and a new epoch when it is whole. */
  rechunk(id: string, chunk: readonly number[] | Topology, options?: Progress): Promise<Receipt>;
  /** Evaluates an expression over arrays, near the data. Throws `invalid`, `missing`, `refused` for too large a result. */
  evaluate(expression: Expression, options?: Progress): Promise<DenseArray>;
  /** Makes every level chunk there is to make. */
  summarise(id: string, options?: Progress): Promise<void>;
  /** Copies what changed since the last time into the array's Zarr v3 folder, for other programs. */
  checkpoint(
    id: string,
    options?: CheckpointOptions,
  ): Promise<{ readonly folder: string; readonly shards: number }>;
  close(): Promise<void>;
}
