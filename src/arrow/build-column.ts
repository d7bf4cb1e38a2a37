import type { ColumnType, Literal } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import { allSet } from './bitmap.ts';
import { type ColumnData, isValid } from './column-data.ts';
import { literalOf, valueOfLiteral } from './literal.ts';

/** A column being written: a copy nobody else holds. `codeOf` adds a text to the dictionary when it is new. */
export type Mutable =
  | (Exclude<ColumnData, { kind: 'text' }> & { validity?: Uint8Array })
  | {
      kind: 'text';
      length: number;
      validity?: Uint8Array;
      codes: Int32Array;
      dictionary: string[];
      codeOf(text: string): number;
    };

/** A copy of `data` with `length` rows, new ones null; where `data` is undefined, all null and of the kind of `like`. */
export function columnOfLength(data: ColumnData | undefined, like: ColumnData, length: number): Mutable {
  if (data && data.kind !== like.kind)
    throw new ExaError('corrupt', `A ${like.kind} patch does not fit a ${data.kind} page.`);
  const kept = data?.length ?? 0;
  let validity: Uint8Array | undefined;
  if (data?.validity || kept < length) {
    validity = new Uint8Array((length + 7) >> 3);
    validity.set((data?.validity ?? allSet(kept)).subarray(0, (Math.min(kept, length) + 7) >> 3));
    for (let i = kept; i < Math.min(length, (kept + 7) & ~7); i++) validity[i >> 3]! &= ~(1 << (i & 7));
  }
  if (like.kind === 'text') {
    const text = data?.kind === 'text' ? data : undefined;
    const codes = new Int32Array(length);
    if (text) codes.set(text.codes.subarray(0, length));
    const dictionary = text ? [...text.dictionary] : [];
    let index: Map<string, number> | undefined;
    let searched = 0;
    const codeOf = (value: string): number => {
      // A handful of changed rows is looked up by scanning; an index of a large dictionary costs more than that.
      if (!index && searched++ < 8) {
        const found = dictionary.indexOf(value);
        return found >= 0 ? found : dictionary.push(value) - 1;
      }
      index ??= new Map(dictionary.map((entry, code) => [entry, code]));
      let code = index.get(value);
      if (code === undefined) {
        code = dictionary.push(value) - 1;
        index.set(value, code);
      }
      return code;
    };
    return { kind: 'text', length, validity, codes, dictionary, codeOf };
  }
  const values = copyOf(data && data.kind !== 'text' ? data.values : undefined, like.values, length);
  return { ...like, length, validity, values } as Mutable;
}

type Values = Exclude<ColumnData, { kind: 'text' }>['values'];

function copyOf(values: Values | undefined, like: Values, length: number): Values {
  if (like instanceof BigInt64Array) {
    const copy = new BigInt64Array(length);
    if (values instanceof BigInt64Array) copy.set(values.subarray(0, length));
    return copy;
  }
  const copy =
    like instanceof Uint8Array
      ? new Uint8Array(length)
      : like instanceof Int32Array
        ? new Int32Array(length)
        : new Float64Array(length);
  if (values && !(values instanceof BigInt64Array)) copy.set(values.subarray(0, length));
  return copy;
}

/** A column of JSON literals; throws `invalid` for one that is not of `type`. */
export function columnFromLiterals(type: ColumnType, literals: readonly Literal[]): ColumnData {
  const length = literals.length;
  const column = columnOfLength(undefined, emptyColumn(type), length);
  const validity = new Uint8Array((length + 7) >> 3);
  let nulls = 0;
  for (let i = 0; i < length; i++) {
    const literal = literals[i]!;
    if (literal === null) {
      nulls++;
      continue;
    }
    validity[i >> 3]! |= 1 << (i & 7);
    const value = valueOfLiteral(type, literal);
    if (column.kind === 'text') column.codes[i] = column.codeOf(value as string);
    else column.values[i] = value as never;
  }
  column.validity = nulls ? validity : undefined;
  return finished(column);
}

