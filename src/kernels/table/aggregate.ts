import type { ColumnData } from '../../arrow/column-data.ts';
import { doublesFromInt64 } from '../../arrow/words.ts';
import { blockRows, type ColumnType } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Formula } from '../../protocol/formula.ts';
import { typeOfFormula } from '../../protocol/formula-type.ts';
import type { AggregateSpec, StateSpec } from '../../protocol/kernel.ts';
import { type BlockInput, rowColumn } from '../block.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Kernel } from '../kernel.ts';
import {
  type Codes,
  countRows,
  extremesOf,
  momentsOf,
  selectValid,
  sumDoubles,
  sumInts,
  sumWords,
} from './accumulate.ts';
import { bagOfRows } from './bag.ts';
import { nullColumn } from './cast.ts';
import { evaluate } from './evaluate.ts';
import { type Fused, fused } from './fused.ts';
import { codeKey, joinKeys } from './group-rows.ts';
import { codeColumn, type Selection } from './key-codes.ts';
import { maskOf } from './mask.ts';
import { mergePartials } from './merge.ts';
import { doublesOf } from './numbers.ts';
import { type AggregatePartial, partialBytes, type StateData } from './partial.ts';
import { decodePartial, encodePartial } from './partial-codec.ts';
import { selector } from './selection.ts';
import { pick, takeState } from './take-state.ts';
import { bitmapOf } from './validity.ts';
import { wideFromDoubles, wideFromWords } from './wide-sum.ts';

/** The kernel of filter, group, aggregate. Throws `invalid` when types do not fit. */
export function aggregateKernel(spec: AggregateSpec): Kernel<AggregatePartial> {
  const empty = emptyPartial(spec);
  const select = selector(spec.where, spec.columns);
  return {
    map: (input) => mapBlock(spec, input, select(input), empty),
    merge: mergePartials,
    encode: encodePartial,
    decode: (bytes) => decodePartial(bytes, empty),
    byteSize: partialBytes,
  };
}

/** The partial of no rows: of an empty block, or of one where nothing matches. */
export function emptyPartial(spec: AggregateSpec): AggregatePartial {
  const types = { ...spec.columns, [rowColumn]: { kind: 'float64' } as const };
  const input: BlockInput = {
    block: 0,
    length: 0,
    columns: Object.fromEntries(Object.entries(spec.columns).map(([id, type]) => [id, nullColumn(type, 0)])),
  };
  maskOf(spec.where, input, types);
  for (const group of spec.groupBy) codeKey(group, evaluate(group.operand, input, types));
  return {
    kernel: 'aggregate',
    groups: 0,
    keys: spec.groupBy.map((group) => {
      if (group.by === 'number') return nullColumn({ kind: 'float64' }, 0);
      if (group.by === 'time') return nullColumn({ kind: group.unit === 'hour' ? 'timestamp' : 'date' }, 0);
      return nullColumn(typeOfFormula(group.operand, types), 0);
    }),
    rows: new Float64Array(0),
    states: spec.states.map((state) =>
      state.state === 'rows' ? { state: 'rows' } : emptyState(state, typeOfFormula(state.operand, types)),
    ),
  };
}

function emptyState(state: Exclude<StateSpec, { state: 'rows' }>, type: ColumnType): StateData {
  const none = new Float64Array(0);
  switch (state.state) {
    case 'count':
      return { state: 'count', count: none };
    case 'sum':
      if (type.kind === 'float64') return { state: 'float', count: none, sum: none };
      if (type.kind === 'int32' || type.kind === 'int64' || type.kind === 'decimal')
        return { state: 'exact', count: none, low: new BigInt64Array(0), high: new BigInt64Array(0) };
      throw new ExaError('invalid', `Values of type ${type.kind} cannot be summed.`);
    case 'minmax':
      return { state: 'minmax', min: nullColumn(type, 0), max: nullColumn(type, 0) };
    case 'moments':
      if (type.kind === 'text' || type.kind === 'bool')
        throw new ExaError('invalid', `Values of type ${type.kind} have no variance.`);
      return { state: 'moments', count: none, mean: none, m2: none };
    default:
      return {
        state: 'bag',
        bag: {
          sizes: none,
          values: nullColumn(type, 0),
          counts: state.state === 'values' ? none : undefined,
          level: 0,
        },
      };
  }
}

function mapBlock(
  spec: AggregateSpec,
  input: BlockInput,
  rows: Selection,
  empty: AggregatePartial,
): AggregatePartial {
  const { length } = input;
  if ((rows ? rows.length : length) === 0) return empty;
  const quick = fused(spec, input, rows);
  if (quick) return partialOf(spec, quick);
  const known = new Map<string, ColumnData>();
  const operand = (formula: Formula): ColumnData => {
    if (formula.op === 'column' && input.columns[formula.column]) return input.columns[formula.column]!;
    const key = canonicalJson(formula);
    const data = known.get(key) ?? evaluate(formula, input, spec.columns);
    known.set(key, data);
    return data;
  };
  const grouping = spec.groupBy.length
    ? joinKeys(
        spec.groupBy.map((group, k) => codeKey(group, operand(group.operand), rows, roomOf(k))),
        length,
        rows,
      )
    : undefined;
  const codes = grouping?.codes;
  const size = grouping?.size ?? 1;
  const counts = countRows(codes, rows, length, size);
  const used = present(counts);
  const states = spec.states.map((state): StateData => {
    if (state.state === 'rows') return { state: 'rows' };
    const data = operand(state.operand);
    const valid = selectValid(rows, data.validity, length);
    return mapState(state.state, data, codes, valid, valid === rows ? counts : undefined, size);
  });
  return {
    kernel: 'aggregate',
    groups: used.length,
    keys: grouping?.take(used) ?? [],
    rows: used.length === size ? counts : pick(counts, used),
    states: used.length === size ? states : states.map((state) => takeState(state, used)),
  };
}

