import { blockRows } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import { ColumnBuilder } from './column-builder.ts';
import type { ImportOptions } from './import-options.ts';
import { type ColumnReading, quote } from './infer.ts';
import type { Inspection } from './inspect-file.ts';
import { counted, type RowNotes } from './raw-rows.ts';
import type { ImportSource } from './source.ts';
import { nullTest, rawRows } from './text-file.ts';
import { type TypedBatch, typeName } from './typed-batch.ts';
import { typedBatches } from './typed-file.ts';
import { localToUtc } from './zone.ts';

/**
 * Typed batches of at most 65 536 rows, columns named as inspected. Rows left out are counted in `notes`.
 * Throws `invalid` for the first doubt that is still open, and for a bad row or value unless the options say otherwise.
 */
export async function* readBatches(
  source: ImportSource,
  inspection: Inspection,
  options: ImportOptions = {},
  notes: RowNotes = { skipped: 0, padded: 0 },
): AsyncIterable<TypedBatch> {
  const doubt = inspection.doubts[0];
  if (doubt)
    throw new ExaError('invalid', doubt.message, {
      facts: { doubt: doubt.kind, column: doubt.column, row: doubt.row, value: doubt.value },
    });
  const batches = inspection.readings
    ? textBatches(source, inspection, inspection.readings, options, notes)
    : typedBatches(source, inspection, options);
  let rows = 0;
  for await (const batch of batches) {
    options.signal?.throwIfAborted();
    rows += batch.rows;
    yield batch;
    options.progress?.({ phase: 'read', rows, rowsTotal: inspection.rows });
  }
}

async function* textBatches(
  source: ImportSource,
  inspection: Inspection,
  readings: readonly ColumnReading[],
  options: ImportOptions,
  notes: RowNotes,
): AsyncIterable<TypedBatch> {
  const isNull = nullTest(options.nulls);
  const toUtc = localToUtc(options.zone ?? 'UTC');
  const capacity = Math.max(1, Math.min(blockRows, inspection.rows));
  const builders = readings.map((reading) => new ColumnBuilder(reading, capacity, toUtc));
  const file = {
    format: inspection.format as 'csv' | 'ndjson',
    gzip: inspection.gzip,
    encoding: inspection.encoding!,
    csv: inspection.csv,
  };
  let filled = 0;
  const take = (): TypedBatch => {
    const columns = Object.fromEntries(
      builders.map((builder) => [builder.reading.name, builder.take(filled)]),
    );
    const batch = { columns, rows: filled };
    filled = 0;
    return batch;
  };
  for await (const batch of rawRows(source, file, options, notes)) {
    for (const { row, cells, quoted } of batch.rows) {
      let good = true;
      for (let i = 0; i < builders.length && good; i++) {
        const cell = cells[i] ?? null;
        const builder = builders[i]!;
        const missing =
          cell === null ||
          (quoted?.[i] ? cell.trim() === '' && builder.reading.type.kind !== 'text' : isNull(cell));
        good = builder.set(filled, missing ? null : cell);
        if (!good && options.onBad !== 'skip') throw badValue(row, builder.reading, cell ?? '');
      }
      if (good) filled++;
      else notes.skipped++;
      if (filled === capacity) yield take();
    }
  }
  if (filled > 0) yield take();
}

function badValue(row: number, { name, type }: ColumnReading, cell: string): ExaError {
  return new ExaError(
    'invalid',
    `Row ${counted(row)}, column ${name}: ${quote(cell)} is not ${typeName(type)}: mend it, or skip such rows.`,
    { facts: { row, column: name, value: cell } },
  );
}
