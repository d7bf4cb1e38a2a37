import { html } from 'lit';
import type { Formats, Formattable } from '../format.ts';
import type { GridColumn } from './grid-columns.ts';
import { type Cell, type CellRange, isSelected } from './selection.ts';
import type { FoundRow } from './windows.ts';

/** What a grid's rows are drawn with, and what pointers do to them. */
export interface GridRows {
  readonly columns: readonly GridColumn[];
  readonly formats: Formats;
  /** IANA zone in which instants are written. */
  readonly zone: string | undefined;
  readonly headerRows: number;
  readonly range: CellRange | undefined;
  readonly active: Cell | undefined;
  readonly find: (row: number) => FoundRow | undefined;
  readonly pick: (event: PointerEvent, cell: Cell) => void;
  readonly drag: (event: PointerEvent, cell: Cell) => void;
  readonly tap: (row: number) => void;
  readonly open: (row: number) => void;
}

/** One row; a placeholder of the same height until its window came. */
export function gridRow(rows: GridRows, row: number): unknown {
  const found = rows.find(row);
  return html`<div
    class=${found ? 'row body' : 'row body pending'}
    role="row"
    aria-rowindex=${row + 1 + rows.headerRows}
    @dblclick=${() => rows.open(row)}
  >
    ${rows.columns.map((column, index) => gridCell(rows, found, column, { row, column: index }))}
  </div>`;
}

function gridCell(rows: GridRows, found: FoundRow | undefined, column: GridColumn, cell: Cell): unknown {
  const active = rows.active?.row === cell.row && rows.active.column === cell.column;
  const selected = isSelected(rows.range, cell.row, cell.column);
  return html`<div
    id="c${cell.row}-${cell.column}"
    class="cell ${column.numeric ? 'number' : ''} ${selected ? 'selected' : ''} ${active ? 'active' : ''}"
    role="gridcell"
    aria-colindex=${cell.column + 1}
    aria-selected=${selected}
    data-label=${column.label}
    @pointerdown=${(event: PointerEvent) => rows.pick(event, cell)}
    @pointerenter=${(event: PointerEvent) => rows.drag(event, cell)}
    @click=${() => rows.tap(cell.row)}
  >${
    found && column.opens
      ? html`<button class="text open" tabindex="-1" @click=${() => rows.open(cell.row)}>${textOf(rows, found, column)}</button>`
      : html`<span class="text">${textOf(rows, found, column)}</span>`
  }</div>`;
}

function textOf({ formats, zone }: GridRows, found: FoundRow | undefined, column: GridColumn): string {
  if (!found?.table.has(column.column)) return '';
  const { table, at } = found;
  const type = column.type ?? table.type(column.column);
  const value: Formattable = table.value(column.column, at);
  // Decimals as text, so that a cell shows all digits.
  const exact = value !== null && type.kind === 'decimal' ? table.exact(column.column, at) : value;
  return formats.cell(exact, type, { zone, plain: column.plain });
}
