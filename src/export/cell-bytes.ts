import { type ColumnData, isValid } from '../arrow/column-data.ts';
import { joined } from '../arrow/joined.ts';
import { printDecimal } from '../arrow/literal.ts';
import { digitCount, writeDigits } from './digits.ts';
import { dayTexts, writeTime } from './iso-bytes.ts';

const minus = 45;
const point = 46;
const letterT = 84;
const dayMs = 86_400_000;
/** `Thh:mm:ss.sssZ` */
const timeBytes = 14;
const encoder = new TextEncoder();

/**
 * The cells of a column as bytes, in two passes over its rows: a plain loop each, where a call a cell would cost several
 * times as much.
 */
export interface CellBytes {
  /** Adds the bytes of each row's cell to `lengths[row]`. */
  measure(lengths: Int32Array): void;
  /** Writes each row's cell at `ends[row]`, which is moved behind it. */
  write(into: Uint8Array, ends: Int32Array): void;
}

/**
 * Writes the values of a column, exactly: ISO dates, UTC instants, shortest floats, whole digits; a text as `textCell` makes
 * it, once an entry of its dictionary; nothing for a null.
 */
export function cellBytes(column: ColumnData, textCell: (text: string) => string): CellBytes {
  const rows = presentRows(column);
  switch (column.kind) {
    case 'text':
      return entryCells(column.codes, column.dictionary.map(textCell), rows);
    case 'bool':
      return entryCells(column.values, ['false', 'true'], rows);
    case 'int32':
      return integerCells(column.values, rows);
    case 'float64':
      return textCells(rows, (row) => `${column.values[row]}`);
    case 'int64':
    case 'decimal':
      return wideCells(column.values, column.kind === 'decimal' ? column.scale : 0, rows);
    case 'date':
      return dateCells(column.values, rows);
    case 'timestamp':
      return instantCells(column.values, rows);
  }
}

/** Rows that are not null, in order. */
function presentRows(column: ColumnData): Int32Array {
  const rows = new Int32Array(column.length);
  let count = 0;
  for (let row = 0; row < column.length; row++) if (isValid(column, row)) rows[count++] = row;
  return rows.subarray(0, count);
}

/** Cells that are among a few texts. */
function entryCells(codes: Int32Array | Uint8Array, texts: readonly string[], rows: Int32Array): CellBytes {
  const { bytes, from } = bytesOf(texts);
  return {
    measure(lengths) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const code = codes[row]!;
        lengths[row]! += from[code + 1]! - from[code]!;
      }
    },
    write(into, ends) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const code = codes[row]!;
        const end = from[code + 1]!;
        let at = ends[row]!;
        for (let byte = from[code]!; byte < end; byte++) into[at++] = bytes[byte]!;
        ends[row] = at;
      }
    },
  };
}

/** Texts in UTF-8, one after the other: entry `i` is bytes `[from[i], from[i + 1])`. */
function bytesOf(texts: readonly string[]): { readonly bytes: Uint8Array; readonly from: Int32Array } {
  const from = new Int32Array(texts.length + 1);
  const together = encoder.encode(texts.join(''));
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  if (together.length === characters) {
    for (const [i, { length }] of texts.entries()) from[i + 1] = from[i]! + length;
    return { bytes: together, from };
  }
  // One by one: halves of a character at the ends of two texts would be joined.
  const each = texts.map((text) => encoder.encode(text));
  for (const [i, { length }] of each.entries()) from[i + 1] = from[i]! + length;
  return { bytes: joined(each), from };
}

/** Cells of ASCII characters, each made once. */
function textCells(rows: Int32Array, textOf: (row: number) => string): CellBytes {
  const texts = Array.from(rows, textOf);
  return {
    measure(lengths) {
      for (let i = 0; i < rows.length; i++) lengths[rows[i]!]! += texts[i]!.length;
    },
    write(into, ends) {
      for (let i = 0; i < rows.length; i++) ends[rows[i]!] = ascii(into, ends[rows[i]!]!, texts[i]!);
    },
  };
}

function ascii(into: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return at + text.length;
}

function integerCells(values: Int32Array, rows: Int32Array): CellBytes {
  return {
    measure(lengths) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const value = values[row]!;
        lengths[row]! += value < 0 ? 1 + digitCount(-value) : digitCount(value);
      }
    },
    write(into, ends) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const value = values[row]!;
        let at = ends[row]!;
        if (value < 0) into[at++] = minus;
        const size = Math.abs(value);
        ends[row] = writeDigits(into, at, size, digitCount(size));
      }
    },
  };
}

/** Whole numbers of 64 bits with `scale` digits behind the point: as doubles where they are exact, else as texts. */
function wideCells(values: BigInt64Array, scale: number, rows: Int32Array): CellBytes {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const one = 10 ** scale;
  const behind = scale > 0 ? scale + 1 : 0;
  const large = new Map<number, string>();
  const isSmall = (row: number): boolean =>
    scale <= 15 && words[2 * row + 1]! >= -0x200000 && words[2 * row + 1]! < 0x200000;
  return {
    measure(lengths) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        if (isSmall(row)) {
          const value = words[2 * row + 1]! * 4_294_967_296 + (words[2 * row]! >>> 0);
          const whole = scale === 0 ? Math.abs(value) : Math.floor(Math.abs(value) / one);
          lengths[row]! += (value < 0 ? 1 : 0) + digitCount(whole) + behind;
        } else {
          const text = scale === 0 ? `${values[row]}` : printDecimal(values[row]!, scale);
          large.set(row, text);
          lengths[row]! += text.length;
        }
      }
    },
    write(into, ends) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        let at = ends[row]!;
        if (isSmall(row)) {
          const value = words[2 * row + 1]! * 4_294_967_296 + (words[2 * row]! >>> 0);
          const size = Math.abs(value);
          const whole = scale === 0 ? size : Math.floor(size / one);
          if (value < 0) into[at++] = minus;
          at = writeDigits(into, at, whole, digitCount(whole));
          if (scale > 0) {
            into[at++] = point;
            at = writeDigits(into, at, size - whole * one, scale);
          }
        } else at = ascii(into, at, large.get(row)!);
        ends[row] = at;
      }
    },
  };
}

function dateCells(days: Int32Array, rows: Int32Array): CellBytes {
  const textOf = dayTexts();
  return {
    measure(lengths) {
      for (let i = 0; i < rows.length; i++) lengths[rows[i]!]! += textOf(days[rows[i]!]!).length;
    },
    write(into, ends) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        ends[row] = ascii(into, ends[row]!, textOf(days[row]!));
      }
    },
  };
}

function instantCells(values: Float64Array, rows: Int32Array): CellBytes {
  const textOf = dayTexts();
  const isInstant = (value: number): boolean => Math.abs(value) <= 8.64e15;
  return {
    measure(lengths) {
      for (let i = 0; i < rows.length; i++) {
        const value = values[rows[i]!]!;
        lengths[rows[i]!]! += isInstant(value)
          ? textOf(Math.floor(value / dayMs)).length + timeBytes
          : `${value}`.length;
      }
    },
    write(into, ends) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const value = values[row]!;
        let at = ends[row]!;
        if (isInstant(value)) {
          const day = Math.floor(value / dayMs);
          at = ascii(into, at, textOf(day));
          into[at++] = letterT;
          at = writeTime(into, at, value - day * dayMs);
        } else at = ascii(into, at, `${value}`);
        ends[row] = at;
      }
    },
  };
}
