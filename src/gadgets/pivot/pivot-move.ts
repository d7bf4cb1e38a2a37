import type { CellAt } from './pivot-grid.ts';

/** What a grid has: rows (the total of all is row −1), leaves (a row's name is leaf −1), rows a page. */
export interface GridSize {
  readonly rows: number;
  readonly leaves: number;
  readonly pageRows: number;
}

/** Where a key moves from a cell; undefined for a key that moves nothing. */
export function movedCell(
  { place, leaf }: CellAt,
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  { rows, leaves, pageRows }: GridSize,
): CellAt | undefined {
  const far = event.ctrlKey || event.metaKey;
  const at = (row: number, column: number): CellAt => ({
    place: Math.min(rows - 1, Math.max(-1, row)),
    leaf: Math.min(leaves - 1, Math.max(-1, column)),
  });
  switch (event.key) {
    case 'ArrowUp':
      return at(far ? -1 : place - 1, leaf);
    case 'ArrowDown':
      return at(far ? rows : place + 1, leaf);
    case 'ArrowLeft':
      return at(place, far ? -1 : leaf - 1);
    case 'ArrowRight':
      return at(place, far ? leaves : leaf + 1);
    case 'PageUp':
      return at(place - pageRows, leaf);
    case 'PageDown':
      return at(place + pageRows, leaf);
    case 'Home':
      return at(far ? -1 : place, -1);
    case 'End':
      return at(far ? rows : place, leaves);
    default:
      return undefined;
  }
}