/** The partial of what one loop counted and added. */
function partialOf(spec: AggregateSpec, { counts, sums, take }: Fused): AggregatePartial {
  const used = present(counts);
  const isDense = used.length === counts.length;
  const ofUsed = (values: Float64Array) => (isDense ? values : pick(values, used));
  const count = ofUsed(counts);
  const sum = sums && ofUsed(sums);
  return {
    kernel: 'aggregate',
    groups: used.length,
    keys: [take(used)],
    rows: count,
    states: spec.states.map((state): StateData => {
      if (state.state === 'rows') return { state: 'rows' };
      return state.state === 'sum' && sum ? { state: 'float', count, sum } : { state: 'count', count };
    }),
  };
}

/** Memory for a block's codes of key `k`, the same for every block: clearing it anew would cost more than coding. */
function roomOf(k: number): Int32Array {
  rooms[k] ??= new Int32Array(blockRows);
  return rooms[k];
}

const rooms: Int32Array[] = [];

/** Groups with rows. */
function present(counts: Float64Array): Int32Array {
  const used = new Int32Array(counts.length);
  let count = 0;
  for (let code = 0; code < counts.length; code++) {
    used[count] = code;
    if (counts[code]! > 0) count++;
  }
  return used.subarray(0, count);
}

function mapState(
  state: Exclude<StateSpec['state'], 'rows'>,
  data: ColumnData,
  codes: Codes,
  rows: Selection,
  counted: Float64Array | undefined,
  size: number,
): StateData {
  const { length } = data;
  if (state === 'distinct' || state === 'values')
    return { state: 'bag', bag: bagOfRows(data, codes, rows, size, state === 'values') };
  const count = counted ?? countRows(codes, rows, length, size);
  if (state === 'count') return { state: 'count', count };
  if (state === 'minmax') return minmax(data, codes, rows, size, count);
  if (state === 'moments')
    return { state: 'moments', count, ...momentsOf(doublesOf(data), codes, rows, length, count) };
  if (data.kind === 'float64')
    return { state: 'float', count, sum: sumDoubles(data.values, codes, rows, length, size) };
  if (data.kind === 'int64' || data.kind === 'decimal') {
    const { highs, lows } = sumWords(data.values, codes, rows, size);
    return { state: 'exact', count, ...wideFromWords(highs, lows) };
  }
  if (data.kind !== 'int32') throw new ExaError('invalid', `A ${data.kind} cannot be summed.`);
  return { state: 'exact', count, ...wideFromDoubles(sumInts(data.values, codes, rows, length, size)) };
}

function minmax(
  data: ColumnData,
  codes: Codes,
  rows: Selection,
  size: number,
  count: Float64Array,
): StateData {
  const validity = bitmapOf(Uint8Array.from(count, (rowsOfGroup) => (rowsOfGroup > 0 ? 1 : 0)));
  if (data.kind === 'text' || ((data.kind === 'int64' || data.kind === 'decimal') && !safe(data.values))) {
    // Codes are in the order of the values, nulls last, so their extremes are those of the values.
    const coded = codeColumn(data, rows);
    const { min, max } = extremesOf(coded.codes, codes, rows, data.length, size);
    const take = (extremes: Float64Array): ColumnData =>
      coded.take(Int32Array.from(extremes, (code) => (Number.isFinite(code) ? code : coded.size)));
    return { state: 'minmax', min: bare(take(min), validity), max: bare(take(max), validity) };
  }
  const values =
    data.kind === 'int64' || data.kind === 'decimal' ? doublesFromInt64(data.values) : data.values;
  const { min, max } = extremesOf(values, codes, rows, data.length, size);
  return { state: 'minmax', min: extreme(data, min, validity), max: extreme(data, max, validity) };
}

function bare(data: ColumnData, validity: Uint8Array | undefined): ColumnData {
  return { ...data, validity } as ColumnData;
}

function safe(values: BigInt64Array): boolean {
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  for (let i = 1; i < words.length; i += 2) if (words[i]! >= 2 ** 21 || words[i]! < -(2 ** 21)) return false;
  return true;
}

/** Extremes as a column of the operand's kind, 0 under nulls. */
function extreme(data: ColumnData, doubles: Float64Array, validity: Uint8Array | undefined): ColumnData {
  const length = doubles.length;
  for (let i = 0; i < length; i++) if (validity && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) doubles[i] = 0;
  switch (data.kind) {
    case 'bool':
      return { kind: 'bool', length, validity, values: Uint8Array.from(doubles) };
    case 'int32':
    case 'date':
      return { kind: data.kind, length, validity, values: Int32Array.from(doubles) };
    case 'float64':
    case 'timestamp':
      return { kind: data.kind, length, validity, values: doubles };
    case 'int64':
    case 'decimal':
      return {
        ...data,
        length,
        validity,
        values: BigInt64Array.from(doubles, (value) => BigInt(value)),
      } as ColumnData;
    case 'text':
      return data;
  }
}
