import { decodeText } from './decode-text.ts';
import type { CsvForm } from './delimiter.ts';
import type { Encoding } from './detect.ts';
import { type ImportOptions, nullTexts } from './import-options.ts';
import type { RawBatch, RowNotes } from './raw-rows.ts';
import { readCsv } from './read-csv.ts';
import { readNdjson } from './read-ndjson.ts';
import { gunzip, type ImportSource } from './source.ts';

/** A text format as detected. */
export interface TextFile {
  readonly format: 'csv' | 'ndjson';
  readonly gzip: boolean;
  readonly encoding: Encoding;
  readonly csv?: CsvForm;
}

/** Rows of a text file as texts, from its start. Rows left out or mended are counted in `notes`. */
export async function* rawRows(
  source: ImportSource,
  file: TextFile,
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

/** Whether an unquoted text means a missing value. */
export function nullTest(nulls: readonly string[] = nullTexts): (text: string) => boolean {
  const known = new Set(nulls);
  const longest = Math.max(0, ...nulls.map((text) => text.length));
  const edge = (code: number) => code === 32 || code === 9;
  return (text) => {
    if (text.length <= longest) return known.has(text) || known.has(text.trim());
    return (edge(text.charCodeAt(0)) || edge(text.charCodeAt(text.length - 1))) && known.has(text.trim());
  };
}
