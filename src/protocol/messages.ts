import type { Coverage } from './answer.ts';
import type { ArrayComputeCalls, ArrayPageCalls } from './array-messages.ts';
import type { Change, Receipt } from './change.ts';
import type { KeptShare, Status, StorageReport } from './client.ts';
import type { WireError } from './errors.ts';
import type { ExportCalls } from './export.ts';
import type {
  FitEvent,
  FitProgress,
  FitRequest,
  KeptModel,
  ScoreAnswer,
  ScoreRequest,
  UnfinishedFit,
} from './fit.ts';
import type { Formula } from './formula.ts';
import type { DatasetSummary, Head } from './head.ts';
import type { KeepCalls } from './keep.ts';
import type { AggregateSpec, KernelSpec, TopSpec } from './kernel.ts';
import type { BrushRequest, Question } from './query.ts';

/** What a call between threads takes, announces while it lasts, and ends with. */
export interface CallShape {
  readonly ask: unknown;
  readonly next: unknown;
  readonly done: unknown;
}

/** Asker → answerer. A cancelled call is not answered: its asker knows. */
export type CallMessage =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly ask: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

/** Answerer → asker: any number of `next`, then exactly one `done` or `failed`, unless cancelled. */
export type ReplyMessage =
  | { readonly kind: 'next'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError };

/** What a subscription tells. `final`: nothing more is under way for the data as they are known now. */
export type AnswerEvent =
  | {
      readonly kind: 'answer';
      readonly bytes: Uint8Array;
      readonly coverage: Coverage;
      readonly final: boolean;
    }
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'failed'; readonly error: WireError };

/** A value that is watched, or that reading it failed (the last value stands). */
export type WatchEvent<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: WireError };

/** Prepared answers of a brush as they cross to the page. */
export interface BrushParts {
  /** One cube a question, in its order: plain data of the kernels. */
  readonly cubes: readonly unknown[];
  /** Heads the questions were compiled against. */
  readonly heads: readonly Head[];
  /** Dimension tables that finishing needs, by request id: encoded columns `key` and `attribute`. */
  readonly lookups: readonly { readonly id: string; readonly bytes: Uint8Array }[];
}

/** The axis a brush moves over: bin `k` is `[from + k·width, from + (k + 1)·width)`. */
export interface BrushAxis {
  readonly operand: Formula;
  readonly from: number;
  readonly width: number;
  readonly bins: number;
}

