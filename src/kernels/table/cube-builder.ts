import type { ColumnData } from '../../arrow/column-data.ts';
import { blockRows } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Formula } from '../../protocol/formula.ts';
import type { AggregateSpec } from '../../protocol/kernel.ts';
import type { BlockInput } from '../block.ts';
import { canonicalJson } from '../canonical-json.ts';
import { emptyPartial } from './aggregate.ts';
import { type Cube, type CubeAxis, maxBins, maxCells, maxCubeGroups } from './cube.ts';
import { type BinnedRows, binRows } from './cube-axis.ts';
import { grown } from './cube-cells.ts';
import { cubeColumn } from './cube-column.ts';
import { countCells, markCodes, placeRows } from './cube-loops.ts';
import type { CubeColumn } from './cube-rows.ts';
import { evaluate } from './evaluate.ts';
import { codeKey, joinKeys } from './group-rows.ts';
import { maskOf } from './mask.ts';
import { valueIndex } from './value-index.ts';

/** Builds the cubes of all questions of a brush in one walk over blocks. */
export interface CubeBuilder {
  /** Throws `refused` when there are too many groups to brush, `invalid` where types do not fit. */
  add(input: BlockInput): void;
  /** One cube a question, in their order; the builder is used up. */
  cubes(): Cube[];
}

/** A builder for `specs`, all brushed along `axis`. */
export function cubeBuilder(axis: CubeAxis, specs: readonly AggregateSpec[]): CubeBuilder {
  if (!(axis.width > 0) || !Number.isFinite(axis.from) || !(axis.bins >= 1 && axis.bins <= maxBins))
    throw new ExaError('invalid', 'A brush needs a range that is not empty.');
  const scratch = new Int32Array(blockRows);
  const parts = specs.map((spec) => questionCube(axis.bins, spec, scratch));
  return {
    add(input) {
      if (input.length === 0) return;
      const types = Object.assign({}, ...specs.map(({ columns }) => columns));
      const known = new Map<string, ColumnData>();
      const operand = (formula: Formula): ColumnData => {
        const plain = formula.op === 'column' ? input.columns[formula.column] : undefined;
        if (plain) return plain;
        const key = canonicalJson(formula);
        const data = known.get(key) ?? evaluate(formula, input, types);
        known.set(key, data);
        return data;
      };
      const binned = new Map<string, BinnedRows>();
      specs.forEach((spec, s) => {
        const key = canonicalJson(spec.where);
        const rows =
          binned.get(key) ?? binRows(axis, operand(axis.operand), maskOf(spec.where, input, spec.columns));
        binned.set(key, rows);
        parts[s]!.add(rows, operand);
      });
    },
    cubes: () => parts.map((part) => part.cube()),
  };
}

type Operand = (formula: Formula) => ColumnData;

/** The growing cube of one question; `scratch` has room for a block's rows. */
function questionCube(
  bins: number,
  spec: AggregateSpec,
  scratch: Int32Array,
): { add(rows: BinnedRows, operand: Operand): void; cube(): Cube } {
  const index = valueIndex();
  const empty = emptyPartial(spec);
  const states = spec.states.map((state, s): CubeColumn => cubeColumn(state, empty.states[s]!, bins));
  let groups = spec.groupBy.length === 0 ? 1 : 0;
  let counts = new Int32Array(0);

  /** A block's rows by local code, and where each code's group starts among the cells. */
  function groupRows(rows: Uint16Array, operand: Operand): { codes: Int32Array; starts: Int32Array } {
    const keys = spec.groupBy.map((group) => codeKey(group, operand(group.operand), rows));
    const { codes, size, take } = joinKeys(keys, operand(spec.groupBy[0]!.operand).length, rows);
    const starts = new Int32Array(size);
    markCodes(codes, rows, starts);
    const used = new Int32Array(size);
    let count = 0;
    for (let code = 0; code < size; code++) if (starts[code] === 1) used[count++] = code;
    const places = index.place(take(used.subarray(0, count)));
    for (let n = 0; n < count; n++) starts[used[n]!] = places[n]! * bins;
    groups = index.size;
    return { codes, starts };
  }

  return {
    add({ rows, bins: binOf }, operand) {
      if (rows.length === 0) return;
      const grouped = spec.groupBy.length === 0 ? undefined : groupRows(rows, operand);
      if (groups > maxCubeGroups || groups * bins > maxCells)
        throw new ExaError('refused', `There are too many groups (${groups}) to follow the pointer.`, {
          facts: { groups, bins },
        });
      const size = groups * bins;
      counts = grown(counts, size);
      const cells = grouped ? scratch.subarray(0, rows.length) : binOf;
      if (grouped) placeRows(grouped.codes, rows, binOf, grouped.starts, cells, counts);
      else countCells(cells, counts, 1);
      states.forEach((column, s) => {
        const state = spec.states[s]!;
        if (state.state === 'rows') return;
        column.add({ rows, cells, data: operand(state.operand), size, before: counts });
      });
    },
    cube() {
      const size = groups * bins;
      return {
        bins,
        groups,
        keys: index.columns() ?? empty.keys,
        rows: grown(counts, size).subarray(0, size),
        states: states.map((column) => column.state(size)),
      };
    },
  };
}
