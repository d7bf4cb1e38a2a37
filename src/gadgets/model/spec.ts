import type { ColumnRef, Filter } from '../../protocol/query.ts';
import { parseFilter, printFilter } from '../../protocol/filter-text.ts';
import { allows } from './estimators/check-param.ts';
import { estimatorOf } from './estimators/estimators.ts';
import type { ParamValue, ParamValues } from './estimators/values.ts';

/** A step before the method, under scikit-learn's name. */
export interface StepChoice {
  readonly method: StepMethod;
  readonly params?: ParamValues;
}

export const stepMethods = [
  'SimpleImputer',
  'StandardScaler',
  'MinMaxScaler',
  'MaxAbsScaler',
  'RobustScaler',
  'PolynomialFeatures',
  'PCA',
] as const;
export type StepMethod = (typeof stepMethods)[number];

/** How text columns become numbers: a column of 0 and 1 a value, or the value's rank. */
export const encodings = ['onehot', 'ordinal'] as const;
export type Encoding = (typeof encodings)[number];

/** What is tried beside the fit itself: every choice of a grid on every fold, and the scores as rows grow. */
export interface Search {
  readonly grid: Readonly<Record<string, readonly ParamValue[]>>;
  readonly cv: number;
  readonly splits: 'kfold' | 'stratified' | 'time';
  readonly learning: boolean;
}

/**
 * All that a fit depends on, as JSON: the URL of the Model view keeps it, so that anybody who opens it fits the same.
 * Columns are references; parameters equal to scikit-learn's defaults are left out.
 */
export interface ModelSpec {
  readonly method: string;
  readonly params: ParamValues;
  /** Numbers and dates. */
  readonly columns: readonly ColumnRef[];
  /** Texts, encoded. */
  readonly categories: readonly ColumnRef[];
  readonly encoding: Encoding;
  readonly target?: ColumnRef;
  readonly steps: readonly StepChoice[];
  readonly seed: number;
  /** Columns of the axes. */
  readonly shown?: readonly [ColumnRef, ColumnRef];
  readonly where?: Filter;
  /** Version of the data it was fitted on; left out: the newest. */
  readonly version?: number;
  readonly search?: Search;
}

/** A spec of a method with nothing chosen. */
export function emptySpec(method = 'OneClassSVM'): ModelSpec {
  return { method, params: {}, columns: [], categories: [], encoding: 'onehot', steps: [], seed: 0 };
}

/** A spec as the URL keeps it: defaults left out, the filter as text. */
export function packSpec(spec: ModelSpec): Readonly<Record<string, unknown>> {
  const { method, params, columns, categories, encoding, target, steps, seed, shown, where, version, search } = spec;
  return {
    method,
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(columns.length > 0 ? { columns } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(encoding === 'ordinal' ? { encoding } : {}),
    ...(target === undefined ? {} : { target }),
    ...(steps.length > 0 ? { steps } : {}),
    ...(seed === 0 ? {} : { seed }),
    ...(shown ? { shown } : {}),
    ...(where ? { where: printFilter(where) } : {}),
    ...(version === undefined ? {} : { version }),
    ...(search ? { search } : {}),
  };
}

/** Reads what {@link packSpec} wrote, or anything else: parts that are not understood are left out. Never throws. */
export function parseSpec(value: unknown): ModelSpec | undefined {
  if (!isRecord(value) || typeof value.method !== 'string') return undefined;
  const estimator = estimatorOf(value.method);
  if (!estimator) return undefined;
  const given = isRecord(value.params) ? value.params : {};
  const params = Object.fromEntries(
    estimator.params.flatMap((param): [string, ParamValue][] => {
      const one = given[param.name];
      return isValue(one) && allows(param.range, one) ? [[param.name, one]] : [];
    }),
  );
  const shown = texts(value.shown);
  const where = typeof value.where === 'string' ? parseFilter(value.where) : undefined;
  const search = parseSearch(value.search);
  return {
    method: estimator.method,
    params,
    columns: texts(value.columns),
    categories: texts(value.categories),
    encoding: value.encoding === 'ordinal' ? 'ordinal' : 'onehot',
    ...(typeof value.target === 'string' ? { target: value.target } : {}),
    steps: Array.isArray(value.steps) ? value.steps.flatMap(parseStep) : [],
    seed: isCount(value.seed) ? value.seed : 0,
    ...(shown.length === 2 ? { shown: [shown[0]!, shown[1]!] as const } : {}),
    ...(where ? { where } : {}),
    ...(isCount(value.version) ? { version: value.version } : {}),
    ...(search ? { search } : {}),
  };
}

function parseStep(value: unknown): StepChoice[] {
  if (!isRecord(value)) return [];
  const method = stepMethods.find((one) => one === value.method);
  if (!method) return [];
  if (!isRecord(value.params)) return [{ method }];
  const params = Object.fromEntries(
    Object.entries(value.params).flatMap(([name, one]): [string, ParamValue][] => (isValue(one) ? [[name, one]] : [])),
  );
  return [{ method, params }];
}

function parseSearch(value: unknown): Search | undefined {
  if (!isRecord(value) || !isRecord(value.grid)) return undefined;
  const grid = Object.fromEntries(
    Object.entries(value.grid).flatMap(([name, values]): [string, ParamValue[]][] =>
      Array.isArray(values) ? [[name, values.filter(isValue)]] : [],
    ),
  );
  const splits = (['kfold', 'stratified', 'time'] as const).find((one) => one === value.splits) ?? 'kfold';
  const cv = isCount(value.cv) && value.cv >= 2 && value.cv <= 20 ? value.cv : 5;
  return { grid, cv, splits, learning: value.learning === true };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isValue(value: unknown): value is ParamValue {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 32;
}
