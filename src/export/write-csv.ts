import type { ColumnData } from '../arrow/column-data.ts';
import { joined } from '../arrow/joined.ts';
import { defused } from '../protocol/formula-safe.ts';
import { cellBytes } from './cell-bytes.ts';
import type { Bytes, Encoder, EncoderOptions } from './encoder.ts';

const encoder = new TextEncoder();
const comma = 44;
const carriageReturn = 13;
const lineFeed = 10;
/** Room made for the rows of a batch at first; doubled as they need more. */
const firstBytes = 2 ** 20;

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
  const rowBytes = cells.reduce((sum, { maxBytes }) => sum + maxBytes + 1, 1);
  let bytes = new Uint8Array(Math.max(firstBytes, rowBytes));
  let end = 0;
  for (let row = 0; row < rows; row++) {
    if (end + rowBytes > bytes.length)
      bytes = joined([bytes.subarray(0, end), new Uint8Array(Math.max(bytes.length, rowBytes))]);
    for (let c = 0; c < cells.length; c++) {
      if (c > 0) bytes[end++] = comma;
      end = cells[c]!.write(bytes, end, row);
    }
    bytes[end++] = carriageReturn;
    bytes[end++] = lineFeed;
  }
  return bytes.slice(0, end);
}

/** A text as a CSV cell: quoted where it must be. */
export function csvText(text: string): string {
  const safe = defused(text);
  return safe === '' || /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
