import { takeRows } from '../../arrow/build-column.ts';
import { type ColumnData, isValid, typeOf } from '../../arrow/column-data.ts';
import type { Formula } from '../../protocol/formula.ts';
import type { ColumnTypes } from '../../protocol/formula-type.ts';
import { aggregateValues } from './aggregate-values.ts';
import { divide } from './arithmetic.ts';
import type { CompiledMeasures } from './compile-measure.ts';
import { evaluate } from './evaluate.ts';
import type { FinishGroup } from './finish.ts';
import { joinKeys } from './group-rows.ts';
import { codeColumn } from './key-codes.ts';
import { regroup } from './merge.ts';
import { doublesOf } from './numbers.ts';
import type { AggregatePartial } from './partial.ts';
import { runningPartial } from './running-partial.ts';
import { bitmapOf } from './validity.ts';

type Window = Extract<Formula, { op: 'window' }>;

/** Aggregates of a partial's groups, as columns `a0`, `a1`, …; and those of all its groups as one. */
export interface GroupedValues {
  readonly partial: AggregatePartial;
  /** An aggregate by its name, computed when first wanted. */
  readonly column: (name: string) => ColumnData;
  /** Of the whole answer, in one group. */
  readonly total: () => GroupedValues;
  readonly with: (partial: AggregatePartial) => GroupedValues;
}

/** The order in which running totals go over the groups. A walk begins anew where `starts` is 1. */
export interface Walk {
  readonly order: Int32Array;
  readonly starts: Uint8Array;
}

export function groupedValues(
  partial: AggregatePartial,
  measures: CompiledMeasures,
  whole?: () => GroupedValues,
): GroupedValues {
  const known = new Map<string, ColumnData>();
  const column = (name: string): ColumnData => {
    const { aggregate, state, operand } = measures.aggregates[Number(name.slice(1))]!;
    const data =
      known.get(name) ?? aggregateValues(aggregate.fn, partial.states[state]!, partial, operand, aggregate.q);
    known.set(name, data);
    return data;
  };
  let made: GroupedValues | undefined;
  const total =
    whole ??
    (() => {
      made ??= groupedValues(regroup(partial, new Int32Array(partial.groups), 1, []), measures, () => made!);
      return made;
    });
  return { partial, column, total, with: (other) => groupedValues(other, measures, total) };
}

/**
 * Running totals go along time where the groups have it, else along numbers, each line of the other keys by itself; else
 * in the order shown, within each combination of the keys before the last.
 */
export function walkOf(keys: readonly ColumnData[], groups: readonly FinishGroup[], shown: Int32Array): Walk {
  const along = ['time', 'number']
    .map((by) => groups.findIndex(({ group }) => group.by === by))
    .find((place) => place >= 0);
  const others = keys.filter((_, k) => k !== (along ?? keys.length - 1)).map((key) => codeColumn(key));
  const order = along === undefined ? shown.slice() : Int32Array.from(shown, (_, group) => group);
  const starts = new Uint8Array(order.length);
  if (starts.length) starts[0] = 1;
  if (others.length === 0) return { order, starts };
  const { codes } = joinKeys(others, order.length);
  const place = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) place[order[i]!] = i;
  order.sort((a, b) => codes[a]! - codes[b]! || place[a]! - place[b]!);
  for (let i = 1; i < order.length; i++) if (codes[order[i]!] !== codes[order[i - 1]!]) starts[i] = 1;
  return { order, starts };
}

/** Whether a formula depends on the order of the groups. */
export function walks(formula: Formula): boolean {
  if (formula.op === 'window') return formula.fn !== 'share' || walks(formula.of);
  return formula.op === 'call' && formula.args.some(walks);
}

/** A measure's formula over aggregates in every group. `walk` is needed where it {@link walks}. */
export function evaluateGroups(formula: Formula, values: GroupedValues, walk?: Walk): ColumnData {
  const columns: Record<string, ColumnData> = {};
  const types: Record<string, ColumnTypes[string]> = {};
  // A sum too large for its type has become a float64, so types are those of the values.
  const add = (name: string, data: ColumnData): Formula => {
    columns[name] = data;
    types[name] = typeOf(data);
    return { op: 'column', column: name };
  };
  let windows = 0;
  const lift = (part: Formula): Formula => {
    if (part.op === 'call') return { ...part, args: part.args.map(lift) };
    if (part.op === 'column') return add(part.column, values.column(part.column));
    return part.op === 'window' ? add(`w${windows++}`, windowColumn(part, values, walk)) : part;
  };
  const lifted = lift(formula);
  return evaluate(lifted, { block: 0, length: values.partial.groups, columns }, types);
}

function windowColumn({ fn, of, n = 1 }: Window, values: GroupedValues, walk: Walk | undefined): ColumnData {
  const { groups } = values.partial;
  if (fn === 'share') {
    const total = evaluateGroups(of, values.total(), oneGroup);
    return divide(evaluateGroups(of, values, walk), takeRows(total, new Int32Array(groups)));
  }
  const line =
    walk ??
    walkOf(
      [],
      [],
      Int32Array.from({ length: groups }, (_, group) => group),
    );
  if (fn === 'running') return evaluateGroups(of, values.with(runningPartial(values.partial, line)), line);
  const data = evaluateGroups(of, values, line);
  return fn === 'moving' ? movingMean(data, n, line) : previousOf(data, n, line);
}

const oneGroup: Walk = { order: Int32Array.of(0), starts: Uint8Array.of(1) };

/** The mean of the last `n` groups' values, those there are; null where all of them are. Added anew for every group. */
function movingMean(data: ColumnData, n: number, { order, starts }: Walk): ColumnData {
  const doubles = doublesOf(data);
  const values = new Float64Array(order.length);
  const present = new Uint8Array(order.length);
  let start = 0;
  for (let i = 0; i < order.length; i++) {
    if (starts[i]) start = i;
    let sum = 0;
    let count = 0;
    for (let j = Math.max(start, i - n + 1); j <= i; j++) {
      if (!isValid(data, order[j]!)) continue;
      sum = count ? sum + doubles[order[j]!]! : doubles[order[j]!]!;
      count++;
    }
    if (count === 0) continue;
    values[order[i]!] = sum / count;
    present[order[i]!] = 1;
  }
  return { kind: 'float64', length: order.length, validity: bitmapOf(present), values };
}

function previousOf(data: ColumnData, n: number, { order, starts }: Walk): ColumnData {
  const from = new Int32Array(order.length);
  let start = 0;
  for (let i = 0; i < order.length; i++) {
    if (starts[i]) start = i;
    from[order[i]!] = i - n >= start ? order[i - n]! : -1;
  }
  return takeRows(data, from);
}
