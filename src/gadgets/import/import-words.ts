import { msg, str } from '@lit/localize';
import type { ColumnType } from '../../protocol/column.ts';
import type { ExaError } from '../../protocol/errors.ts';
import type { ImportDifference, ImportDoubt, ImportProgress } from '../../protocol/import.ts';
import type { ImportMode } from '../../protocol/import-columns.ts';
import type { Role } from '../../protocol/profile.ts';
import type { Formats } from '../format.ts';

/** What a column can be read as; `type` may take its digits from what the data say. */
export interface TypeChoice {
  readonly id: string;
  readonly label: string;
  readonly type: ColumnType;
}

/** Digits after the mark where the data say none: cents. */
const moneyScale = 2;

/** The types a column can be given, the reader's words for them. */
export function typeChoices(inferred: ColumnType): readonly TypeChoice[] {
  const scale = inferred.kind === 'decimal' ? inferred.scale : moneyScale;
  const whole: ColumnType = inferred.kind === 'int32' ? { kind: 'int32' } : { kind: 'int64' };
  return [
    { id: 'text', label: msg('Text'), type: { kind: 'text' } },
    { id: 'whole', label: msg('Whole number'), type: whole },
    { id: 'decimal', label: msg('Decimal number'), type: { kind: 'decimal', precision: 18, scale } },
    { id: 'float64', label: msg('Measurement'), type: { kind: 'float64' } },
    { id: 'date', label: msg('Date'), type: { kind: 'date' } },
    { id: 'timestamp', label: msg('Date and time'), type: { kind: 'timestamp' } },
    { id: 'bool', label: msg('Yes or no'), type: { kind: 'bool' } },
  ];
}

/** Which of {@link typeChoices} a type is. */
export function choiceOf({ kind }: ColumnType): string {
  return kind === 'int32' || kind === 'int64' ? 'whole' : kind;
}

/** What a column plays, in the reader's language. */
export function roleWords(role: Role): string {
  return {
    id: msg('Identifier'),
    order: msg('Order number'),
    client: msg('Client'),
    name: msg('Name'),
    date: msg('Date'),
    amount: msg('Amount'),
    quantity: msg('Quantity'),
    price: msg('Price'),
    state: msg('State'),
    country: msg('Country'),
    shop: msg('Shop'),
    product: msg('Product'),
    email: msg('E-mail'),
    segment: msg('Segment'),
  }[role];
}

/** What is done with a data set of that name. */
export function modeWords(mode: Exclude<ImportMode, 'create'>): string {
  return { replace: msg('Replace it'), append: msg('Add the rows'), upsert: msg('Update by key') }[mode];
}

/** A doubt as one sentence; what can be chosen stands beside it. */
export function doubtSentence({ kind, column, row, value }: ImportDoubt, formats: Formats): string {
  const at = formats.number(row);
  if (kind === 'date-order')
    return msg(str`Row ${at}, ${column}: “${value}” can be read day first or month first.`);
  if (kind === 'decimal-mark')
    return msg(
      str`Row ${at}, ${column}: the comma of “${value}” can stand before decimals or between thousands.`,
    );
  return msg(str`Row ${at}, ${column}: “${value}” is not a date.`);
}

/** What an import into a data set that is there would change, a sentence each. */
export function differenceSentences(
  difference: ImportDifference,
  mode: Exclude<ImportMode, 'create'>,
  formats: Formats,
): string[] {
  const { rowsThere, rowsInFile, updated, appended, newColumns, missingColumns, keys } = difference;
  const there = formats.number(rowsThere);
  const inFile = formats.number(rowsInFile);
  const sentences: string[] = [];
  if (mode === 'replace') sentences.push(msg(str`${there} rows go, ${inFile} rows come in their place.`));
  else if (mode === 'append') sentences.push(msg(str`${inFile} rows are added to ${there}.`));
  else if (keys.length === 0)
    sentences.push(msg('The table has no key to update by: choose one below, or add the rows.'));
  else if (updated === undefined || appended === undefined)
    sentences.push(msg('There are too many rows to say beforehand how many are updated.'));
  else {
    const changed = formats.number(updated);
    const added = formats.number(appended);
    const by = keys.join(', ');
    sentences.push(msg(str`By ${by}: ${changed} rows are updated, ${added} are new.`));
  }
  const fresh = newColumns.join(', ');
  const gone = missingColumns.join(', ');
  if (newColumns.length > 0) sentences.push(msg(str`New columns: ${fresh}.`));
  if (missingColumns.length > 0)
    sentences.push(
      mode === 'replace'
        ? msg(str`Columns that the file lacks and that go: ${gone}.`)
        : msg(str`Columns that the file lacks: ${gone}. They stay empty in new rows.`),
    );
  return sentences;
}

/** "184,000 of 541,909 rows". */
export function progressSentence({ phase, rows, rowsTotal }: ImportProgress, formats: Formats): string {
  const done = formats.number(rows);
  if (rowsTotal === undefined) return msg(str`Reading: ${done} rows`);
  const total = formats.number(rowsTotal);
  if (phase === 'compare') return msg(str`Comparing: ${done} of ${total} rows`);
  return msg(str`${done} of ${total} rows`);
}

/** What a person can decide after a failure, told by its facts. */
export type Remedy = 'value' | 'ragged' | 'none';

export function remedyOf({ tag, facts }: ExaError): Remedy {
  if (tag !== 'invalid') return 'none';
  if (typeof facts.cells === 'number' && typeof facts.expected === 'number') return 'ragged';
  return typeof facts.column === 'string' && typeof facts.row === 'number' && 'value' in facts
    ? 'value'
    : 'none';
}
