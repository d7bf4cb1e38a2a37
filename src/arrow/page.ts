import { ExaError } from '../protocol/errors.ts';
import type { ColumnData } from './column-data.ts';
import { encodeColumns } from './columns-stream.ts';
import { decodeColumns } from './read-columns.ts';

/** A page: an Arrow IPC stream of one column named `v`. */
export function encodePage(data: ColumnData): Uint8Array {
  return encodeColumns({ v: data });
}

/** Throws `corrupt` when `bytes` are not a page. The values are views of `bytes` where possible. */
export function decodePage(bytes: Uint8Array): ColumnData {
  const page = decodeColumns(bytes).v;
  if (!page) throw new ExaError('corrupt', 'The bytes received are not a page.');
  return page;
}
