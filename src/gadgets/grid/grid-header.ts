import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ColumnRef } from '../../protocol/query.ts';
import { icon } from '../icons.ts';
import type { GridOrder } from './grid.query.ts';
import type { GridColumn } from './grid-columns.ts';

/** What a grid's header shows and what its buttons do. */
export interface GridHeader {
  readonly columns: readonly GridColumn[];
  /** Headings over runs of columns; more than one row of headers only when some are linked. */
  readonly groups: readonly { readonly link: string | undefined; readonly span: number }[];
  readonly order: GridOrder | undefined;
  /** The column whose filter is open. */
  readonly open: ColumnRef | undefined;
  readonly isFiltered: (column: ColumnRef) => boolean;
  readonly sort: (column: ColumnRef) => void;
  readonly filter: (column: ColumnRef, button: HTMLElement) => void;
}

/** Rows of headers a grid has, 1 or 2. */
export function headerRows(groups: GridHeader['groups']): number {
  return groups.some(({ link }) => link !== undefined) ? 2 : 1;
}

/** Headings, sort buttons (`aria-sort`) and filter buttons. */
export function gridHeader(header: GridHeader): unknown {
  const rows = headerRows(header.groups);
  return html`<div class="head" role="rowgroup">
    ${
      rows === 2
        ? html`<div class="row groups" role="row" aria-rowindex="1">
            ${header.groups.map(
              ({ link, span }) =>
                html`<div class="cell" role="columnheader" aria-colspan=${span} style="grid-column:span ${span}">
                  ${link ?? nothing}
                </div>`,
            )}
          </div>`
        : nothing
    }
    <div class="row" role="row" aria-rowindex=${rows}>
      ${header.columns.map((column, index) => cell(header, column, index))}
    </div>
  </div>`;
}

function cell(
  header: GridHeader,
  { column, heading, numeric, type, sortable }: GridColumn,
  index: number,
): unknown {
  const { order } = header;
  const sorted = order?.column === column ? (order.descending ? 'descending' : 'ascending') : undefined;
  return html`<div
    class=${numeric ? 'cell number' : 'cell'}
    role="columnheader"
    aria-colindex=${index + 1}
    aria-sort=${sorted ?? nothing}
  >
    ${
      sortable
        ? html`<button class="by" @click=${() => header.sort(column)} title=${heading}>
            <span>${heading}</span>${sorted ? icon(sorted === 'descending' ? 'arrow-down' : 'arrow-up') : nothing}
          </button>`
        : html`<span class="by" title=${heading}><span>${heading}</span></span>`
    }
    ${
      type
        ? html`<button
            class=${header.isFiltered(column) ? 'menu filtered' : 'menu'}
            aria-label=${msg(str`Filter ${heading}`)}
            aria-haspopup="dialog"
            aria-expanded=${header.open === column}
            @click=${(event: MouseEvent) => header.filter(column, event.currentTarget as HTMLElement)}
          >${icon('filter')}</button>`
        : nothing
    }
  </div>`;
}
