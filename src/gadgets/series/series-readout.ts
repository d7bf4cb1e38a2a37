import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { type AxisScale, nameOf } from '../exact/axis.ts';
import { shortNumber } from '../exact/element-text.ts';
import { groupDigits } from '../exact/index-text.ts';
import type { Formats } from '../format.ts';
import type { Gap } from './series-canvas.ts';
import { cellAt, kindOfCell, type SeriesCells } from './series-cells.ts';

/** What is under the pointer, of the first of `stack` that has it: the exact row, or the rows of a cell. */
export function seriesReadout(
  stack: Iterable<SeriesCells>,
  index: bigint,
  words: {
    readonly scale: AxisScale;
    readonly formats: Formats;
    gapText(kind: Gap['kind']): string;
    exactText(value: number): string;
  },
): unknown {
  for (const cells of stack) {
    const cell = cellAt(cells, index);
    if (cell === undefined) continue;
    const kind = kindOfCell(cells, cell);
    const name = nameOf(index, words.scale);
    if (cells.step === 1n) {
      const value =
        kind === 'numbers'
          ? words.exactText(cells.mean[cell]!)
          : kind === 'nans'
            ? 'NaN'
            : words.gapText(kind);
      return html`${msg(str`Row ${name}`)} · <b>${value}</b>`;
    }
    const first = cells.first + cells.step * BigInt(cell);
    const rows = msg(str`Rows ${groupDigits(first)} to ${groupDigits(first + cells.step - 1n)}`);
    if (kind !== 'numbers') return html`${rows} · ${kind === 'nans' ? 'NaN' : words.gapText(kind)}`;
    const [low, mean, high] = [cells.min[cell]!, cells.mean[cell]!, cells.max[cell]!].map((value) =>
      shortNumber(value, words.formats),
    );
    return html`${rows} · ${msg(html`mean <b>${mean}</b>, ${low} to ${high}`)}`;
  }
  return nothing;
}
