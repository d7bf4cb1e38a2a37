import { typeOf } from '../arrow/column-data.ts';
import { readArrowTable } from '../arrow/foreign-table.ts';
import { blockRows, type ColumnType } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import { ColumnBuilder } from './column-builder.ts';
import { ColumnEvidence } from './column-evidence.ts';
import { type ColumnFacts, FactsCounter, factsOf, type KeyPair, PairCounter } from './column-facts.ts';
import { decodeText, NotUtf8 } from './decode-text.ts';
import { type CsvForm, type Delimiter, guessCsvForm } from './delimiter.ts';
import { detectEncoding, detectFormat, type Encoding, type FileFormat, isGzip } from './detect.ts';
import { type BadPolicy, type ColumnReading, type Doubt, inferColumns, quote } from './infer.ts';
import { uniqueNames } from './names.ts';
import type { DateOrder } from './parse-date.ts';
import type { DecimalMark } from './parse-number.ts';
import { counted, type RaggedPolicy, type RawBatch, type RowNotes } from './raw-rows.ts';
import { readCsv } from './read-csv.ts';
import { readNdjson } from './read-ndjson.ts';
import { readParquet } from './read-parquet.ts';
import { bytesSource, firstBytes, gunzip, type ImportSource } from './source.ts';
import { convertColumn, cutBatch, type TypedBatch, textAt, typeName } from './typed-batch.ts';
import { localToUtc } from './zone.ts';

/** How a file is to be read; what is left out is decided by its data. */
export interface ImportOptions {
  /** A value that does not fit its column. Default `stop`. */
  readonly onBad?: BadPolicy;
  /** A row with too many or too few cells. Default: `skip` when `onBad` is, else `stop`. */
  readonly ragged?: RaggedPolicy;
  readonly dateOrder?: DateOrder;
  readonly decimal?: DecimalMark;
  readonly delimiter?: Delimiter;
  /** IANA zone of times written without one. Default `UTC`. */
  readonly zone?: string;
  /** Unquoted texts that mean a missing value. Default {@link nullTexts}. */
  readonly nulls?: readonly string[];
  /** Types already decided, by column name. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  readonly progress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

export interface ImportProgress {
  readonly phase: 'inspect' | 'read';
  readonly rows: number;
  /** Known in the second pass. */
  readonly rowsTotal?: number;
}

/** What a first pass over all rows found out. */
export interface Inspection {
  readonly format: FileFormat;
  readonly gzip: boolean;
  readonly encoding?: Encoding;
  readonly csv?: CsvForm;
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
  readonly pairs: readonly KeyPair[];
  /** Of text formats: how each column is read. */
  readonly readings?: readonly ColumnReading[];
  /** What the caller must decide before the file can be read. */
  readonly doubts: readonly Doubt[];
  /** What was noticed and done, a sentence each. */
  readonly notes: readonly string[];
}

/** Texts that mean a missing value. `NA` is not among them: it is Namibia. */
export const nullTexts = ['', 'NULL', 'null', 'N/A', 'n/a', '#N/A', '\\N'] as const;

const sampleBytes = 1 << 18;

/**
 * Reads all of a file once and says what is in it: format, columns with types, rows, doubts.
 * Throws `invalid`, one sentence, for a file that cannot be imported.
 */
export async function inspectFile(source: ImportSource, options: ImportOptions = {}): Promise<Inspection> {
  const { signal } = options;
  if (source.byteLength === 0)
    throw new ExaError('invalid', `The file ${source.name} is empty: there is nothing to import.`);
  const gzip = isGzip(await firstBytes(source.open({ signal }), 4));
  const opened = gzip ? unpacked(source) : source;
  const head = await firstBytes(opened.open({ signal }), sampleBytes);
  const format = detectFormat(source.name, head);
  if (format === 'parquet' || format === 'arrow') return inspectTyped(source, format, gzip, options);
  const { encoding, sure } = detectEncoding(source.name, head);
  try {
    return await inspectText(source, { format, gzip, encoding }, head, options);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    if (sure)
      throw new ExaError(
        'invalid',
        `The file ${source.name} says it is UTF-8 but holds other bytes: save it again.`,
      );
    return inspectText(source, { format, gzip, encoding: 'windows-1252' }, head, options);
  }
}

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

interface TextFile {
  readonly format: 'csv' | 'ndjson';
  readonly gzip: boolean;
  readonly encoding: Encoding;
}

