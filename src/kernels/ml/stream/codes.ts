import { type ColumnData, isValid } from '../../../arrow/column-data.ts';
import type { Literal } from '../../../protocol/column.ts';
import { ExaError } from '../../../protocol/errors.ts';
import { doublesOf } from '../../table/numbers.ts';

/** Values shown to a person before "…". */
const shown = 40;

/**
 * Position of every value among `categories`; NaN for null, and −1 for one not listed where `ignore` is set.
 * Throws `invalid`, naming the value, where it is not.
 */
export function columnCodes(
  data: ColumnData,
  column: string,
  categories: readonly Literal[],
  ignore: boolean,
): Float64Array {
  const out = new Float64Array(data.length);
  const at = new Map(categories.map((category, code) => [key(category), code]));
  const codeOf = (value: string | number): number => {
    const code = at.get(value);
    if (code !== undefined) return code;
    if (ignore) return -1;
    const text = String(value).slice(0, shown);
    throw new ExaError(
      'invalid',
      `Column “${column}” holds “${text}”, which was not there when the model was fitted: fit again, or ignore unknown values.`,
      { facts: { column, value: text } },
    );
  };
  if (data.kind === 'text') {
    const codes = new Int32Array(data.dictionary.length).fill(-2);
    for (let i = 0; i < data.length; i++) {
      if (!isValid(data, i)) {
        out[i] = Number.NaN;
        continue;
      }
      const entry = data.codes[i]!;
      if (codes[entry] === -2) codes[entry] = codeOf(data.dictionary[entry]!);
      out[i] = codes[entry]!;
    }
    return out;
  }
  const values = doublesOf(data);
  for (let i = 0; i < data.length; i++) {
    const value = values[i]!;
    out[i] = !isValid(data, i) || Number.isNaN(value) ? Number.NaN : codeOf(value === 0 ? 0 : value);
  }
  return out;
}

function key(category: Literal): string | number | undefined {
  if (category === null) return undefined;
  return typeof category === 'boolean' ? Number(category) : category;
}
