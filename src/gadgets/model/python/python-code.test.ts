import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ColumnInfo } from '../../../protocol/column.ts';
import { estimatorNames, estimators } from '../../../protocol/estimators.ts';
import type { FitRequest } from '../../../protocol/fit.ts';
import { pythonCode } from './python-code.ts';
import { pythonName, pythonText, pythonValue } from './python-words.ts';

const columns: readonly ColumnInfo[] = [
  { id: 'c1', name: 'order "id"', type: { kind: 'text' } },
  { id: 'c2', name: 'ordered_at', type: { kind: 'timestamp' } },
  { id: 'c3', name: 'country', type: { kind: 'text' } },
  { id: 'c4', name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
  { id: 'c5', name: 'items', type: { kind: 'int32' } },
  { id: 'c6', name: 'weight', type: { kind: 'float64' } },
];

const base: FitRequest = {
  dataset: 'orders',
  features: ['c4', 'c5'],
  steps: [{ method: 'StandardScaler' }],
  estimator: { method: 'OneClassSVM', params: { nu: 0.05, tol: 1e-3 } },
};

/** Ninety orders from a fixed seed, as CSV. */
function csv(): string {
  let seed = 3;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const lines = Array.from({ length: 90 }, (_, i) => {
    const at = new Date(Date.UTC(2011, 0, 1) + i * 86_400_000 * 3).toISOString();
    const country = ['France', 'Japan', 'Peru'][i % 3];
    const items = 1 + Math.floor(random() * 9);
    const weight = i % 30 === 29 ? '' : (items * 2 + (i % 3) + random()).toFixed(4);
    return `"O, ""${i}""",${at},${country},${(items * 10 + random() * 5).toFixed(2)},${items},${weight}`;
  });
  return `"order ""id""",ordered_at,country,amount,items,weight\n${lines.join('\n')}\n`;
}

const folder = mkdtempSync(join(tmpdir(), 'exanalytics-code-'));
afterAll(() => rmSync(folder, { recursive: true }));

const runner = `
import contextlib, io, json, runpy, sys, traceback
for name in sys.argv[1:]:
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(name)
        print(json.dumps({"out": out.getvalue()}))
    except BaseException:
        print(json.dumps({"fault": traceback.format_exc()}))
`;

/** Runs each code beside `orders.csv`, in one Python; what each printed, by name. Fails with what Python said. */
function run(...codes: readonly string[]): readonly Record<string, string>[] {
  writeFileSync(join(folder, 'orders.csv'), csv());
  writeFileSync(join(folder, 'runner.py'), runner);
  const names = codes.map((code, i) => {
    writeFileSync(join(folder, `model${i}.py`), code);
    return `model${i}.py`;
  });
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-W', 'ignore', 'runner.py', ...names], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  const lines = stdout.trim().split('\n');
  return codes.map((code, i) => {
    const told = JSON.parse(lines[i] ?? '{}') as { out?: string; fault?: string };
    if (told.out === undefined) throw new Error(`${told.fault ?? stderr}\n${code}`);
    return Object.fromEntries(
      told.out
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
  });
}

function hasPython(): boolean {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import sklearn, pandas'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('the code reads as a person would write it', () => {
  expect(
    pythonCode({ request: base, label: 'Orders', columns, version: 4 }),
  ).toBe(`# Orders, version 4: OneClassSVM as Exanalytics Workbench fitted it.
import numpy as np
import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

table = pd.read_csv("orders.csv")

numbers = ["amount", "items"]
table = table.replace([np.inf, -np.inf], np.nan)
table = table.dropna(subset=numbers)  # rows with missing values are left out, as in the workbench
X = table[numbers]

model = make_pipeline(
    StandardScaler(),
    OneClassSVM(nu=0.05),
)

model.fit(X)
scores = model.decision_function(X)  # below 0: an outlier
print("rows:", len(X))
print("outliers:", int((scores < 0).sum()))
print("lowest score:", float(scores.min()))
`);
});

test('ordinal columns have their encoder beside the others', () => {
  const code = pythonCode({
    request: { ...base, features: ['c4', 'c3', 'c5'], categories: ['c5'], ordinal: ['c3'] },
    label: 'Orders',
    columns,
  });
  expect(code).toContain('ordinal = ["country"]');
  expect(code).toContain('categories = ["items"]');
  expect(code).toContain('X = table[numbers + categories + ordinal]');
  expect(code).toContain(
    '("ordinal", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ordinal)',
  );
  expect(code).toContain('from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler');
});

test('no text of the data leaves its literal', () => {
  const wild = 'a"\n\\"""; import os #\u2028';
  const code = pythonCode({
    request: { ...base, filter: { op: 'in', column: 'c3', values: [wild] } },
    label: wild,
    columns: columns.map((column) => ({ ...column, name: column.name + wild })),
  });
  expect(code.split('\n').filter((line) => line.trimStart().startsWith('import os'))).toEqual([]);
  expect(JSON.parse(pythonText(wild))).toBe(wild);
  expect(pythonName('9 Été & co')).toBe('t_9_e_te_co');
  expect(pythonValue([1e21, true, null, 'x'])).toBe('[1e21, True, None, "x"]');
});

describe.skipIf(!hasPython())('run by Python', () => {
  test('every method’s code runs', () => {
    const codes = estimatorNames.map((method) => {
      const { target } = estimators[method];
      const request: FitRequest = {
        ...base,
        features: method === 'GaussianProcessRegressor' ? ['c5'] : ['c4', 'c5', 'c3'],
        ...(target === 'none' ? {} : { target: target === 'class' ? 'c3' : 'c6' }),
        estimator: { method, params: method.endsWith('KMeans') ? { n_clusters: 3 } : {} },
      };
      const features = request.features.filter((ref) => ref !== request.target);
      return pythonCode({ request: { ...request, features }, label: 'Orders', columns });
    });
    const rows = run(...codes).map((printed) => Number(printed.rows));
    expect(rows).toEqual(estimatorNames.map((method) => (estimators[method].target === 'number' ? 87 : 90)));
  }, 600_000);

  test('filters, dates, imputers, grids and covariances', () => {
    const [filtered, searched, predicted] = run(
      pythonCode({
        request: {
          ...base,
          features: ['c2', 'c6'],
          steps: [
            { method: 'SimpleImputer', params: { strategy: 'median' } },
            { method: 'MinMaxScaler', params: { feature_range: [0, 2] } },
          ],
          filter: {
            op: 'and',
            of: [
              { op: 'range', column: 'c2', from: '2011-02-01T00:00:00.000Z', to: '2011-06-01T00:00:00.000Z' },
              { op: 'not', of: { op: 'in', column: 'c3', values: ['Peru', null] } },
              {
                op: 'or',
                of: [
                  { op: 'contains', column: 'c1', text: 'o, "' },
                  { op: 'range', column: 'c4', from: '20.00' },
                ],
              },
            ],
          },
        },
        label: 'Orders',
        columns,
      }),
      pythonCode({
        request: {
          ...base,
          target: 'c3',
          features: ['c4', 'c6'],
          estimator: { method: 'SVC' },
          search: { grid: { C: [0.1, 1], gamma: ['scale', 1] }, folds: 3 },
        },
        label: 'Orders',
        columns,
      }),
      pythonCode({
        request: {
          dataset: 'orders',
          features: ['c5'],
          target: 'c6',
          estimator: {
            method: 'GaussianProcessRegressor',
            params: {
              kernel: {
                kernel: 'sum',
                k1: { kernel: 'product', k1: { kernel: 'constant' }, k2: { kernel: 'rbf' } },
                k2: { kernel: 'white' },
              },
              normalize_y: true,
            },
          },
        },
        label: 'Orders',
        columns,
      }),
    );
    // Every third day: days 31 to 150 are orders 11 to 50, less a third.
    expect(filtered?.rows).toBe('26');
    expect(searched?.best).toContain('svc__C');
    expect(predicted?.kernel).toContain('RBF');
  }, 600_000);
});
