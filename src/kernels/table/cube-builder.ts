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
import { enterStart, isDirect, keyOfRow, placeDirect, type StartTable, tableFor } from './cube-direct.ts';
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

/** New groups a block may add one by one. */
const maxFound = 1_000;

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

  const numbers: StartTable = { low: 0, starts: new Int32Array(0) };

  function room(): void {
    if (groups > maxCubeGroups || groups * bins > maxCells)
      throw new ExaError('refused', `There are too many groups (${groups}) to follow the pointer.`, {
        facts: { groups, bins },
      });
    counts = grown(counts, groups * bins);
  }

  /** Places rows by value until one comes that a table cannot hold; returns how many were placed. */
  function placeByValue(rows: Uint16Array, binOf: Int32Array, operand: Operand): number {
    const [group] = spec.groupBy;
    const data = group && operand(group.operand);
    if (!group || !data || spec.groupBy.length > 1 || !isDirect(group, data)) return 0;
    const table = tableFor(data, numbers);
    for (let at = 0, found = 0; ; found++) {
      at = placeDirect(group, data, table, { rows, bins: binOf, cells: scratch, counts }, at);
      // Groups found one by one cost more than groups found a block at a time.
      if (at === rows.length || found === maxFound) return at;
      const fresh = keyOfRow(group, data, rows[at]!);
      if (!fresh) return at;
      const [place] = index.place([fresh.key]);
      if (!enterStart(table, fresh.value, place! * bins)) return at;
      groups = index.size;
      room();
    }
  }

  /** Places rows by any keys: a block's own codes first, then each code's group. */
  function placeByCode(rows: Uint16Array, binOf: Int32Array, operand: Operand, cells: Int32Array): void {
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
    room();
    placeRows(codes, rows, binOf, starts, cells, counts);
  }

  return {
    add({ rows, bins: binOf }, operand) {
      if (rows.length === 0) return;
      let cells = binOf;
      if (spec.groupBy.length === 0) {
        room();
        countCells(cells, counts, 1);
      } else {
        cells = scratch.subarray(0, rows.length);
        const placed = placeByValue(rows, binOf, operand);
        if (placed < rows.length)
          placeByCode(rows.subarray(placed), binOf.subarray(placed), operand, cells.subarray(placed));
      }
      states.forEach((column, s) => {
        const state = spec.states[s]!;
        if (state.state === 'rows') return;
        column.add({ rows, cells, data: operand(state.operand), size: groups * bins, before: counts });
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
