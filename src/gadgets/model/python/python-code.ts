import type { ColumnInfo } from '../../../protocol/column.ts';
import { covarianceClasses, parseCovariance, pythonCovariance } from '../estimators/covariance.ts';
import { changedParams, estimatorOf, targetOf } from '../estimators/estimators.ts';
import type { Estimator } from '../estimators/param.ts';
import type { ModelSpec, StepChoice } from '../spec.ts';
import { pythonFilter } from './python-filter.ts';
import { pythonReport } from './python-report.ts';
import { pythonCall, pythonName, pythonText, pythonValue } from './python-words.ts';

/** What the code is about: the spec, and the table as it is exported. */
export interface CodeInput {
  readonly spec: ModelSpec;
  /** The table's label, for the file's name and the first line. */
  readonly label: string;
  readonly columns: readonly ColumnInfo[];
  /** Data version that was fitted, where it is known. */
  readonly version?: number;
  /** Rows the fit took, where it was a sample. */
  readonly sampled?: number;
}

const modules: Readonly<Record<StepChoice['method'], string>> = {
  SimpleImputer: 'sklearn.impute',
  StandardScaler: 'sklearn.preprocessing',
  MinMaxScaler: 'sklearn.preprocessing',
  MaxAbsScaler: 'sklearn.preprocessing',
  RobustScaler: 'sklearn.preprocessing',
  PolynomialFeatures: 'sklearn.preprocessing',
  PCA: 'sklearn.decomposition',
};

/** The name of the file the code reads. */
export function exportName(label: string): string {
  return `${pythonName(label).replaceAll('_', '-')}.csv`;
}

/**
 * Python that fits the same with scikit-learn (1.2 or later) and pandas, from the table exported as CSV: reading,
 * filter, preprocessing, method, and what the gadget shows. Plain text; never run here.
 */
export function pythonCode(input: CodeInput): string {
  const { spec, label, columns } = input;
  const estimator = estimatorOf(spec.method);
  if (!estimator) return '';
  const imports = new Imports();
  const nameOf = (ref: string): string | undefined => columns.find(({ id }) => id === ref)?.name;
  const typeOf = (ref: string) => columns.find(({ id }) => id === ref)?.type;
  const task = estimator.task;
  const wanted = targetOf(task);
  const target = wanted && spec.target !== undefined ? nameOf(spec.target) : undefined;
  const numbers = spec.columns.flatMap((ref) => nameOf(ref) ?? []);
  const categories = spec.categories.flatMap((ref) => nameOf(ref) ?? []);
  const used = [...spec.columns, ...spec.categories, ...(target === undefined ? [] : [spec.target!])];
  const lines: string[] = [];

  lines.push(`table = pd.read_csv(${pythonText(exportName(label))})`);
  const dates = columns.filter(
    ({ id, type }) => (type.kind === 'date' || type.kind === 'timestamp') && (used.includes(id) || filters(spec, id)),
  );
  for (const { name } of dates) {
    const at = `table[${pythonText(name)}]`;
    lines.push(`${at} = pd.to_datetime(${at}, utc=True)`);
  }
  if (spec.where) {
    const mask = pythonFilter(spec.where, { name: nameOf, type: typeOf });
    lines.push(
      mask === undefined
        ? '# The filter reads columns of another table: export the filtered rows instead.'
        : `table = table[${mask}]`,
    );
  }
  if (input.sampled !== undefined)
    lines.push(`# The workbench fitted a sample of ${input.sampled} of these rows; this fits all of them.`);
  for (const { id, name, type } of dates.filter(({ id }) => used.includes(id))) {
    if (id === spec.target && wanted === 'class') continue;
    const unit = type.kind === 'date' ? '86_400_000_000_000' : '1_000_000';
    lines.push(`table[${pythonText(name)}] = table[${pythonText(name)}].astype("int64") // ${unit}`);
  }
  lines.push('', `numbers = ${pythonValue(numbers)}`);
  if (categories.length > 0) lines.push(`categories = ${pythonValue(categories)}`);
  const imputed = spec.steps.some(({ method }) => method === 'SimpleImputer');
  const needed = [
    ...(imputed ? [] : ['numbers']),
    ...(target === undefined ? [] : [`[${pythonText(target)}]`]),
  ].join(' + ');
  if (needed !== '') {
    imports.plain('numpy', 'np');
    lines.push(
      'table = table.replace([np.inf, -np.inf], np.nan)',
      `table = table.dropna(subset=${needed})  # rows with missing values are left out, as in the workbench`,
    );
  }
  lines.push(`X = table[numbers${categories.length > 0 ? ' + categories' : ''}]`);
  if (target !== undefined)
    lines.push(`y = table[${pythonText(target)}]${wanted === 'class' ? '.astype(str)' : '.astype(float)'}`);

  const parts: string[] = [];
  if (categories.length > 0) {
    imports.from('sklearn.compose', 'ColumnTransformer');
    const encoder = spec.encoding === 'onehot' ? 'OneHotEncoder' : 'OrdinalEncoder';
    imports.from('sklearn.preprocessing', encoder);
    const encode =
      spec.encoding === 'onehot'
        ? 'OneHotEncoder(handle_unknown="ignore", sparse_output=False)'
        : 'OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)';
    lines.push(
      '',
      'encode = ColumnTransformer([',
      '    ("numbers", "passthrough", numbers),',
      `    ("categories", ${encode}, categories),`,
      '])',
    );
    parts.push('encode');
  }
  for (const step of spec.steps) {
    imports.from(modules[step.method], step.method);
    parts.push(
      pythonCall(
        step.method,
        Object.entries(step.params ?? {}).map(([key, value]) => [key, pythonValue(value)] as const),
      ),
    );
  }
  parts.push(estimatorCall(spec, estimator, imports));
  if (parts.length === 1) lines.push('', `model = ${parts[0]}`);
  else {
    imports.from('sklearn.pipeline', 'make_pipeline');
    lines.push('', 'model = make_pipeline(', ...parts.map((part) => `    ${part},`), ')');
  }
  lines.push('', ...pythonReport({ spec, task, imports }));
  const version = input.version === undefined ? '' : `, version ${input.version}`;
  return `${[`# ${oneLine(label)}${version}, as Exanalytics Workbench fitted it.`, ...imports.lines(), '', ...lines].join('\n')}\n`;
}

