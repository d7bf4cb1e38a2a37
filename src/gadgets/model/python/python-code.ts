import type { ColumnInfo } from '../../../protocol/column.ts';
import { estimators, type TransformerName } from '../../../protocol/estimators.ts';
import type { FitRequest, Json } from '../../../protocol/fit.ts';
import { type Covariance, covarianceClasses, pythonCovariance } from '../methods/covariance.ts';
import { changedParams, methodOf } from '../methods/methods.ts';
import type { Method } from '../methods/param.ts';
import { pythonFilter } from './python-filter.ts';
import { pythonReport } from './python-report.ts';
import { pythonCall, pythonName, pythonText, pythonValue } from './python-words.ts';

/** What the code is about: the request, and the table as it is exported. */
export interface CodeInput {
  readonly request: FitRequest;
  /** The table's label, for the file's name and the first line. */
  readonly label: string;
  readonly columns: readonly ColumnInfo[];
  /** Ids of those of them that the file does not have: made by formulas, or of linked tables. */
  readonly calculated?: readonly string[];
  /** Data version that was fitted, where it is known. */
  readonly version?: number;
  /** Rows the fit took, where it was a sample of more. */
  readonly sampled?: number;
}

const modules: Readonly<Record<TransformerName, string>> = {
  SimpleImputer: 'sklearn.impute',
  StandardScaler: 'sklearn.preprocessing',
  MinMaxScaler: 'sklearn.preprocessing',
  MaxAbsScaler: 'sklearn.preprocessing',
  RobustScaler: 'sklearn.preprocessing',
  Normalizer: 'sklearn.preprocessing',
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
  const { request, label, columns } = input;
  const method = methodOf(request.estimator.method);
  const imports = new Imports();
  const parts = pipelineParts(request, columns, imports);
  const model =
    parts.length === 1
      ? [`model = ${parts[0]}`]
      : ['model = make_pipeline(', ...parts.map((part) => `    ${part},`), ')'];
  if (parts.length > 1) imports.from('sklearn.pipeline', 'make_pipeline');
  const body = [
    ...tableLines(input, imports),
    '',
    ...encodeLines(request, columns),
    ...model,
    '',
    ...pythonReport({ request, isPipeline: parts.length > 1, imports }),
  ];
  const version = input.version === undefined ? '' : `, version ${input.version}`;
  const about = `# ${oneLine(label)}${version}: ${method.method} as Exanalytics Workbench fitted it.`;
  return `${[about, ...imports.lines(), '', ...body].join('\n')}\n`;
}

/** Whether a feature is read as categories. */
export function isCategory(ref: string, request: FitRequest, columns: readonly ColumnInfo[]): boolean {
  const kind = columns.find(({ id }) => id === ref)?.type.kind;
  const read = [...(request.categories ?? []), ...(request.ordinal ?? [])];
  return kind === 'text' || kind === 'bool' || read.includes(ref);
}

function tableLines(input: CodeInput, imports: Imports): readonly string[] {
  const { request, label, columns } = input;
  const { features, filter, target, estimator } = request;
  const of = (ref: string): ColumnInfo | undefined => columns.find(({ id }) => id === ref);
  const wanted = estimators[estimator.method].target;
  const targetColumn = wanted === 'none' || target === undefined ? undefined : of(target);
  const used = [...features, ...(targetColumn ? [targetColumn.id] : [])];
  const lines = [`table = pd.read_csv(${pythonText(exportName(label))})`];
  const filterText = JSON.stringify(filter) ?? '';
  const dates = columns.filter(
    ({ id, type }) =>
      (type.kind === 'date' || type.kind === 'timestamp') &&
      (used.includes(id) || filterText.includes(JSON.stringify(id))),
  );
  for (const { name } of dates) {
    const at = `table[${pythonText(name)}]`;
    lines.push(`${at} = pd.to_datetime(${at}, utc=True)`);
  }
  if (filter) {
    const mask = pythonFilter(filter, { name: (ref) => of(ref)?.name, type: (ref) => of(ref)?.type });
    lines.push(
      mask === undefined
        ? '# The filter reads columns of another table: export the filtered rows instead.'
        : `table = table[${mask}]`,
    );
  }
  const made = used.flatMap((ref) => (input.calculated?.includes(ref) ? (of(ref)?.name ?? []) : []));
  if (made.length > 0)
    lines.push(
      `# Calculated in the workbench or of a linked table, to be added to the table: ${oneLine(made.join(', '))}`,
    );
  if (input.sampled !== undefined)
    lines.push(`# The workbench fitted a sample of ${input.sampled} of these rows; this fits all of them.`);
  for (const { name, type } of dates.filter(({ id }) => used.includes(id))) {
    const at = `table[${pythonText(name)}]`;
    const unit = type.kind === 'date' ? '86_400_000_000_000' : '1_000_000';
    lines.push(`${at} = ${at}.astype("int64") // ${unit}`);
  }
  const named = (refs: readonly string[]): string[] => refs.flatMap((ref) => of(ref)?.name ?? []);
  const numbers = features.filter((ref) => !isCategory(ref, request, columns));
  const categories = features.filter((ref) => isCategory(ref, request, columns));
  const isOrdinal = (ref: string): boolean => (request.ordinal ?? []).includes(ref);
  const ordinal = named(categories.filter(isOrdinal));
  const spread = named(categories.filter((ref) => !isOrdinal(ref)));
  lines.push('', `numbers = ${pythonValue(named(numbers))}`);
  if (spread.length > 0) lines.push(`categories = ${pythonValue(spread)}`);
  if (ordinal.length > 0) lines.push(`ordinal = ${pythonValue(ordinal)}`);
  const inputs = [
    'numbers',
    ...(spread.length > 0 ? ['categories'] : []),
    ...(ordinal.length > 0 ? ['ordinal'] : []),
  ].join(' + ');
  const imputes = (request.steps ?? []).some((step) => step.method === 'SimpleImputer');
  const needed = [
    ...(imputes ? [] : [inputs]),
    ...(targetColumn ? [`[${pythonText(targetColumn.name)}]`] : []),
  ];
  if (needed.length > 0) {
    imports.plain('numpy', 'np');
    lines.push(
      'table = table.replace([np.inf, -np.inf], np.nan)',
      `table = table.dropna(subset=${needed.join(' + ')})  # rows with missing values are left out, as in the workbench`,
    );
  }
  lines.push(`X = table[${inputs}]`);
  if (targetColumn)
    lines.push(
      `y = table[${pythonText(targetColumn.name)}]${wanted === 'class' ? '.astype(str)' : '.astype(float)'}`,
    );
  return lines;
}

