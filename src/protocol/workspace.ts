import type { Against, PeriodChoice } from './period.ts';
import type { Filter } from './query.ts';

/** Views of the workbench, as named in the URL. `gallery` shows every gadget in every state, on made-up data. */
export const views = [
  'home',
  'explore',
  'pivot',
  'orders',
  'clients',
  'array',
  'model',
  'datasets',
  'page',
  'compare',
  'cite',
  'import',
  'settings',
  'gallery',
] as const;
export type ViewName = (typeof views)[number];

/** A filter that one gadget holds on one data set. */
export interface WorkspaceFilter {
  readonly dataset: string;
  readonly filter: Filter;
}

/** Which row's sheet is open: `_row` of a data set, a whole number from 0. */
export interface RecordAddress {
  readonly dataset: string;
  readonly row: number;
}

/** The rows behind a mark, in a sheet: those of a data set that pass a filter; left out: all. */
export interface RowsBehind {
  readonly dataset: string;
  readonly filter?: Filter;
}

/**
 * Everything a person set, as one JSON document: it is the URL, the undo log, the saved view and the embed API.
 * What is left out is the view's own choice.
 */
export interface Workspace {
  readonly view: ViewName;
  /** The table or array the view shows; left out: the newest that plays its part. */
  readonly dataset?: string;
  /** By the id of the gadget that holds them. */
  readonly filters: Readonly<Record<string, WorkspaceFilter>>;
  readonly period?: PeriodChoice;
  /** Figures and trends are compared with another period. */
  readonly compare: boolean;
  /** Which one; left out: the one just before. */
  readonly against?: Against;
  readonly record?: RecordAddress;
  readonly rows?: RowsBehind;
  /** The saved view this began as: its id. */
  readonly saved?: string;
  /** State of gadgets, by id: plain JSON objects. */
  readonly gadgets: Readonly<Record<string, object>>;
}

/** A workspace that shows a view as it comes. */
export function emptyWorkspace(view: ViewName = 'home'): Workspace {
  return { view, filters: {}, compare: true, gadgets: {} };
}

/** Going to another view keeps nothing but what one says: filters belong to the view they were set in. */
export function goTo(view: ViewName, dataset?: string): Workspace {
  return dataset === undefined ? emptyWorkspace(view) : { ...emptyWorkspace(view), dataset };
}
