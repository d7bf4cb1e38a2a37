import { ExaError } from '../../../protocol/errors.ts';
import { randomState } from '../means/random-state.ts';

/** Row numbers to learn from and to test on, both ascending unless shuffled. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

function checkFolds(folds: number, rows: number): void {
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= rows))
    throw new ExaError(
      'invalid',
      `There can be from 2 to ${rows} folds of ${rows} rows; ${folds} were asked for.`,
      {
        facts: { folds, rows },
      },
    );
}

function splitBy(foldOf: Int32Array, folds: number): Split[] {
  const rows = Array.from(foldOf.keys());
  return Array.from({ length: folds }, (_, f) => ({
    train: Int32Array.from(rows.filter((i) => foldOf[i] !== f)),
    test: Int32Array.from(rows.filter((i) => foldOf[i] === f)),
  }));
}

/** `KFold`: contiguous folds, the first n mod folds one row longer; of shuffled rows when `random_state` is given. */
export function kFold(rows: number, folds = 5, random_state?: number): Split[] {
  checkFolds(folds, rows);
  const order = random_state === undefined ? undefined : randomState(random_state).permutation(rows);
  const foldOf = new Int32Array(rows);
  let start = 0;
  for (let f = 0; f < folds; f++) {
    const end = start + Math.floor(rows / folds) + (f < rows % folds ? 1 : 0);
    for (let i = start; i < end; i++) foldOf[order ? order[i]! : i] = f;
    start = end;
  }
  return splitBy(foldOf, folds);
}

/**
 * `StratifiedKFold` without shuffling: every fold has nearly the same share of every class (codes 0, 1, …).
 * Throws `invalid` when no class has as many rows as there are folds.
 */
export function stratifiedKFold(codes: ArrayLike<number>, folds = 5): Split[] {
  const rows = codes.length;
  checkFolds(folds, rows);
  const order = new Map<number, number>();
  for (let i = 0; i < rows; i++) if (!order.has(codes[i]!)) order.set(codes[i]!, order.size);
  const encoded = Array.from({ length: rows }, (_, i) => order.get(codes[i]!)!);
  const counts = new Array<number>(order.size).fill(0);
  for (const code of encoded) counts[code]!++;
  if (counts.every((count) => count < folds))
    throw new ExaError('invalid', `No class has ${folds} rows, one for each fold: use fewer folds.`, {
      facts: { folds },
    });
  const sorted = [...encoded].sort((a, b) => a - b);
  const allocation = Array.from({ length: folds }, (_, f) => {
    const own = new Array<number>(order.size).fill(0);
    for (let i = f; i < rows; i += folds) own[sorted[i]!]!++;
    return own;
  });
  const given = allocation.map((own) => [...own]);
  const foldOf = Int32Array.from(encoded, (code) => {
    const fold = given.findIndex((own) => own[code]! > 0);
    given[fold]![code]!--;
    return fold;
  });
  return splitBy(foldOf, folds);
}

/** `TimeSeriesSplit`: tests are the last equal runs of rows; each learns from all before its own. */
export function timeSeriesSplit(rows: number, folds = 5): Split[] {
  const size = Math.floor(rows / (folds + 1));
  if (!(Number.isInteger(folds) && folds >= 2 && size > 0))
    throw new ExaError(
      'invalid',
      `${folds} splits in time need at least ${folds + 1} rows; there are ${rows}.`,
    );
  return Array.from({ length: folds }, (_, f) => {
    const start = rows - (folds - f) * size;
    const run = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
    return { train: run(0, start), test: run(start, start + size) };
  });
}

/** `GroupKFold`: no group in two folds; the largest groups first, each to the smallest fold. */
export function groupKFold(groups: ArrayLike<number>, folds = 5): Split[] {
  const sizes = new Map<number, number>();
  for (let i = 0; i < groups.length; i++) sizes.set(groups[i]!, (sizes.get(groups[i]!) ?? 0) + 1);
  checkFolds(folds, sizes.size);
  const ordered = [...sizes].sort(([a, x], [b, y]) => y - x || b - a);
  const load = new Array<number>(folds).fill(0);
  const foldOfGroup = new Map<number, number>();
  for (const [group, size] of ordered) {
    const lightest = load.indexOf(Math.min(...load));
    load[lightest]! += size;
    foldOfGroup.set(group, lightest);
  }
  return splitBy(
    Int32Array.from({ length: groups.length }, (_, i) => foldOfGroup.get(groups[i]!)!),
    folds,
  );
}

/** `train_test_split` with a share to test on (0.25) and numpy's shuffling. */
export function trainTestSplit(rows: number, testShare = 0.25, random_state = 0): Split {
  const tests = Math.ceil(rows * testShare);
  if (!(tests > 0 && tests < rows))
    throw new ExaError(
      'invalid',
      `A share of ${testShare} leaves nothing to learn from, or nothing to test on.`,
    );
  const order = randomState(random_state).permutation(rows);
  return { test: order.slice(0, tests), train: order.slice(tests) };
}
