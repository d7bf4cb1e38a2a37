import { isValid } from '../../../arrow/column-data.ts';
import type { Literal } from '../../../protocol/column.ts';
import { ExaError } from '../../../protocol/errors.ts';
import { maskOf } from '../../table/mask.ts';
import { doublesOf } from '../../table/numbers.ts';
import { compareText } from '../../table/text-order.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { type Fit, type FitKernel, onePass } from '../stream/pass.ts';

type CategoriesSpec = Extract<FitSpec, { kernel: 'categories' }>;

/** Distinct values of a column in ascending order (numbers, or texts by bytes), and how often each occurs. */
export interface Categories {
  readonly values: readonly (string | number)[];
  readonly counts: readonly number[];
}

/** More categories than this are a key, not a feature. */
export const mostCategories = 10_000;

/**
 * Distinct values of every column; nulls and NaN are no category; booleans are 0 and 1.
 * Throws `invalid`, naming the column, past `limit` of them.
 */
export function categoriesKernel(spec: CategoriesSpec): FitKernel<readonly Categories[]> {
  const { columns, limit } = spec;
  const bounded = (column: string, size: number) => {
    if (size > limit)
      throw new ExaError(
        'invalid',
        `Column “${column}” has more than ${limit} different values: that is a key, not a category. Leave it out, or group it first.`,
        { facts: { column, limit } },
      );
  };
  return {
    spec,
    map: (input) => {
      const mask = maskOf(spec.where, input, spec.types ?? {});
      return columns.map((column) => {
        const data = input.columns[column];
        if (!data)
          throw new ExaError(
            'invalid',
            `Column “${column}” is not in these data: choose columns they have.`,
            {
              facts: { column },
            },
          );
        const seen = new Map<string | number, number>();
        const numbers = data.kind === 'text' ? undefined : doublesOf(data);
        for (let i = 0; i < input.length; i++) {
          if (!isValid(data, i) || mask?.[i] === 0) continue;
          const value = numbers ? numbers[i]! : data.kind === 'text' ? data.dictionary[data.codes[i]!]! : 0;
          if (Number.isNaN(value)) continue;
          const key = value === 0 ? 0 : value;
          seen.set(key, (seen.get(key) ?? 0) + 1);
          bounded(column, seen.size);
        }
        return sorted(seen);
      });
    },
    merge: (a, b) =>
      a.map((left, j) => {
        const seen = new Map(left.values.map((value, k) => [value, left.counts[k]!]));
        b[j]!.values.forEach((value, k) => {
          seen.set(value, (seen.get(value) ?? 0) + b[j]!.counts[k]!);
        });
        bounded(columns[j]!, seen.size);
        return sorted(seen);
      }),
    encode: (partial) => new TextEncoder().encode(JSON.stringify(partial)),
    decode(bytes) {
      try {
        return JSON.parse(new TextDecoder().decode(bytes)) as readonly Categories[];
      } catch (cause) {
        throw new ExaError('corrupt', 'Kept categories cannot be read; they are sought again.', { cause });
      }
    },
    byteSize: (partial) =>
      partial.reduce(
        (sum, { values }) => sum + values.reduce<number>((all, v) => all + 24 + 2 * String(v).length, 0),
        0,
      ),
  };
}

function sorted(seen: ReadonlyMap<string | number, number>): Categories {
  const entries = [...seen].sort(([a], [b]) =>
    typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : Number(a) - Number(b),
  );
  return { values: entries.map(([value]) => value), counts: entries.map(([, count]) => count) };
}

/** One pass. */
export function* fitCategories(
  columns: readonly string[],
  limit = mostCategories,
  rows: Pick<CategoriesSpec, 'where' | 'types'> = {},
): Fit<readonly Categories[]> {
  const spec: CategoriesSpec = { kernel: 'categories', columns, limit, ...rows };
  const found = yield* onePass(categoriesKernel(spec), 'Categories');
  if (!found) throw new ExaError('invalid', 'The chosen columns have no values.');
  return found;
}

/** The most frequent value, of equals the least. */
export function mostFrequent({ values, counts }: Categories): Literal {
  let best = 0;
  counts.forEach((count, k) => {
    if (count > counts[best]!) best = k;
  });
  return values[best] ?? null;
}
