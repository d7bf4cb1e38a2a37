import { countUnset, packBits } from './bitmap.ts';
import type { ColumnData } from './column-data.ts';
import { decimalKey, wideKey } from './from-arrow.ts';
import { narrowInts, narrowWide } from './narrow-integers.ts';
import { encodeTexts } from './utf8.ts';
import { int64FromDoubles } from './words.ts';

/**
 * `packed`: integers no wider than their values need, decimals as such integers with their scale in the field's metadata
 * (what our pages use: a quarter of the bytes or less). `standard`: Int32, Int64, Decimal128, for other programs.
 */
export type ArrowForm = 'packed' | 'standard';

/** An Arrow type that columns are written in; integers are signed, dates days, timestamps UTC milliseconds. */
export type LayoutType =
  | { readonly kind: 'bool' | 'float64' | 'date' | 'timestamp' }
  | { readonly kind: 'int'; readonly bitWidth: number }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number };

export type LayoutValues = Uint8Array | Uint32Array | Float64Array | IntegerValues;
type IntegerValues = Int8Array | Int16Array | Int32Array | BigInt64Array;

/** A column in Arrow's layout. Buffers may be views of the column's own. */
export interface ColumnLayout {
  /** Of texts that of their codes. */
  readonly type: LayoutType;
  readonly length: number;
  /** Bools as bits. */
  readonly values: LayoutValues;
  readonly nullCount: number;
  /** A bit a row, set where it is not null; left out where none is. */
  readonly nullBitmap?: Uint8Array;
  /** Key and value of the field. */
  readonly metadata?: readonly [string, string];
  /** Of a text column: `count` texts, of which `i` is bytes `[offsets[i], offsets[i + 1])`. */
  readonly texts?: { readonly count: number; readonly offsets: Int32Array; readonly bytes: Uint8Array };
}

export function layoutOf(data: ColumnData, form: ArrowForm): ColumnLayout {
  const { length, validity } = data;
  const nulls = validity
    ? { nullBitmap: validity, nullCount: countUnset(validity, length) }
    : { nullCount: 0 };
  const rows = { length, ...nulls };
  const integers = (values: IntegerValues, metadata?: readonly [string, string]): ColumnLayout => ({
    type: { kind: 'int', bitWidth: 8 * values.BYTES_PER_ELEMENT },
    ...rows,
    values,
    ...(metadata && { metadata }),
  });
  const isPacked = form === 'packed';
  switch (data.kind) {
    case 'bool':
      return { type: { kind: 'bool' }, ...rows, values: packBits(data.values) };
    case 'int32':
      return integers(isPacked ? narrowInts(data.values, validity) : data.values);
    case 'date':
    case 'float64':
      return { type: { kind: data.kind }, ...rows, values: data.values };
    case 'timestamp':
      return { type: { kind: 'timestamp' }, ...rows, values: int64FromDoubles(data.values) };
    case 'int64':
      return isPacked ? integers(narrowWide(data.values, validity), [wideKey, '']) : integers(data.values);
    case 'decimal': {
      const { precision, scale } = data;
      if (isPacked) return integers(narrowWide(data.values, validity), [decimalKey, `${precision},${scale}`]);
      return { type: { kind: 'decimal', precision, scale }, ...rows, values: widen(data.values) };
    }
    case 'text': {
      const { dictionary, codes } = data;
      return {
        ...integers(narrow(codes, dictionary.length)),
        texts: { count: dictionary.length, ...encodeTexts(dictionary) },
      };
    }
  }
}

/** Codes in the narrowest signed integers that hold `size` entries. */
function narrow(codes: Int32Array, size: number): IntegerValues {
  if (size <= 0x80) return new Int8Array(codes);
  if (size <= 0x8000) return new Int16Array(codes);
  return codes;
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
