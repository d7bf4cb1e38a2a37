import { concatColumns } from '../../arrow/build-column.ts';
import { type ColumnData, isValid } from '../../arrow/column-data.ts';
import { codeColumn } from './key-codes.ts';
import { bitmapOf } from './validity.ts';

/** Extremes of joined groups: group `g` of `parts[p]` goes to group `places[p][g]`; null where all are null. */
export function joinExtremes(
  which: 'min' | 'max',
  parts: readonly ColumnData[],
  places: readonly ArrayLike<number>[],
  groups: number,
): ColumnData {
  const [first] = parts;
  if (first!.kind === 'text') return joinTexts(which, parts, places, groups);
  const present = new Uint8Array(groups);
  const { values } = first!;
  if (values instanceof BigInt64Array) {
    const out = new BigInt64Array(groups);
    each(parts, places, (part, g, to) => {
      if (part.kind === 'text' || !(part.values instanceof BigInt64Array)) return;
      const value = part.values[g]!;
      if (!present[to] || (which === 'min' ? value < out[to]! : value > out[to]!)) out[to] = value;
      present[to] = 1;
    });
    return { ...first!, length: groups, validity: bitmapOf(present), values: out } as ColumnData;
  }
  const out =
    values instanceof Float64Array
      ? new Float64Array(groups)
      : values instanceof Int32Array
        ? new Int32Array(groups)
        : new Uint8Array(groups);
  const better = which === 'min' ? Math.min : Math.max;
  each(parts, places, (part, g, to) => {
    if (part.kind === 'text' || part.values instanceof BigInt64Array) return;
    const value = part.values[g]!;
    out[to] = present[to] ? better(out[to]!, value) : value;
    present[to] = 1;
  });
  return { ...first!, length: groups, validity: bitmapOf(present), values: out } as ColumnData;
}

function each(
  parts: readonly ColumnData[],
  places: readonly ArrayLike<number>[],
  visit: (part: ColumnData, group: number, to: number) => void,
): void {
  parts.forEach((part, p) => {
    for (let g = 0; g < part.length; g++) if (isValid(part, g)) visit(part, g, places[p]![g]!);
  });
}

function joinTexts(
  which: 'min' | 'max',
  parts: readonly ColumnData[],
  places: readonly ArrayLike<number>[],
  groups: number,
): ColumnData {
  const coded = codeColumn(concatColumns(parts));
  const best = new Int32Array(groups).fill(-1);
  let start = 0;
  parts.forEach((part, p) => {
    for (let g = 0; g < part.length; g++) {
      if (!isValid(part, g)) continue;
      const code = coded.codes[start + g]!;
      const to = places[p]![g]!;
      if (best[to]! < 0 || (which === 'min' ? code < best[to]! : code > best[to]!)) best[to] = code;
    }
    start += part.length;
  });
  return coded.take(best.map((code) => (code < 0 ? coded.size : code)));
}
