import { DateUnit, TimeUnit, Type } from 'apache-arrow/enum';
import { ExaError } from '../protocol/errors.ts';
import { packBits, unpackBits } from './bitmap.ts';
import type { ColumnData } from './column-data.ts';
import { decodeTexts } from './utf8.ts';
import { doublesFromInt64, wideFromInts } from './words.ts';

/** Field metadata key: `precision,scale` of a decimal carried as whole numbers. */
export const decimalKey = 'exanalytics:decimal';
/** Field metadata key of an int64 column carried in narrower integers. */
export const wideKey = 'exanalytics:int64';

/** What is read of an Arrow field; the library's own `Field` is one. */
export interface ArrowField {
  readonly name: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** Of dates and timestamps the unit, of decimals the rest; named in sentences. */
  readonly type: ArrowType;
}

export interface ArrowType {
  readonly unit?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly bitWidth?: number;
  toString(): string;
}

/** A column of a record batch in Arrow's layout; the library's own `Data` is one. Views of the bytes read. */
export interface ArrowData {
  readonly typeId: Type;
  readonly length: number;
  /** Rows before the first, of the buffers of bits. */
  readonly offset: number;
  readonly nullCount: number;
  readonly nullBitmap?: Uint8Array | null;
  readonly values: ArrayBufferView;
  readonly valueOffsets: Int32Array;
  readonly dictionary?: { readonly data: readonly ArrowData[] };
}

/** 128-bit integers that fit 64 bits; throws `invalid` where one does not (unless null). */
function unwiden(
  words: Int32Array,
  length: number,
  name: string,
  valid: (i: number) => boolean,
): BigInt64Array {
  const values = new Int32Array(length * 2);
  for (let i = 0; i < length; i++) {
    const high = words[4 * i + 1]!;
    if (valid(i) && (words[4 * i + 2] !== high >> 31 || words[4 * i + 3] !== high >> 31))
      throw new ExaError('invalid', `Column ${name} holds a decimal of more than 18 digits.`, {
        facts: { column: name, row: i },
      });
    values[2 * i] = words[4 * i]!;
    values[2 * i + 1] = high;
  }
  return new BigInt64Array(values.buffer);
}

type IntegerValues = Int8Array | Int16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

/**
 * An Arrow column as kernels read it; values are views of the Arrow buffers wherever the layouts agree. Where they are
 * {@link isPacked}, they are laid into `room`, if given: eight bytes a row. Throws `invalid` for a type that no column type holds.
 */
export function fromArrow(field: ArrowField, data: ArrowData, room?: ArrayBuffer): ColumnData {
  const { length, offset } = data;
  const validity = validityOf(data);
  const words64 = () => data.values as BigInt64Array;
  switch (data.typeId) {
    case Type.Bool:
      return {
        kind: 'bool',
        length,
        validity,
        values: unpackBits(data.values as Uint8Array, offset, length),
      };
    case Type.Int: {
      const values = data.values as IntegerValues;
      if (values instanceof BigInt64Array) break;
      if (values instanceof BigUint64Array || values instanceof Uint32Array)
        return { kind: 'int64', length, validity, values: signed(values.subarray(0, length), field.name) };
      const integers = values.subarray(0, length) as Int8Array | Int16Array | Int32Array;
      if (field.metadata.has(wideKey) || field.metadata.has(decimalKey))
        return wideColumn(field, length, validity, wideFromInts(integers, room));
      if (integers instanceof Int32Array) return { kind: 'int32', length, validity, values: integers };
      const whole = room ? new Int32Array(room, 0, length) : new Int32Array(length);
      whole.set(integers);
      return { kind: 'int32', length, validity, values: whole };
    }
    case Type.Date:
      if (field.type.unit === DateUnit.DAY)
        return { kind: 'date', length, validity, values: (data.values as Int32Array).subarray(0, length) };
      return {
        kind: 'date',
        length,
        validity,
        values: Int32Array.from(wholeDays(words64().subarray(0, length))),
      };
    case Type.Float:
      if (data.values instanceof Float64Array)
        return { kind: 'float64', length, validity, values: data.values.subarray(0, length) };
      break;
    case Type.Timestamp:
      if (field.type.unit === TimeUnit.MILLISECOND)
        return {
          kind: 'timestamp',
          length,
          validity,
          values: doublesFromInt64(words64().subarray(0, length), room),
        };
      break;
    case Type.Decimal: {
      const { bitWidth, precision = 0, scale = 0 } = field.type;
      const words = new Int32Array(data.values.buffer, data.values.byteOffset, data.values.byteLength / 4);
      const valid = (i: number) => !validity || ((validity[i >> 3]! >> (i & 7)) & 1) === 1;
      if (bitWidth === 128 && precision <= 38)
        return {
          kind: 'decimal',
          length,
          validity,
          scale,
          precision: Math.min(18, precision),
          values: unwiden(words, length, field.name, valid),
        };
      break;
    }
    case Type.Dictionary: {
      const texts = data.dictionary?.data[0];
      if (texts?.typeId !== Type.Utf8) break;
      const dictionary = decodeTexts(
        texts.valueOffsets.subarray(0, texts.length + 1),
        texts.values as Uint8Array,
      );
      // Narrow indices are padded past the last row.
      const codes = (data.values as Int32Array).subarray(0, length);
      return {
        kind: 'text',
        length,
        validity,
        codes: codes instanceof Int32Array ? codes : new Int32Array(codes),
        dictionary,
      };
    }
    case Type.Utf8:
      return {
        ...dictionaryOf(decodeTexts(data.valueOffsets.subarray(0, length + 1), data.values as Uint8Array)),
        validity,
      };
  }
  if (data.values instanceof BigInt64Array)
    return wideColumn(field, length, validity, data.values.subarray(0, length));
  throw new ExaError(
    'invalid',
    `Column ${field.name} has the Arrow type ${field.type}, which is not supported.`,
    {
      facts: { column: field.name },
    },
  );
}

