import {
  Bool,
  type Data,
  type DataType,
  DateDay,
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
  Utf8,
  Vector,
} from 'apache-arrow';
import { countUnset, packBits } from './bitmap.ts';
import type { ColumnData } from './column-data.ts';
import { decimalKey, wideKey } from './from-arrow.ts';
import { type NarrowIntegers, narrowInts, narrowWide } from './narrow-integers.ts';
import { encodeTexts } from './utf8.ts';
import { int64FromDoubles } from './words.ts';

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
