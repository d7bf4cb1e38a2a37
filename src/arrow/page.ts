import type { ColumnData } from './column-data.ts';
import { encodeColumns } from './columns-stream.ts';
import { openPage, unpacked } from './packed-page.ts';

/** A page: an Arrow IPC stream of one column named `v`. */
export function encodePage(data: ColumnData): Uint8Array {
  return encodeColumns({ v: data });
}

/** Throws `corrupt` when `bytes` are not a page. The values are views of `bytes` where possible. */
export function decodePage(bytes: Uint8Array): ColumnData {
  return unpacked(openPage(bytes));
}
