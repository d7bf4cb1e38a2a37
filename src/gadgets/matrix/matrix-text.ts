import { msg, str } from '@lit/localize';
import type { ArrayHead } from '../../protocol/array.ts';
import type { ArrayClient, Window } from '../../protocol/array-client.ts';
import { ExaError } from '../../protocol/errors.ts';
import { arrayTakeAway } from '../exact/array-take-away.ts';
import { elementText } from '../exact/element-text.ts';
import { groupDigits } from '../exact/index-text.ts';
import type { Formats } from '../format.ts';
import type { TakeAway } from '../take-away/take-away.ts';
import { findCell, windowColumns, windowIndices } from './matrix-rows.ts';
import { cellsOf, type MatrixRange } from './matrix-selection.ts';

/** Most cells copied at once: what one window holds. */
const mostCopied = 2n ** 16n;

/** An element as programs read it: no groups of digits, a plain minus. */
export function plainText(value: number | bigint, dtype: string, text: string): string {
  return dtype.startsWith('datetime64') || dtype === 'bool'
    ? text
    : dtype === 'float32'
      ? text.replace(/[,\s\u202f]/g, '').replace('−', '-')
      : String(value);
}

/** The elements of a window, exact, to take away. */
export function windowTakeAway(title: string, window: Window, formats: Formats): TakeAway {
  const { dtype, coverage } = window;
  const columns = windowIndices(window);
  return arrayTakeAway({
    title,
    names: [msg('Row'), ...(columns.length > 0 ? columns.map(String) : [msg('Value')])],
    make: () => windowColumns(window, (value) => plainText(value, dtype, elementText(value, dtype, formats))),
    coverage,
  });
}

/**
 * The cells of a range as tab-separated lines; `places`: indices along the axes before the last two. Throws `refused` for too
 * many, `offline` where some are not here and cannot come.
 */
export async function rangeText(
  client: Pick<ArrayClient, 'window'>,
  { id, dtype, shape }: ArrayHead,
  places: readonly bigint[],
  range: MatrixRange,
  formats: Formats,
): Promise<string> {
  if (cellsOf(range) > mostCopied)
    throw new ExaError(
      'refused',
      msg(str`At most ${groupDigits(mostCopied)} cells are copied at once: select fewer.`),
    );
  const isFlat = shape.length === 1;
  const question = {
    array: id,
    start: [...places, range.rowStart, ...(isFlat ? [] : [range.columnStart])],
    end: [...places.map((place) => place + 1n), range.rowEnd, ...(isFlat ? [] : [range.columnEnd])],
  };
  const window = await wholeWindow((observer) => client.window(question, observer));
  const lines: string[] = [];
  for (let row = range.rowStart; row < range.rowEnd; row++) {
    const line: string[] = [];
    for (let column = range.columnStart; column < range.columnEnd; column++) {
      const found = findCell([window], { row, column });
      if (!found || found.kind === 'away')
        throw new ExaError(
          'offline',
          msg('Some of these cells are not on this device. Copy them when the store can be reached.'),
        );
      line.push(plainText(found.value, dtype, elementText(found.value, dtype, formats)));
    }
    lines.push(line.join('\t'));
  }
  return lines.join('\n');
}

/** The first window that has all its cells, or says that it cannot. */
function wholeWindow(
  watch: (observer: { next(window: Window): void; failed(error: ExaError): void }) => () => void,
): Promise<Window> {
  return new Promise((resolve, reject) => {
    let stop: (() => void) | undefined;
    const end = (then: () => void): void => {
      then();
      queueMicrotask(() => stop?.());
    };
    stop = watch({
      next: (window) => {
        const { chunks, chunksTotal, settled } = window.coverage;
        if (chunks >= chunksTotal || settled || window.written.every((state) => state !== 2))
          end(() => resolve(window));
      },
      failed: (error) => end(() => reject(error)),
    });
  });
}
