import { msg } from '@lit/localize';
import { html } from 'lit';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { Dtype } from '../../protocol/array.ts';
import type { ArrayCoverage } from '../../protocol/array-client.ts';
import { arrayTakeAway, indexColumn, numberColumn } from '../exact/array-take-away.ts';
import { isWide, shortNumber } from '../exact/element-text.ts';
import { elementsIn, type IndexRange } from '../exact/extent.ts';
import { groupDigits } from '../exact/index-text.ts';
import type { Formats } from '../format.ts';
import type { TakeAway } from '../take-away/take-away.ts';
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

/** All cells in view as columns: row and column, then the value, or mean, lowest and highest; null where none is known. */
export function mapColumns(cells: MapCells, extent: MapExtent): readonly ColumnData[] {
  const within = (first: bigint, step: bigint, count: number, { start, end }: IndexRange): number[] =>
    Array.from({ length: count }, (_, i) => i).filter((i) => {
      const at = first + step * BigInt(i);
      return at < end && at + step > start;
    });
  const down = within(cells.rowFirst, cells.rowStep, cells.rows, elementsIn(extent.rows));
  const across = within(cells.columnFirst, cells.columnStep, cells.columns, elementsIn(extent.columns));
  const length = down.length * across.length;
  const rowOf = (i: number): number => down[Math.floor(i / across.length)]!;
  const columnOf = (i: number): number => across[i % across.length]!;
  const values = (of: Float64Array): ColumnData =>
    numberColumn(length, (i) => {
      const place = rowOf(i) * cells.columns + columnOf(i);
      const kind = kindOfMapCell(cells, place);
      return kind === 'numbers' ? of[place] : kind === 'nans' ? Number.NaN : undefined;
    });
  const isExact = cells.rowStep === 1n && cells.columnStep === 1n;
  return [
    indexColumn(length, (i) => cells.rowFirst + cells.rowStep * BigInt(rowOf(i))),
    indexColumn(length, (i) => cells.columnFirst + cells.columnStep * BigInt(columnOf(i))),
    values(cells.mean),
    ...(isExact ? [] : [values(cells.min), values(cells.max)]),
  ];
}

/** The cells in view, one a line, to take away. */
export function mapTakeAway(
  title: string,
  cells: MapCells,
  extent: MapExtent,
  coverage: ArrayCoverage,
  dtype: Dtype | undefined,
): TakeAway {
  const isExact = cells.rowStep === 1n && cells.columnStep === 1n;
  const values = isExact ? [msg('Value')] : [msg('Mean'), msg('Lowest'), msg('Highest')];
  return arrayTakeAway({
    title,
    names: [msg('Row'), msg('Column'), ...values],
    make: () => mapColumns(cells, extent),
    coverage,
    approximate: dtype && isWide(dtype) ? values : [],
  });
}
