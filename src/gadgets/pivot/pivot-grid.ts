import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { Literal } from '../../protocol/column.ts';
import type { Measure } from '../../protocol/profile.ts';
import { icon } from '../icons.ts';
import type { Spot } from './pivot-list.ts';
import type { PivotModel, PivotRow } from './pivot-model.ts';
import type { PivotSort } from './pivot-state.ts';

/** A cell by its place: row −1 is the total of all, leaf −1 the row's name. */
export interface CellAt {
  readonly place: number;
  readonly leaf: number;
}

/** Sizes in px. */
export interface PivotSizes {
  readonly row: number;
  readonly leaf: number;
  readonly side: number;
}

/** Height of the header, px. */
export const headPx = 44;

/** What the grid draws, and what it tells. */
export interface PivotGrid {
  readonly model: PivotModel;
  readonly measures: readonly Measure[];
  /** Column fields. */
  readonly columnFields: number;
  readonly sizes: PivotSizes;
  readonly sort: PivotSort | undefined;
  readonly active: CellAt;
  /** Where the first drawn row lies, px below the header and the total; the others follow. */
  readonly topPx: (place: number) => number;
  readonly heightPx: number;
  /** Leaves drawn besides the totals: `[first, end)`. */
  readonly leaves: { readonly first: number; readonly end: number };
  readonly rowTitle: string;
  readonly label: string;
  /** Whether rows can be ordered by one column: not where it is of a linked table, which no formula here reads. */
  readonly canOrderAt: boolean;
  isExpandable(row: PivotRow): boolean;
  rowWords(row: PivotRow): string;
  /** One a column field. */
  columnWords(column: number): readonly string[];
  words(spot: Spot | undefined, measure: Measure): string;
  measureWords(measure: Measure): string;
  /** Colours of a cell, and of what is written on it. */
  shade(
    spot: Spot | undefined,
    measure: Measure,
  ): { readonly background: string; readonly color: string } | undefined;
  toggle(row: PivotRow): void;
  order(by: string, at?: { readonly values: readonly Literal[] }): void;
  press(at: CellAt): void;
  keydown(event: KeyboardEvent): void;
  scrolled(): void;
}

/** The measure and (undefined: the total) the column of a leaf. */
export function leafOf(
  leaf: number,
  measures: number,
): { readonly measure: number; readonly column: number | undefined } {
  return leaf < measures
    ? { measure: leaf, column: undefined }
    : { measure: leaf % measures, column: Math.floor(leaf / measures) - 1 };
}

export function cellId({ place, leaf }: CellAt): string {
  return `c${place}_${leaf}`;
}

/** The grid: headers and the total of all stay in sight; only rows and columns in sight are drawn. */
export function pivotGrid(grid: PivotGrid): unknown {
  const { model, measures, sizes, leaves } = grid;
  const count = measures.length;
  const all = count * (1 + model.columnCount);
  const drawn = [
    ...measures.map((_, leaf) => leaf),
    ...Array.from({ length: Math.max(0, leaves.end - leaves.first) }, (_, i) => leaves.first + i),
  ];
  const before = Math.max(0, leaves.first - count) * sizes.leaf;
  const width = sizes.side + all * sizes.leaf;
  return html`<div
    class="scroll"
    role="treegrid"
    tabindex="0"
    aria-label=${grid.label}
    aria-rowcount=${model.rowCount + 2}
    aria-colcount=${all + 1}
    aria-activedescendant=${cellId(grid.active)}
    style=${styleMap({ '--row': `${sizes.row}px`, '--leaf': `${sizes.leaf}px`, '--side': `${sizes.side}px` })}
    @scroll=${() => grid.scrolled()}
    @keydown=${(event: KeyboardEvent) => grid.keydown(event)}
  >
    <div class="canvas" role="presentation" style=${styleMap({ width: `${width}px`, height: `${headPx + sizes.row + grid.heightPx}px` })}>
      <div class="row head" role="row" aria-rowindex="1" style=${styleMap({ width: `${width}px` })}>
        <div class="cell header" role="columnheader" aria-colindex="1" aria-sort=${sorting(grid, 'key')}>
          ${sortButton(grid, 'key', undefined, grid.rowTitle, '')}
        </div>
        ${drawn.map((leaf, i) => headerCell(grid, leaf, i === count ? before : 0))}
      </div>
      <div class="row grand" role="row" aria-rowindex="2" style=${styleMap({ width: `${width}px` })}>
        <div class=${cellClass(grid, { place: -1, leaf: -1 }, 'header total')} id=${cellId({ place: -1, leaf: -1 })} role="rowheader" aria-colindex="1">
          <span class="label">${msg('Total')}</span>
        </div>
        ${drawn.map((leaf, i) => {
          const { measure, column } = leafOf(leaf, count);
          const spot = column === undefined ? model.grand : model.columnTotal(column);
          return valueCell(
            grid,
            { place: -1, leaf },
            spot,
            measures[measure]!,
            i === count ? before : 0,
            'total',
          );
        })}
      </div>
      <div class="body" role="presentation">
        ${repeat(
          model.rows,
          ({ place }) => place,
          (row) => bodyRow(grid, row, drawn, before, width),
        )}
      </div>
    </div>
  </div>`;
}