async function inspectText(
  source: ImportSource,
  file: TextFile,
  head: Uint8Array,
  options: ImportOptions,
): Promise<Inspection> {
  const sample = new TextDecoder(file.encoding).decode(head);
  const guessed = file.format === 'csv' ? guessCsvForm(sample) : undefined;
  const csv = guessed && { ...guessed, delimiter: options.delimiter ?? guessed.delimiter };
  const notes: RowNotes = { skipped: 0, padded: 0 };
  const isNull = nullTest(options.nulls);
  const evidence: ColumnEvidence[] = [];
  let pairs: PairCounter | undefined;
  let raw: readonly string[] | undefined;
  let rows = 0;
  for await (const batch of rawRows(source, { ...file, csv }, options, notes)) {
    options.signal?.throwIfAborted();
    raw = batch.names;
    pairs ??= new PairCounter(raw);
    const indexOf = new Map(raw.map((name, i) => [name, i]));
    for (const { row, cells, quoted } of batch.rows) {
      rows++;
      while (evidence.length < raw.length) evidence.push(new ColumnEvidence(raw[evidence.length]!, rows - 1));
      for (let i = 0; i < evidence.length; i++) {
        const cell = cells[i] ?? null;
        const isQuoted = quoted?.[i] === true;
        if (cell === null || (!isQuoted && isNull(cell))) evidence[i]!.addNull(row);
        else evidence[i]!.add(cell, row, isQuoted);
      }
      pairs.add((name) => {
        const cell = cells[indexOf.get(name)!] ?? null;
        return cell === null || isNull(cell) ? null : cell;
      }, row);
    }
    options.progress?.({ phase: 'inspect', rows });
  }
  if (!raw || raw.length === 0)
    throw new ExaError('invalid', `The file ${source.name} holds no columns: there is nothing to import.`);
  while (evidence.length < raw.length) evidence.push(new ColumnEvidence(raw[evidence.length]!, rows));
  const { names, changes } = uniqueNames(raw);
  const named = evidence.map((column, i) => Object.assign(column, { name: names[i]! }));
  const inferred = inferColumns(named, {
    onBad: options.onBad ?? 'stop',
    dateOrder: options.dateOrder,
    decimal: options.decimal,
    types: options.types,
    semicolons: csv?.delimiter === ';',
  });
  const said = [...changes, ...rowNotes(notes), ...inferred.notes];
  if (file.encoding === 'windows-1252')
    said.push('The text is not UTF-8; it was read as Latin-1 (windows-1252).');
  if (rows === 0) said.push('The file has a header but no rows.');
  return {
    ...file,
    csv,
    rows,
    columns: named.map((column, i) => factsOf(column, inferred.readings[i]!.type)),
    pairs: pairs?.result() ?? [],
    readings: inferred.readings,
    doubts: inferred.doubts,
    notes: said,
  };
}

async function* rawRows(
  source: ImportSource,
  file: TextFile & { readonly csv?: CsvForm },
  options: ImportOptions,
  notes: RowNotes,
): AsyncIterable<RawBatch> {
  const { name } = source;
  const ragged = options.ragged ?? (options.onBad === 'skip' ? 'skip' : 'stop');
  const bytes = source.open({ signal: options.signal });
  const texts = decodeText(name, file.gzip ? gunzip(name, bytes) : bytes, file.encoding);
  if (file.csv) yield* readCsv(name, texts, file.csv, { ragged, notes });
  else yield* readNdjson(name, texts, { bad: ragged, notes });
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

async function inspectTyped(
  source: ImportSource,
  format: 'parquet' | 'arrow',
  gzip: boolean,
  options: ImportOptions,
): Promise<Inspection> {
  let facts: FactsCounter[] | undefined;
  let pairs: PairCounter | undefined;
  let rows = 0;
  for await (const batch of typedBatches(source, { format, gzip }, options)) {
    options.signal?.throwIfAborted();
    const entries = Object.entries(batch.columns);
    facts ??= entries.map(([name, data]) => new FactsCounter(name, typeOf(data)));
    pairs ??= new PairCounter(Object.keys(batch.columns));
    entries.forEach(([, data], i) => {
      facts![i]!.add(data, rows);
    });
    const byName = batch.columns;
    for (let i = 0; i < batch.rows; i++) pairs.add((name) => textAt(byName[name]!, i), rows + i + 1);
    rows += batch.rows;
    options.progress?.({ phase: 'inspect', rows });
  }
  if (!facts || facts.length === 0)
    throw new ExaError('invalid', `The file ${source.name} holds no columns: there is nothing to import.`);
  return {
    format,
    gzip,
    rows,
    columns: facts.map((column) => column.result()),
    pairs: pairs?.result() ?? [],
    doubts: [],
    notes: rows === 0 ? ['The file has columns but no rows.'] : [],
  };
}

async function* typedBatches(
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
  const bytes = source.open({ signal: options.signal });
  for await (const batch of readArrowTable(source.name, gzip ? gunzip(source.name, bytes) : bytes)) {
    const { names } = uniqueNames(batch.names);
    const columns = batch.columns.map((data, i) =>
      data.kind === 'timestamp' && batch.local[i] ? { ...data, values: data.values.map(toUtc) } : data,
    );
    yield { columns: Object.fromEntries(names.map((name, i) => [name, columns[i]!])), rows: batch.rows };
  }
}

function unpacked(source: ImportSource): Pick<ImportSource, 'open'> {
  return { open: (options) => gunzip(source.name, source.open(options)) };
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

function nullTest(nulls: readonly string[] = nullTexts): (text: string) => boolean {
  const known = new Set(nulls);
  const longest = Math.max(0, ...nulls.map((text) => text.length));
  const edge = (code: number) => code === 32 || code === 9;
  return (text) => {
    if (text.length <= longest) return known.has(text) || known.has(text.trim());
    return (edge(text.charCodeAt(0)) || edge(text.charCodeAt(text.length - 1))) && known.has(text.trim());
  };
}

function badValue(row: number, { name, type }: ColumnReading, cell: string): ExaError {
  return new ExaError(
    'invalid',
    `Row ${counted(row)}, column ${name}: ${quote(cell)} is not ${typeName(type)}: mend it, or skip such rows.`,
    { facts: { row, column: name, value: cell } },
  );
}

function rowNotes({ skipped, padded }: RowNotes): string[] {
  return [
    ...(skipped > 0 ? [`${counted(skipped)} rows with too many or too few cells are left out.`] : []),
    ...(padded > 0 ? [`${counted(padded)} rows with too many or too few cells are cut or padded.`] : []),
  ];
}
