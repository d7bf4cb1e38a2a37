import type { ColumnData } from '../arrow/column-data.ts';
import { joined } from '../arrow/joined.ts';
import { defused } from '../protocol/formula-safe.ts';
import { cellBytes } from './cell-bytes.ts';
import type { Bytes, Encoder, EncoderOptions } from './encoder.ts';

const encoder = new TextEncoder();
const comma = 44;
const carriageReturn = 13;
const lineFeed = 10;

/**
 * CSV as of RFC 4180: comma, CRLF, doubled quotes, UTF-8 with a byte order mark (or Excel misreads accents). A null is an
 * empty cell, an empty text is `""`. A text that a spreadsheet would run as a formula begins with an apostrophe
 * (see {@link defused}); numbers are as they are.
 */
export function csvEncoder({ columns }: EncoderOptions): Encoder {
  let head: Bytes = encoder.encode(`\ufeff${columns.map(({ name }) => csvText(name)).join(',')}\r\n`);
  const begun = (rows: Bytes): Bytes => {
    const bytes = head.length > 0 ? joined([head, rows]) : rows;
    head = new Uint8Array(0);
    return bytes;
  };
  return {
    cut: 0,
    append: (batch) => begun(rowsBytes(batch)),
    finish: () => begun(new Uint8Array(0)),
  };
}

function rowsBytes(batch: readonly ColumnData[]): Bytes {
  const rows = batch[0]?.length ?? 0;
  const cells = batch.map((column) => cellBytes(column, csvText));
  // Commas between the cells, and the end of the line.
  const ends = new Int32Array(rows).fill(Math.max(0, cells.length - 1) + 2);
  for (const cell of cells) cell.measure(ends);
  let length = 0;
  for (let row = 0; row < rows; row++) {
    const rowBytes = ends[row]!;
    ends[row] = length;
    length += rowBytes;
  }
  const bytes = new Uint8Array(length);
  for (const [c, cell] of cells.entries()) {
    if (c > 0) for (let row = 0; row < rows; row++) bytes[ends[row]!++] = comma;
    cell.write(bytes, ends);
  }
  for (let row = 0; row < rows; row++) {
    bytes[ends[row]!] = carriageReturn;
    bytes[ends[row]! + 1] = lineFeed;
  }
  return bytes;
}

/** A text as a CSV cell: quoted where it must be. */
export function csvText(text: string): string {
  const safe = defused(text);
  return safe === '' || /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
