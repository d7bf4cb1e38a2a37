import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimatorNames } from '../../protocol/estimators.ts';
import type { FitRequest } from '../../protocol/fit.ts';
import { packRequest, parseRequest } from './request.ts';

test('a request comes back from the URL as it went in, for every method', () => {
  for (const method of estimatorNames) {
    const request: FitRequest = {
      dataset: 'orders',
      features: ['c5', 'c6'],
      categories: ['c6'],
      target: 'c4',
      filter: { op: 'range', column: 'c5', from: '1.00' },
      steps: [{ method: 'SimpleImputer', params: { strategy: 'median' } }, { method: 'StandardScaler' }],
      estimator: { method, params: {} },
      search: { grid: { C: [0.1, 1], max_depth: [null, 3] }, folds: 3, split: 'time', sizes: [0.5, 1] },
      seed: 7,
      heldOut: 0.1,
      axes: ['c6', 'c5'],
      version: 12,
      rows: 900,
    };
    const back = parseRequest(JSON.parse(JSON.stringify(packRequest(request))), 'orders')!;
    const { estimator, ...rest } = back;
    const { estimator: _given, ...given } = request;
    expect(rest).toEqual(given);
    expect(estimator.method).toBe(method);
  }
});

test('a covariance travels as short text; parameters out of range are dropped', () => {
  const back = parseRequest(
    {
      method: 'GaussianProcessRegressor',
      features: ['x'],
      params: { kernel: '2*RBF(3)', alpha: -1, foo: 1 },
    },
    'd',
  )!;
  expect(back.estimator.params).toEqual({
    kernel: {
      kernel: 'product',
      k1: { kernel: 'constant', constant_value: 2 },
      k2: { kernel: 'rbf', length_scale: 3 },
    },
  });
  expect(packRequest(back)).toEqual({
    method: 'GaussianProcessRegressor',
    params: { kernel: '2*RBF(3)' },
    features: ['x'],
  });
});

test('anything at all is read without throwing, and then keeps its meaning', () => {
  const part = fc.oneof(fc.jsonValue(), fc.constantFrom('OneClassSVM', 'SVC', 'StandardScaler', 0, 5, null));
  fc.assert(
    fc.property(
      fc.record(
        {
          method: fc.oneof(fc.constantFrom(...estimatorNames), part),
          params: part,
          features: part,
          steps: part,
          search: part,
          seed: part,
          axes: part,
          filter: part,
        },
        { requiredKeys: [] },
      ),
      (value) => {
        const request = parseRequest(value, 'd');
        if (!request) return;
        const again = parseRequest(JSON.parse(JSON.stringify(packRequest(request))), 'd');
        expect(packRequest(again!)).toEqual(packRequest(request));
      },
    ),
  );
});