function bodyRow(
  grid: PivotGrid,
  row: PivotRow,
  drawn: readonly number[],
  before: number,
  width: number,
): unknown {
  const { measures, sizes } = grid;
  const count = measures.length;
  const { place, path, key } = row;
  const at = { place, leaf: -1 };
  const canOpen = key !== undefined && grid.isExpandable(row);
  const words = key === undefined ? '' : grid.rowWords(row);
  return html`<div
    class="row"
    role="row"
    aria-rowindex=${place + 3}
    aria-level=${path.length + 1}
    aria-expanded=${ifDefined(canOpen ? (row.isOpen ? 'true' : 'false') : undefined)}
    style=${styleMap({ top: `${headPx + sizes.row + grid.topPx(place)}px`, width: `${width}px` })}
  >
    <div class=${cellClass(grid, at, 'header')} id=${cellId(at)} role="rowheader" aria-colindex="1" @click=${() => grid.press(at)}
      style=${styleMap({ 'padding-inline-start': `${8 + path.length * 20 + (canOpen ? 0 : 24)}px` })}>
      ${
        canOpen
          ? html`<button class="twist" tabindex="-1" aria-label=${row.isOpen ? msg(str`Close ${words}`) : msg(str`Open ${words}`)} @click=${(
              event: Event,
            ) => {
              event.stopPropagation();
              grid.toggle(row);
            }}>${icon(row.isOpen ? 'chevron-down' : 'chevron-right')}</button>`
          : nothing
      }
      <span class="label" title=${words}>${words}</span>
    </div>
    ${drawn.map((leaf, i) => {
      const { measure, column } = leafOf(leaf, count);
      const spot = column === undefined ? row.total : row.cell(column);
      const kind = isTotal(grid, column) ? 'total' : '';
      return valueCell(grid, { place, leaf }, spot, measures[measure]!, i === count ? before : 0, kind);
    })}
  </div>`;
}

/** A total of several columns: of all, or a subtotal of an outer field's value. */
function isTotal({ model, columnFields }: PivotGrid, column: number | undefined): boolean {
  if (column === undefined) return columnFields > 0;
  const key = model.columnKey(column);
  return key !== undefined && key.length < columnFields;
}

function valueCell(
  grid: PivotGrid,
  at: CellAt,
  spot: Spot | undefined,
  measure: Measure,
  before: number,
  kind: string,
): unknown {
  const shade = kind === 'total' ? undefined : grid.shade(spot, measure);
  return html`<div
    class=${cellClass(grid, at, spot ? kind : `${kind} waiting`)}
    id=${cellId(at)}
    role="gridcell"
    aria-colindex=${at.leaf + 2}
    style=${styleMap({ ...(before > 0 && { 'margin-inline-start': `${before}px` }), ...shade })}
    @click=${() => grid.press(at)}
  >${grid.words(spot, measure)}</div>`;
}

function headerCell(grid: PivotGrid, leaf: number, before: number): unknown {
  const { measures, model } = grid;
  const { measure, column } = leafOf(leaf, measures.length);
  const one = measures[measure]!;
  const key = column === undefined ? undefined : model.columnKey(column);
  const at = column === undefined || key === undefined ? undefined : { values: key };
  const name = grid.measureWords(one);
  const hasColumns = grid.columnFields > 0;
  const words = column === undefined || key === undefined ? [] : grid.columnWords(column);
  // Of several column fields the last stands below the others, with the measure where there are several; a subtotal says so.
  const isSubtotal = column !== undefined && isTotal(grid, column);
  const inner = isSubtotal ? [msg('Total')] : words.length > 1 ? words.slice(-1) : [];
  const title =
    column === undefined
      ? hasColumns
        ? msg('Total')
        : name
      : (isSubtotal ? words : words.slice(0, Math.max(1, words.length - 1))).join(' › ');
  const below = hasColumns && (measures.length > 1 || column === undefined) ? [...inner, name] : inner;
  const under = below.join(' · ');
  return html`<div
    class="cell"
    role="columnheader"
    aria-colindex=${leaf + 2}
    aria-sort=${sorting(grid, one.id, at)}
    style=${styleMap(before > 0 ? { 'margin-inline-start': `${before}px` } : {})}
  >${column === undefined || (key !== undefined && grid.canOrderAt) ? sortButton(grid, one.id, at, title, under) : plainHeader(title, under)}</div>`;
}

function plainHeader(title: string, under: string): unknown {
  return html`<span class="sort"><span>${title}</span>${under ? html`<span>${under}</span>` : nothing}</span>`;
}

function sortButton(
  grid: PivotGrid,
  by: string,
  at: { readonly values: readonly Literal[] } | undefined,
  title: string,
  under: string,
): unknown {
  const state = sorting(grid, by, at);
  const name = under ? `${title}, ${under}` : title;
  return html`<button class="sort" tabindex="-1" aria-label=${msg(str`Order by ${name}`)} title=${name} @click=${() => grid.order(by, at)}>
    <span class=${state === 'none' ? '' : 'by'}>${state === 'none' ? nothing : icon(state === 'ascending' ? 'arrow-up' : 'arrow-down')} ${title}</span>
    ${under ? html`<span>${under}</span>` : nothing}
  </button>`;
}

function sorting(
  { sort }: PivotGrid,
  by: string,
  at?: { readonly values: readonly Literal[] },
): 'ascending' | 'descending' | 'none' {
  const isIt = sort?.by === by && JSON.stringify(sort.at) === JSON.stringify(at);
  return isIt ? (sort.descending ? 'descending' : 'ascending') : 'none';
}

function cellClass({ active }: PivotGrid, at: CellAt, more: string): ReturnType<typeof classMap> {
  const now = active.place === at.place && active.leaf === at.leaf;
  return classMap({
    cell: true,
    now,
    ...Object.fromEntries(
      more
        .split(' ')
        .filter(Boolean)
        .map((name) => [name, true]),
    ),
  });
}
