/** Bounds of a hyperparameter, ends included; `fixed`: it stays. */
export type Bounds = 'fixed' | readonly [number, number];

/** A covariance as JSON, under scikit-learn's names. */
export type Covariance =
  | { readonly kernel: 'constant'; readonly constant_value?: number; readonly constant_value_bounds?: Bounds }
  | { readonly kernel: 'white'; readonly noise_level?: number; readonly noise_level_bounds?: Bounds }
  | {
      readonly kernel: 'rbf';
      readonly length_scale?: number | readonly number[];
      readonly length_scale_bounds?: Bounds;
    }
  | {
      readonly kernel: 'matern';
      readonly length_scale?: number | readonly number[];
      readonly length_scale_bounds?: Bounds;
      readonly nu?: 0.5 | 1.5 | 2.5;
    }
  | {
      readonly kernel: 'rational_quadratic';
      readonly alpha?: number;
      readonly length_scale?: number;
      readonly alpha_bounds?: Bounds;
      readonly length_scale_bounds?: Bounds;
    }
  | {
      readonly kernel: 'exp_sine_squared';
      readonly length_scale?: number;
      readonly periodicity?: number;
      readonly length_scale_bounds?: Bounds;
      readonly periodicity_bounds?: Bounds;
    }
  | { readonly kernel: 'dot_product'; readonly sigma_0?: number; readonly sigma_0_bounds?: Bounds }
  | { readonly kernel: 'sum' | 'product'; readonly k1: Covariance; readonly k2: Covariance };

/** What a new Gaussian process begins with, in the short text of {@link parseCovariance}. */
export const defaultCovariance = '1*RBF(1) + White(1)';

/** Named in short text, and scikit-learn's class. */
const classes = {
  RBF: 'rbf',
  Matern: 'matern',
  RationalQuadratic: 'rational_quadratic',
  Periodic: 'exp_sine_squared',
  Linear: 'dot_product',
  White: 'white',
} as const;

/**
 * Reads a covariance in short text: sums and products of `RBF(length)`, `Matern(length, nu)`,
 * `RationalQuadratic(length, alpha)`, `Periodic(length, period)`, `Linear(sigma)`, `White(noise)` and numbers, with
 * brackets: `2*RBF(1.5) + Periodic(1, 12)*RBF(100) + White(0.1)`. Numbers are where the search begins. Undefined for
 * anything else.
 */
export function parseCovariance(text: string): Covariance | undefined {
  const cursor = { rest: text.replace(/\s+/g, '') };
  const sum = readSum(cursor, 0);
  return cursor.rest === '' ? sum : undefined;
}

interface Cursor {
  rest: string;
}

function readSum(cursor: Cursor, depth: number): Covariance | undefined {
  let left = readProduct(cursor, depth);
  while (left && cursor.rest.startsWith('+')) {
    cursor.rest = cursor.rest.slice(1);
    const right = readProduct(cursor, depth);
    left = right && { kernel: 'sum', k1: left, k2: right };
  }
  return left;
}

function readProduct(cursor: Cursor, depth: number): Covariance | undefined {
  let left = readOne(cursor, depth);
  while (left && cursor.rest.startsWith('*')) {
    cursor.rest = cursor.rest.slice(1);
    const right = readOne(cursor, depth);
    left = right && { kernel: 'product', k1: left, k2: right };
  }
  return left;
}

function readOne(cursor: Cursor, depth: number): Covariance | undefined {
  if (depth > 16) return undefined;
  if (cursor.rest.startsWith('(')) {
    cursor.rest = cursor.rest.slice(1);
    const inner = readSum(cursor, depth + 1);
    if (!inner || !cursor.rest.startsWith(')')) return undefined;
    cursor.rest = cursor.rest.slice(1);
    return inner;
  }
  const number = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?/iu.exec(cursor.rest)?.[0];
  if (number !== undefined) {
    cursor.rest = cursor.rest.slice(number.length);
    return Number(number) > 0 ? { kernel: 'constant', constant_value: Number(number) } : undefined;
  }
  const call = /^([A-Za-z]+)(?:\(([\d.,e+-]*)\))?/u.exec(cursor.rest);
  const name = (Object.keys(classes) as (keyof typeof classes)[]).find(
    (one) => one.toLowerCase() === call?.[1]?.toLowerCase(),
  );
  if (!call || !name) return undefined;
  const numbers = (call[2] ?? '')
    .split(',')
    .filter((part) => part !== '')
    .map(Number);
  if (numbers.some((one) => !(one > 0 && Number.isFinite(one))) || numbers.length > 2) return undefined;
  cursor.rest = cursor.rest.slice(call[0].length);
  return made(name, numbers);
}

