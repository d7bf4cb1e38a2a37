import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  DateUnit,
  Decimal,
  Dictionary,
  Field,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  makeData,
  Timestamp,
  TimeUnit,
  Type,
  Utf8,
  Vector,
} from 'apache-arrow';
import { ExaError } from '../protocol/errors.ts';
import { countUnset, packBits, unpackBits } from './bitmap.ts';
import type { ColumnData } from './column-data.ts';
import { type NarrowIntegers, narrowInts, narrowWide, wideFromInts } from './narrow-integers.ts';
import { decodeTexts, encodeTexts } from './utf8.ts';
import { doublesFromInt64, int64FromDoubles } from './words.ts';

/** Field metadata key: `precision,scale` of a decimal carried as whole numbers. */
const decimalKey = 'exanalytics:decimal';
/** Field metadata key of an int64 column carried in narrower integers. */
const wideKey = 'exanalytics:int64';

/**
 * `packed`: integers no wider than their values need, decimals as such integers with their scale in the field's metadata
 * (what our pages use: a quarter of the bytes or less). `standard`: Int32, Int64, Decimal128, for other programs.
 */
export type ArrowForm = 'packed' | 'standard';

/** A column as an Arrow field and its data. `dictionaryId` must be unique in its schema. */
export function toArrow(
  name: string,
  data: ColumnData,
  dictionaryId: number,
  form: ArrowForm,
): { field: Field; data: Data } {
  const { length } = data;
  const nulls = data.validity
    ? { nullBitmap: data.validity, nullCount: countUnset(data.validity, length) }
    : { nullCount: 0 };
  const make = <T extends DataType>(type: T, made: Data<T>, metadata?: Map<string, string>) => ({
    field: new Field(name, type, true, metadata),
    data: made as Data,
  });
  const makeIntegers = ({ type, values }: NarrowIntegers, metadata?: Map<string, string>) =>
    make(type, makeData({ type, length, ...nulls, data: values }) as Data<typeof type>, metadata);
  switch (data.kind) {
    case 'bool': {
      const type = new Bool();
      return make(type, makeData({ type, length, ...nulls, data: packBits(data.values) }));
    }
    case 'int32':
      return form === 'packed'
        ? makeIntegers(narrowInts(data.values, data.validity))
        : makeIntegers({ type: new Int32(), values: data.values });
    case 'date': {
      const type = new DateDay();
      return make(type, makeData({ type, length, ...nulls, data: data.values }));
    }
    case 'float64': {
      const type = new Float64();
      return make(type, makeData({ type, length, ...nulls, data: data.values }));
    }
    case 'timestamp': {
      const type = new Timestamp(TimeUnit.MILLISECOND, 'UTC');
      return make(type, makeData({ type, length, ...nulls, data: int64FromDoubles(data.values) }));
    }
    case 'int64':
      return form === 'packed'
        ? makeIntegers(narrowWide(data.values, data.validity), new Map([[wideKey, '']]))
        : makeIntegers({ type: new Int64(), values: data.values });
    case 'decimal': {
      if (form === 'packed')
        return makeIntegers(
          narrowWide(data.values, data.validity),
          new Map([[decimalKey, `${data.precision},${data.scale}`]]),
        );
      const type = new Decimal(data.scale, data.precision, 128);
      return make(type, makeData({ type, length, ...nulls, data: widen(data.values) }));
    }
    case 'text': {
      const { offsets, bytes } = encodeTexts(data.dictionary);
      const texts = makeData({
        type: new Utf8(),
        length: data.dictionary.length,
        nullCount: 0,
        valueOffsets: offsets,
        data: bytes,
      });
      const { indices, codes } = narrow(data.codes, data.dictionary.length);
      const type = new Dictionary(new Utf8(), indices, dictionaryId);
      return make(
        type,
        makeData({ type, length, ...nulls, data: codes, dictionary: new Vector([texts]) }) as Data<
          typeof type
        >,
      );
    }
  }
}

/** Codes in the narrowest signed integers that hold `size` entries. */
function narrow(codes: Int32Array, size: number) {
  if (size <= 0x80) return { indices: new Int8(), codes: new Int8Array(codes) };
  if (size <= 0x8000) return { indices: new Int16(), codes: new Int16Array(codes) };
  return { indices: new Int32(), codes };
}

/** 64-bit integers sign-extended to 128 bits. */
function widen(values: BigInt64Array): Uint32Array {
  const source = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const wide = new Int32Array(values.length * 4);
  for (let i = 0; i < values.length; i++) {
    const high = source[2 * i + 1]!;
    wide[4 * i] = source[2 * i]!;
    wide[4 * i + 1] = high;
    wide[4 * i + 2] = wide[4 * i + 3] = high >> 31;
  }
  return new Uint32Array(wide.buffer);
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

/**
 * An Arrow column as kernels read it; values are views of the Arrow buffers wherever the layouts agree.
 * Throws `invalid` for a type that no column type holds.
 */
export function fromArrow(field: Field, data: Data): ColumnData {
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
      const { values } = data;
      if (values instanceof BigInt64Array) break;
      if (values instanceof BigUint64Array || values instanceof Uint32Array)
        return { kind: 'int64', length, validity, values: signed(values.subarray(0, length), field.name) };
      const integers = values.subarray(0, length) as Int8Array | Int16Array | Int32Array;
      if (field.metadata.has(wideKey) || field.metadata.has(decimalKey))
        return wideColumn(field, length, validity, wideFromInts(integers));
      const whole = integers instanceof Int32Array ? integers : new Int32Array(integers);
      return { kind: 'int32', length, validity, values: whole };
    }
    case Type.Date:
      if ((data.type as DateDay).unit === DateUnit.DAY)
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
      if ((data.type as Timestamp).unit === TimeUnit.MILLISECOND)
        return {
          kind: 'timestamp',
          length,
          validity,
          values: doublesFromInt64(words64().subarray(0, length)),
        };
      break;
    case Type.Decimal: {
      const type = data.type as Decimal;
      const words = new Int32Array(data.values.buffer, data.values.byteOffset, data.values.byteLength / 4);
      const valid = (i: number) => !validity || ((validity[i >> 3]! >> (i & 7)) & 1) === 1;
      if (type.bitWidth === 128 && type.precision <= 38)
        return {
          kind: 'decimal',
          length,
          validity,
          scale: type.scale,
          precision: Math.min(18, type.precision),
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

/** Whole numbers as int64, or as the decimals their field says they are. */
function wideColumn(
  field: Field,
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
function validityOf(data: Data): Uint8Array | undefined {
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
