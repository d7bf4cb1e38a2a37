import { takeRows } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Formula } from '../../protocol/formula.ts';
import type { AggregateSpec, GroupSpec } from '../../protocol/kernel.ts';
import type { AggregateQuestion, Order } from '../../protocol/query.ts';
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
import { occurring, regroup } from './merge.ts';
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
  readonly question: Pick<AggregateQuestion, 'order' | 'limit' | 'other'>;
}

/**
 * The answer of a partial: columns `g0`, `g1`, …, one a measure, and with `other` the bool `_other`. Groups come in the
 * question's order (nulls last in either direction), ties and no order ascending by group. Without groups there is one
 * row, also of no rows.
 */
export function finishAggregate(
  partial: AggregatePartial | undefined,
  plan: FinishPlan,
  lookups: Lookups,
): Record<string, ColumnData> {
  const { limit, other } = plan.question;
  const whole = joined(partial ?? emptyPartial(plan.spec), plan, lookups);
  const keys = whole.keys.map((key, k) => groupColumn(key, plan.groups[k]!.group));
  const first = aggregateColumns(whole, plan);
  const plain = measureColumns(first, plan, { only: 'plain' });
  const shown = orderOf(whole.groups, keys, plain, plan, true);
  const values = measureColumns(first, plan, { walk: walkOf(keys, plan.groups, shown) });
  const order = plan.measures.measures.some(isWalked) ? orderOf(whole.groups, keys, values, plan) : shown;
  const cut = limit === undefined ? whole.groups : Math.max(0, Math.min(limit, whole.groups));
  const rest = order.subarray(cut);
  if (!other || rest.length === 0) {
    const kept = order.subarray(0, cut);
    const answer = answerOf(
      keys.map((key) => takeRows(key, kept)),
      values,
      kept,
    );
    if (other) answer._other = { kind: 'bool', length: cut, values: new Uint8Array(cut) };
    return answer;
  }
  // The rest are joined in the order of their keys, so that the order asked for does not touch float bits.
  const places = new Int32Array(whole.groups).fill(cut);
  for (let place = 0; place < cut; place++) places[order[place]!] = place;
  const cutPlaces = Int32Array.from({ length: cut + 1 }, (_, place) => (place < cut ? order[place]! : -1));
  const cutKeys = keys.map((key) => takeRows(key, cutPlaces));
  const together = regroup(whole, places, cut + 1, cutKeys);
  const flags = new Uint8Array(cut + 1);
  flags[cut] = 1;
  const all = Int32Array.from({ length: cut + 1 }, (_, place) => place);
  const answer = answerOf(
    cutKeys,
    measureColumns(aggregateColumns(together, plan), plan, { walk: walkOf(cutKeys, plan.groups, all) }),
  );
  answer._other = { kind: 'bool', length: cut + 1, values: flags };
  return answer;
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

function aggregateColumns(partial: AggregatePartial, plan: FinishPlan): GroupedValues {
  return groupedValues(partial, plan.measures);
}

/** One column a measure; `only: 'plain'` leaves out those that depend on the order of the groups. */
function measureColumns(
  values: GroupedValues,
  plan: FinishPlan,
  { only, walk }: { readonly only?: 'plain'; readonly walk?: Walk },
): Record<string, ColumnData> {
  const { measures } = plan.measures;
  const chosen = only ? measures.filter((measure) => !isWalked(measure)) : measures;
  return Object.fromEntries(chosen.map(({ id, formula }) => [id, evaluateGroups(formula, values, walk)]));
}

function isWalked({ formula }: { readonly formula: Formula }): boolean {
  return walks(formula);
}

function orderOf(
  groups: number,
  keys: readonly ColumnData[],
  values: Readonly<Record<string, ColumnData>>,
  plan: FinishPlan,
  plainOnly = false,
): Int32Array {
  const order = Int32Array.from({ length: groups }, (_, group) => group);
  const wanted = (plan.question.order ?? []).filter(
    ({ by }) =>
      !plainOnly ||
      typeof by === 'number' ||
      !plan.measures.measures.some((one) => one.id === by && isWalked(one)),
  );
  const ranks = wanted.map((by) => rankOf(by, keys, values));
  if (!ranks.length) return order;
  return order.sort((a, b) => {
    for (const rank of ranks) if (rank[a] !== rank[b]) return rank[a]! - rank[b]!;
    return a - b;
  });
}

function rankOf(
  { by, descending }: Order,
  keys: readonly ColumnData[],
  values: Readonly<Record<string, ColumnData>>,
): Int32Array {
  const data = typeof by === 'number' ? keys[by] : Object.hasOwn(values, by) ? values[by] : undefined;
  if (!data)
    throw new ExaError('invalid', `The answer cannot be ordered by “${by}”: it is not part of the question.`);
  const { codes, size } = codeColumn(data);
  const nulls = data.validity ? size - 1 : size;
  return descending ? codes.map((code) => (code === nulls ? code : nulls - 1 - code)) : codes;
}

function answerOf(
  keys: readonly ColumnData[],
  values: Readonly<Record<string, ColumnData>>,
  order?: Int32Array,
): Record<string, ColumnData> {
  const answer: Record<string, ColumnData> = {};
  keys.forEach((key, k) => {
    answer[`g${k}`] = key;
  });
  for (const [id, value] of Object.entries(values)) answer[id] = order ? takeRows(value, order) : value;
  return answer;
}
