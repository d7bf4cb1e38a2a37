import { typeOf } from '../arrow/column-data.ts';
import { ExaError } from '../protocol/errors.ts';
import { ColumnEvidence } from './column-evidence.ts';
import { type ColumnFacts, FactsCounter, factsOf, type KeyPair, PairCounter } from './column-facts.ts';
import { NotUtf8 } from './decode-text.ts';
import { type CsvForm, guessCsvForm } from './delimiter.ts';
import { detectEncoding, detectFormat, type Encoding, type FileFormat, isGzip } from './detect.ts';
import type { ImportOptions } from './import-options.ts';
import { type ColumnReading, type Doubt, inferColumns } from './infer.ts';
import { uniqueNames } from './names.ts';
import { parseMoment } from './parse-date.ts';
import { numberShape } from './parse-number.ts';
import { type RowNotes, several } from './raw-rows.ts';
import { firstBytes, gunzip, type ImportSource } from './source.ts';
import { nullTest, rawRows, type TextFile } from './text-file.ts';
import { textAt } from './typed-batch.ts';
import { typedBatches } from './typed-file.ts';

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
  if (csv && raw.every((cell) => numberShape(cell.trim(), '.') || parseMoment(cell.trim())))
    said.push('The first row was read as the column names, but looks like data: put a header above it.');
  const local = named.filter(
    (column, i) => column.local > 0 && inferred.readings[i]!.type.kind === 'timestamp',
  );
  if (local.length > 0 && options.zone === undefined)
    said.push(`Times without a zone (${local.map(({ name }) => name).join(', ')}) are read as UTC.`);
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

function unpacked(source: ImportSource): Pick<ImportSource, 'open'> {
  return { open: (options) => gunzip(source.name, source.open(options)) };
}

function rowNotes({ skipped, padded }: RowNotes): string[] {
  return [
    ...(skipped > 0 ? [`${several(skipped, 'row')} with too many or too few cells left out.`] : []),
    ...(padded > 0 ? [`${several(padded, 'row')} with too many or too few cells cut or padded.`] : []),
  ];
}
