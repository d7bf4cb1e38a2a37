import { type EstimatorName, estimators } from '../../protocol/estimators.ts';
import type { FitRequest, Json } from '../../protocol/fit.ts';
import type { Head } from '../../protocol/head.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import { firstGrid, firstParams, learningSizes, sensibleRequest, sensibleTarget } from '../fit/sensible.ts';
import { kindOf, methodOf } from './methods/methods.ts';
import { scalers } from './steps.ts';

/** Another method: the columns stay where they fit it, the target where it is of its kind, the scaler as it needs. */
export function withMethod(request: FitRequest, method: EstimatorName, head: Head): FitRequest {
  const [was, is] = [estimators[request.estimator.method], estimators[method]];
  const fresh = sensibleRequest(head, kindOf(method), method);
  const keepsColumns = request.features.length > 0 && kindOf(method) !== 'gp' && was.kind !== 'gp';
  const target = was.target === is.target ? request.target : sensibleTarget(is.target, head);
  const features = keepsColumns ? request.features.filter((ref) => ref !== target) : fresh.features;
  const others = (request.steps ?? []).filter((step) => !scalers.some((one) => one === step.method));
  const { target: _target, search: _search, axes: _axes, rows: _rows, version: _version, ...rest } = request;
  return {
    ...rest,
    features: features.length > 0 ? features : fresh.features.filter((ref) => ref !== target),
    ...(target === undefined ? {} : { target }),
    steps: methodOf(method).scaled ? [...others, ...(scalersIn(request) ?? fresh.steps ?? [])] : others,
    estimator: { method, params: firstParams(method) },
  };
}

function scalersIn(request: FitRequest): FitRequest['steps'] {
  const found = (request.steps ?? []).filter((step) => scalers.some((one) => one === step.method));
  return found.length > 0 ? found : undefined;
}

/** A column more or less to learn from; axes that are gone are left to the engine. */
export function withFeature(request: FitRequest, column: ColumnRef, isOn: boolean): FitRequest {
  const features = isOn
    ? [...request.features.filter((ref) => ref !== column), column]
    : request.features.filter((ref) => ref !== column);
  const { axes, ...rest } = request;
  const keeps = axes?.every((ref) => features.includes(ref));
  return { ...rest, features, ...(axes && keeps ? { axes } : {}) };
}

/** Whether a category is read as its place in order. */
export function withOrdinal(request: FitRequest, column: ColumnRef, isOrdinal: boolean): FitRequest {
  const { ordinal = [], ...rest } = request;
  const others = ordinal.filter((ref) => ref !== column);
  const next = isOrdinal ? [...others, column] : others;
  return { ...rest, ...(next.length > 0 ? { ordinal: next } : {}) };
}

/** Another target: it is no longer learnt from. */
export function withTarget(request: FitRequest, target: ColumnRef): FitRequest {
  return { ...withFeature(request, target, false), target };
}

/** A parameter; undefined: back to its default. */
export function withParam(request: FitRequest, name: string, value: Json | undefined): FitRequest {
  const { [name]: _old, ...others } = request.estimator.params ?? {};
  const params = value === undefined ? others : { ...others, [name]: value };
  return { ...request, estimator: { ...request.estimator, params } };
}

/** Whether a grid is tried. */
export function withSearch(request: FitRequest, isOn: boolean): FitRequest {
  const { search: _search, ...rest } = request;
  if (!isOn) return rest;
  return { ...rest, search: { grid: firstGrid(request.estimator.method), folds: 5, sizes: learningSizes } };
}

/** Methods whose parameters can be tried on folds: those that predict, one fit a choice. */
export function canSearch(method: EstimatorName): boolean {
  const { target, kind } = estimators[method];
  return target !== 'none' && kind !== 'gp' && !method.endsWith('CV') && method !== 'LinearRegression';
}

/** Values as people write them, by commas, as a grid's JSON; what is no value is left out. */
export function readGrid(text: string): readonly Json[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .slice(0, 20)
    .map((part): Json => {
      if (part === 'None') return null;
      const value = Number(part);
      return Number.isNaN(value) ? part : value;
    });
}

export function printGrid(values: readonly Json[]): string {
  return values.map((value) => (value === null ? 'None' : String(value))).join(', ');
}
