import { ExaError } from '../../../protocol/errors.ts';
import type { BlockInput } from '../../block.ts';
import { shiftedGram } from '../../wasm/gram.ts';
import { decodeArrays, encodeArrays } from '../stream/bundle.ts';
import { type Matrix, readMatrix } from '../stream/matrix.ts';
import { type Fit, type FitKernel, onePass } from '../stream/pass.ts';
import { foldCount, type Reader } from '../stream/reader.ts';
import { emptyGram, type Gram, type GramPartial, mergeGrams } from './gram.ts';

/** Rows whose mean is the shift of a block: near its mean, whatever its order. */
const shiftRows = 256;

/**
 * Gram of features and target. Values are taken from a mean of evenly spaced rows of their block, so that nothing
 * cancels; constant columns give exact zeros. Rows with a missing or infinite value are left out and counted.
 */
export function gramKernel(reader: Reader): FitKernel<GramPartial> {
  const folds = foldCount(reader.folds);
  return {
    spec: { kernel: 'gram', reader },
    map(input) {
      const fast = mapMatrix(readMatrix(input, reader, true), folds);
      return fast.folds.every(hasFiniteDiagonal)
        ? fast
        : finite(mapMatrix(readMatrix(input, reader), folds), input);
    },
    merge: (a, b) => ({
      folds: a.folds.map((gram, f) => mergeGrams(gram, b.folds[f]!)),
      missing: a.missing + b.missing,
      infinite: a.infinite + b.infinite,
    }),
    encode: ({ folds: grams, missing, infinite }) =>
      encodeArrays([
        Float64Array.of(missing, infinite, ...grams.map((gram) => gram.n)),
        ...grams.flatMap((gram) => [gram.mean, gram.centred]),
      ]),
    decode(bytes) {
      const [head, ...arrays] = decodeArrays(bytes);
      if (!head || arrays.length !== 2 * (head.length - 2))
        throw new ExaError('corrupt', 'A kept Gram matrix cannot be read; it is computed again.');
      const grams = Array.from(head.subarray(2), (n, f) => {
        const mean = arrays[2 * f]!;
        return { q: mean.length, n, mean, centred: arrays[2 * f + 1]! };
      });
      return { folds: grams, missing: head[0]!, infinite: head[1]! };
    },
    byteSize: (partial) =>
      partial.folds.reduce((sum, gram) => sum + gram.mean.byteLength + gram.centred.byteLength, 64),
  };
}

/** One pass: the Grams of all folds. Throws `invalid` when no row can be used. */
export function* fitGram(reader: Reader, phase = 'Gram matrix'): Fit<GramPartial> {
  const partial = yield* onePass(gramKernel(reader), phase);
  const rows = partial?.folds.reduce((sum, gram) => sum + gram.n, 0) ?? 0;
  if (!partial || rows === 0)
    throw new ExaError(
      'invalid',
      'No row has a value in every chosen column: fill in missing values, or choose others.',
      {
        facts: { missing: partial?.missing ?? 0, infinite: partial?.infinite ?? 0 },
      },
    );
  return partial;
}

function hasFiniteDiagonal({ q, centred }: Gram): boolean {
  for (let j = 0; j < q; j++) if (!Number.isFinite(centred[j * q + j]!)) return false;
  return true;
}

function finite(partial: GramPartial, input: BlockInput): GramPartial {
  if (partial.folds.every(hasFiniteDiagonal)) return partial;
  throw new ExaError(
    'invalid',
    `Block ${input.block} has values too large to square: scale the columns first, or leave out such rows.`,
    { facts: { block: input.block } },
  );
}

function mapMatrix(matrix: Matrix, folds: number): GramPartial {
  const columns = matrix.target ? [...matrix.columns, matrix.target] : matrix.columns;
  const { missing, infinite, rows, fold } = matrix;
  if (folds === 1 || !fold) return { folds: [gramOf(columns, 0, rows)], missing, infinite };
  const grams = Array.from({ length: folds }, (_, f) => {
    const from = fold.indexOf(f);
    if (from < 0) return emptyGram(columns.length);
    const to = fold.lastIndexOf(f) + 1;
    if (fold.subarray(from, to).every((other) => other === f)) return gramOf(columns, from, to);
    const indices = [...fold.keys()].filter((i) => fold[i] === f);
    return gramOf(
      columns.map((x) => Float64Array.from(indices, (i) => x[i]!)),
      0,
      indices.length,
    );
  });
  return { folds: grams, missing, infinite };
}

/** The Gram of rows `[start, end)` of columns. */
export function gramOf(columns: readonly Float64Array[], start: number, end: number): Gram {
  const q = columns.length;
  const n = end - start;
  if (n === 0) return emptyGram(q);
  const shift = Float64Array.from(columns, (x) => sampleMean(x, start, n));
  const { sums, products } = shiftedGram(columns, start, end, shift);
  const centred = new Float64Array(q * q);
  for (let i = 0; i < q; i++)
    for (let j = 0; j < q; j++) centred[i * q + j] = products[i * q + j]! - (sums[i]! * sums[j]!) / n;
  return { q, n, mean: shift.map((s, j) => s + sums[j]! / n), centred };
}

function sampleMean(x: Float64Array, start: number, n: number): number {
  const first = x[start]!;
  const count = Math.min(n, shiftRows);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[start + Math.floor((i * n) / count)]! - first;
  return first + sum / count;
}