/** Page → coordinator. Watching calls last until cancelled. */
export interface PageCalls extends ArrayPageCalls, ExportCalls, KeepCalls {
  /** First of all. `lock`: a Web Lock the page holds as long as it lives. */
  hello: {
    readonly ask: { readonly lock?: string };
    readonly next: never;
    readonly done: { readonly keeps: 'indexeddb' | 'memory' };
  };
  /** Lends a compute worker that listens on the other end of `port`. */
  lend: { readonly ask: { readonly port: MessagePort }; readonly next: never; readonly done: undefined };
  /** Told once the page's workers are needed: it lends them, or starts those it lent, and says `lent`. */
  lending: { readonly ask: undefined; readonly next: undefined; readonly done: undefined };
  lent: { readonly ask: undefined; readonly next: never; readonly done: undefined };
  ping: { readonly ask: undefined; readonly next: never; readonly done: undefined };
  status: { readonly ask: undefined; readonly next: Status; readonly done: undefined };
  datasets: {
    readonly ask: undefined;
    readonly next: WatchEvent<readonly DatasetSummary[]>;
    readonly done: undefined;
  };
  head: {
    readonly ask: { readonly dataset: string };
    readonly next: WatchEvent<Head>;
    readonly done: undefined;
  };
  subscribe: {
    readonly ask: { readonly question: Question };
    readonly next: AnswerEvent;
    readonly done: undefined;
  };
  brush: {
    readonly ask: { readonly request: BrushRequest };
    readonly next: number;
    readonly done: BrushParts;
  };
  /** Brings a data set here while nothing is asked, until cancelled. */
  bringAlong: {
    readonly ask: { readonly dataset: string; readonly whole: boolean };
    readonly next: KeptShare;
    readonly done: undefined;
  };
  /** Announces `kept` once the change survives a crash of this browser. */
  /** `key` is the asker's own, so that a write sent again to another coordinator is stored once. */
  write: {
    readonly ask: { readonly change: Change; readonly key: string };
    readonly next: 'kept';
    readonly done: Receipt;
  };
  /** Lasts until its final result. `id` names it for `pause`. */
  fit: {
    readonly ask: { readonly id: string; readonly request: FitRequest };
    readonly next: FitEvent;
    readonly done: undefined;
  };
  pauseFit: {
    readonly ask: { readonly id: string; readonly paused: boolean };
    readonly next: never;
    readonly done: undefined;
  };
  score: {
    readonly ask: { readonly request: ScoreRequest };
    readonly next: FitProgress;
    readonly done: ScoreAnswer;
  };
  unfinishedFits: {
    readonly ask: undefined;
    readonly next: never;
    readonly done: readonly UnfinishedFit[];
  };
  dismissFit: {
    readonly ask: { readonly request: FitRequest };
    readonly next: never;
    readonly done: undefined;
  };
  models: { readonly ask: undefined; readonly next: never; readonly done: readonly KeptModel[] };
  keepModel: { readonly ask: { readonly kept: KeptModel }; readonly next: never; readonly done: undefined };
  forgetModel: { readonly ask: { readonly name: string }; readonly next: never; readonly done: undefined };
  /** The token that requests to the store carry from now on. */
  token: { readonly ask: { readonly token: string }; readonly next: never; readonly done: undefined };
  /** Told whenever a request's credentials no longer hold: the token that was spent, if there was one. */
  spent: { readonly ask: undefined; readonly next: { readonly token?: string }; readonly done: undefined };
  /** Stops for good, once what it keeps is written: the page then removes it. */
  end: { readonly ask: undefined; readonly next: never; readonly done: undefined };
  storage: { readonly ask: undefined; readonly next: never; readonly done: StorageReport };
  forget: { readonly ask: { readonly dataset?: string }; readonly next: never; readonly done: undefined };
  /** Removes a data set kept in this browser. */
  drop: { readonly ask: { readonly dataset: string }; readonly next: never; readonly done: undefined };
  retry: { readonly ask: undefined; readonly next: never; readonly done: undefined };
  /** The page goes away. */
  bye: { readonly ask: undefined; readonly next: never; readonly done: undefined };
}

/** One page on its way to a compute worker. */
export interface PageBytes {
  readonly block: number;
  readonly column: string;
  readonly revision: number;
  readonly bytes: Uint8Array;
}

/** Bytes `[at, at + length)` of a file of the origin's private file system, which a compute worker reads itself. */
export interface FileSlice {
  readonly directory: string;
  readonly file: string;
  readonly at: number;
  readonly length: number;
  /** xxHash64 of the bytes, hexadecimal. */
  readonly checksum: string;
}

/** A page that a compute worker reads itself. */
export interface PageInFile extends Omit<PageBytes, 'bytes'>, FileSlice {}

/** A page as a compute worker gets it. */
export type PageSource = PageBytes | PageInFile;

/** A block to compute over: `columns` (and `_live` when some rows are deleted) at `revision`, `length` rows. */
export interface BlockPlace {
  readonly block: number;
  readonly length: number;
  readonly revision: number;
  readonly hasLive: boolean;
}

/** Columns a compute worker lacks to answer. */
export interface Needed {
  readonly kind: 'need';
  readonly columns: readonly { readonly block: number; readonly column: string }[];
}

/** What every computing call names: where its pages are (`dataset/epoch/scope`), and pages brought along. */
export interface ComputeInput {
  readonly place: string;
  readonly blocks: readonly BlockPlace[];
  readonly pages: readonly PageSource[];
}

/** What a fit's program comes to next: passes over the blocks, or its end. Tasks and body are plain data of the kernels. */
export type FitTurn =
  | { readonly kind: 'passes'; readonly tasks: readonly unknown[]; readonly phase: string }
  | { readonly kind: 'done'; readonly body: unknown };

