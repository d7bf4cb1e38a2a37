import type { Literal } from '../../protocol/column.ts';
import type { ExaError } from '../../protocol/errors.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import type { Against } from '../../protocol/period.ts';
import type { AggregateQuestion, ColumnRef, Filter } from '../../protocol/query.ts';

/** A filter one gadget holds on one data set. Plain JSON: it is part of the workspace and so of the URL. */
export interface SharedFilter {
  readonly dataset: string;
  readonly filter: Filter;
}

/** The span of time everything below is about: `[from, to)` of a date or timestamp column; an open end is left out. */
export interface Period {
  readonly dataset: string;
  readonly column: ColumnRef;
  readonly from?: Literal;
  readonly to?: Literal;
}

/** What a filter group holds, as JSON. */
export interface FilterGroupState {
  /** By the id of the gadget that set it. */
  readonly filters: Readonly<Record<string, SharedFilter>>;
  readonly period?: Period;
  /** Figures and trends say how they differ from another period. */
  readonly compare: boolean;
  /** Which one; left out: the one just before. */
  readonly against?: Against;
  /** In whose days and months periods move; left out: UTC. */
  readonly zone?: ZoneTable;
}

/** A gadget that follows other gadgets' brushes. */
export interface BrushFollower {
  /** The gadget's id in the group. */
  readonly id: string;
  /** What it would ask if the filters of `excluded` gadget ids were lifted; undefined: it does not follow now. */
  brushQuestion(excluded: readonly string[]): AggregateQuestion | undefined;
  /** Draws the slice of a moving brush (an Arrow stream); undefined: back to its own last answer. */
  showSlice(bytes: Uint8Array | undefined): void;
}

/** The range a gadget lets people brush: `bins` equal bins of `column` over `[from, to)`. */
export interface BrushRange {
  readonly dataset: string;
  readonly column: ColumnRef;
  /** Numbers; timestamps in UTC ms, dates in days. */
  readonly from: number;
  readonly to: number;
  readonly bins: number;
}

/** A brush being prepared or moved. Bins are `[start, end)`. */
export interface BrushSession {
  /** Followers show the slice at the next frame; of several moves in a frame only the last is drawn. */
  move(start: number, end: number): void;
  /** Ends the session and sets (or, undefined, drops) the source's filter. */
  commit(filter: Filter | undefined): void;
  /** Ends the session; followers go back to their own answers. */
  cancel(): void;
}

/**
 * The shared filters, handed down by `exa-filter-group` through `filterContext`. Immutable: every change is a new
 * value, so a consumer that subscribes draws again.
 */
export interface FilterGroup extends FilterGroupState {
  /** Sets or (undefined) drops the filter of gadget `source`. `live` marks a step of a gesture, not yet history. */
  set(source: string, filter: SharedFilter | undefined, options?: { live?: boolean }): void;
  setPeriod(period: Period | undefined): void;
  /** Drops the filter of one gadget, or all of them (the period stays). */
  clear(source?: string): void;
  /** All that applies to `dataset` but the filters of `excluded` gadget ids: AND of the others and the period. */
  where(dataset: string, excluded?: readonly string[]): Filter | undefined;
  /** Like `where`, over the period compared with; undefined when there is no bounded period or nothing to compare. */
  previousWhere(dataset: string, excluded?: readonly string[]): Filter | undefined;
  /** Joins the gadgets that follow brushes, until the returned function is called. */
  follow(follower: BrushFollower): () => void;
  /**
   * Prepares a brush for all followers but `source`. Call on pointerenter; cheap to call again. `refused`: told why a
   * follower moves only on release.
   */
  brush(source: string, range: BrushRange, refused?: (error: ExaError) => void): BrushSession;
}
