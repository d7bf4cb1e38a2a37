import type { Literal } from '../../protocol/column.ts';
import { samePath } from './pivot-state.ts';

/** A row of a level as far as it is known: its place among its siblings and, once its window is here, its key. */
export interface TreeRow {
  readonly path: readonly Literal[];
  /** Place among its siblings. */
  readonly index: number;
  /** Its own key; undefined until its window is here. */
  readonly key: Literal | undefined;
  readonly isOpen: boolean;
}

/** What is known of a level: how many rows it has, and the keys of those that are here. */
export interface LevelKnown {
  readonly path: readonly Literal[];
  readonly count: number;
  key(index: number): Literal | undefined;
  /** Places of the open rows that are known, ascending. */
  readonly open: readonly { readonly index: number; readonly level: LevelKnown }[];
}

/** Rows of a level and of all that is open in it. */
export function treeSize(level: LevelKnown): number {
  return level.count + level.open.reduce((sum, child) => sum + treeSize(child.level), 0);
}

/** The row at a place of the tree as it is laid out, children under their parents; undefined past the end. */
export function treeRow(level: LevelKnown, place: number): TreeRow | undefined {
  let rest = place;
  let start = 0;
  for (const child of level.open) {
    if (rest <= child.index - start) break;
    rest -= child.index - start + 1;
    start = child.index + 1;
    const size = treeSize(child.level);
    if (rest < size) return treeRow(child.level, rest);
    rest -= size;
  }
  const index = start + rest;
  if (index >= level.count || rest < 0) return undefined;
  const key = level.key(index);
  return { path: level.path, index, key, isOpen: level.open.some((child) => child.index === index) };
}

/** Place in the layout of a row of the root level or below; undefined where it is not known. */
export function placeOfRow(level: LevelKnown, path: readonly Literal[], index: number): number | undefined {
  let place = 0;
  let start = 0;
  for (const child of level.open) {
    if (samePath(level.path, path) && index <= child.index) break;
    place += child.index - start + 1;
    start = child.index + 1;
    if (!samePath(level.path, path)) {
      const below = placeOfRow(child.level, path, index);
      if (below !== undefined) return place + below;
    }
    place += treeSize(child.level);
  }
  if (!samePath(level.path, path)) return undefined;
  return index < level.count ? place + index - start : undefined;
}
