import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import { bitmapOf } from './validity.ts';

/** Row by row the first column where `truth` is 1, else (false or unknown) the second. Both are of one type. */
export function pick(truth: Uint8Array, first: ColumnData, second: ColumnData): ColumnData {
  const { length } = first;
  let validity: Uint8Array | undefined;
  if (first.validity || second.validity) {
    const present = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      const bits = truth[i] === 1 ? first.validity : second.validity;
      present[i] = bits ? (bits[i >> 3]! >> (i & 7)) & 1 : 1;
    }
    validity = bitmapOf(present);
  }
  if (first.kind === 'text' && second.kind === 'text') return pickText(truth, first, second, validity);
  if (first.kind === 'text' || second.kind === 'text' || first.kind !== second.kind)
    throw new ExaError('broken', `Types ${first.kind} and ${second.kind} cannot stand for each other.`);
  const values = first.values.slice();
  const other = second.values;
  if (values instanceof BigInt64Array && other instanceof BigInt64Array) {
    for (let i = 0; i < length; i++) if (truth[i] !== 1) values[i] = other[i]!;
  } else if (!(values instanceof BigInt64Array) && !(other instanceof BigInt64Array)) {
    for (let i = 0; i < length; i++) if (truth[i] !== 1) values[i] = other[i]!;
  }
  return { ...first, validity, values } as ColumnData;
}

type Text = Extract<ColumnData, { kind: 'text' }>;

function pickText(truth: Uint8Array, first: Text, second: Text, validity: Uint8Array | undefined): Text {
  const dictionary = [...first.dictionary];
  const codeOf = new Map(dictionary.map((text, code) => [text, code]));
  const moved = Int32Array.from(second.dictionary, (text) => {
    let code = codeOf.get(text);
    if (code === undefined) {
      code = dictionary.push(text) - 1;
      codeOf.set(text, code);
    }
    return code;
  });
  const codes = first.codes.slice();
  for (let i = 0; i < codes.length; i++) if (truth[i] !== 1) codes[i] = moved[second.codes[i]!] ?? 0;
  return { kind: 'text', length: first.length, validity, codes, dictionary };
}

/** Row by row the first value that is not null. */
export function coalesce(columns: readonly ColumnData[]): ColumnData {
  return columns.reduce((first, second) => {
    const { validity } = first;
    if (!validity) return first;
    const present = new Uint8Array(first.length);
    for (let i = 0; i < present.length; i++) present[i] = (validity[i >> 3]! >> (i & 7)) & 1;
    return pick(present, first, second);
  });
}
