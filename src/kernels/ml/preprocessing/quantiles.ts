import { ExaError } from '../../../protocol/errors.ts';
import { decodeArrays, encodeArrays } from '../stream/bundle.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { readMatrix } from '../stream/matrix.ts';
import { type Fit, type FitKernel, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { readColumnsAlone } from './moments.ts';

type DigitsSpec = Extract<FitSpec, { kernel: 'digits' }>;

/** A double's bits, turned so that they sort as numbers do, are read as six digits: five of 11 bits, one of 9. */
const digits = 6;
const base = 2048;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const high = (() => {
  double[0] = 1;
  return words[0] === 0 ? 1 : 0;
})();

function digitsInto(value: number, out: Uint16Array): void {
  double[0] = value === 0 ? 0 : value;
  let top = words[high]!;
  let low = words[1 - high]!;
  if (top >>> 31) {
    top = ~top >>> 0;
    low = ~low >>> 0;
  } else top = (top | 0x80000000) >>> 0;
  out[0] = top >>> 21;
  out[1] = (top >>> 10) & 2047;
  out[2] = ((top & 1023) << 1) | (low >>> 31);
  out[3] = (low >>> 20) & 2047;
  out[4] = (low >>> 9) & 2047;
  out[5] = low & 511;
}

function fromDigits(d: readonly number[]): number {
  const top = ((d[0]! << 21) | (d[1]! << 10) | (d[2]! >>> 1)) >>> 0;
  const low = (((d[2]! & 1) << 31) | (d[3]! << 20) | (d[4]! << 9) | d[5]!) >>> 0;
  const negative = top >>> 31 === 0;
  words[high] = negative ? ~top >>> 0 : top & 0x7fffffff;
  words[1 - high] = negative ? ~low >>> 0 : low;
  return double[0]!;
}

/** Counts of the next digit after every prefix of every column: exact, so the same in any order. */
export function digitsKernel(spec: DigitsSpec): FitKernel<Float64Array> {
  const { reader, digit, prefixes } = spec;
  const size = prefixes.reduce((sum, list) => sum + list.length, 0) * base;
  return {
    spec,
    map(input) {
      const counts = new Float64Array(size);
      const own = new Uint16Array(digits);
      const parts = readColumnsAlone(reader).map((alone) => readMatrix(input, alone));
      let at = 0;
      parts
        .flatMap(({ columns, rows }) => columns.map((x) => x.subarray(0, rows)))
        .forEach((x, j) => {
          const list = prefixes[j]!;
          for (const value of x) {
            digitsInto(value, own);
            list.forEach((prefix, p) => {
              for (let k = 0; k < digit; k++) if (prefix[k] !== own[k]) return;
              counts[(at + p) * base + own[digit]!]!++;
            });
          }
          at += list.length;
        });
      return counts;
    },
    merge: (a, b) => a.map((count, i) => count + b[i]!),
    encode: (counts) => encodeArrays([counts]),
    decode(bytes) {
      const [counts] = decodeArrays(bytes);
      if (counts?.length !== size)
        throw new ExaError('corrupt', 'Kept counts cannot be read; they are computed again.');
      return counts;
    },
    byteSize: (counts) => counts.byteLength,
  };
}

/**
 * Exact quantiles of every column (`out[column][q]`), each skipping its own missing values, interpolated linearly
 * between order statistics as numpy does; NaN for a column without values. Six passes of counting, however many rows.
 */
export function* fitQuantiles(reader: Reader, width: number, quantiles: readonly number[]): Fit<number[][]> {
  let targets: { rank: number; prefix: number[] }[][] | undefined;
  let ranks: { low: number; share: number }[][] = [];
  for (let digit = 0; digit < digits; digit++) {
    const prefixes = Array.from({ length: width }, (_, j) =>
      targets ? distinct(targets[j]!.map((target) => target.prefix)) : [[]],
    );
    const kernel = digitsKernel({ kernel: 'digits', reader, digit, prefixes });
    const counts = yield* onePass(kernel, `Quantiles, pass ${digit + 1} of ${digits}`);
    if (!counts) throw new ExaError('invalid', 'The chosen columns have no values.');
    if (!targets) {
      const totals = prefixes.map((_, j) => total(counts.subarray(j * base, (j + 1) * base)));
      ranks = totals.map((n) =>
        quantiles.map((q) => {
          const at = q * (n - 1);
          const low = Math.max(0, Math.min(Math.floor(at), n - 1));
          return { low, share: at - low };
        }),
      );
      targets = totals.map((n, j) =>
        n === 0
          ? []
          : ranks[j]!.flatMap(({ low }) => [
              { rank: low, prefix: [] },
              { rank: Math.min(low + 1, n - 1), prefix: [] },
            ]),
      );
    }
    let at = 0;
    targets = targets.map((list, j) => {
      const own = prefixes[j]!;
      const start = at;
      at += own.length;
      return list.map(({ rank, prefix }) => {
        const p = own.findIndex((other) => other.every((d, k) => d === prefix[k]));
        const line = counts.subarray((start + p) * base, (start + p + 1) * base);
        let left = rank;
        let next = 0;
        while (left >= line[next]!) left -= line[next++]!;
        return { rank: left, prefix: [...prefix, next] };
      });
    });
  }
  return (targets ?? []).map((list, j) =>
    ranks[j]!.map(({ share }, q) => {
      if (!list.length) return Number.NaN;
      const a = fromDigits(list[2 * q]!.prefix);
      const b = fromDigits(list[2 * q + 1]!.prefix);
      return share < 0.5 ? a + (b - a) * share : b - (b - a) * (1 - share);
    }),
  );
}

function distinct(prefixes: readonly number[][]): number[][] {
  const seen = new Map(prefixes.map((prefix) => [prefix.join(), prefix]));
  return [...seen.values()];
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
