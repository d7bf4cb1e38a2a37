import Papa from 'papaparse';
import { ExaError } from '../protocol/errors.ts';
import type { CsvForm } from './delimiter.ts';
import {
  counted,
  type RaggedPolicy,
  type RawBatch,
  type RawRow,
  type RowNotes,
  several,
} from './raw-rows.ts';

/** Longest record, in characters: beyond it a quote was surely never closed. */
const maxRecord = 16 << 20;

interface Parsed {
  readonly data: string[][];
  readonly errors: readonly { readonly code: string; readonly row?: number }[];
  readonly meta: { readonly cursor: number };
}

/**
 * Rows of CSV text (RFC 4180, and what people write), the header's cells first as `names`.
 * Throws `invalid` naming the row that is ragged (unless `ragged` says otherwise) or whose quotes are wrong.
 */
export async function* readCsv(
  name: string,
  texts: AsyncIterable<string>,
  form: CsvForm,
  options: { readonly ragged: RaggedPolicy; readonly notes: RowNotes },
): AsyncIterable<RawBatch> {
  const parser = () =>
    new Papa.Parser({ delimiter: form.delimiter, newline: form.newline as '\n', quoteChar: '"' });
  const state: CsvState = { name, names: undefined, row: 0, sepLine: form.sepLine, ...options };
  let rest = '';
  for await (const text of texts) {
    rest += text;
    if (!rest.includes(form.newline)) continue;
    const parsed = parser().parse(rest, 0, true) as Parsed;
    rest = rest.slice(parsed.meta.cursor);
    if (rest.length > maxRecord) throw unclosed(name, state.row + parsed.data.length + 1);
    yield* rowsOf(parsed, state, false);
  }
  const parsed = parser().parse(rest, 0, false) as Parsed;
  const last = parsed.data.at(-1);
  if (last && (last.length === 0 || (last.length === 1 && /^\r?$/.test(last[0]!)))) parsed.data.pop();
  yield* rowsOf(parsed, state, true);
}

interface CsvState {
  readonly name: string;
  readonly ragged: RaggedPolicy;
  readonly notes: RowNotes;
  names: string[] | undefined;
  row: number;
  sepLine: boolean;
}

function* rowsOf(parsed: Parsed, state: CsvState, atEnd: boolean): Iterable<RawBatch> {
  const wrong = new Set<number>();
  for (const error of parsed.errors) {
    if (error.code === 'MissingQuotes' && !atEnd) continue;
    if (error.code === 'MissingQuotes') throw unclosed(state.name, state.row + parsed.data.length);
    if (error.row !== undefined && error.row < parsed.data.length) wrong.add(error.row);
  }
  let records = parsed.data;
  let first = 0;
  if (state.sepLine && records.length > 0) {
    state.sepLine = false;
    first = 1;
  }
  if (!state.names) {
    while (first < records.length && isBlank(records[first]!)) first++;
    const header = records[first];
    if (!header) return;
    state.names = header.map(withoutReturn(header.length));
    records = records.slice(first + 1);
    first++;
  }
  const width = state.names.length;
  const rows: RawRow[] = [];
  records.forEach((record, i) => {
    if (width > 1 && isBlank(record)) return;
    state.row++;
    const end = record.length - 1;
    if (record[end]?.endsWith('\r')) record[end] = record[end].slice(0, -1);
    if (record.length !== width || wrong.has(first + i)) {
      if (state.ragged === 'stop') throw ragged(state, record, wrong.has(first + i));
      if (state.ragged === 'skip') {
        state.notes.skipped++;
        return;
      }
      state.notes.padded++;
      record.length = Math.min(record.length, width);
      while (record.length < width) record.push('');
    }
    rows.push({ row: state.row, cells: record });
  });
  yield { names: state.names, rows };
}

function isBlank(record: readonly string[]): boolean {
  return record.length === 0 || (record.length === 1 && /^\r?$/.test(record[0]!));
}

function withoutReturn(length: number) {
  return (cell: string, i: number) => (i === length - 1 && cell.endsWith('\r') ? cell.slice(0, -1) : cell);
}

function ragged(state: CsvState, record: readonly string[], quotes: boolean): ExaError {
  const width = state.names!.length;
  const facts = { row: state.row, cells: record.length, expected: width };
  if (quotes && record.length === width)
    return new ExaError(
      'invalid',
      `Row ${counted(state.row)} of ${state.name} has a quote in the middle of a quoted cell: double it in the file, or skip or pad such rows.`,
      { facts },
    );
  return new ExaError(
    'invalid',
    `Row ${counted(state.row)} of ${state.name} has ${several(record.length, 'cell')} where the header has ${width}: mend the file, or skip or pad such rows.`,
    { facts },
  );
}

function unclosed(name: string, row: number): ExaError {
  return new ExaError(
    'invalid',
    `Row ${counted(Math.max(1, row))} of ${name} opens a quote that is never closed: mend that row in the file.`,
    { facts: { row: Math.max(1, row) } },
  );
}
