import { takeRows } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Formula } from '../../protocol/formula.ts';
import type { AggregateSpec, GroupSpec } from '../../protocol/kernel.ts';
import type { AggregateQuestion, Order } from '../../protocol/query.ts';
import { canonicalJson } from '../canonical-json.ts';
import { emptyPartial } from './aggregate.ts';
import type { CompiledMeasures } from './compile-measure.ts';
import {
  evaluateGroups,
  type GroupedValues,
  groupedValues,
  type Walk,
  walkOf,
  walks,
} from './evaluate-groups.ts';
import { codeKey, joinKeys } from './group-rows.ts';
import { codeColumn, type KeyCodes } from './key-codes.ts';
import { attributesOf, type LookupRequest, type Lookups, lookupOf } from './lookup.ts';
import { occurring, regroup, takeGroups } from './merge.ts';
import type { AggregatePartial } from './partial.ts';

/** A group of the question beside that of the spec: `request` where the spec groups by a dimension's key. */
export interface FinishGroup {
  readonly group: GroupSpec;
  readonly request?: LookupRequest;
}

/** All `finish` knows; nothing of it is in the kernel's key. */
export interface FinishPlan {
  readonly spec: AggregateSpec;
  readonly groups: readonly FinishGroup[];
  readonly measures: CompiledMeasures;
  readonly question: Pick<AggregateQuestion, 'order' | 'offset' | 'limit' | 'other'>;
}

/**
 * The answer of a partial: columns `g0`, `g1`, …, one a measure, and with `other` the bool `_other`. Groups come in the
 * question's order (nulls last in either direction), ties and no order ascending by group, `[offset, offset + limit)` of
 * them. Without groups there is one row, also of no rows.
 */
export function finishAggregate(
  partial: AggregatePartial | undefined,
  plan: FinishPlan,
  lookups: Lookups,
): Record<string, ColumnData> {
  const { offset = 0, limit, other } = plan.question;
  const whole = joined(partial ?? emptyPartial(plan.spec), plan, lookups);
  const keys = whole.keys.map((key, k) => groupColumn(key, plan.groups[k]!.group));
  const ranked = rankedGroups(whole, keys, plan, whole === partial);
  const { order } = ranked;
  const start = Math.max(0, Math.min(offset, whole.groups));
  const cut = limit === undefined ? whole.groups : Math.max(start, Math.min(start + limit, whole.groups));
  if (!other || cut - start >= whole.groups) {
    const kept = order.subarray(start, cut);
    const answer = answerOf(
      keys.map((key) => takeRows(key, kept)),
      keptMeasures(whole, kept, ranked, plan),
    );
    if (other) answer._other = { kind: 'bool', length: kept.length, values: new Uint8Array(kept.length) };
    return answer;
  }
  // The rest are joined in the order of their keys, so that the order asked for does not touch float bits.
  const places = new Int32Array(whole.groups).fill(cut);
  for (let place = 0; place < cut; place++) places[order[place]!] = place;
  const cutPlaces = Int32Array.from({ length: cut + 1 }, (_, place) => (place < cut ? order[place]! : -1));
  const cutKeys = keys.map((key) => takeRows(key, cutPlaces));
  const together = groupedValues(regroup(whole, places, cut + 1, cutKeys), plan.measures);
  const walk = walkOf(
    cutKeys,
    plan.groups,
    Int32Array.from({ length: cut + 1 }, (_, place) => place),
  );
  const flags = new Uint8Array(cut + 1);
  flags[cut] = 1;
  const answer = answerOf(
    cutKeys,
    Object.fromEntries(
      plan.measures.measures.map(({ id, formula }) => [id, evaluateGroups(formula, together, walk)]),
    ),
  );
  answer._other = { kind: 'bool', length: cut + 1, values: flags };
  return answer;
}

/** How many groups the answer has before `offset` and `limit`. */
export function groupCount(
  partial: AggregatePartial | undefined,
  plan: FinishPlan,
  lookups: Lookups,
): number {
  return joined(partial ?? emptyPartial(plan.spec), plan, lookups).groups;
}

/** Ids of the measures that are approximate in this partial. */
export function approximateMeasures(partial: AggregatePartial | undefined, plan: FinishPlan): string[] {
  if (!partial) return [];
  return plan.measures.measures
    .filter(({ aggregates }) =>
      aggregates.some((a) => {
        const state = partial.states[plan.measures.aggregates[a]!.state];
        return state?.state === 'bag' && state.bag.level > 0;
      }),
    )
    .map(({ id }) => id);
}

/** One group where there are no keys; dimension keys replaced by attributes and their groups joined. */
function joined(partial: AggregatePartial, plan: FinishPlan, lookups: Lookups): AggregatePartial {
  if (!plan.groups.length) return partial.groups ? partial : regroup(partial, [], 1, []);
  if (!plan.groups.some(({ request }) => request)) return partial;
  const codes = plan.groups.map(({ group, request }, k): KeyCodes => {
    const key = partial.keys[k]!;
    return request ? codeKey(group, attributesOf(key, lookupOf(request, lookups))) : codeColumn(key);
  });
  const grouping = joinKeys(codes, partial.groups);
  const { used, placeOf } = occurring(grouping.codes, grouping.size);
  const places = Int32Array.from(grouping.codes, (code) => placeOf[code]!);
  return regroup(partial, places, used.length, grouping.take(used));
}