/** Whether the values take less memory, or as much, before they are as kernels read them. */
export function isPacked(field: ArrowField, { typeId, values }: ArrowData): boolean {
  if (typeId === Type.Timestamp) return field.type.unit === TimeUnit.MILLISECOND;
  if (typeId !== Type.Int && typeId !== Type.Dictionary) return false;
  if (values instanceof Int8Array || values instanceof Int16Array) return true;
  return (
    typeId === Type.Int &&
    values instanceof Int32Array &&
    (field.metadata.has(wideKey) || field.metadata.has(decimalKey))
  );
}

/** Whole numbers as int64, or as the decimals their field says they are. */
function wideColumn(
  field: ArrowField,
  length: number,
  validity: Uint8Array | undefined,
  values: BigInt64Array,
): ColumnData {
  const decimal = field.metadata.get(decimalKey);
  if (!decimal) return { kind: 'int64', length, validity, values };
  const [precision, scale] = decimal.split(',').map(Number);
  return { kind: 'decimal', length, validity, values, precision: precision!, scale: scale! };
}

/** Unsigned integers as int64; throws `invalid` past 2^63 − 1. */
function signed(values: BigUint64Array | Uint32Array, name: string): BigInt64Array {
  return BigInt64Array.from(values as ArrayLike<bigint | number> as ArrayLike<bigint>, (value) => {
    const whole = BigInt(value);
    if (whole < 1n << 63n) return whole;
    throw new ExaError('invalid', `Column ${name} holds ${whole}, which is past 2^63 − 1.`, {
      facts: { column: name },
    });
  });
}

/** The validity bitmap from bit 0, or undefined when nothing is null. */
function validityOf(data: ArrowData): Uint8Array | undefined {
  if (data.nullCount === 0 || !data.nullBitmap?.byteLength) return undefined;
  if (data.offset % 8 === 0) return data.nullBitmap.subarray(data.offset >> 3);
  return packBits(unpackBits(data.nullBitmap, data.offset, data.length));
}

function* wholeDays(ms: BigInt64Array): Iterable<number> {
  for (const instant of ms) yield Number(instant / 86_400_000n);
}

/** Texts as codes into a dictionary of the distinct ones, in order of first appearance. */
export function dictionaryOf(texts: readonly string[]): Extract<ColumnData, { kind: 'text' }> {
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(texts.length);
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    let code = codeOf.get(text);
    if (code === undefined) {
      code = codeOf.size;
      codeOf.set(text, code);
    }
    codes[i] = code;
  }
  return { kind: 'text', length: texts.length, codes, dictionary: [...codeOf.keys()] };
}
