import { literalAt } from '../../arrow/build-column.ts';
import { type ColumnData, isValid } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import { bothValid } from './validity.ts';

export type TextFunction = 'lower' | 'upper' | 'trim' | 'left' | 'right' | 'replace' | 'concat';

type Text = Extract<ColumnData, { kind: 'text' }>;

/** Characters a `left` or `right` may count; more is all of a text. */
const maxCount = 1 << 20;
/** Combinations up to which an array remembers what was made; above, a map. */
const maxTable = 1 << 18;

/** An argument as small integers: a text's codes, or a count cut to `[0, 2^20]`. */
interface Part {
  readonly codes: Int32Array;
  readonly size: number;
  readonly texts: readonly string[];
}

/**
 * A text made of texts (and counts), row by row, each combination once. Case by Unicode's own mapping, in no language;
 * `left` and `right` count code points; `trim` strips white space of every script. Null where an argument is.
 */
export function textColumn(fn: TextFunction, args: readonly ColumnData[]): ColumnData {
  const [first, ...others] = args;
  if (!first) throw new ExaError('broken', `“${fn}” was given nothing.`);
  if (fn === 'concat') return others.reduce((left, right) => made([left, right], (a, b) => a + b), first);
  if (fn === 'left' || fn === 'right') {
    const [count] = others;
    return made([first, count!], (text, _, n) => points(fn, text, n));
  }
  if (fn === 'replace')
    return made(args, (text, from, _, to) => (from === '' ? text : text.replaceAll(from, () => to ?? '')));
  const change = changes[fn];
  return made([first], (text) => change(text));
}

const changes: Record<'lower' | 'upper' | 'trim', (text: string) => string> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
};

function points(fn: 'left' | 'right', text: string, count: number): string {
  // A text of no surrogates has a code point a unit.
  if (!/[\ud800-\udfff]/.test(text)) {
    if (fn === 'left') return text.slice(0, count);
    return count >= text.length ? text : text.slice(text.length - count);
  }
  const all = [...text];
  return (fn === 'left' ? all.slice(0, count) : all.slice(Math.max(0, all.length - count))).join('');
}

/** `make` is told the first text, the second (empty where it is a count), the second's code and the third text. */
function made(
  args: readonly ColumnData[],
  make: (first: string, second: string, code: number, third?: string) => string,
): Text {
  const parts = args.map(partOf);
  const [a, b, c] = parts as [Part, Part | undefined, Part | undefined];
  const { length } = args[0]!;
  const validity = args.reduce<Uint8Array | undefined>(
    (bits, arg) => bothValid(bits, arg.validity),
    undefined,
  );
  const width = b?.size ?? 1;
  const depth = c?.size ?? 1;
  const combinations = a.size * width * depth;
  const table = combinations <= maxTable ? new Int32Array(combinations).fill(-1) : undefined;
  const known = new Map<number | string, number>();
  const codes = new Int32Array(length);
  const dictionary: string[] = [];
  const codeOf = new Map<string, number>();
  for (let i = 0; i < length; i++) {
    if (validity && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) continue;
    const x = a.codes[i]!;
    const y = b ? b.codes[i]! : 0;
    const z = c ? c.codes[i]! : 0;
    const key = combinations < 2 ** 53 ? (x * width + y) * depth + z : `${x} ${y} ${z}`;
    let code = table ? table[key as number]! : (known.get(key) ?? -1);
    if (code < 0) {
      const text = make(a.texts[x] ?? '', b?.texts[y] ?? '', y, c?.texts[z]);
      code = codeOf.get(text) ?? -1;
      if (code < 0) {
        code = dictionary.push(text) - 1;
        codeOf.set(text, code);
      }
      if (table) table[key as number] = code;
      else known.set(key, code);
    }
    codes[i] = code;
  }
  return { kind: 'text', length, validity, codes, dictionary };
}

function partOf(data: ColumnData): Part {
  if (data.kind === 'text')
    return { codes: data.codes, size: Math.max(1, data.dictionary.length), texts: data.dictionary };
  if (data.kind !== 'int32' && data.kind !== 'int64')
    throw new ExaError('invalid', 'A text was expected, or how many of its characters.');
  const codes = new Int32Array(data.length);
  for (let i = 0; i < codes.length; i++) codes[i] = Math.min(maxCount, Math.max(0, Number(data.values[i]!)));
  return { codes, size: maxCount + 1, texts: [] };
}

/** Code points of each text. */
export function lengthColumn(data: ColumnData): ColumnData {
  if (data.kind !== 'text') throw new ExaError('invalid', '“length” counts the characters of texts.');
  const counts = Int32Array.from(data.dictionary, (text) => {
    let points = 0;
    for (const _ of text) points++;
    return points;
  });
  const values = Int32Array.from(data.codes, (code) => counts[code] ?? 0);
  return { kind: 'int32', length: data.length, validity: data.validity, values };
}

/** Each value as its literal is written: 12.50, 2011-12-09, 2011-12-09T12:50:00.000Z, true. */
export function printedColumn(data: ColumnData): ColumnData {
  if (data.kind === 'text') return data;
  const codes = new Int32Array(data.length);
  const dictionary: string[] = [];
  const codeOf = new Map<string, number>();
  for (let i = 0; i < codes.length; i++) {
    if (!isValid(data, i)) continue;
    const text = String(literalAt(data, i));
    let code = codeOf.get(text);
    if (code === undefined) {
      code = dictionary.push(text) - 1;
      codeOf.set(text, code);
    }
    codes[i] = code;
  }
  return { kind: 'text', length: data.length, validity: data.validity, codes, dictionary };
}
