import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import { columnFromLiterals } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { Window } from '../../protocol/array-client.ts';
import { indexColumn, numberColumn } from '../exact/array-take-away.ts';
import { elementOf, isWide } from '../exact/element-text.ts';
import { groupDigits } from '../exact/index-text.ts';
import type { ShownItems } from './matrix-scroll.ts';
import { holds, type MatrixCell, type MatrixRange } from './matrix-selection.ts';

/** A cell's exact value and whether it was written; undefined where it is not known yet. */
export interface FoundCell {
  readonly value: number | bigint;
  readonly kind: 'written' | 'unwritten' | 'away';
}

/** Finds a cell of an array's last two axes (or its only one) in windows, the newest first. */
export function findCell(windows: readonly Window[], { row, column }: MatrixCell): FoundCell | undefined {
  for (const window of windows) {
    const { shape, first, values, dtype, written } = window;
    const axes = shape.length;
    const [rows = 1, columns = 1] = axes === 1 ? [shape[0], 1] : shape.slice(-2);
    const [top = 0n, left = 0n] = axes === 1 ? [first[0], 0n] : first.slice(-2);
    if (row < top || column < left) continue;
    const [down, right] = [Number(row - top), Number(column - left)];
    if (down >= rows || right >= columns) continue;
    const place = down * columns + right;
    const state = written[place];
    if (state === 2) continue;
    return { value: elementOf(values, dtype, place), kind: state === 1 ? 'written' : 'unwritten' };
  }
  return windows.some((window) => covers(window, { row, column }))
    ? { value: Number.NaN, kind: 'away' }
    : undefined;
}

function covers({ shape, first }: Window, { row, column }: MatrixCell): boolean {
  const at = shape.length === 1 ? [row] : [row, column];
  return at.every((index, i) => {
    const axis = shape.length - at.length + i;
    return index >= first[axis]! && index < first[axis]! + BigInt(shape[axis]!);
  });
}

/** Indices along the last axis of a window over two; none of one axis. */
export function windowIndices({ shape, first }: Window): readonly bigint[] {
  if (shape.length < 2) return [];
  return Array.from({ length: shape.at(-1)! }, (_, i) => first.at(-1)! + BigInt(i));
}

/**
 * A window as columns: the row, then one an index along its last axis, exact: as `text` where no double holds every
 * element. Null where an element is not here.
 */
export function windowColumns(
  window: Window,
  text: (value: number | bigint) => string,
): readonly ColumnData[] {
  const { shape, first, values, dtype, written } = window;
  const [rows = 0, columns = 1] = shape.length < 2 ? [shape[0], 1] : shape.slice(-2);
  const top = first[Math.max(0, first.length - 2)] ?? 0n;
  const value = (row: number, column: number): number | bigint | undefined => {
    const place = row * columns + column;
    return written[place] === 2 ? undefined : elementOf(values, dtype, place);
  };
  const columnAt = (column: number): ColumnData => {
    if (!isWide(dtype))
      return numberColumn(rows, (row) => {
        const one = value(row, column);
        return one === undefined ? undefined : Number(one);
      });
    const texts = Array.from({ length: rows }, (_, row) => {
      const one = value(row, column);
      return one === undefined ? null : text(one);
    });
    return columnFromLiterals({ kind: 'text' }, texts);
  };
  return [
    indexColumn(rows, (row) => top + BigInt(row)),
    ...Array.from({ length: columns }, (_, column) => columnAt(column)),
  ];
}

/** What the rows are drawn from. */
export interface MatrixRows {
  readonly rows: ShownItems;
  readonly columns: ShownItems;
  readonly active: MatrixCell | undefined;
  readonly range: MatrixRange | undefined;
  readonly find: (cell: MatrixCell) => FoundCell | undefined;
  readonly text: (value: number | bigint) => string;
  /** What was written here and is not confirmed yet. */
  readonly kept: (cell: MatrixCell) => string | undefined;
  /** The text being edited in the active cell. */
  readonly editing: string | undefined;
  readonly edited: (text: string) => void;
  readonly editKey: (event: KeyboardEvent) => void;
  readonly editLeft: () => void;
  readonly columnName: (column: bigint) => string;
}

/** Whether a cell is among those drawn. */
export function isShown({ rows, columns }: MatrixRows, cell: MatrixCell | undefined): boolean {
  return (
    cell !== undefined &&
    cell.row >= rows.start &&
    cell.row < rows.end &&
    cell.column >= columns.start &&
    cell.column < columns.end
  );
}

export function columnHeads({ columns, active, columnName }: MatrixRows): unknown {
  return html`<div style="transform:translateX(${-columns.cutPx}px)" role="presentation">
    ${between(columns).map(
      (column) =>
        html`<span class=${active?.column === column ? 'columnhead active' : 'columnhead'} role="columnheader"
          >${columnName(column)}</span
        >`,
    )}
  </div>`;
}

export function matrixRows(drawn: MatrixRows): unknown {
  return html`<div role="presentation" style="transform:translateY(${-drawn.rows.cutPx}px)">
    ${repeat(
      between(drawn.rows),
      (row) => row,
      (row) => html`<div class="row" role="row">
        <span class=${drawn.active?.row === row ? 'rowhead active' : 'rowhead'} role="rowheader">${groupDigits(row)}</span>
        <div class="strip" role="presentation">
          <div class="cells" role="presentation" style="transform:translateX(${-drawn.columns.cutPx}px)">
            ${between(drawn.columns).map((column) => cellOf(drawn, { row, column }))}
          </div>
        </div>
      </div>`,
    )}
  </div>`;
}

function cellOf(drawn: MatrixRows, cell: MatrixCell): unknown {
  const { active, editing } = drawn;
  const found = drawn.find(cell);
  const kept = drawn.kept(cell);
  const isActive = active !== undefined && active.row === cell.row && active.column === cell.column;
  const classes = {
    cell: true,
    waiting: !found && kept === undefined,
    unwritten: kept === undefined && found?.kind === 'unwritten',
    away: kept === undefined && found?.kind === 'away',
    kept: kept !== undefined,
    within: holds(drawn.range, cell),
    active: isActive,
  };
  return html`<span
    class=${classMap(classes)}
    role="gridcell"
    id=${isActive ? 'active' : nothing}
    aria-selected=${holds(drawn.range, cell) ? 'true' : 'false'}
    data-row=${String(cell.row)}
    data-column=${String(cell.column)}
    title=${found?.kind === 'unwritten' ? msg('Unwritten: the fill value') : nothing}
    >${kept ?? (found ? (found.kind === 'away' ? '·' : drawn.text(found.value)) : nothing)}${
      isActive && editing !== undefined
        ? html`<input
            aria-label=${msg('New value')}
            .value=${editing}
            @input=${(event: Event) => drawn.edited((event.target as HTMLInputElement).value)}
            @keydown=${drawn.editKey}
            @blur=${drawn.editLeft}
            @pointerdown=${(event: Event) => event.stopPropagation()}
          />`
        : nothing
    }</span
  >`;
}

function between({ start, end }: ShownItems): bigint[] {
  return Array.from({ length: Math.max(0, Number(end - start)) }, (_, i) => start + BigInt(i));
}
