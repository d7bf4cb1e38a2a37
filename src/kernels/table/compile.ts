import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Formula } from '../../protocol/formula.ts';
import { type ColumnTypes, typeOfFormula } from '../../protocol/formula-type.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import type { AggregateSpec, FilterSpec, GroupSpec, TopSpec } from '../../protocol/kernel.ts';
import type { AggregateQuestion, GroupKey, Question, RowsQuestion } from '../../protocol/query.ts';
import { rowColumn } from '../block.ts';
import { emptyPartial } from './aggregate.ts';
import { compileFilter, filterLookups } from './compile-filter.ts';
import { compileMeasures, measureLookups } from './compile-measure.ts';
import {
  approximateMeasures,
  type FinishGroup,
  type FinishPlan,
  finishAggregate,
  groupCount,
} from './finish.ts';
import { attributesOf, type LookupRequest, type Lookups, lookupOf } from './lookup.ts';
import { columnsOf, operandsOf } from './operands.ts';
import type { AggregatePartial } from './partial.ts';
import { type Heads, headOf, type Names, namesOf } from './resolve.ts';

/** An aggregate question as a kernel and what makes its answer. */
export interface Compiled {
  readonly spec: AggregateSpec;
  /** Dimensions to load (see {@link lookupsOf}), each once. */
  readonly lookups: readonly LookupRequest[];
  /** The answer's columns: see `finishAggregate`. Undefined stands for the partial of no blocks. */
  finish(partial: AggregatePartial | undefined, lookups: Lookups): Record<string, ColumnData>;
  /** Groups of the whole answer, before `offset` and `limit`. */
  count(partial: AggregatePartial | undefined, lookups: Lookups): number;
  /** Measure ids that are approximate in this partial. */
  approximate(partial: AggregatePartial | undefined): string[];
}

/** A rows question as formulas over stored columns. */
export interface CompiledRows {
  readonly where?: FilterSpec;
  readonly order: TopSpec['order'];
  /** What to take of each row, one formula a reference of the question (of a linked one: the fact's key). */
  readonly take: readonly Formula[];
  /** Stored columns that `where`, `order` and `take` read. */
  readonly columns: {
    readonly where: ColumnTypes;
    readonly order: ColumnTypes;
    readonly take: ColumnTypes;
    readonly all: ColumnTypes;
  };
  /** The same as a kernel that keeps the window's rows and all before it. */
  readonly spec: TopSpec;
  readonly lookups: readonly LookupRequest[];
  /** The answer's columns from row numbers and the taken columns: `_row`, then one a reference. */
  finish(rows: Float64Array, taken: readonly ColumnData[], lookups: Lookups): Record<string, ColumnData>;
}

const noLookups: Lookups = new Map();

/** The one zone of dates and of questions that need none. */
const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };

/**
 * Dimensions a question reaches through N:1 links. Load them, build them with `buildLookup`, then compile: a filter on
 * a dimension is part of the kernel. Throws what compiling throws.
 */
export function lookupsOf(question: Question, heads: Heads): LookupRequest[] {
  const names = namesOf(headOf(heads, question.dataset), heads);
  const requests = filterLookups(question.where, names);
  const references =
    question.kind === 'aggregate' ? question.groupBy.map(({ column }) => column) : question.columns;
  for (const reference of references) {
    const operand = names.operand(reference);
    if (operand.kind === 'linked') requests.push(operand.request);
  }
  if (question.kind === 'aggregate') requests.push(...measureLookups(question.measures, names));
  return once(requests);
}

function once(requests: readonly LookupRequest[]): LookupRequest[] {
  return [...new Map(requests.map((request) => [request.id, request])).values()];
}

/**
 * Compiles an aggregate question. `lookups` must hold those of its filter and measures ({@link lookupsOf}); those of its groups are
 * needed at `finish` only. Throws `missing` for an unknown data set, column, measure or zone, `invalid` for a formula or
 * literal that does not fit, `refused` for a dimension of more than 65,536 rows: each a sentence for people.
 */
