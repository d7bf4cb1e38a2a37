import { keyedCell, type MatrixCell, type MatrixSize } from './matrix-selection.ts';

/** What a key pressed in the grid asks for. */
export type MatrixKey =
  | { readonly kind: 'go' }
  /** `typed`: over what is there. */
  | { readonly kind: 'edit'; readonly typed?: string }
  | { readonly kind: 'choose'; readonly cell: MatrixCell; readonly extend: boolean };

/** `active`: the chosen cell, if any; `first`: the one at the corner of the view. Undefined for keys that mean nothing. */
export function matrixKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  {
    active,
    first,
    size,
    pageRows,
  }: {
    readonly active: MatrixCell | undefined;
    readonly first: MatrixCell;
    readonly size: MatrixSize;
    readonly pageRows: bigint;
  },
): MatrixKey | undefined {
  const { key } = event;
  const ctrl = event.ctrlKey || event.metaKey;
  if (ctrl && key.toLowerCase() === 'g') return { kind: 'go' };
  if (key === 'Enter' || key === 'F2') return { kind: 'edit' };
  if (active && !ctrl && !event.altKey && /^[\d.+−-]$/.test(key)) return { kind: 'edit', typed: key };
  const next = keyedCell({ key, ctrl }, active ?? first, size, pageRows);
  return next && { kind: 'choose', cell: active ? next : first, extend: event.shiftKey };
}
