import { isLosslessNumber, parse, stringify } from 'lossless-json';
import { ExaError } from '../protocol/errors.ts';
import { counted, type RaggedPolicy, type RawBatch, type RawRow, type RowNotes } from './raw-rows.ts';

/** Longest line, in characters. */
const maxLine = 16 << 20;
const batchRows = 4096;

/**
 * Rows of NDJSON: one object a line, blank lines skipped; columns in order of first appearance. Numbers keep the
 * digits they were written with; nested values become JSON text. Throws `invalid` naming the line that is no object.
 */
export async function* readNdjson(
  name: string,
  texts: AsyncIterable<string>,
  options: { readonly bad: RaggedPolicy; readonly notes: RowNotes },
): AsyncIterable<RawBatch> {
  const names: string[] = [];
  const indexOf = new Map<string, number>();
  let rows: RawRow[] = [];
  let row = 0;
  const take = (line: string): void => {
    if (line.trim() === '') return;
    row++;
    const record = objectOf(line);
    if (!record) {
      if (options.bad !== 'skip') throw notObject(name, row, line);
      options.notes.skipped++;
      return;
    }
    const cells: (string | null)[] = new Array(names.length).fill(null);
    const quoted: boolean[] = new Array(names.length).fill(false);
    for (const [key, value] of Object.entries(record)) {
      let i = indexOf.get(key);
      if (i === undefined) {
        i = names.length;
        names.push(key);
        indexOf.set(key, i);
      }
      cells[i] = textOf(value);
      quoted[i] = typeof value === 'string' || (typeof value === 'object' && !isLosslessNumber(value));
    }
    rows.push({ row, cells, quoted });
  };
  let rest = '';
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    if (rest.length > maxLine) throw notObject(name, row + 1, rest);
    for (const line of lines) {
      take(line);
      if (rows.length < batchRows) continue;
      yield { names: [...names], rows };
      rows = [];
    }
  }
  take(rest);
  yield { names: [...names], rows };
}

function objectOf(line: string): Record<string, unknown> | undefined {
  try {
    const value = parse(line, undefined, { onDuplicateKey: ({ newValue }) => newValue });
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (isLosslessNumber(value)) return value.toString();
  return stringify(value) ?? null;
}

function notObject(name: string, row: number, line: string): ExaError {
  return new ExaError(
    'invalid',
    `Row ${counted(row)} of ${name} is not a JSON object (${JSON.stringify(line.trim().slice(0, 40))}): each line must be one object.`,
    { facts: { row } },
  );
}
