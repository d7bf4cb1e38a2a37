import type { ColumnData } from '../../../arrow/column-data.ts';
import { blockRows } from '../../../protocol/column.ts';
import { ExaError } from '../../../protocol/errors.ts';
import type { BlockInput } from '../../block.ts';
import { maskOf } from '../../table/mask.ts';
import { doublesOf } from '../../table/numbers.ts';
import { applyStep } from '../preprocessing/apply-step.ts';
import { mix32 } from '../sample/random.ts';
import { columnCodes } from './codes.ts';
import type { FoldCut, ReadColumn, Reader } from './reader.ts';

/**
 * The used rows of one block as numbers, column by column: `columns[j][i]` for `i < rows`; longer arrays are the
 * page's own and not to be written. `missing` rows lacked a value (null or NaN), `infinite` ones had an infinite one:
 * both are left out (of a reader that keeps missing features, only the rows without a target).
 */
export interface Matrix {
  readonly rows: number;
  readonly columns: readonly Float64Array[];
  readonly target?: Float64Array;
  readonly missing: number;
  readonly infinite: number;
  /** Fold of every row, when the reader has folds. */
  readonly fold?: Int32Array;
  /** Position in the block of every used row; undefined when all are used. */
  readonly positions?: Int32Array;
}

/**
 * Reads a block. With `trusting`, values are not looked at one by one where nothing else asks for it: whoever passes
 * it notices a sum that is not finite and reads again without.
 * Throws `invalid` for a column that is not there, a text without categories, a value no category lists.
 */
export function readMatrix(input: BlockInput, reader: Reader, trusting = false): Matrix {
  const mask = maskOf(reader.where, input, reader.types ?? {});
  const raw = reader.columns.map((read) => numbersOf(input, read));
  const stepped = (reader.steps ?? []).reduce<readonly Float64Array[]>(
    (columns, step) => applyStep(columns, input.length, step),
    raw.map((column) => column.values),
  );
  const target = reader.target && numbersOf(input, reader.target);
  const nulls = raw.some((column) => column.nulls) || target?.nulls === true;
  const all = target ? [...stepped, target.values] : stepped;
  const scan = nulls || !trusting;
  const spared = reader.missing === 'keep' ? stepped.length : 0;
  const kept = scan || mask ? keptRows(all, input.length, mask, scan, spared) : undefined;
  const full = !kept || kept.positions.length === input.length;
  let positions = full ? undefined : kept.positions;
  let fold = reader.folds && foldOf(input, positions, reader.folds);
  if (fold && reader.keep) {
    const { fold: wanted, inside } = reader.keep;
    const chosen: number[] = [];
    for (let i = 0; i < fold.length; i++) if ((fold[i] === wanted) === inside) chosen.push(i);
    const folds = fold;
    positions = Int32Array.from(chosen, (i) => positions?.[i] ?? i);
    fold = Int32Array.from(chosen, (i) => folds[i]!);
  }
  const pick = (x: Float64Array) => (positions ? compact(x, positions) : x);
  return {
    rows: positions ? positions.length : input.length,
    columns: stepped.map(pick),
    target: target && pick(target.values),
    missing: kept?.missing ?? 0,
    infinite: kept?.infinite ?? 0,
    fold,
    positions,
  };
}

function compact(x: Float64Array, positions: Int32Array): Float64Array {
  const out = new Float64Array(positions.length);
  for (let i = 0; i < out.length; i++) out[i] = x[positions[i]!]!;
  return out;
}

function numbersOf(input: BlockInput, read: ReadColumn): { values: Float64Array; nulls: boolean } {
  const data = input.columns[read.column];
  if (!data)
    throw new ExaError('invalid', `Column “${read.column}” is not in these data: choose columns they have.`, {
      facts: { column: read.column },
    });
  if (read.categories)
    return {
      values: columnCodes(data, read.column, read.categories, read.unknown === 'ignore'),
      nulls: true,
    };
  if (data.kind === 'text')
    throw new ExaError(
      'invalid',
      `Column “${read.column}” holds text: encode it as categories first, or choose a number.`,
      { facts: { column: read.column } },
    );
  const values = doublesOf(data);
  return data.validity ? { values: nullsAsNaN(data, values), nulls: true } : { values, nulls: false };
}

function nullsAsNaN(data: ColumnData, values: Float64Array): Float64Array {
  const out = values.slice(0, data.length);
  const { validity } = data;
  if (validity)
    for (let i = 0; i < out.length; i++) if (((validity[i >> 3]! >> (i & 7)) & 1) === 0) out[i] = Number.NaN;
  return out;
}

function keptRows(
  columns: readonly Float64Array[],
  length: number,
  mask: Uint8Array | undefined,
  scan: boolean,
  spared: number,
): { positions: Int32Array; missing: number; infinite: number } {
  const state = new Uint8Array(length);
  if (scan)
    columns.forEach((x, j) => {
      const lacking = j < spared ? 0 : 1;
      for (let i = 0; i < length; i++) {
        const value = x[i]!;
        if (value - value !== 0) state[i]! |= Number.isNaN(value) ? lacking : 2;
      }
    });
  const positions = new Int32Array(length);
  let [count, missing, infinite] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    if (mask && mask[i] === 0) continue;
    if (state[i] === 0) positions[count++] = i;
    else if (state[i]! & 1) missing++;
    else infinite++;
  }
  return { positions: positions.slice(0, count), missing, infinite };
}

function foldOf(
  input: BlockInput,
  positions: Int32Array | undefined,
  folds: NonNullable<Reader['folds']>,
): Int32Array {
  const fold = new Int32Array(positions ? positions.length : input.length);
  if (folds.by === 'hash') {
    for (let i = 0; i < fold.length; i++) {
      const at = positions ? positions[i]! : i;
      fold[i] = mix32(mix32(mix32(folds.seed) + input.block) + (at % blockRows)) % folds.folds;
    }
    return fold;
  }
  const before = folds.cuts.filter((cut) => cut.block < input.block).length;
  const here = folds.cuts.filter((cut: FoldCut) => cut.block === input.block);
  fold.fill(before);
  for (const cut of here) for (let i = Math.max(0, cut.at); i < fold.length; i++) fold[i]!++;
  return fold;
}
