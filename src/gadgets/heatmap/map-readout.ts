import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import { elementText, shortNumber } from '../exact/element-text.ts';
import { type Extent, elementAt, elementsIn, fractionOf, parts, positionAt } from '../exact/extent.ts';
import { groupDigits } from '../exact/index-text.ts';
import type { Formats } from '../format.ts';
import { cellOf, kindOfMapCell, type MapCells, type MapExtent, meansOf } from './map-cells.ts';

export interface MapPlace {
  readonly row: bigint;
  readonly column: bigint;
}

/** The element at a place of a map, by fractions of it. */
export function placeAt(
  { rows, columns }: MapExtent,
  { x, y }: { readonly x: number; readonly y: number },
  height: bigint,
  width: bigint,
): MapPlace {
  const index = (extent: Extent, at: number, size: bigint): bigint => {
    const found = elementAt(positionAt(extent, Math.min(1, Math.max(0, at))));
    return found >= size ? size - 1n : found;
  };
  return { row: index(rows, y, height), column: index(columns, x, width) };
}

/** Lines through a place, down and across. */
export function mapCursors({ rows, columns }: MapExtent, { row, column }: MapPlace): unknown {
  const x = 100 * fractionOf(columns, column * parts + parts / 2n);
  const y = 100 * fractionOf(rows, row * parts + parts / 2n);
  return html`<div class="cursor" style="left:${x}%"></div>
    <div class="cursor across" style="top:${y}%"></div>`;
}

/** What is under the pointer, of the first of `stack` that has it: the exact element, or those of a cell. */
export function mapReadout(
  stack: readonly MapCells[],
  { row, column }: MapPlace,
  head: ArrayHead,
  formats: Formats,
): unknown {
  const place = msg(str`Row ${groupDigits(row)}, column ${groupDigits(column)}`);
  for (const cells of stack) {
    const i = cellOf(cells, row, column);
    if (i === undefined) continue;
    const kind = kindOfMapCell(cells, i);
    if (kind === 'unwritten') return html`${place} · ${msg(str`Unwritten: fill value ${String(head.fill)}`)}`;
    if (kind === 'away') return html`${place} · ${msg('Not on this device')}`;
    if (kind === 'nans') return html`${place} · NaN`;
    const [low, mean, high] = [cells.min[i]!, cells.mean[i]!, cells.max[i]!];
    if (cells.rowStep === 1n && cells.columnStep === 1n)
      return html`${place} · <b>${elementText(mean, head.dtype, formats)}</b>`;
    return html`${place} · ${msg(html`mean <b>${shortNumber(mean, formats)}</b>, ${shortNumber(low, formats)} to ${shortNumber(high, formats)}`)}`;
  }
  return nothing;
}

/** What is in view, for those who do not see it. */
export function mapSummary(cells: MapCells, extent: MapExtent, formats: Formats): string {
  const [rows, columns] = [elementsIn(extent.rows), elementsIn(extent.columns)];
  const where = msg(
    str`Rows ${groupDigits(rows.start)} to ${groupDigits(rows.end - 1n)}, columns ${groupDigits(columns.start)} to ${groupDigits(columns.end - 1n)}`,
  );
  const values = meansOf(cells);
  if (!values) return msg(str`${where}: nothing written.`);
  return msg(str`${where}: from ${shortNumber(values[0], formats)} to ${shortNumber(values[1], formats)}.`);
}
