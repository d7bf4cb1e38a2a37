import { msg } from '@lit/localize';
import { html } from 'lit';
import { shortNumber } from '../exact/element-text.ts';
import { elementsIn } from '../exact/extent.ts';
import { groupDigits } from '../exact/index-text.ts';
import type { Formats } from '../format.ts';
import { cellOf, kindOfMapCell, type MapCells, type MapExtent } from './map-cells.ts';

/** Rows and columns of the table behind a map. */
const mostRows = 24;
const mostColumns = 8;

/** Means of cells spread evenly over what is in view. */
export function mapTable(name: string, cells: MapCells, extent: MapExtent, formats: Formats): unknown {
  const rows = spread(elementsIn(extent.rows), mostRows);
  const columns = spread(elementsIn(extent.columns), mostColumns);
  return html`<div class="table" tabindex="0" role="region" aria-label=${name}>
    <table>
      <thead>
        <tr>
          <th scope="col">${msg('Row')}</th>
          ${columns.map((column) => html`<th scope="col">${groupDigits(column)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr>
            <th scope="row">${groupDigits(row)}</th>
            ${columns.map((column) => html`<td>${textAt(cells, row, column, formats)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function textAt(cells: MapCells, row: bigint, column: bigint, formats: Formats): string {
  const i = cellOf(cells, row, column);
  const kind = i === undefined ? 'away' : kindOfMapCell(cells, i);
  if (i === undefined || kind === 'away') return '·';
  return kind === 'numbers' ? shortNumber(cells.mean[i]!, formats) : kind === 'nans' ? 'NaN' : '—';
}

function spread({ start, end }: { start: bigint; end: bigint }, most: number): bigint[] {
  const count = end - start < BigInt(most) ? Number(end - start) : most;
  return Array.from({ length: count }, (_, i) => start + ((end - start) * BigInt(i)) / BigInt(count));
}
