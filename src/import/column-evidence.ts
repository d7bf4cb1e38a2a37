import { parseMoment } from './parse-date.ts';
import { type DecimalMark, type NumberShape, numberShape } from './parse-number.ts';
import { ValueCounter } from './value-counter.ts';

/** How a column's values look as numbers under one decimal mark. */
export interface NumberFit {
  /** False once a value is no number under this mark. */
  alive: boolean;
  integerDigits: number;
  scale: number;
  float: boolean;
  leadingZero: boolean;
  marked: boolean;
  spaced: boolean;
  spacedDecimal: boolean;
}

/** A value where it stands: 1-based row, as written. */
export interface Cell {
  readonly row: number;
  readonly value: string;
}

/** Below this share of dates, after this many values, a column is not looked at as dates any more. */
const giveUpAfter = 1000;

/** What all values of one column, seen one by one, say about its type. Widens; never forgets. */
export class ColumnEvidence {
  readonly name: string;
  readonly counter = new ValueCounter();
  readonly fits: Record<DecimalMark, NumberFit> = { '.': newFit(), ',': newFit() };
  /** Values that are not null (and, when quoted, not empty). */
  values = 0;
  nulls: number;
  firstNull: number | undefined;
  bools = 0;
  quoted = 0;
  /** Values that are numbers under some mark; no longer counted once a tenth are not. */
  numbers = 0;
  firstNotNumber: Cell | undefined;
  int64 = true;
  int32 = true;
  dates = 0;
  dmyOnly = 0;
  mdyOnly = 0;
  unclearOrder = 0;
  timed = 0;
  /** With a time of day, but no offset. */
  local = 0;
  firstNotDate: Cell | undefined;
  firstDmyOnly: Cell | undefined;
  firstMdyOnly: Cell | undefined;
  firstUnclear: Cell | undefined;
  /** Values that are only digits, and that are a C and then only digits (cancelled documents). */
  digitsOnly = 0;
  cancelled = 0;
  #dates = true;

  constructor(name: string, nullsBefore: number) {
    this.name = name;
    this.nulls = nullsBefore;
    if (nullsBefore > 0) this.firstNull = 1;
  }

  addNull(row: number): void {
    this.nulls++;
    this.firstNull ??= row;
  }

  add(value: string, row: number, quoted: boolean): void {
    const text = value.trim();
    if (quoted && text === '') {
      this.counter.add(value, row);
      return;
    }
    this.values++;
    this.counter.add(value, row);
    if (quoted) {
      this.quoted++;
    } else {
      if ((text.length === 4 || text.length === 5) && /^(?:true|false)$/i.test(text)) this.bools++;
      const point = this.#fit('.', text);
      if (point && this.int64) this.#bounds(text, point);
      const comma = this.#fit(',', text);
      if (point || comma) this.numbers++;
      else if (this.numbers >= 0.9 * (this.values - 1)) this.#count(text, row);
    }
    if (this.#dates) this.#date(text, row);
    const first = text.charCodeAt(0);
    if (first === 67) {
      if (/^C\d+$/.test(text)) this.cancelled++;
    } else if (first >= 48 && first <= 57 && /^\d+$/.test(text)) this.digitsOnly++;
  }

  #fit(mark: DecimalMark, text: string): NumberShape | undefined {
    const fit = this.fits[mark];
    if (!fit.alive) return undefined;
    const shape = numberShape(text, mark);
    if (!shape) {
      fit.alive = false;
      return undefined;
    }
    if (shape.integerDigits > fit.integerDigits) fit.integerDigits = shape.integerDigits;
    if (shape.scale > fit.scale) fit.scale = shape.scale;
    fit.float ||= shape.float;
    fit.leadingZero ||= shape.leadingZero;
    fit.marked ||= shape.marked;
    fit.spaced ||= shape.spaced;
    fit.spacedDecimal ||= shape.spaced && shape.scale > 0;
    return shape;
  }

  /** Of a column that is nearly all numbers but for some values. */
  #count(text: string, row: number): void {
    if (numberShape(text, '.') || numberShape(text, ',')) this.numbers++;
    else this.firstNotNumber ??= { row, value: text };
  }

  /** Whether integers fit 32 and 64 bits; looked at closely only near the limits. */
  #bounds(text: string, shape: NumberShape): void {
    const { integerDigits } = shape;
    if (integerDigits < 10) return;
    if (integerDigits > 10) this.int32 = false;
    if (shape.scale > 0 || shape.float || (integerDigits > 10 && integerDigits < 19)) return;
    const digits = text.replace(/[^\d]/g, '');
    const value = BigInt(text.includes('-') ? `-${digits}` : digits);
    if (BigInt.asIntN(32, value) !== value) this.int32 = false;
    if (BigInt.asIntN(64, value) !== value) this.int64 = false;
  }

  #date(text: string, row: number): void {
    const moment = parseMoment(text);
    if (!moment) {
      this.firstNotDate ??= { row, value: text };
      if (this.values > giveUpAfter && this.dates * 2 < this.values) this.#dates = false;
      return;
    }
    this.dates++;
    if (moment.timeMs >= 0) this.timed++;
    if (moment.timeMs >= 0 && Number.isNaN(moment.offsetMinutes)) this.local++;
    if (moment.dmy === moment.mdy) return;
    if (Number.isNaN(moment.mdy)) {
      this.dmyOnly++;
      this.firstDmyOnly ??= { row, value: text };
    } else if (Number.isNaN(moment.dmy)) {
      this.mdyOnly++;
      this.firstMdyOnly ??= { row, value: text };
    } else {
      this.unclearOrder++;
      this.firstUnclear ??= { row, value: text };
    }
  }
}

function newFit(): NumberFit {
  return {
    alive: true,
    integerDigits: 0,
    scale: 0,
    float: false,
    leadingZero: false,
    marked: false,
    spaced: false,
    spacedDecimal: false,
  };
}