export function compileAggregate(
  question: AggregateQuestion,
  heads: Heads,
  lookups: Lookups = noLookups,
): Compiled {
  const names = namesOf(headOf(heads, question.dataset), heads);
  const where = compileFilter(question.where, names, lookups);
  const groups: FinishGroup[] = [];
  const groupBy: GroupSpec[] = [];
  for (const key of question.groupBy) {
    const operand = names.operand(key.column);
    if (operand.kind === 'own') {
      const group = groupOf(key, operand.formula, typeOfFormula(operand.formula, names.types), names);
      groups.push({ group });
      groupBy.push(group);
    } else {
      const { request } = operand;
      groups.push({ group: groupOf(key, request.attribute, request.type, names), request });
      groupBy.push({ by: 'value', operand: operand.key });
    }
  }
  const measures = compileMeasures(question.measures, names, lookups);
  const formulas = [
    ...operandsOf(where),
    ...groupBy.map(({ operand }) => operand),
    ...measures.states.flatMap((state) => (state.state === 'rows' ? [] : [state.operand])),
  ];
  const spec: AggregateSpec = {
    kernel: 'aggregate',
    columns: typesOf(formulas, names),
    ...(where && { where }),
    groupBy,
    states: measures.states,
  };
  const plan: FinishPlan = { spec, groups, measures, question };
  for (const { by } of question.order ?? [])
    if (typeof by === 'number' ? !groups[by] : !measures.measures.some(({ id }) => id === by))
      throw new ExaError(
        'invalid',
        `The answer cannot be ordered by “${by}”: it is not part of the question.`,
      );
  // Literals and types are checked here, where the sentence reaches the asker, not on the first block.
  emptyPartial(spec);
  return {
    spec,
    lookups: lookupsOf(question, heads),
    finish: (partial, loaded) => finishAggregate(partial, plan, loaded),
    count: (partial, loaded) => groupCount(partial, plan, loaded),
    approximate: (partial) => approximateMeasures(partial, plan),
  };
}

function groupOf(key: GroupKey, operand: Formula, type: ColumnTypes[string], names: Names): GroupSpec {
  if (key.by === 'value') return { by: 'value', operand };
  if (key.by === 'number') {
    if (type.kind !== 'int32' && type.kind !== 'int64' && type.kind !== 'decimal' && type.kind !== 'float64')
      throw new ExaError('invalid', `“${key.column}” is not a number and has no bins.`);
    if (!(key.width > 0) || !Number.isFinite(key.width) || !Number.isFinite(key.origin))
      throw new ExaError('invalid', `The bins of “${key.column}” need a width above 0.`);
    return { by: 'number', operand, origin: key.origin, width: key.width };
  }
  if (type.kind !== 'date' && type.kind !== 'timestamp')
    throw new ExaError('invalid', `“${key.column}” is not a date or a time and has no ${key.unit}s.`);
  const { zones } = names.head;
  const known = Object.hasOwn(zones, key.zone) ? zones[key.zone] : undefined;
  const zone = type.kind === 'date' || key.zone === 'UTC' ? utc : known;
  if (!zone)
    throw new ExaError('missing', `The time zone “${key.zone}” is not kept with “${names.head.name}”.`, {
      facts: { zone: key.zone },
    });
  return { by: 'time', operand, unit: key.unit, zone };
}

/** Compiles a rows question; `lookups` as in {@link compileAggregate}. Throws as that does. */
export function compileRows(
  question: RowsQuestion,
  heads: Heads,
  lookups: Lookups = noLookups,
): CompiledRows {
  const names = namesOf(headOf(heads, question.dataset), heads);
  const where = compileFilter(question.where, names, lookups);
  const operands = question.columns.map((reference) => names.operand(reference));
  const take = operands.map((operand) => (operand.kind === 'own' ? operand.formula : operand.key));
  const order = question.order.map(({ column, descending }) => {
    const operand = names.operand(column);
    if (operand.kind === 'linked')
      throw new ExaError('invalid', `Rows cannot be sorted by “${column}”: it belongs to another table.`, {
        facts: { column },
      });
    return { operand: operand.formula, descending };
  });
  const orderOperands = order.map(({ operand }) => operand);
  const all = typesOf([...operandsOf(where), ...orderOperands, ...take], names);
  emptyPartial({ kernel: 'aggregate', columns: all, ...(where && { where }), groupBy: [], states: [] });
  return {
    ...(where && { where }),
    order,
    take,
    columns: {
      where: typesOf(operandsOf(where), names),
      order: typesOf(orderOperands, names),
      take: typesOf(take, names),
      all,
    },
    spec: {
      kernel: 'top',
      columns: all,
      ...(where && { where }),
      order,
      take,
      limit: question.offset + question.limit,
    },
    lookups: lookupsOf(question, heads),
    finish(rows, taken, loaded) {
      const answer: Record<string, ColumnData> = {
        [rowColumn]: { kind: 'float64', length: rows.length, values: rows },
      };
      question.columns.forEach((reference, c) => {
        const operand = operands[c]!;
        answer[reference] =
          operand.kind === 'own' ? taken[c]! : attributesOf(taken[c]!, lookupOf(operand.request, loaded));
      });
      return answer;
    },
  };
}

function typesOf(formulas: readonly Formula[], names: Names): ColumnTypes {
  return Object.fromEntries(columnsOf(formulas).map((id) => [id, names.types[id]!]));
}
