import type { ColumnData } from './column-data.ts';
import { type ArrowForm, layoutOf } from './column-layout.ts';
import { writeStream } from './stream-writer.ts';

/** A small table by column name; every column has the same length. */
export type Columns = Readonly<Record<string, ColumnData>>;

/** An Arrow IPC stream of one record batch, in bytes that own their buffer. The same columns give the same bytes. */
export function encodeColumns(columns: Columns, { form = 'packed' }: { form?: ArrowForm } = {}): Uint8Array {
  const layouts = Object.entries(columns).map(([name, data]) => [name, layoutOf(data, form)] as const);
  return writeStream(layouts, layouts.at(-1)?.[1].length ?? 0);
}

/** Bytes that own their whole buffer: structured clone and IndexedDB copy the buffer behind a view. */
export function exact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
