import type { ColumnType } from '../../../protocol/column.ts';
import { ExaError } from '../../../protocol/errors.ts';
import { type EstimatorInfo, estimators, isEstimator } from '../../../protocol/estimators.ts';
import type { FitRequest } from '../../../protocol/fit.ts';
import type { Formula } from '../../../protocol/formula.ts';
import { type ColumnTypes, typeOfFormula } from '../../../protocol/formula-type.ts';
import type { FilterSpec } from '../../../protocol/kernel.ts';
import { compileFilter, filterLookups } from '../../table/compile-filter.ts';
import { type LookupRequest, type Lookups, lookupFormula, lookupOf } from '../../table/lookup.ts';
import { columnsOf, operandsOf } from '../../table/operands.ts';
import { type Heads, headOf, type Names, namesOf } from '../../table/resolve.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { readParams } from './params.ts';

/** A column of a request, resolved. Kernels know it by `name`, which people read in sentences. */
export interface PlanColumn {
  readonly ref: string;
  readonly name: string;
  readonly type: ColumnType;
  readonly formula: Formula;
  /** Read as categories rather than as a number. */
  readonly isCategory: boolean;
}

/** A request with its names resolved: plain JSON, all that a worker or the store needs to run it. */
export interface FitPlan {
  readonly request: FitRequest;
  readonly info: EstimatorInfo;
  readonly features: readonly PlanColumn[];
  readonly target?: PlanColumn;
  readonly where?: FilterSpec;
  /** Types of the table's stored columns, and of `_row`. */
  readonly types: ColumnTypes;
  readonly axes: readonly [number, number];
  readonly seed: number;
  readonly heldOut: number;
}

/** One pass's kernel with what it reads: columns made by formulas, and the stored columns they are made of. */
export interface FitTask {
  readonly spec: FitSpec;
  readonly derived: Readonly<Record<string, Formula>>;
  readonly types: ColumnTypes;
  readonly columns: readonly string[];
}

/** Dimensions that the request's filter and columns reach: to be loaded before {@link compileFit}. */
export function fitLookups(request: FitRequest, heads: Heads): LookupRequest[] {
  const names = namesOf(headOf(heads, request.dataset), heads);
  const columns = request.target === undefined ? request.features : [...request.features, request.target];
  return [
    ...filterLookups(request.filter, names),
    ...columns.flatMap((ref) => {
      const operand = names.operand(ref);
      return operand.kind === 'linked' ? [operand.request] : [];
    }),
  ];
}

/**
 * Resolves a request. Throws `missing` for an unknown data set or column, `invalid` for what cannot be learnt from,
 * each a sentence for people.
 */
export function compileFit(request: FitRequest, heads: Heads, lookups: Lookups = new Map()): FitPlan {
  const head = headOf(heads, request.dataset);
  const names = namesOf(head, heads);
  const { method } = request.estimator;
  if (!isEstimator(method))
    throw new ExaError('invalid', `There is no method “${String(method)}” here.`, { facts: { method } });
  const info: EstimatorInfo = estimators[method];
  readParams(method, request.estimator.params);
  if (request.features.length === 0)
    throw new ExaError('invalid', 'Choose at least one column to learn from.');
  const taken = new Set<string>();
  const label = (ref: string) => {
    const wanted =
      head.profile.labels[ref] ?? head.columns.find(({ id }) => id === ref)?.name ?? linkedName(ref);
    const name = taken.has(wanted) ? `${wanted} (${ref})` : wanted;
    taken.add(name);
    return name;
  };
  /** A linked table's column by the labels of link and column: other data are scored by it too. */
  const linkedName = (ref: string) => {
    const dot = ref.indexOf('.');
    const link = head.profile.links.find(({ id }) => id === ref.slice(0, dot));
    const far = link && heads(link.dataset);
    const column = ref.slice(dot + 1);
    const name = far?.profile.labels[column] ?? far?.columns.find(({ id }) => id === column)?.name;
    return link && name !== undefined ? `${link.label}.${name}` : ref;
  };
  const features = request.features.map((ref) =>
    columnNamed(
      ref,
      label(ref),
      names,
      lookups,
      request.categories?.includes(ref) || request.ordinal?.includes(ref),
    ),
  );
  const twice = request.features.find((ref, at) => request.features.indexOf(ref) !== at);
  if (twice !== undefined)
    throw new ExaError('invalid', `“${twice}” is chosen twice: leave it out once.`, {
      facts: { column: twice },
    });
  const target = targetOf(request, info, names, lookups, label);
  const heldOut = request.heldOut ?? (info.target === 'none' ? 0 : 0.25);
  if (!(heldOut >= 0 && heldOut <= 0.9))
    throw new ExaError(
      'invalid',
      `The share of rows kept to judge by must be from 0 to 0.9; it is ${heldOut}.`,
    );
  const at = (ref: string | undefined, other: number) => {
    const found = ref === undefined ? -1 : request.features.indexOf(ref);
    return found >= 0 ? found : Math.min(other, features.length - 1);
  };
  const where = compileFilter(request.filter, names, lookups);
  return {
    request,
    info,
    features,
    ...(target && { target }),
    ...(where && { where }),
    types: names.types,
    axes: [at(request.axes?.[0], 0), at(request.axes?.[1], 1)],
    seed: request.seed ?? 0,
    heldOut,
  };
}

