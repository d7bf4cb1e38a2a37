import type { ArrayHead } from './array.ts';
import type {
  Advice,
  ArrayClient,
  Box,
  Elements,
  Histogram,
  HistogramQuestion,
  Picture,
  PictureQuestion,
  Walk,
  Window,
  WindowQuestion,
} from './array-client.ts';
import type { Expression } from './array-expression.ts';
import type { WireError } from './errors.ts';
import type { FileSlice, WatchEvent } from './messages.ts';

/** A question about an array whose answer is kept up to date. */
export type ArrayQuestion =
  | ({ readonly kind: 'picture' } & PictureQuestion)
  | ({ readonly kind: 'window' } & WindowQuestion)
  | ({ readonly kind: 'histogram' } & HistogramQuestion);

export type ArrayAnswer = Picture | Window | Histogram;

/** An answer before it is known how much it speaks for. */
export type BareAnswer = Omit<Picture, 'coverage'> | Omit<Window, 'coverage'> | Omit<Histogram, 'coverage'>;

/** What a question about an array tells. */
export type ArrayEvent =
  | { readonly kind: 'answer'; readonly answer: ArrayAnswer }
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'failed'; readonly error: WireError };

/** Page → coordinator, about arrays. */
export interface ArrayPageCalls {
  arrays: {
    readonly ask: undefined;
    readonly next: WatchEvent<readonly ArrayHead[]>;
    readonly done: undefined;
  };
  arrayHead: {
    readonly ask: { readonly array: string };
    readonly next: WatchEvent<ArrayHead>;
    readonly done: undefined;
  };
  arraySubscribe: {
    readonly ask: { readonly question: ArrayQuestion };
    readonly next: ArrayEvent;
    readonly done: undefined;
  };
  arrayRead: {
    readonly ask: { readonly array: string; readonly at: string };
    readonly next: number;
    readonly done: Elements;
  };
  arrayNextWritten: {
    readonly ask: {
      readonly question: Box & {
        readonly array: string;
        readonly axis: number;
        readonly from: bigint;
        readonly towards: 1 | -1;
      };
    };
    readonly next: number;
    readonly done: bigint | undefined;
  };
  arrayEvaluate: {
    readonly ask: { readonly expression: Expression; readonly where?: 'here' | 'store' };
    readonly next: number;
    readonly done: Elements;
  };
  arrayAdvise: {
    readonly ask: { readonly array: string; readonly walk: Walk };
    readonly next: never;
    readonly done: Advice;
  };
  /** The arrays kept in this browser. */
  localArrays: { readonly ask: undefined; readonly next: never; readonly done: readonly ArrayHead[] };
  arrayKeep: {
    readonly ask: { readonly file: Blob; readonly name: string };
    readonly next: number;
    readonly done: string;
  };
  arrayDrop: { readonly ask: { readonly array: string }; readonly next: never; readonly done: undefined };
  arrayRechunk: {
    readonly ask: {
      readonly array: string;
      readonly chunk: Parameters<ArrayClient['rechunk']>[1];
    };
    readonly next: number;
    readonly done: undefined;
  };
}

/** A chunk on its way to a compute worker; without bytes the worker has it, or it is a hole. */
export interface ChunkBytes {
  readonly key: string;
  readonly level: number;
  readonly place: readonly number[];
  readonly bytes?: Uint8Array;
  readonly isHole?: boolean;
}

/** A piece of an expression: its place, and the chunks each of its arrays has under it (holes left out). */
export interface PieceChunks {
  readonly place: readonly number[];
  readonly chunks: readonly (ChunkBytes & { readonly leaf: number })[];
}

/** Coordinator → compute worker, about arrays. */
export interface ArrayComputeCalls {
  /** What pieces of an expression come to (plain data of `arrays/expression`), or the keys of chunks the worker lacks. */
  arrayPieces: {
    readonly ask: {
      readonly expression: Expression;
      readonly heads: readonly ArrayHead[];
      readonly pieces: readonly PieceChunks[];
    };
    readonly next: never;
    readonly done:
      | { readonly kind: 'results'; readonly results: readonly unknown[] }
      | { readonly kind: 'need'; readonly keys: readonly string[] };
  };
  /**
   * Elements of a selection from chunks that lie in files; one of no bytes is a hole. `absent`: positions in
   * `chunks` of those that are not as they were kept; their elements are undefined.
   */
  arrayGather: {
    readonly ask: {
      readonly head: ArrayHead;
      readonly at: string;
      readonly chunks: readonly (FileSlice & { readonly place: readonly number[] })[];
    };
    readonly next: never;
    readonly done: { readonly values: Elements['values']; readonly absent: readonly number[] };
  };
  /** An answer from the chunks given, or the keys of those the worker lacks. */
  arrayAnswer: {
    readonly ask: {
      readonly head: ArrayHead;
      readonly question: ArrayQuestion;
      readonly chunks: readonly ChunkBytes[];
    };
    readonly next: never;
    readonly done:
      | { readonly kind: 'answered'; readonly answer: BareAnswer }
      | { readonly kind: 'need'; readonly keys: readonly string[] };
  };
}
