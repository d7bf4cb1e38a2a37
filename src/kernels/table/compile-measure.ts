import type { ColumnType } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Formula } from '../../protocol/formula.ts';
import { type ColumnTypes, typeOfFormula } from '../../protocol/formula-type.ts';
import type { StateSpec } from '../../protocol/kernel.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { Asked } from '../../protocol/query.ts';
import { canonicalJson } from '../canonical-json.ts';
import { type LookupRequest, type Lookups, lookupFormula, lookupOf } from './lookup.ts';
import type { Names } from './resolve.ts';

/** An aggregate of a measure and the state it is read from. */
export interface AggregateColumn {
  readonly aggregate: Extract<Formula, { op: 'aggregate' }>;
  /** Index into the spec's states. */
  readonly state: number;
  readonly type: ColumnType;
  /** Type of what is aggregated; of `count()`, int64. */
  readonly operand: ColumnType;
}

/** A measure as a row formula over its aggregates, which are named `a0`, `a1`, …. */
export interface CompiledMeasure {
  readonly id: string;
  readonly formula: Formula;
  readonly aggregates: readonly number[];
}

/** Measures with the states and aggregates they share. */
export interface CompiledMeasures {
  readonly states: readonly StateSpec[];
  readonly aggregates: readonly AggregateColumn[];
  readonly types: ColumnTypes;
  readonly measures: readonly CompiledMeasure[];
}

/** Compiles measures of the profile or of the question's own. Throws `missing` or `invalid` with the measure's name. */
export function compileMeasures(asked: readonly Asked[], names: Names, lookups: Lookups): CompiledMeasures {
  const states: StateSpec[] = [];
  const stateOf = new Map<string, number>();
  const aggregates: AggregateColumn[] = [];
  const aggregateOf = new Map<string, number>();
  const types: Record<string, ColumnTypes[string]> = {};

  const addState = (spec: StateSpec): number => {
    const key = canonicalJson(spec);
    const state = stateOf.get(key) ?? states.push(spec) - 1;
    stateOf.set(key, state);
    return state;
  };

  const lift = (formula: Formula, used: Set<number>): Formula => {
    switch (formula.op) {
      case 'literal':
        return formula;
      case 'window':
        return { ...formula, of: lift(formula.of, used) };
      case 'call':
        return { ...formula, args: formula.args.map((arg) => lift(arg, used)) };
      case 'lookup':
        throw new ExaError(
          'invalid',
          'Say what becomes of the many values of a linked table’s column: their sum, mean, count, ….',
        );
      case 'column':
        throw new ExaError(
          'invalid',
          `Say what becomes of the many values of “${nameOf(names, formula.column)}”: their sum, mean, count, ….`,
        );
      case 'aggregate': {
        const key = canonicalJson(formula);
        let index = aggregateOf.get(key);
        if (index === undefined) {
          const type = typeOfFormula(formula, names.types);
          const operand: ColumnType = formula.of ? typeOfFormula(formula.of, names.types) : { kind: 'int64' };
          const state = addState(stateSpecOf(formula));
          index = aggregates.push({ aggregate: formula, state, type, operand }) - 1;
          aggregateOf.set(key, index);
          types[`a${index}`] = type;
        }
        used.add(index);
        return { op: 'column', column: `a${index}` };
      }
    }
  };

  const measures = asked.map((one): CompiledMeasure => {
    const measure = measureOf(one, names);
    const used = new Set<number>();
    const named = names.measure(measure, (key, request) =>
      lookupFormula(key, request, lookupOf(request, lookups)),
    );
    const formula = lift(named, used);
    typeOfFormula(formula, types);
    return { id: measure.id, formula, aggregates: [...used] };
  });
  return { states, aggregates, types, measures };
}

/** Linked tables that measures read: each a lookup. Throws what compiling throws of names. */
export function measureLookups(asked: readonly Asked[], names: Names): LookupRequest[] {
  const requests: LookupRequest[] = [];
  for (const one of asked)
    names.measure(measureOf(one, names), (key, request) => {
      requests.push(request);
      return lookupFormula(key, request, undefined);
    });
  return requests;
}

function measureOf(one: Asked, names: Names): Pick<Measure, 'id' | 'formula'> {
  const measure = 'measure' in one ? names.head.profile.measures.find(({ id }) => id === one.measure) : one;
  if (measure) return measure;
  const id = 'measure' in one ? one.measure : '';
  throw new ExaError('missing', `“${names.head.name}” has no measure “${id}”.`, { facts: { measure: id } });
}

function nameOf(names: Names, id: string): string {
  return names.head.columns.find((column) => column.id === id)?.name ?? id;
}

/** The state an aggregate is read from. */
function stateSpecOf({ fn, of }: Extract<Formula, { op: 'aggregate' }>): StateSpec {
  if (!of) return { state: 'rows' };
  switch (fn) {
    case 'count':
      return { state: 'count', operand: of };
    case 'sum':
    case 'mean':
      return { state: 'sum', operand: of };
    case 'min':
    case 'max':
      return { state: 'minmax', operand: of };
    case 'variance':
    case 'stddev':
      return { state: 'moments', operand: of };
    case 'distinct':
      return { state: 'distinct', operand: of };
    case 'quantile':
      return { state: 'values', operand: of };
  }
}
