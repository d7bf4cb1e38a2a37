import type { KernelSpec } from './kernel.ts';

/** What a batch can be asked for. All items of a batch are read in one transaction. */
export type BatchItem =
  /** Whole pages of `column`. A block that moved since `revision` is answered as at the batch's version. */
  | {
      readonly kind: 'pages';
      readonly dataset: string;
      readonly epoch: string;
      readonly column: string;
      readonly blocks: readonly number[];
    }
  /** Rows of the blocks changed since a revision: one Arrow table `_row` (float64), `_live` (bool), then `columns`. */
  | {
      readonly kind: 'patch';
      readonly dataset: string;
      readonly epoch: string;
      readonly columns: readonly string[];
      readonly blocks: readonly { readonly block: number; readonly since: number }[];
    }
  /** Partials of a kernel, one a tree node: a node `(level, index)` covers blocks `[index·8^level, (index+1)·8^level)`. */
  | {
      readonly kind: 'partials';
      readonly dataset: string;
      readonly epoch: string;
      readonly kernel: KernelSpec;
      readonly nodes: readonly { readonly level: number; readonly index: number }[];
    };

export interface BatchRequest {
  readonly items: readonly BatchItem[];
  /** Unlike every other: its answer repeats it. At most 64 characters. */
  readonly name?: string;
}

/**
 * A part of a batch's answer. The body is an Arrow IPC stream of one column (a page), of changed rows (a patch)
 * or of a partial; `checksum` is xxHash64 of the body, hexadecimal.
 */
export interface BatchPart {
  /** Index of the item in the request. */
  readonly item: number;
  readonly kind: 'page' | 'patch' | 'partial';
  /** Version the batch was read at. */
  readonly version: number;
  /** Of a page: its block; of a partial: its node's index, with `level`. */
  readonly block: number;
  readonly level: number;
  /** Highest revision among the blocks this part was made from. */
  readonly revision: number;
  readonly checksum: string;
  readonly body: Uint8Array;
}