function targetOf(
  request: FitRequest,
  info: EstimatorInfo,
  names: Names,
  lookups: Lookups,
  label: (ref: string) => string,
): PlanColumn | undefined {
  if (info.target === 'none') {
    if (request.search)
      throw new ExaError('invalid', 'Only methods that predict a column can be compared on kept rows.');
    return undefined;
  }
  const { target: ref } = request;
  if (ref === undefined)
    throw new ExaError('invalid', `${request.estimator.method} predicts a column: choose which.`);
  if (request.features.includes(ref))
    throw new ExaError(
      'invalid',
      `“${ref}” is what is to be predicted and is learnt from too: leave it out of the features.`,
      { facts: { column: ref } },
    );
  const target = columnNamed(ref, label(ref), names, lookups, info.target === 'class');
  if (target.isCategory && info.target === 'number')
    throw new ExaError(
      'invalid',
      `“${target.name}” is not a number: choose a method that predicts classes, or another column.`,
      { facts: { column: ref } },
    );
  return target;
}

/**
 * A reference resolved; a linked table's column is looked up within the kernel. Throws `missing` for an unknown column,
 * `refused` for a linked table that is too large, `broken` for one that was not loaded.
 */
export function columnNamed(
  ref: string,
  name: string,
  names: Names,
  lookups: Lookups,
  asCategory = false,
): PlanColumn {
  const operand = names.operand(ref);
  const formula =
    operand.kind === 'own'
      ? operand.formula
      : lookupFormula(operand.key, operand.request, lookupOf(operand.request, lookups));
  const type = typeOfFormula(formula, names.types);
  const isCategory = asCategory || type.kind === 'text' || type.kind === 'bool';
  return { ref, name, type, formula, isCategory };
}

/** Stored columns that a fit reads in all. */
export function planColumns({ features, target, where }: FitPlan): string[] {
  const own = target ? [...features, target] : features;
  return columnsOf([...own.map(({ formula }) => formula), ...operandsOf(where)]);
}

/** What a pass of the plan reads. */
export function taskOf(plan: FitPlan, spec: FitSpec): FitTask {
  const read =
    spec.kernel === 'categories'
      ? spec.columns
      : [...spec.reader.columns, ...(spec.reader.target ? [spec.reader.target] : [])].map(
          ({ column }) => column,
        );
  const all = plan.target ? [...plan.features, plan.target] : plan.features;
  const used = all.filter(({ name }) => read.includes(name));
  const where = spec.kernel === 'categories' ? spec.where : spec.reader.where;
  const columns = columnsOf([...used.map(({ formula }) => formula), ...operandsOf(where)]);
  return {
    spec,
    derived: Object.fromEntries(used.map(({ name, formula }) => [name, formula])),
    types: Object.fromEntries(columns.map((id) => [id, plan.types[id]!])),
    columns,
  };
}
