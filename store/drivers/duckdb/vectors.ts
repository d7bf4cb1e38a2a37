import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

export type Vector = ReturnType<typeof duckdb.data_chunk_get_vector>;

/** Rows DuckDB hands over at a time. */
export const vectorRows = duckdb.vector_size();

/** Bytes of a `duckdb_string_t`: length (u32), then 12 bytes of text, or 4 of prefix and a pointer to the text. */
export const stringBytes = 16;
/** Longest text kept inside its `duckdb_string_t`. */
export const inlineBytes = 12;

export function vectorOf(chunk: DuckDBDataChunk, column: number): Vector {
  return duckdb.data_chunk_get_vector(chunk.chunk, column);
}

/** The vector's own memory: gone with its chunk, so copy what is kept. */
export function vectorBytes(vector: Vector, byteCount: number): Uint8Array {
  return duckdb.vector_get_data(vector, byteCount);
}

/** The validity bitmap of `rows` rows (bit set = present), or undefined when nothing is null. */
export function vectorValidity(vector: Vector, rows: number): Uint8Array | undefined {
  const bytes: Uint8Array | null = duckdb.vector_get_validity(vector, ((rows + 63) >> 6) * 8);
  return bytes ?? undefined;
}

/** Bytes `[address, address + byteCount)` of memory that a string vector points to. */
export function bytesAt(address: number, byteCount: number): Uint8Array {
  const pointer = new BigUint64Array([BigInt(address)]);
  return duckdb.get_data_from_pointer(pointer.buffer, 0, byteCount);
}

export function copyIntoVector(vector: Vector, source: Uint8Array): void {
  duckdb.copy_data_to_vector(vector, 0, source.buffer as ArrayBuffer, source.byteOffset, source.byteLength);
}

/** Writes a bitmap (bit set = present) over the vector's first rows; the chunk must be fresh or reset. */
export function copyValidity(vector: Vector, bits: Uint8Array): void {
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(
    vector,
    0,
    bits.buffer as ArrayBuffer,
    bits.byteOffset,
    bits.byteLength,
  );
}

export function assignText(vector: Vector, row: number, bytes: Uint8Array): void {
  duckdb.vector_assign_string_element_len(vector, row, bytes);
}
