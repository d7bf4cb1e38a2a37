import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ColumnRef } from '../../protocol/query.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';
import type { GridColumn } from './grid-columns.ts';

/** What stands above a grid. */
export interface GridBar {
  readonly rows: number;
  /** Rows that came since, not yet shown. */
  readonly waiting: number;
  readonly columns: readonly GridColumn[];
  /** The column sorted by; empty for none. */
  readonly order: ColumnRef | '';
  /** Unsorted rows come newest first. */
  readonly newestFirst: boolean;
  readonly selecting: boolean;
  readonly formats: Formats;
  readonly showNew: () => void;
  readonly sort: (column: ColumnRef | '') => void;
  readonly copy: () => void;
  /** The card's menu. */
  readonly menu: unknown;
}

/** The exact count, new rows to show, the order (on phones, where headers are hidden), and Copy. */
export function gridBar(bar: GridBar): unknown {
  const count = bar.formats.number(bar.rows);
  const sortable = bar.columns.filter((column) => column.sortable);
  const fresh = bar.formats.number(bar.waiting);
  return html`<div class="bar">
    <span>${bar.rows === 1 ? msg('1 row') : msg(str`${count} rows`)}</span>
    ${bar.newestFirst && bar.order === '' && bar.rows > 1 ? html`<span class="meta">${msg('Newest first')}</span>` : nothing}
    ${
      bar.waiting > 0
        ? html`<button class="button quiet small new" @click=${bar.showNew}>${msg(str`${fresh} new · show`)}</button>`
        : nothing
    }
    <span class="spacer"></span>
    <select
      class="sort"
      aria-label=${msg('Sort by')}
      @change=${(event: Event) => bar.sort((event.target as HTMLSelectElement).value)}
    >
      <option value="" ?selected=${bar.order === ''}>${bar.newestFirst ? msg('Newest first') : msg('As they came')}</option>
      ${sortable.map(
        ({ column, label }) =>
          html`<option value=${column} ?selected=${bar.order === column}>${label}</option>`,
      )}
    </select>
    ${
      bar.selecting
        ? html`<button class="button quiet small" @click=${bar.copy}>${icon('copy')}${msg('Copy')}</button>`
        : nothing
    }
    ${bar.menu}
  </div>`;
}
