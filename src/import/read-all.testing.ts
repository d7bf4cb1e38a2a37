import { existsSync, readFileSync } from 'node:fs';
import type { ColumnType } from '../protocol/column.ts';
import type { ImportOptions } from './import-options.ts';
import { type Inspection, inspectFile } from './inspect-file.ts';
import { readBatches } from './read-batches.ts';
import { bytesSource, type ImportSource } from './source.ts';
import { textAt } from './typed-batch.ts';

export interface ReadTable {
  readonly inspection: Inspection;
  readonly types: Record<string, ColumnType>;
  /** Values as text, row by row; null where missing. */
  readonly rows: (string | null)[][];
}

/** Inspects and reads a whole source. */
export async function readAll(source: ImportSource, options: ImportOptions = {}): Promise<ReadTable> {
  const inspection = await inspectFile(source, options);
  const rows: (string | null)[][] = [];
  for await (const batch of readBatches(source, inspection, options)) {
    const columns = inspection.columns.map((column) => batch.columns[column.name]!);
    for (let i = 0; i < batch.rows; i++) rows.push(columns.map((column) => textAt(column, i)));
  }
  const types = Object.fromEntries(inspection.columns.map((column) => [column.name, column.type]));
  return { inspection, types, rows };
}

/** A text as a file, in small pieces so that cuts fall everywhere. */
export function textSource(name: string, text: string, chunkBytes = 7): ImportSource {
  return bytesSource(name, new TextEncoder().encode(text), chunkBytes);
}

/** A file of the shared data where present. */
export function sharedFile(path: string): ImportSource | undefined {
  const url = new URL(`../../../shared/data/${path}`, import.meta.url);
  return existsSync(url) ? bytesSource(path.split('/').at(-1)!, readFileSync(url)) : undefined;
}
