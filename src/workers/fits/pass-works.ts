import type { FitTask } from '../../kernels/ml/program/compile-fit.ts';
import type { Head } from '../../protocol/head.ts';
import type { NamedKernel, PartialShelf } from '../partial-shelf.ts';
import type { Works } from '../root-partial.ts';

export type FitShelf = PartialShelf<FitTask, unknown>;
export type NamedTask = NamedKernel<FitTask, unknown>;

/** What the passes of one fit are made with. */
export interface PassWorks {
  readonly works: Works;
  readonly shelf: FitShelf;
  readonly head: Head;
  readonly online: boolean;
  /** Take blocks as they are though they moved since the head: the data change faster than they are read. */
  readonly tolerant: boolean;
  readonly signal: AbortSignal;
  /** Resolves when the fit is not paused. */
  readonly gate: () => Promise<void>;
  readonly told: (blocksDone: number, blocksTotal: number) => void;
  readonly wait?: (ms: number) => Promise<void>;
}
