import { ExaError } from '../../../protocol/errors.ts';
import { decodeArrays, encodeArrays } from './bundle.ts';
import { readMatrix } from './matrix.ts';
import { type Fit, type FitKernel, onePass } from './pass.ts';
import type { FoldCut, Reader } from './reader.ts';

/** Used rows of every block, blocks ascending. */
export interface BlockCounts {
  readonly blocks: Float64Array;
  readonly rows: Float64Array;
}

/** Counts the rows a reader uses, block by block: what contiguous folds are cut by. */
export function countKernel(reader: Reader): FitKernel<BlockCounts> {
  return {
    spec: { kernel: 'count', reader },
    map: (input) => ({
      blocks: Float64Array.of(input.block),
      rows: Float64Array.of(readMatrix(input, reader).rows),
    }),
    merge: (a, b) => ({ blocks: joined(a.blocks, b.blocks), rows: joined(a.rows, b.rows) }),
    encode: ({ blocks, rows }) => encodeArrays([blocks, rows]),
    decode(bytes) {
      const [blocks, rows] = decodeArrays(bytes);
      if (!blocks || rows?.length !== blocks.length)
        throw new ExaError('corrupt', 'Kept row counts cannot be read; they are computed again.');
      return { blocks, rows };
    },
    byteSize: ({ blocks, rows }) => blocks.byteLength + rows.byteLength,
  };
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** The cut before used row `position`, counted over all blocks. */
export function cutAt({ blocks, rows }: BlockCounts, position: number): FoldCut {
  let left = position;
  for (let i = 0; i < blocks.length; i++) {
    if (left < rows[i]! || (left === rows[i]! && i === blocks.length - 1))
      return { block: blocks[i]!, at: left };
    left -= rows[i]!;
  }
  return { block: 0, at: 0 };
}

/**
 * `reader` with `folds` contiguous folds of the used rows, as scikit-learn's `KFold` cuts them: the first
 * n mod folds get one row more. One pass. Throws `invalid` for fewer than 2 folds, or fewer rows than folds.
 */
export function* withKFold(reader: Reader, folds: number): Fit<Reader> {
  if (!(Number.isInteger(folds) && folds >= 2))
    throw new ExaError('invalid', `Cross-validation needs two or more folds; ${folds} were asked for.`);
  const plain: Reader = { ...reader, folds: undefined, keep: undefined };
  const counts = yield* onePass(countKernel(plain), 'Counting rows');
  const rows = counts?.rows.reduce((sum, count) => sum + count, 0) ?? 0;
  if (!counts || rows < folds)
    throw new ExaError('invalid', `${folds} folds need at least ${folds} rows; there are ${rows}.`, {
      facts: { folds, rows },
    });
  const cuts = Array.from({ length: folds - 1 }, (_, f) => {
    const before = f + 1;
    return cutAt(counts, before * Math.floor(rows / folds) + Math.min(before, rows % folds));
  });
  return { ...reader, folds: { by: 'ranges', cuts } };
}