/** Coordinator → compute worker. */
export interface ComputeCalls extends ArrayComputeCalls {
  /** Bytes of decoded columns and partials it may keep. */
  budget: {
    readonly ask: { readonly maxBytes: number };
    readonly next: never;
    readonly done: undefined;
  };
  /** The partials of tree nodes over `blocks`, in the order of `nodes`: plain data of the kernels. */
  map: {
    readonly ask: ComputeInput & {
      readonly spec: KernelSpec;
      readonly key: string;
      /** Each has at least one of the blocks. */
      readonly nodes: readonly { readonly level: number; readonly index: number }[];
    };
    readonly next: never;
    readonly done: { readonly kind: 'partials'; readonly partials: readonly unknown[] } | Needed;
  };
  /** `_row` of matching rows at ranks `[offset, offset + limit)` of the blocks given, and how many match. */
  order: {
    readonly ask: ComputeInput & {
      readonly spec: TopSpec;
      /** Names `spec`'s filter and order. */
      readonly key: string;
      readonly offset: number;
      readonly limit: number;
    };
    readonly next: never;
    readonly done: { readonly kind: 'rows'; readonly rows: Float64Array; readonly matching: number } | Needed;
  };
  /** The `take` columns of `spec` at `rows`, in that order, as encoded columns `t0`, `t1`, …. */
  take: {
    readonly ask: ComputeInput & { readonly spec: TopSpec; readonly rows: Float64Array };
    readonly next: never;
    readonly done: { readonly kind: 'taken'; readonly bytes: Uint8Array } | Needed;
  };
  /** Adds blocks, in order, to the cubes being built under a name; `last` ends with them. */
  cube: {
    readonly ask: ComputeInput & {
      readonly build: string;
      readonly axis: BrushAxis;
      readonly specs: readonly AggregateSpec[];
      readonly last: boolean;
    };
    readonly next: never;
    readonly done: { readonly kind: 'cubes'; readonly cubes: readonly unknown[] } | Needed;
  };
  /** The partials of tasks of a fit over `blocks` together, in the order of `tasks`; undefined ones for no block. */
  fitMap: {
    readonly ask: ComputeInput & {
      readonly tasks: readonly unknown[];
      /** Names of the tasks: the same for the same work. */
      readonly keys: readonly string[];
      /** Stored columns the tasks read. */
      readonly columns: readonly string[];
      /** Whether decoded columns are kept for the next pass. */
      readonly keep: boolean;
    };
    readonly next: never;
    readonly done: { readonly kind: 'partials'; readonly partials: readonly unknown[] } | Needed;
  };
  /** Begins a fit's program, or goes on with the partials it asked for; it is forgotten once it is done or failed. */
  fitTurn: {
    readonly ask:
      | { readonly id: string; readonly plan: unknown; readonly quick?: number }
      | { readonly id: string; readonly answers: readonly unknown[] };
    /** Work in memory: phase, and steps done of how many. */
    readonly next: { readonly phase: string; readonly done: number; readonly total: number };
    readonly done: FitTurn;
  };
  pauseFit: {
    readonly ask: { readonly id: string; readonly paused: boolean };
    readonly next: never;
    readonly done: undefined;
  };
  /** Forgets a program. */
  endFit: { readonly ask: { readonly id: string }; readonly next: never; readonly done: undefined };
  /** Decodes and keeps the pages brought along. */
  load: { readonly ask: ComputeInput; readonly next: never; readonly done: undefined };
  /** Brings `columns` of `blocks` from `since` to their revision; nothing changes when something is needed first. */
  patch: {
    readonly ask: ComputeInput & {
      readonly columns: readonly string[];
      /** Of each block: the revision the patch starts from. */
      readonly since: readonly number[];
      /** Arrow stream of the changed rows of all the blocks. */
      readonly patch: Uint8Array;
    };
    readonly next: never;
    readonly done: { readonly kind: 'patched' } | Needed;
  };
  /** Pages as they are now, encoded again; those it does not hold at that revision are left out. */
  pages: {
    readonly ask: { readonly place: string; readonly wanted: readonly Omit<PageBytes, 'bytes'>[] };
    readonly next: never;
    readonly done: readonly (PageBytes & { readonly checksum: string })[];
  };
  /** Writes a whole file; false where this thread has none. */
  writeFile: {
    readonly ask: { readonly directory: string; readonly name: string; readonly bytes: Uint8Array };
    readonly next: never;
    readonly done: boolean;
  };
  forget: { readonly ask: { readonly dataset?: string }; readonly next: never; readonly done: undefined };
}
