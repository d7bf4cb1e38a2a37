import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { Dtype } from '../../protocol/array.ts';
import type { ArrayCoverage } from '../../protocol/array-client.ts';
import { arrayTakeAway, indexColumn, numberColumn } from '../exact/array-take-away.ts';
import { type AxisScale, nameOf } from '../exact/axis.ts';
import { elementText, isWide } from '../exact/element-text.ts';
import type { Extent } from '../exact/extent.ts';
import type { Formats } from '../format.ts';
import type { TakeAway } from '../take-away/take-away.ts';
import { cellsIn, kindOfCell, type SeriesCells } from './series-cells.ts';

/** Most lines of the table behind a series. */
const mostLines = 200;

/** The cells in view as a table: exact rows where a cell is one, else from which row on, with its extremes and mean. */
export function seriesTable(
  name: string,
  cells: SeriesCells,
  extent: Extent,
  { scale, dtype, fill, formats }: { scale: AxisScale; dtype: Dtype; fill: string; formats: Formats },
): unknown {
  const { start, end } = cellsIn(cells, extent);
  const isExact = cells.step === 1n;
  const lines = Array.from({ length: Math.min(end - start, mostLines) }, (_, i) => start + i);
  const value = (number: number | undefined): string =>
    number === undefined || Number.isNaN(number)
      ? '—'
      : elementText(number, isExact ? dtype : 'float64', formats);
  return html`<div class="table" tabindex="0" role="region" aria-label=${name}>
    <table>
      <thead>
        <tr>
          <th scope="col">${isExact ? msg('Row') : msg('From row')}</th>
          <th scope="col">${isExact ? msg('Value') : msg('Mean')}</th>
          ${isExact ? nothing : html`<th scope="col">${msg('Lowest')}</th><th scope="col">${msg('Highest')}</th>`}
        </tr>
      </thead>
      <tbody>
        ${lines.map((i) => {
          const kind = kindOfCell(cells, i);
          const text =
            kind === 'numbers'
              ? value(cells.mean[i])
              : kind === 'nans'
                ? 'NaN'
                : kind === 'away'
                  ? msg('Not on this device')
                  : isExact
                    ? fill
                    : msg('Unwritten');
          return html`<tr>
            <th scope="row">${nameOf(cells.first + cells.step * BigInt(i), scale)}</th>
            <td>${text}</td>
            ${isExact ? nothing : html`<td>${value(cells.min[i])}</td><td>${value(cells.max[i])}</td>`}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

/** All cells in view as columns: the row, then the value, or mean, lowest and highest; null where none is known. */
export function seriesColumns(cells: SeriesCells, extent: Extent): readonly ColumnData[] {
  const { start, end } = cellsIn(cells, extent);
  const length = end - start;
  const values = (of: Float64Array) =>
    numberColumn(length, (i) => {
      const kind = kindOfCell(cells, start + i);
      return kind === 'numbers' ? of[start + i] : kind === 'nans' ? Number.NaN : undefined;
    });
  const rows = indexColumn(length, (i) => cells.first + cells.step * BigInt(start + i));
  return cells.step === 1n
    ? [rows, values(cells.mean)]
    : [rows, values(cells.mean), values(cells.min), values(cells.max)];
}

/** The cells in view, one a line, to take away. */
export function seriesTakeAway(
  title: string,
  cells: SeriesCells,
  extent: Extent,
  coverage: ArrayCoverage,
  dtype: Dtype,
): TakeAway {
  const names =
    cells.step === 1n
      ? [msg('Row'), msg('Value')]
      : [msg('From row'), msg('Mean'), msg('Lowest'), msg('Highest')];
  return arrayTakeAway({
    title,
    names,
    make: () => seriesColumns(cells, extent),
    coverage,
    approximate: isWide(dtype) ? names.slice(1) : [],
  });
}
