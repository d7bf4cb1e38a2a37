import { isEstimator, type TransformerName, transformerNames } from '../../protocol/estimators.ts';
import { parseFilter, printFilter } from '../../protocol/filter-text.ts';
import type { FitRequest, Json, Params, SearchRequest } from '../../protocol/fit.ts';
import { isRecord } from '../../protocol/is-record.ts';
import { allows } from './methods/check-param.ts';
import {
  type Covariance,
  defaultCovariance,
  parseCovariance,
  printCovariance,
} from './methods/covariance.ts';
import { changedParams, methodOf } from './methods/methods.ts';

/** A fit request as the URL keeps it: defaults left out, filter and covariance as short text, without the data set. */
export function packRequest(request: FitRequest): Readonly<Record<string, unknown>> {
  const {
    features,
    categories,
    ordinal,
    target,
    filter,
    steps,
    estimator,
    search,
    seed,
    heldOut,
    axes,
    version,
    rows,
  } = request;
  const params = changedParams(methodOf(estimator.method), estimator.params ?? {});
  const { kernel, ...others } = params;
  const covariance = isRecord(kernel) ? { kernel: printCovariance(kernel as unknown as Covariance) } : {};
  const packed = kernel === undefined || isRecord(kernel) ? { ...others, ...covariance } : params;
  return {
    method: estimator.method,
    ...(Object.keys(packed).length > 0 ? { params: packed } : {}),
    ...(features.length > 0 ? { features } : {}),
    ...(categories?.length ? { categories } : {}),
    ...(ordinal?.length ? { ordinal } : {}),
    ...(target === undefined ? {} : { target }),
    ...(filter ? { filter: printFilter(filter) } : {}),
    ...(steps?.length ? { steps } : {}),
    ...(search ? { search } : {}),
    ...(seed ? { seed } : {}),
    ...(heldOut === undefined || heldOut === 0.25 ? {} : { heldOut }),
    ...(axes ? { axes } : {}),
    ...(version === undefined ? {} : { version }),
    ...(rows === undefined ? {} : { rows }),
  };
}

/** Reads what {@link packRequest} wrote, or anything else: what is not understood is left out. Never throws. */
export function parseRequest(value: unknown, dataset: string): FitRequest | undefined {
  if (!isRecord(value) || typeof value.method !== 'string' || !isEstimator(value.method)) return undefined;
  const axes = texts(value.axes);
  const filter = typeof value.filter === 'string' ? parseFilter(value.filter) : undefined;
  const search = parseSearch(value.search);
  const steps = Array.isArray(value.steps) ? value.steps.flatMap(parseStep) : [];
  const categories = texts(value.categories);
  const ordinal = texts(value.ordinal);
  return {
    dataset,
    features: texts(value.features),
    ...(categories.length > 0 ? { categories } : {}),
    ...(ordinal.length > 0 ? { ordinal } : {}),
    ...(typeof value.target === 'string' ? { target: value.target } : {}),
    ...(filter ? { filter } : {}),
    steps,
    estimator: { method: value.method, params: parseParams(value.method, value.params) },
    ...(search ? { search } : {}),
    ...(isCount(value.seed) ? { seed: value.seed } : {}),
    ...(typeof value.heldOut === 'number' && value.heldOut >= 0 && value.heldOut <= 0.9
      ? { heldOut: value.heldOut }
      : {}),
    ...(axes.length === 2 ? { axes: [axes[0]!, axes[1]!] as const } : {}),
    ...(isCount(value.version) ? { version: value.version } : {}),
    ...(isCount(value.rows) && value.rows > 0 ? { rows: value.rows } : {}),
  };
}

/** Parameters a method knows, in their ranges; a Gaussian process's covariance is written out. */
function parseParams(method: FitRequest['estimator']['method'], value: unknown): Params {
  const given = isRecord(value) ? value : {};
  return Object.fromEntries(
    methodOf(method).params.flatMap((param): [string, Json][] => {
      const one = given[param.name];
      if (param.range.kind === 'covariance') {
        const covariance =
          (typeof one === 'string' ? parseCovariance(one) : undefined) ?? parseCovariance(defaultCovariance)!;
        return [[param.name, covariance as unknown as Json]];
      }
      return isScalar(one) && allows(param.range, one) ? [[param.name, one]] : [];
    }),
  );
}

function parseStep(value: unknown): { method: TransformerName; params?: Params }[] {
  if (!isRecord(value)) return [];
  const method = transformerNames.find((one) => one === value.method);
  if (!method) return [];
  if (!isRecord(value.params)) return [{ method }];
  const params = Object.entries(value.params).filter((entry): entry is [string, Json] => isJson(entry[1]));
  return [{ method, params: Object.fromEntries(params) }];
}

function parseSearch(value: unknown): SearchRequest | undefined {
  if (!isRecord(value) || !isRecord(value.grid)) return undefined;
  const grid = Object.entries(value.grid).flatMap(([name, values]): [string, Json[]][] =>
    Array.isArray(values) ? [[name, values.filter(isScalar)]] : [],
  );
  const sizes = Array.isArray(value.sizes)
    ? value.sizes.filter((one): one is number => typeof one === 'number' && one > 0 && one <= 1)
    : [];
  return {
    grid: Object.fromEntries(grid),
    ...(isCount(value.folds) && value.folds >= 2 && value.folds <= 20 ? { folds: value.folds } : {}),
    ...(value.split === 'time' ? { split: 'time' } : {}),
    ...(sizes.length > 0 ? { sizes } : {}),
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}

function isJson(value: unknown): value is Json {
  return isScalar(value) || (Array.isArray(value) && value.every(isJson));
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 32;
}
