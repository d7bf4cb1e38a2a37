import type { Citation, SavedView } from '../src/protocol/saved-view.ts';

/** What the store keeps for people, beside their data: views they saved, answers they cited. Scope by scope. */
export interface KeptShelf {
  views(scope: string): Promise<readonly SavedView[]>;
  /** On disk when it resolves; the same id replaces. Throws `refused` when there are too many. */
  saveView(scope: string, view: SavedView): Promise<void>;
  /** Removing what is not there is no error. */
  removeView(scope: string, id: string): Promise<void>;
  /** Keeps a citation unless it is kept already: a citation never changes. */
  keepCitation(scope: string, citation: Citation): Promise<void>;
  /** Undefined where it was never kept, or by another scope. */
  citation(scope: string, id: string): Promise<Citation | undefined>;
}

/** Most views a scope has. */
export const maxViews = 1000;
