import { ExaError } from '../../protocol/errors.ts';
import { isEstimator } from '../../protocol/estimators.ts';
import type { FittedModel } from '../../protocol/fit.ts';
import { isRecord } from '../../protocol/is-record.ts';

const format = 'exanalytics-model-1';

/** A model as the text of a file. */
export function printModel(model: FittedModel): string {
  return `${JSON.stringify(model, infinite, 1)}\n`;
}

function infinite(_key: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY
    ? 'Infinity'
    : value === Number.NEGATIVE_INFINITY
      ? '-Infinity'
      : value;
}

/** Reads a model's file. Throws `invalid`, saying what it is not, for anything else. */
export function parseModel(text: string): FittedModel {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ExaError('invalid', 'This file is not JSON: choose a model that was downloaded here.', {
      cause,
    });
  }
  if (!isRecord(value) || value.format !== format)
    throw new ExaError('invalid', 'This file holds no model: choose one that was downloaded here.');
  const { request, features, steps, estimator, version } = value;
  const isWhole =
    isRecord(request) &&
    isRecord(request.estimator) &&
    typeof request.estimator.method === 'string' &&
    isEstimator(request.estimator.method) &&
    Array.isArray(request.features) &&
    Array.isArray(features) &&
    features.every(
      (one) => isRecord(one) && typeof one.column === 'string' && typeof one.name === 'string',
    ) &&
    Array.isArray(steps) &&
    isRecord(estimator) &&
    typeof version === 'number';
  if (!isWhole)
    throw new ExaError(
      'invalid',
      'This model’s file is not whole: a part it needs is missing. Download it again.',
    );
  return value as unknown as FittedModel;
}

/** What a model is called: its method and target. */
export function modelTitle(model: FittedModel, label: string): string {
  const method = model.request.estimator.method;
  return model.target ? `${method} of ${model.target.name}, ${label}` : `${method}, ${label}`;
}

/** The name of a model's file. */
export function modelFileName(model: FittedModel, label: string): string {
  const words = `${label}-${model.request.estimator.method}`
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return `${words || 'model'}.model.json`;
}