function groupColumn(key: ColumnData, group: GroupSpec): ColumnData {
  if (group.by !== 'number' || key.kind !== 'float64') return key;
  const { origin, width } = group;
  return { ...key, values: key.values.map((index) => origin + index * width) };
}

/** The groups of an answer in the order asked, and measures of all of them as far as they were needed. */
interface RankedGroups {
  readonly order: Int32Array;
  readonly values: GroupedValues;
  /** A measure in every group, in the partial's order. */
  measure(formula: Formula): ColumnData;
}

const rankings = new WeakMap<AggregatePartial, Map<string, RankedGroups>>();

/** Ranked once for as long as the partial lives: the windows of a long answer cost what they show. */
function rankedGroups(
  whole: AggregatePartial,
  keys: readonly ColumnData[],
  plan: FinishPlan,
  isKept: boolean,
): RankedGroups {
  if (!isKept || plan.question.limit === undefined) return rank(whole, keys, plan);
  const { question, measures, groups } = plan;
  const key = canonicalJson({ order: question.order ?? [], measures: measures.measures, groups });
  const known = rankings.get(whole) ?? new Map<string, RankedGroups>();
  rankings.set(whole, known);
  const ranked = known.get(key) ?? rank(whole, keys, plan);
  known.set(key, ranked);
  return ranked;
}

function rank(whole: AggregatePartial, keys: readonly ColumnData[], plan: FinishPlan): RankedGroups {
  const { measures } = plan.measures;
  const values = groupedValues(whole, plan.measures);
  const made = new Map<Formula, ColumnData>();
  let walk: Walk | undefined;
  const measure = (formula: Formula): ColumnData => {
    const column = made.get(formula) ?? evaluateGroups(formula, values, walk);
    made.set(formula, column);
    return column;
  };
  const wanted = plan.question.order ?? [];
  const formulaOf = (by: Order['by']): Formula | undefined => measures.find(({ id }) => id === by)?.formula;
  const isPlain = ({ by }: Order): boolean => typeof by === 'number' || !walks(formulaOf(by)!);
  const columnOf = ({ by }: Order): ColumnData =>
    typeof by === 'number' ? keys[by]! : measure(formulaOf(by)!);
  for (const { by } of wanted)
    if (typeof by === 'number' ? !keys[by] : !formulaOf(by))
      throw new ExaError(
        'invalid',
        `The answer cannot be ordered by “${by}”: it is not part of the question.`,
      );
  // Running totals go along what is shown without them; then the answer may be ordered by them.
  const plain = wanted.filter(isPlain);
  let order = sorted(
    whole.groups,
    plain.map((by) => rankOf(by, columnOf(by))),
  );
  if (measures.some(({ formula }) => walks(formula))) walk = walkOf(keys, plan.groups, order);
  if (plain.length < wanted.length)
    order = sorted(
      whole.groups,
      wanted.map((by) => rankOf(by, columnOf(by))),
    );
  return { order, values, measure };
}

/** Measures of the groups kept, in their order: computed for these alone where they are few. */
function keptMeasures(
  whole: AggregatePartial,
  kept: Int32Array,
  ranked: RankedGroups,
  plan: FinishPlan,
): Record<string, ColumnData> {
  const { measures } = plan.measures;
  const isAll = kept.length === whole.groups;
  const few = isAll ? undefined : groupedValues(takeGroups(whole, kept), plan.measures, ranked.values.total);
  return Object.fromEntries(
    measures.map(({ id, formula }) => [
      id,
      few && !walks(formula) ? evaluateGroups(formula, few) : takeRows(ranked.measure(formula), kept),
    ]),
  );
}

/** Groups by ranks, the first of most weight, ties ascending: a counting sort a rank, from the last to the first. */
function sorted(groups: number, ranks: readonly Ranks[]): Int32Array {
  let order = Int32Array.from({ length: groups }, (_, group) => group);
  for (const { codes, size } of ranks.toReversed()) {
    const starts = new Int32Array(size + 1);
    for (let group = 0; group < groups; group++) starts[codes[group]! + 1]!++;
    for (let code = 0; code < size; code++) starts[code + 1]! += starts[code]!;
    const next = new Int32Array(groups);
    for (let place = 0; place < groups; place++) {
      const group = order[place]!;
      next[starts[codes[group]!]!++] = group;
    }
    order = next;
  }
  return order;
}

interface Ranks {
  readonly codes: Int32Array;
  readonly size: number;
}

/** Codes in the order asked, nulls last in either direction. */
function rankOf({ descending }: Order, data: ColumnData): Ranks {
  const { codes, size } = codeColumn(data);
  if (!descending) return { codes, size };
  const nulls = data.validity ? size - 1 : size;
  return { codes: codes.map((code) => (code === nulls ? code : nulls - 1 - code)), size };
}

function answerOf(
  keys: readonly ColumnData[],
  values: Readonly<Record<string, ColumnData>>,
): Record<string, ColumnData> {
  return { ...Object.fromEntries(keys.map((key, k) => [`g${k}`, key])), ...values };
}
