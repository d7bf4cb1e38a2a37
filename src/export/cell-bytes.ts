import { type ColumnData, isValid } from '../arrow/column-data.ts';
import { printDecimal } from '../arrow/literal.ts';

const dayMs = 86_400_000;
const zero = 48;
const minus = 45;
const encoder = new TextEncoder();

/** Writes one cell into `into` at `at`; returns where it ends. The cell has at most {@link CellBytes.maxBytes} bytes. */
export interface CellBytes {
  readonly maxBytes: number;
  write(into: Uint8Array, at: number, row: number): number;
}

/**
 * Writes the values of a column, exactly: ISO dates, UTC instants, shortest floats, whole digits; a text as `textCell` makes
 * it, once an entry of its dictionary; nothing for a null. Bytes are written straight, as a string a cell costs five times as
 * much.
 */
export function cellBytes(column: ColumnData, textCell: (text: string) => string): CellBytes {
  const present = presentBytes(column, textCell);
  if (column.validity === undefined) return present;
  const { maxBytes, write } = present;
  return { maxBytes, write: (into, at, row) => (isValid(column, row) ? write(into, at, row) : at) };
}

function presentBytes(column: ColumnData, textCell: (text: string) => string): CellBytes {
  switch (column.kind) {
    case 'text': {
      const cells = column.dictionary.map((text) => encoder.encode(textCell(text)));
      const { codes } = column;
      return {
        maxBytes: cells.reduce((most, { length }) => Math.max(most, length), 0),
        write(into, at, row) {
          const cell = cells[codes[row]!]!;
          if (cell.length > 24) into.set(cell, at);
          else for (let i = 0; i < cell.length; i++) into[at + i] = cell[i]!;
          return at + cell.length;
        },
      };
    }
    case 'bool':
      return asciiCells((row) => (column.values[row] === 0 ? 'false' : 'true'));
    case 'float64':
      return asciiCells((row) => `${column.values[row]}`);
    case 'int32':
      return { maxBytes: 11, write: (into, at, row) => integer(into, at, column.values[row]!) };
    case 'int64': {
      const small = smallWords(column.values);
      return {
        maxBytes: 20,
        write(into, at, row) {
          const value = small(row);
          return value === undefined ? ascii(into, at, `${column.values[row]}`) : integer(into, at, value);
        },
      };
    }
    case 'decimal':
      return decimalCells(column.values, column.scale);
    case 'date':
      return { maxBytes: 13, write: dayWriter(column.values) };
    case 'timestamp':
      return { maxBytes: 27, write: instantWriter(column.values) };
  }
}

/** Cells of at most 26 ASCII characters. */
function asciiCells(text: (row: number) => string): CellBytes {
  return { maxBytes: 26, write: (into, at, row) => ascii(into, at, text(row)) };
}

function ascii(into: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** A whole number within ±2^53. */
function integer(into: Uint8Array, at: number, value: number): number {
  if (value >= 0) return digits(into, at, value, 1);
  into[at] = minus;
  return digits(into, at + 1, -value, 1);
}

/** At least `least` digits of a whole number. */
function digits(into: Uint8Array, at: number, value: number, least: number): number {
  let count = 1;
  for (let power = 10; power <= value; power *= 10) count++;
  if (count < least) count = least;
  let rest = value;
  for (let i = at + count - 1; i >= at; i--) {
    const tens = rest < 2 ** 31 ? (rest / 10) | 0 : Math.floor(rest / 10);
    into[i] = zero + (rest - tens * 10);
    rest = tens;
  }
  return at + count;
}

/** The 64-bit integer at a row as a number, undefined where it would not be exact; no BigInt is made. */
function smallWords(values: BigInt64Array): (row: number) => number | undefined {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  return (row) => {
    const high = words[2 * row + 1]!;
    return high >= -0x200000 && high < 0x200000 ? high * 4_294_967_296 + (words[2 * row]! >>> 0) : undefined;
  };
}

function decimalCells(values: BigInt64Array, scale: number): CellBytes {
  const small = smallWords(values);
  const one = 10 ** scale;
  return {
    maxBytes: 22 + scale,
    write(into, at, row) {
      const value = scale === 0 || scale > 15 ? undefined : small(row);
      if (value === undefined) return ascii(into, at, printDecimal(values[row]!, scale));
      const size = Math.abs(value);
      const whole = Math.floor(size / one);
      let end = at;
      if (value < 0) into[end++] = minus;
      end = digits(into, end, whole, 1);
      into[end++] = 46;
      return digits(into, end, size - whole * one, scale);
    },
  };
}

type Write = CellBytes['write'];

/** ISO dates of days since 1970, the same day made once. */
function dayWriter(days: { readonly [row: number]: number }): Write {
  const known = new Map<number, string>();
  return (into, at, row) => {
    const day = days[row]!;
    let text = known.get(day);
    if (text === undefined) {
      const date = new Date(day * dayMs);
      text = Number.isNaN(date.getTime()) ? `${day} days` : date.toISOString().slice(0, -14);
      known.set(day, text);
    }
    return ascii(into, at, text);
  };
}

function instantWriter(values: Float64Array): Write {
  const one = [0];
  const day = dayWriter(one);
  return (into, at, row) => {
    const value = values[row]!;
    if (!(Math.abs(value) <= 8.64e15)) return ascii(into, at, `${value}`);
    one[0] = Math.floor(value / dayMs);
    const ms = value - one[0]! * dayMs;
    const seconds = Math.floor(ms / 1000);
    const minutes = Math.floor(seconds / 60);
    let end = day(into, at, 0);
    into[end++] = 84;
    end = digits(into, end, Math.floor(minutes / 60), 2);
    into[end++] = 58;
    end = digits(into, end, minutes % 60, 2);
    into[end++] = 58;
    end = digits(into, end, seconds % 60, 2);
    into[end++] = 46;
    end = digits(into, end, ms % 1000, 3);
    into[end++] = 90;
    return end;
  };
}
