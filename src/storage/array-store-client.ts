import type { ArrayBatchRequest, ArrayHead, Dtype } from '../protocol/array.ts';
import type { Expression } from '../protocol/array-expression.ts';
import type { BatchPart } from '../protocol/batch.ts';
import type { ArrayList } from '../protocol/parse-array.ts';
import type { CallOptions } from './store-client.ts';

export interface ActivityOptions extends CallOptions {
  /** Fraction done, `[0, 1]`. */
  readonly progress?: (done: number) => void;
}

/** The arrays of a store. All promises reject with `ExaError`. */
export interface ArrayStoreClient {
  arrays(options?: CallOptions): Promise<ArrayList>;
  /** `missing` for an unknown array. */
  head(array: string, options?: CallOptions): Promise<ArrayHead>;
  /** Parts in the order asked, as `StoreClient.batch`: what did not come is asked for again. */
  batch(array: string, request: ArrayBatchRequest, options?: CallOptions): AsyncIterable<BatchPart>;
  /** Evaluates an expression in the store, to little-endian bytes in C order; aborting ends it there too. */
  evaluate(
    expression: Expression,
    options?: ActivityOptions,
  ): Promise<{ readonly dtype: Dtype; readonly shape: readonly number[]; readonly bytes: Uint8Array }>;
  /** Copies an array into other chunks. */
  rechunk(array: string, chunk: readonly number[] | string, options?: ActivityOptions): Promise<void>;
  /** Of this browser only: makes an array of a file, and removes one. */
  keep?(file: Blob, name: string, options?: ActivityOptions): Promise<string>;
  drop?(array: string): Promise<void>;
}