function made(name: keyof typeof classes, numbers: readonly number[]): Covariance | undefined {
  const [first = 1, second] = numbers;
  switch (name) {
    case 'RBF':
      return second === undefined ? { kernel: 'rbf', length_scale: first } : undefined;
    case 'Matern': {
      const nu = ([0.5, 1.5, 2.5] as const).find((one) => one === (second ?? 1.5));
      return nu && { kernel: 'matern', length_scale: first, nu };
    }
    case 'RationalQuadratic':
      return { kernel: 'rational_quadratic', length_scale: first, alpha: second ?? 1 };
    case 'Periodic':
      return { kernel: 'exp_sine_squared', length_scale: first, periodicity: second ?? 1 };
    case 'Linear':
      return second === undefined ? { kernel: 'dot_product', sigma_0: first } : undefined;
    case 'White':
      return second === undefined ? { kernel: 'white', noise_level: first } : undefined;
  }
}

/** A covariance as scikit-learn writes it in code: `ConstantKernel(1.0) * RBF(length_scale=1.0) + …`. */
export function pythonCovariance(covariance: Covariance): string {
  const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  switch (covariance.kernel) {
    case 'constant':
      return `ConstantKernel(${float(covariance.constant_value ?? 1)})`;
    case 'white':
      return `WhiteKernel(noise_level=${float(covariance.noise_level ?? 1)})`;
    case 'rbf':
      return `RBF(length_scale=${lengths(covariance.length_scale, float)})`;
    case 'matern':
      return `Matern(length_scale=${lengths(covariance.length_scale, float)}, nu=${covariance.nu ?? 1.5})`;
    case 'rational_quadratic':
      return `RationalQuadratic(length_scale=${float(covariance.length_scale ?? 1)}, alpha=${float(covariance.alpha ?? 1)})`;
    case 'exp_sine_squared':
      return `ExpSineSquared(length_scale=${float(covariance.length_scale ?? 1)}, periodicity=${float(covariance.periodicity ?? 1)})`;
    case 'dot_product':
      return `DotProduct(sigma_0=${float(covariance.sigma_0 ?? 1)})`;
    case 'sum':
      return `${pythonCovariance(covariance.k1)} + ${pythonCovariance(covariance.k2)}`;
    case 'product':
      return [covariance.k1, covariance.k2]
        .map((part) => (part.kernel === 'sum' ? `(${pythonCovariance(part)})` : pythonCovariance(part)))
        .join(' * ');
  }
}

function lengths(length: number | readonly number[] | undefined, float: (value: number) => string): string {
  return typeof length === 'object' ? `[${length.map(float).join(', ')}]` : float(length ?? 1);
}

/** Classes of `sklearn.gaussian_process.kernels` a covariance is made of, sorted. */
export function covarianceClasses(covariance: Covariance): readonly string[] {
  return [...new Set(pythonCovariance(covariance).match(/[A-Z][A-Za-z]+(?=\()/gu) ?? [])].sort();
}

/** A covariance in the short text of {@link parseCovariance}; bounds are left out. */
export function printCovariance(covariance: Covariance): string {
  const call = (name: string, ...numbers: readonly number[]): string => `${name}(${numbers.join(', ')})`;
  const length = (value: number | readonly number[] | undefined): number =>
    typeof value === 'object' ? (value[0] ?? 1) : (value ?? 1);
  switch (covariance.kernel) {
    case 'constant':
      return String(covariance.constant_value ?? 1);
    case 'white':
      return call('White', covariance.noise_level ?? 1);
    case 'rbf':
      return call('RBF', length(covariance.length_scale));
    case 'matern':
      return call('Matern', length(covariance.length_scale), covariance.nu ?? 1.5);
    case 'rational_quadratic':
      return call('RationalQuadratic', covariance.length_scale ?? 1, covariance.alpha ?? 1);
    case 'exp_sine_squared':
      return call('Periodic', covariance.length_scale ?? 1, covariance.periodicity ?? 1);
    case 'dot_product':
      return call('Linear', covariance.sigma_0 ?? 1);
    case 'sum':
      return `${printCovariance(covariance.k1)} + ${printCovariance(covariance.k2)}`;
    case 'product':
      return [covariance.k1, covariance.k2]
        .map((part) => (part.kernel === 'sum' ? `(${printCovariance(part)})` : printCovariance(part)))
        .join('*');
  }
}
