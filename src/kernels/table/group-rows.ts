import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { GroupSpec } from '../../protocol/kernel.ts';
import { codeNumberBins, codeTimeBins } from './bins.ts';
import { codeColumn, codeDoubles, type KeyCodes, type Selection } from './key-codes.ts';

/** Groups an answer may have: a screen shows a few hundred. */
export const maxGroups = 1_000_000;

/** Throws `refused` when there are more than {@link maxGroups}. */
export function checkGroups(groups: number): void {
  if (groups > maxGroups)
    throw new ExaError('refused', 'This has more than 1,000,000 groups: choose a coarser grouping.', {
      facts: { maxGroups },
    });
}

/** Rows coded by several keys at once, groups ascending by the first key, then the next. */
export interface Grouping {
  readonly codes: Int32Array;
  readonly size: number;
  take(codes: ArrayLike<number>): ColumnData[];
}

/** Codes one key of a grouping from its operand's values; `room` may be written to and become the codes. */
export function codeKey(group: GroupSpec, data: ColumnData, rows?: Selection, room?: Int32Array): KeyCodes {
  if (group.by === 'number') return codeNumberBins(data, group, rows, room);
  return group.by === 'time' ? codeTimeBins(data, group, rows) : codeColumn(data, rows);
}

/** Dense codes are used up to this many groups a block; above, only combinations that occur are coded. */
const maxDense = 1 << 17;

/** Joins the codes of several keys (at least one) of `length` rows. */
export function joinKeys(keys: readonly KeyCodes[], length: number, rows?: Selection): Grouping {
  const [first] = keys;
  if (!first) throw new ExaError('broken', 'There is no key to group by.');
  let grouping: Grouping = {
    codes: first.codes,
    size: first.size,
    take: (codes) => [first.take(codes)],
  };
  for (const key of keys.slice(1)) grouping = joinTwo(grouping, key, length, rows);
  return grouping;
}

function joinTwo(left: Grouping, right: KeyCodes, length: number, rows: Selection): Grouping {
  const width = right.size;
  const split = (codes: ArrayLike<number>): ColumnData[] => [
    ...left.take(Int32Array.from(codes, (code) => Math.floor(code / width))),
    right.take(Int32Array.from(codes, (code) => code % width)),
  ];
  const count = rows ? rows.length : length;
  if (left.size * width <= maxDense) {
    const codes = new Int32Array(length);
    for (let n = 0; n < count; n++) {
      const i = rows ? rows[n]! : n;
      codes[i] = left.codes[i]! * width + right.codes[i]!;
    }
    return { codes, size: left.size * width, take: split };
  }
  const joined = new Float64Array(length);
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    joined[i] = left.codes[i]! * width + right.codes[i]!;
  }
  const coded = codeDoubles(joined, { length }, rows, (values) => ({
    kind: 'float64',
    length: values.length,
    values,
  }));
  return {
    codes: coded.codes,
    size: coded.size,
    take: (codes) => {
      const pairs = coded.take(codes);
      return split(pairs.kind === 'float64' ? pairs.values : []);
    },
  };
}
