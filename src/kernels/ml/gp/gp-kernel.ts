import { ExaError } from '../../../protocol/errors.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';

/** Where a hyperparameter may go, both ends included; 'fixed': it stays. scikit-learn's default: [1e-5, 1e5]. */
export type Bounds = 'fixed' | readonly [number, number];

/**
 * A covariance as JSON, with scikit-learn's names and defaults. A `length_scale` of several numbers has one a column.
 *
 * | kernel | k(a, b), r = |a − b| ÷ length_scale |
 * |---|---|
 * | constant | constant_value |
 * | white | noise_level where a and b are the same observation, else 0 |
 * | rbf | exp(−r²/2) |
 * | matern | ν = ½: e^−r; 3⁄2: (1 + √3r) e^−√3r; 5⁄2: (1 + √5r + 5r²/3) e^−√5r |
 * | rational_quadratic | (1 + r²/2α)^−α |
 * | exp_sine_squared | exp(−2 sin²(π|a − b| ÷ periodicity) ÷ length_scale²) |
 * | dot_product | a·b + sigma_0² |
 */
export type GpKernel =
  | {
      readonly kernel: 'constant';
      readonly constant_value?: number;
      readonly constant_value_bounds?: Bounds;
    }
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
      /** Default 1.5. */
      readonly nu?: 0.5 | 1.5 | 2.5;
    }
  | {
      readonly kernel: 'rational_quadratic';
      readonly alpha?: number;
      readonly alpha_bounds?: Bounds;
      readonly length_scale?: number;
      readonly length_scale_bounds?: Bounds;
    }
  | {
      readonly kernel: 'exp_sine_squared';
      readonly length_scale?: number;
      readonly length_scale_bounds?: Bounds;
      readonly periodicity?: number;
      readonly periodicity_bounds?: Bounds;
    }
  | { readonly kernel: 'dot_product'; readonly sigma_0?: number; readonly sigma_0_bounds?: Bounds }
  | { readonly kernel: 'sum' | 'product'; readonly k1: GpKernel; readonly k2: GpKernel };

/** One free hyperparameter: optimised as its logarithm. */
export interface Hyperparameter {
  /** scikit-learn's path: `k1__k2__length_scale`; with `[i]` where there are several. */
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const defaultBounds: Bounds = [1e-5, 1e5];

/** A kernel's own parameters in scikit-learn's order (by name), free or fixed. */
function ownParameters(kernel: GpKernel): [string, number | readonly number[], Bounds][] {
  switch (kernel.kernel) {
    case 'constant':
      return [['constant_value', kernel.constant_value ?? 1, kernel.constant_value_bounds ?? defaultBounds]];
    case 'white':
      return [['noise_level', kernel.noise_level ?? 1, kernel.noise_level_bounds ?? defaultBounds]];
    case 'rbf':
    case 'matern':
      return [['length_scale', kernel.length_scale ?? 1, kernel.length_scale_bounds ?? defaultBounds]];
    case 'rational_quadratic':
      return [
        ['alpha', kernel.alpha ?? 1, kernel.alpha_bounds ?? defaultBounds],
        ['length_scale', kernel.length_scale ?? 1, kernel.length_scale_bounds ?? defaultBounds],
      ];
    case 'exp_sine_squared':
      return [
        ['length_scale', kernel.length_scale ?? 1, kernel.length_scale_bounds ?? defaultBounds],
        ['periodicity', kernel.periodicity ?? 1, kernel.periodicity_bounds ?? defaultBounds],
      ];
    case 'dot_product':
      return [['sigma_0', kernel.sigma_0 ?? 1, kernel.sigma_0_bounds ?? defaultBounds]];
    default:
      return [];
  }
}

/** The free hyperparameters in scikit-learn's order: k1's before k2's, by name within a kernel. */
export function hyperparameters(kernel: GpKernel, path = ''): Hyperparameter[] {
  if (kernel.kernel === 'sum' || kernel.kernel === 'product')
    return [...hyperparameters(kernel.k1, `${path}k1__`), ...hyperparameters(kernel.k2, `${path}k2__`)];
  return ownParameters(kernel).flatMap(([name, value, bounds]) => {
    if (bounds === 'fixed') return [];
    const [low, high] = bounds;
    return typeof value === 'number'
      ? [{ name: path + name, value, low, high }]
      : value.map((one, i) => ({ name: `${path}${name}[${i}]`, value: one, low, high }));
  });
}

/** Logarithms of the free hyperparameters. */
export function thetaOf(kernel: GpKernel): Float64Array {
  return Float64Array.from(hyperparameters(kernel), (parameter) => log(parameter.value));
}

/** The kernel with its free hyperparameters set to e^theta, in {@link hyperparameters}' order. */
export function withTheta(kernel: GpKernel, theta: ArrayLike<number>): GpKernel {
  let next = 0;
  function set(at: GpKernel): GpKernel {
    if (at.kernel === 'sum' || at.kernel === 'product') {
      const k1 = set(at.k1);
      return { ...at, k1, k2: set(at.k2) };
    }
    const changed = ownParameters(at).flatMap(([name, value, bounds]) => {
      if (bounds === 'fixed') return [];
      const fresh = typeof value === 'number' ? exp(theta[next++]!) : value.map(() => exp(theta[next++]!));
      return [[name, fresh]] as const;
    });
    return { ...at, ...Object.fromEntries(changed) };
  }
  return set(kernel);
}

/** Throws `invalid` unless every hyperparameter is above 0, within ordered bounds, and fits `columns` columns. */
export function checkKernel(kernel: GpKernel, columns: number): void {
  if (kernel.kernel === 'sum' || kernel.kernel === 'product') {
    checkKernel(kernel.k1, columns);
    checkKernel(kernel.k2, columns);
    return;
  }
  for (const [name, value, bounds] of ownParameters(kernel)) {
    const values = typeof value === 'number' ? [value] : value;
    if (typeof value !== 'number' && value.length !== columns)
      throw new ExaError('invalid', `${name} has ${value.length} numbers for ${columns} columns.`);
    for (const one of values)
      if (!(one > 0 && Number.isFinite(one)))
        throw new ExaError('invalid', `${name} of a kernel must be above 0; it is ${one}.`);
    if (bounds !== 'fixed' && !(bounds[0] > 0 && bounds[0] <= bounds[1] && Number.isFinite(bounds[1])))
      throw new ExaError('invalid', `The bounds of ${name} must be above 0 and in order.`);
  }
  if (kernel.kernel === 'matern' && ![0.5, 1.5, 2.5].includes(kernel.nu ?? 1.5))
    throw new ExaError('invalid', `nu of a Matérn kernel must be 0.5, 1.5 or 2.5; it is ${kernel.nu}.`);
}
