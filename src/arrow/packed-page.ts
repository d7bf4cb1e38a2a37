import { ExaError } from '../protocol/errors.ts';
import { byteSize, type ColumnData } from './column-data.ts';
import { fromArrow, isPacked } from './from-arrow.ts';
import { columnOf, openColumns } from './read-columns.ts';

/** A page in memory: as kernels read it, or as narrow as it is stored. */
export type Page = ColumnData | PackedPage;

/** A page whose values are unpacked when somebody reads them: memory touched for the first time costs more than widening. */
export interface PackedPage {
  readonly kind: 'packed';
  readonly length: number;
  readonly bytes: number;
  /** The column, a new one each time; its values lie in `room` (eight bytes a row) where given, and stand as long as that does. */
  unpack(room?: ArrayBuffer): ColumnData;
}

/** A page of which nothing is copied that can be a view of `bytes`. Throws `corrupt` when they are not a page. */
export function openPage(bytes: Uint8Array): Page {
  const column = openColumns(bytes).find(({ name }) => name === 'v');
  const [part, more] = column?.parts ?? [];
  if (!column || !part) throw new ExaError('corrupt', 'The bytes received are not a page.');
  const { field, data } = part;
  if (more || !isPacked(field, data)) return columnOf(column);
  return {
    kind: 'packed',
    length: data.length,
    bytes: data.values.byteLength + (data.nullBitmap?.byteLength ?? 0),
    unpack: (room) => fromArrow(field, data, room),
  };
}

export function unpacked(page: Page): ColumnData {
  return page.kind === 'packed' ? page.unpack() : page;
}

/** Bytes a page takes in memory, for byte budgets. */
export function pageBytes(page: Page): number {
  return page.kind === 'packed' ? page.bytes : byteSize(page);
}