function encodeLines(request: FitRequest, columns: readonly ColumnInfo[]): readonly string[] {
  const { ordinal, spread } = encodersOf(request, columns);
  if (!ordinal && !spread) return [];
  return [
    'encode = ColumnTransformer([',
    '    ("numbers", "passthrough", numbers),',
    ...(spread
      ? ['    ("categories", OneHotEncoder(handle_unknown="ignore", sparse_output=False), categories),']
      : []),
    ...(ordinal
      ? ['    ("ordinal", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ordinal),']
      : []),
    '])',
  ];
}

/** Which encoders a request's features need. */
function encodersOf(
  request: FitRequest,
  columns: readonly ColumnInfo[],
): { readonly ordinal: boolean; readonly spread: boolean } {
  const categories = request.features.filter((ref) => isCategory(ref, request, columns));
  const isOrdinal = (ref: string): boolean => (request.ordinal ?? []).includes(ref);
  return {
    ordinal: categories.some(isOrdinal),
    spread: categories.some((ref) => !isOrdinal(ref)),
  };
}

function pipelineParts(
  request: FitRequest,
  columns: readonly ColumnInfo[],
  imports: Imports,
): readonly string[] {
  const parts: string[] = [];
  const { ordinal, spread } = encodersOf(request, columns);
  if (ordinal || spread) {
    imports.from('sklearn.compose', 'ColumnTransformer');
    if (spread) imports.from('sklearn.preprocessing', 'OneHotEncoder');
    if (ordinal) imports.from('sklearn.preprocessing', 'OrdinalEncoder');
    parts.push('encode');
  }
  for (const { method, params } of request.steps ?? []) {
    imports.from(modules[method], method);
    parts.push(
      pythonCall(
        method,
        Object.entries(params ?? {}).map(([key, value]) => [key, argument(key, value)] as const),
      ),
    );
  }
  return [...parts, methodCall(request, methodOf(request.estimator.method), imports)];
}

/** scikit-learn takes its pairs as tuples. */
function argument(name: string, value: Json | undefined): string {
  return Array.isArray(value) && name.endsWith('_range')
    ? `(${value.map(pythonValue).join(', ')})`
    : pythonValue(value);
}

function methodCall(request: FitRequest, method: Method, imports: Imports): string {
  imports.from(method.module, method.method);
  const args = Object.entries(changedParams(method, request.estimator.params ?? {})).map(
    ([name, value]): readonly [string, string] => {
      if (name !== 'kernel' || typeof value !== 'object' || value === null) return [name, pythonValue(value)];
      const covariance = value as unknown as Covariance;
      imports.from('sklearn.gaussian_process.kernels', ...covarianceClasses(covariance));
      return [name, pythonCovariance(covariance)];
    },
  );
  const starts: readonly (readonly [string, string])[] =
    method.method === 'KMeans' || method.method === 'MiniBatchKMeans' ? [['n_init', '1']] : [];
  const seed: readonly (readonly [string, string])[] = method.seeded
    ? [['random_state', String(request.seed ?? 0)]]
    : [];
  return pythonCall(method.method, [...args, ...starts, ...seed]);
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
