import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { estimatorNames } from '../../../protocol/estimators.ts';
import { allows, paramFault, rangeWords, readParam } from './check-param.ts';
import { covarianceClasses, parseCovariance, printCovariance, pythonCovariance } from './covariance.ts';
import { changedParams, methodOf, methods } from './methods.ts';

const inspect = `
import importlib, inspect, json, sys
out = {}
for module, name in json.load(sys.stdin):
    signature = inspect.signature(getattr(importlib.import_module(module), name).__init__)
    out[name] = {key: value.default for key, value in signature.parameters.items() if key != "self"}
json.dump(out, sys.stdout, default=str)
`;

/** Defaults as the installed scikit-learn declares them; undefined where it is not installed. */
function installedDefaults(): Record<string, Record<string, unknown>> | undefined {
  try {
    const input = JSON.stringify(methods.map(({ module, method }) => [module, method]));
    const found = execFileSync('/usr/bin/python3', ['-c', inspect], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return JSON.parse(found) as Record<string, Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

test('every method of the protocol is in the form, once', () => {
  expect(methods.map(({ method }) => method).sort()).toEqual([...estimatorNames].sort());
});

const installed = installedDefaults();

test.skipIf(!installed)('parameters and defaults are those of the installed scikit-learn', () => {
  // cv=None stands for five folds there; a covariance left out is another here, and always written out.
  const written = new Set(['cv', 'kernel']);
  for (const { method, params } of methods)
    for (const { name, default: ours, range } of params) {
      expect(Object.keys(installed![method]!), method).toContain(name);
      if (written.has(name) && (range.kind === 'covariance' || name === 'cv')) continue;
      expect([method, name, installed![method]![name]]).toEqual([method, name, ours]);
    }
});

test('every default lies in its range, and a range says what it holds', () => {
  for (const { method, params } of methods)
    for (const param of params) {
      if (param.range.kind === 'covariance') continue;
      expect(allows(param.range, param.default), `${method}.${param.name}`).toBe(true);
      expect(rangeWords(param.range)).not.toBe('');
    }
  const nu = methodOf('OneClassSVM').params.find(({ name }) => name === 'nu')!;
  expect(paramFault(nu, 0)).toBe('nu must be a number above 0 and at most 1.');
  expect(paramFault(nu, 1)).toBeUndefined();
  const gamma = methodOf('SVC').params.find(({ name }) => name === 'gamma')!;
  expect(readParam(gamma.range, ' Scale ')).toBe('scale');
  expect(readParam(gamma.range, '0,5')).toBe(0.5);
  expect(paramFault(gamma, readParam(gamma.range, 'wide'))).toBe(
    'gamma must be a number above 0, or scale, auto.',
  );
});

test('only what differs and matters is kept', () => {
  expect(changedParams(methodOf('SVC'), { C: 1, kernel: 'linear', gamma: 2, degree: 5 })).toEqual({
    kernel: 'linear',
  });
});

test('a covariance is read from short text, written back, and in Python', () => {
  const text = '2*RBF(1.5) + Periodic(1, 12)*RBF(100) + White(0.1)';
  const covariance = parseCovariance(text)!;
  expect(printCovariance(covariance)).toBe(text);
  expect(pythonCovariance(covariance)).toBe(
    'ConstantKernel(2.0) * RBF(length_scale=1.5) + ExpSineSquared(length_scale=1.0, periodicity=12.0) * RBF(length_scale=100.0) + WhiteKernel(noise_level=0.1)',
  );
  expect(covarianceClasses(covariance)).toEqual(['ConstantKernel', 'ExpSineSquared', 'RBF', 'WhiteKernel']);
  expect(printCovariance(parseCovariance('(RBF + 1) * Matern(2, 2.5)')!)).toBe('(RBF(1) + 1)*Matern(2, 2.5)');
  for (const wrong of [
    '',
    'RBF(',
    'RBF(-1)',
    'RBF(1,2)',
    'Foo(1)',
    'RBF +',
    '0',
    'Matern(1, 7)',
    '('.repeat(99),
  ])
    expect(parseCovariance(wrong)).toBeUndefined();
});
