import type { ArrayHead } from '../../protocol/array.ts';
import type { WindowQuestion } from '../../protocol/array-client.ts';
import { groupDigits } from '../exact/index-text.ts';
import { type ScrollAxis, shownItems } from './matrix-scroll.ts';
import type { MatrixCell, MatrixSize } from './matrix-selection.ts';

export const headPx = 32;
/** Rows and columns known beside what is seen. */
const aheadRows = 40n;
const aheadColumns = 8n;

/** Where the cells of an array's last two axes (or only one) lie in a view: rows of `rowPx`, under heads, beside row heads. */
export class MatrixLayout {
  readonly size: MatrixSize;
  readonly rows: ScrollAxis;
  readonly columns: ScrollAxis;
  readonly rowHeadPx: number;

  constructor(
    shape: readonly bigint[],
    dtype: ArrayHead['dtype'],
    /** Of a row, and of the view's inside. */
    px: { readonly row: number; readonly width: number; readonly height: number },
  ) {
    this.size = sizeOf(shape);
    const digits = groupDigits(this.size.rows).length;
    this.rowHeadPx = Math.max(64, Math.ceil(digits * 6.9) + 22);
    this.rows = { size: this.size.rows, itemPx: px.row, viewPx: Math.max(1, px.height - headPx) };
    this.columns = {
      size: this.size.columns,
      itemPx: cellPx(dtype),
      viewPx: Math.max(1, px.width - this.rowHeadPx),
    };
  }

  get isEmpty(): boolean {
    return this.size.rows === 0n || this.size.columns === 0n;
  }

  /** What to ask for where `top` and `left` are the first row and column, in millionths. */
  question(
    array: string,
    places: readonly bigint[],
    isFlat: boolean,
    top: bigint,
    left: bigint,
  ): WindowQuestion | undefined {
    if (this.isEmpty) return undefined;
    const shown = [
      aligned(shownItems(top, this.rows), aheadRows, this.size.rows),
      ...(isFlat ? [] : [aligned(shownItems(left, this.columns), aheadColumns, this.size.columns)]),
    ];
    return {
      array,
      start: [...places, ...shown.map(({ start }) => start)],
      end: [...places.map((place) => place + 1n), ...shown.map(({ end }) => end)],
    };
  }

  /** The cell at a point of the view, in pixels from its corner; undefined over heads and past the end. */
  cellAt(x: number, y: number, top: bigint, left: bigint): MatrixCell | undefined {
    const [right, down] = [x - this.rowHeadPx, y - headPx];
    if (down < 0 || right < 0) return undefined;
    const [rows, columns] = [shownItems(top, this.rows), shownItems(left, this.columns)];
    const row = rows.start + BigInt(Math.floor((down + rows.cutPx) / this.rows.itemPx));
    const column = columns.start + BigInt(Math.floor((right + columns.cutPx) / this.columns.itemPx));
    return row < rows.end && column < columns.end ? { row, column } : undefined;
  }
}

function sizeOf(shape: readonly bigint[]): MatrixSize {
  if (shape.length < 2) return { rows: shape[0] ?? 0n, columns: shape.length === 1 ? 1n : 0n };
  return { rows: shape[shape.length - 2]!, columns: shape[shape.length - 1]! };
}

function cellPx(dtype: ArrayHead['dtype']): number {
  if (dtype.startsWith('datetime64')) return dtype === 'datetime64[D]' ? 112 : 244;
  if (dtype === 'int64' || dtype === 'uint64') return 214;
  return dtype === 'float64' ? 184 : 120;
}

/** Items to ask for: what is seen and some more, by whole steps, so that a little scrolling asks nothing new. */
function aligned(
  { start, end }: { readonly start: bigint; readonly end: bigint },
  step: bigint,
  size: bigint,
): { start: bigint; end: bigint } {
  const from = (start / step) * step - step;
  const to = ((end + step - 1n) / step) * step + step;
  return { start: from < 0n ? 0n : from, end: to > size ? size : to };
}