function estimatorCall(spec: ModelSpec, estimator: Estimator, imports: Imports): string {
  imports.from(estimator.module, estimator.method);
  const args = Object.entries(changedParams(estimator, spec.params)).map(
    ([name, value]) => [name, pythonValue(value)] as const,
  );
  const kernel = estimator.params.find(({ range }) => range.kind === 'covariance');
  if (!kernel) return pythonCall(estimator.method, [...args, ...seedOf(spec, estimator)]);
  const covariance = parseCovariance(String(spec.params[kernel.name] ?? kernel.default));
  const others = args.filter(([name]) => name !== kernel.name);
  if (!covariance) return pythonCall(estimator.method, [...others, ...seedOf(spec, estimator)]);
  imports.from('sklearn.gaussian_process.kernels', ...covarianceClasses(covariance));
  return pythonCall(estimator.method, [
    ['kernel', pythonCovariance(covariance)],
    ...others,
    ...seedOf(spec, estimator),
  ]);
}

function seedOf(spec: ModelSpec, estimator: Estimator): readonly (readonly [string, string])[] {
  const init: readonly (readonly [string, string])[] =
    estimator.method === 'KMeans' || estimator.method === 'MiniBatchKMeans' ? [['n_init', '1']] : [];
  return estimator.seeded ? [...init, ['random_state', String(spec.seed)]] : init;
}

function filters(spec: ModelSpec, column: string): boolean {
  return spec.where !== undefined && JSON.stringify(spec.where).includes(JSON.stringify(column));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Import lines, each module once, sorted as isort does. */
export class Imports {
  readonly #plain = new Map<string, string>([['pandas', 'pd']]);
  readonly #from = new Map<string, Set<string>>();

  plain(module: string, as: string): void {
    this.#plain.set(module, as);
  }

  from(module: string, ...names: readonly string[]): void {
    const known = this.#from.get(module) ?? new Set();
    for (const name of names) known.add(name);
    this.#from.set(module, known);
  }

  lines(): readonly string[] {
    return [
      ...[...this.#plain].sort().map(([module, as]) => `import ${module} as ${as}`),
      ...[...this.#from]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([module, names]) => `from ${module} import ${[...names].sort().join(', ')}`),
    ];
  }
}
