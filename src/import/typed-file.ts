import { readArrowTable } from '../arrow/foreign-table.ts';
import { ExaError } from '../protocol/errors.ts';
import type { FileFormat } from './detect.ts';
import type { ImportOptions } from './import-options.ts';
import { uniqueNames } from './names.ts';
import { readParquet } from './read-parquet.ts';
import { bytesSource, gunzip, type ImportSource } from './source.ts';
import { convertColumn, cutBatch, type TypedBatch } from './typed-batch.ts';
import { localToUtc } from './zone.ts';

/** Batches of a Parquet or Arrow file, of the types `options.types` asks for; at most 65 536 rows each. */
export async function* typedBatches(
  source: ImportSource,
  { format, gzip }: { readonly format: FileFormat; readonly gzip: boolean },
  options: ImportOptions,
): AsyncIterable<TypedBatch> {
  const toUtc = localToUtc(options.zone ?? 'UTC');
  const batches =
    format === 'parquet'
      ? readParquet(gzip ? await inMemory(source) : source, toUtc, options)
      : arrowBatches(source, gzip, toUtc, options);
  let rows = 0;
  for await (const batch of batches) {
    const columns = Object.fromEntries(
      Object.entries(batch.columns).map(([name, data]) => {
        const type = options.types?.[name];
        return [name, type ? convertColumn(name, data, type, rows) : data];
      }),
    );
    rows += batch.rows;
    yield* cutBatch({ columns, rows: batch.rows });
  }
}

async function* arrowBatches(
  source: ImportSource,
  gzip: boolean,
  toUtc: (localMs: number) => number,
  options: ImportOptions,
): AsyncIterable<TypedBatch> {
  if (!gzip) await checkArrowEnd(source);
  const bytes = source.open({ signal: options.signal });
  for await (const batch of readArrowTable(source.name, gzip ? gunzip(source.name, bytes) : bytes)) {
    const { names } = uniqueNames(batch.names);
    const columns = batch.columns.map((data, i) =>
      data.kind === 'timestamp' && batch.local[i] ? { ...data, values: data.values.map(toUtc) } : data,
    );
    yield { columns: Object.fromEntries(names.map((name, i) => [name, columns[i]!])), rows: batch.rows };
  }
}

/** An Arrow file ends as it begins; a stream has no such mark. Throws `invalid` for a file that lost its end. */
async function checkArrowEnd(source: ImportSource): Promise<void> {
  const mark = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes) === 'ARROW1';
  if (!mark(await source.slice(0, 6))) return;
  if (mark(await source.slice(source.byteLength - 6, source.byteLength))) return;
  throw new ExaError(
    'invalid',
    `The file ${source.name} is cut short or damaged: its Arrow data cannot be read to the end. Get the file again.`,
  );
}

async function inMemory(source: ImportSource): Promise<ImportSource> {
  const parts: Uint8Array[] = [];
  for await (const chunk of gunzip(source.name, source.open())) parts.push(chunk);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytesSource(source.name, bytes);
}