/** A column of no rows. */
export function emptyColumn(type: ColumnType): ColumnData {
  switch (type.kind) {
    case 'bool':
      return { kind: 'bool', length: 0, values: new Uint8Array() };
    case 'int32':
    case 'date':
      return { kind: type.kind, length: 0, values: new Int32Array() };
    case 'float64':
    case 'timestamp':
      return { kind: type.kind, length: 0, values: new Float64Array() };
    case 'int64':
      return { kind: 'int64', length: 0, values: new BigInt64Array() };
    case 'decimal':
      return { ...type, length: 0, values: new BigInt64Array() };
    case 'text':
      return { kind: 'text', length: 0, codes: new Int32Array(), dictionary: [] };
  }
}

function finished(column: Mutable): ColumnData {
  if (column.kind !== 'text') return column;
  const { codeOf: _, ...text } = column;
  return text;
}

/** Row `index` as a JSON literal of the column's type. */
export function literalAt(data: ColumnData, index: number): Literal {
  if (!isValid(data, index)) return null;
  return literalOf(data, data.kind === 'text' ? data.dictionary[data.codes[index]!]! : data.values[index]!);
}

/** Rows `indices` of `data`, in that order; an index of −1 gives null. */
export function takeRows(data: ColumnData, indices: ArrayLike<number>): ColumnData {
  const length = indices.length;
  let validity: Uint8Array | undefined;
  for (let i = 0; i < length; i++) {
    const from = indices[i]!;
    if (from >= 0 && isValid(data, from)) continue;
    validity ??= allSet(length);
    validity[i >> 3]! &= ~(1 << (i & 7));
  }
  if (data.kind === 'text') {
    const codes = new Int32Array(length);
    const dictionary: string[] = [];
    const codeOf = codeTable(data.dictionary.length, length);
    for (let i = 0; i < length; i++) {
      if (indices[i]! < 0 || (validity && ((validity[i >> 3]! >> (i & 7)) & 1) === 0)) continue;
      const code = data.codes[indices[i]!]!;
      let taken = codeOf.get(code) ?? -1;
      if (taken < 0) {
        taken = dictionary.push(data.dictionary[code]!) - 1;
        codeOf.set(code, taken);
      }
      codes[i] = taken;
    }
    return { kind: 'text', length, validity, codes, dictionary };
  }
  const values = copyOf(undefined, data.values, length);
  for (let i = 0; i < length; i++) if (indices[i]! >= 0) values[i] = data.values[indices[i]!]! as never;
  return { ...data, length, validity, values } as ColumnData;
}

/** New codes by old ones: an array where most of a dictionary may be met, which is several times faster than a map. */
function codeTable(
  entries: number,
  rows: number,
): { get(code: number): number | undefined; set(code: number, taken: number): void } {
  if (entries > 4 * rows) return new Map<number, number>();
  const table = new Int32Array(entries).fill(-1);
  return {
    get: (code) => table[code],
    set(code, taken) {
      table[code] = taken;
    },
  };
}

/** Columns of one kind end to end; throws `invalid` when kinds or scales differ. */
export function concatColumns(parts: readonly ColumnData[]): ColumnData {
  const first = parts[0];
  if (!first) throw new ExaError('broken', 'There is nothing to join.');
  if (parts.length === 1) return first;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const validity = parts.some((part) => part.validity) ? new Uint8Array((length + 7) >> 3) : undefined;
  const whole = { ...columnOfLength(undefined, first, length), validity } as Mutable;
  let at = 0;
  for (const part of parts) {
    if (
      part.kind !== first.kind ||
      (part.kind === 'decimal' && first.kind === 'decimal' && part.scale !== first.scale)
    )
      throw new ExaError('invalid', `Columns of types ${first.kind} and ${part.kind} cannot be joined.`);
    if (whole.kind === 'text' && part.kind === 'text') {
      const codes = part.dictionary.map((text) => whole.codeOf(text));
      for (let i = 0; i < part.length; i++) whole.codes[at + i] = codes[part.codes[i]!] ?? 0;
    } else if (whole.kind !== 'text' && part.kind !== 'text') {
      (whole.values as { set(values: Values, offset: number): void }).set(part.values, at);
    }
    if (validity)
      for (let i = 0; i < part.length; i++)
        if (isValid(part, i)) validity[(at + i) >> 3]! |= 1 << ((at + i) & 7);
    at += part.length;
  }
  return finished(whole);
}
