import type { ColumnType } from '../protocol/column.ts';
import type { Cell, ColumnEvidence, NumberFit } from './column-evidence.ts';
import type { DateOrder } from './parse-date.ts';
import type { DecimalMark } from './parse-number.ts';
import { counted } from './raw-rows.ts';

/** What to do with a value that does not fit its column: stop, leave out its row, or keep the column as text. */
export type BadPolicy = 'stop' | 'skip' | 'text';

/** How the texts of one column become values. */
export interface ColumnReading {
  readonly name: string;
  readonly type: ColumnType;
  readonly mark: DecimalMark;
  readonly order: DateOrder;
}

/** Something the data cannot decide, or a value that does not fit: the caller chooses, or the import stops. */
export interface Doubt {
  readonly kind: 'date-order' | 'decimal-mark' | 'not-a-date';
  readonly column: string;
  readonly row: number;
  readonly value: string;
  /** A sentence: what, where, what to do. */
  readonly message: string;
}

export interface InferOptions {
  readonly onBad: BadPolicy;
  readonly dateOrder?: DateOrder;
  readonly decimal?: DecimalMark;
  /** Types that are already decided (of the data set that is appended to), by column name. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** Files cut by semicolons come from where the decimal mark is a comma. */
  readonly semicolons?: boolean;
}

/** A decimal holds at most 18 digits; more than 9 after the mark is a measurement, not money. */
const maxDigits = 18;
const maxScale = 9;
/** From this share of dates on, the rest is taken for mistakes rather than the column for text. */
const dateShare = 0.9;
/** From this share of numbers on it is said that the others make the column text. */
const nearlyAll = 0.99;

/** Types from the evidence of all rows, with what could not be decided. Pure. */
export function inferColumns(
  evidence: readonly ColumnEvidence[],
  options: InferOptions,
): { readonly readings: ColumnReading[]; readonly doubts: Doubt[]; readonly notes: string[] } {
  const doubts: Doubt[] = [];
  const notes: string[] = [];
  const fileMark = options.decimal ?? markOfFile(evidence);
  const readings = evidence.map((column) => {
    const numeric = isNumber(column) ? numberMark(column, options, fileMark, doubts) : undefined;
    const mark = numeric ?? fileMark ?? '.';
    const order = dateOrder(column, options);
    const known = options.types?.[column.name];
    const reading = { name: column.name, mark, order: order ?? 'dmy' };
    if (known) {
      if ((known.kind === 'date' || known.kind === 'timestamp') && !order)
        doubts.push(unclearOrder(column, column.firstUnclear!));
      return { ...reading, type: known };
    }
    return { ...reading, type: typeOf(column, numeric, order, options, doubts, notes) };
  });
  return { readings, doubts, notes };
}

function typeOf(
  column: ColumnEvidence,
  mark: DecimalMark | undefined,
  order: DateOrder | undefined,
  options: InferOptions,
  doubts: Doubt[],
  notes: string[],
): ColumnType {
  if (column.values === 0) return { kind: 'text' };
  if (column.bools === column.values) return { kind: 'bool' };
  if (mark) return numberType(column, column.fits[mark]);
  if (column.dates < column.values * dateShare) {
    if (column.numbers >= column.values * nearlyAll && column.firstNotNumber) notes.push(notNumbers(column));
    return { kind: 'text' };
  }
  const type: ColumnType = { kind: column.timed > 0 ? 'timestamp' : 'date' };
  if (!order) {
    doubts.push(unclearOrder(column, column.firstUnclear!));
    return type;
  }
  const wrongOrder = order === 'dmy' ? column.mdyOnly : column.dmyOnly;
  const garbage = column.values - column.dates + wrongOrder;
  if (garbage === 0) return type;
  if (options.onBad === 'text') {
    notes.push(`${column.name} is kept as text: ${counted(garbage)} of its values are not dates.`);
    return { kind: 'text' };
  }
  if (options.onBad === 'stop') {
    const wrong = order === 'dmy' ? column.firstMdyOnly : column.firstDmyOnly;
    doubts.push(notDate(column, earliest(column.firstNotDate, wrong)!, garbage));
  }
  return type;
}

function isNumber(column: ColumnEvidence): boolean {
  return column.values > 0 && column.quoted === 0 && (fits(column.fits['.']) || fits(column.fits[',']));
}

/** Codes with leading zeros are no numbers; nor are digits in threes by spaces, unless some have decimals. */
function fits(fit: NumberFit): boolean {
  return fit.alive && !fit.leadingZero && (!fit.spaced || fit.spacedDecimal);
}

function markOfFile(evidence: readonly ColumnEvidence[]): DecimalMark | undefined {
  const marks = new Set<DecimalMark>();
  for (const column of evidence) {
    if (!isNumber(column)) continue;
    if (fits(column.fits[',']) && !column.fits['.'].alive) marks.add(',');
    if (fits(column.fits['.']) && !column.fits[','].alive) marks.add('.');
  }
  return marks.size === 1 ? [...marks][0] : undefined;
}

function numberMark(
  column: ColumnEvidence,
  options: InferOptions,
  fileMark: DecimalMark | undefined,
  doubts: Doubt[],
): DecimalMark | undefined {
  const { '.': point, ',': comma } = column.fits;
  if (!fits(comma)) return options.decimal === ',' ? undefined : '.';
  if (!fits(point)) return options.decimal === '.' ? undefined : ',';
  if (point.scale === 0 && comma.scale === 0) return '.';
  if (fileMark) return fileMark;
  if (comma.scale === 0) return '.';
  if (options.semicolons) return ',';
  const value = column.counter.first;
  doubts.push({
    kind: 'decimal-mark',
    column: column.name,
    row: value.row,
    value: value.value,
    message: `Column ${column.name} could be read with a decimal comma or with commas between thousands (first value ${quote(value.value)}): say which mark is the decimal one, a point or a comma.`,
  });
  return '.';
}

function numberType(column: ColumnEvidence, fit: NumberFit): ColumnType {
  if (fit.float) return { kind: 'float64' };
  if (fit.scale === 0) {
    if (column.int32 && fit.integerDigits <= 10) return { kind: 'int32' };
    return { kind: column.int64 && fit.integerDigits <= 19 ? 'int64' : 'text' };
  }
  if (fit.scale <= maxScale && fit.integerDigits + fit.scale <= maxDigits)
    return { kind: 'decimal', precision: maxDigits, scale: fit.scale };
  return { kind: 'float64' };
}

/** The order its values prove, or the one given; undefined when the column leaves it open. */
function dateOrder(column: ColumnEvidence, options: InferOptions): DateOrder | undefined {
  if (options.dateOrder) return options.dateOrder;
  if (column.dmyOnly > column.mdyOnly) return 'dmy';
  if (column.mdyOnly > column.dmyOnly) return 'mdy';
  return column.unclearOrder > 0 ? undefined : 'dmy';
}

function unclearOrder(column: ColumnEvidence, cell: Cell): Doubt {
  return {
    kind: 'date-order',
    column: column.name,
    ...cell,
    message: `Column ${column.name} could be read day first or month first (row ${counted(cell.row)}: ${quote(cell.value)}): say which order its dates have, dmy or mdy.`,
  };
}

function notDate(column: ColumnEvidence, cell: Cell, garbage: number): Doubt {
  const others = garbage > 1 ? ` and ${counted(garbage - 1)} more` : '';
  return {
    kind: 'not-a-date',
    column: column.name,
    ...cell,
    message: `Row ${counted(cell.row)}, column ${column.name}: ${quote(cell.value)} is not a date${others}, though the column's other values are: mend them, skip such rows, or keep the column as text.`,
  };
}

function notNumbers({ name, values, numbers, firstNotNumber }: ColumnEvidence): string {
  const { row, value } = firstNotNumber!;
  return `${name} is kept as text: ${counted(values - numbers)} of its ${counted(values)} values are not numbers (row ${counted(row)}: ${quote(value)}).`;
}

function earliest(a: Cell | undefined, b: Cell | undefined): Cell | undefined {
  if (!a || !b) return a ?? b;
  return a.row <= b.row ? a : b;
}

/** A value as sentences show it, cut at 60 characters. */
export function quote(value: string): string {
  return `“${value.length > 60 ? `${value.slice(0, 60)}…` : value}”`;
}
