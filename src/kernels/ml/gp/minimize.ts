import type { Steps } from '../steps.ts';

/** A function's value at a point, and its slope there, asked for before the next point or never. An infinite value: not allowed here. */
export interface ValueAndGradient {
  readonly value: number;
  gradient(): Float64Array;
}

interface Place {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Where a search ended. */
export interface Minimum extends Place {
  readonly at: Float64Array;
  readonly evaluations: number;
  readonly converged: boolean;
  /** The inverse curvature found on the way, row-major; undefined before any was. */
  readonly inverse: Float64Array | undefined;
}

/** Stops of scipy's L-BFGS-B, which scikit-learn uses: relative gain 1e7·ε, projected slope 1e-5. */
const leastGain = 2.220446049250313e-9;
const leastSlope = 1e-5;

/**
 * Minimises `f` within a box from `start` by projected BFGS: variables at a bound whose slope points outwards rest;
 * a line search along the projected direction asks for enough descent and, away from bounds, for the slope to flatten
 * (Nocedal and Wright, Numerical Optimization, 2006, ch. 3 and 6). Yields after every evaluation.
 * `first`: what `f` just said of `start`, and `curvature`: an inverse curvature to begin with, where they are known.
 */
export function* minimizeInBox(
  f: (at: Float64Array) => ValueAndGradient,
  start: Float64Array,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  {
    maxIterations = 200,
    first,
    curvature,
  }: {
    readonly maxIterations?: number;
    readonly first?: ValueAndGradient;
    readonly curvature?: Float64Array | undefined;
  } = {},
): Steps<Minimum> {
  const n = start.length;
  const clamp = (at: Float64Array) => at.map((value, i) => Math.min(Math.max(value, low[i]!), high[i]!));
  let at: Float64Array = clamp(start);
  let here: Place = placeOf(first ?? f(at));
  let evaluations = 1;
  yield { phase: 'optimise', done: evaluations, total: 0 };
  let inverse = curvature ?? identity(n);
  let fresh = curvature === undefined;
  const ended = (converged: boolean): Minimum => ({
    ...here,
    at,
    evaluations,
    converged,
    inverse: fresh ? undefined : inverse,
  });
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const free = freeVariables(at, here.gradient, low, high);
    if (slopeOf(at, here.gradient, low, high) <= leastSlope) return ended(true);
    let direction = descent(inverse, here.gradient, free);
    let slope = dot(direction, here.gradient);
    if (!(slope < 0)) {
      inverse = identity(n);
      fresh = true;
      direction = descent(inverse, here.gradient, free);
      slope = dot(direction, here.gradient);
    }
    // A curvature that was known before is trusted to say what the next step would gain.
    const size = Math.max(Math.abs(here.value), 1);
    if (curvature && !fresh && -slope / 2 <= 0.1 * leastGain * size) return ended(true);
    let step = fresh ? Math.min(1, 1 / Math.sqrt(dot(here.gradient, here.gradient))) : 1;
    let [lowStep, highStep] = [0, Number.POSITIVE_INFINITY];
    let next: { at: Float64Array; found: Place } | undefined;
    for (let tries = 0; tries < 40; tries++) {
      const trial = clamp(at.map((value, i) => value + step * direction[i]!));
      const found = f(trial);
      evaluations++;
      yield { phase: 'optimise', done: evaluations, total: 0 };
      const moved = trial.map((value, i) => value - at[i]!);
      const cut = moved.some((value, i) => Math.abs(value - step * direction[i]!) > 1e-12);
      if (!(found.value <= here.value + 1e-4 * Math.min(0, dot(here.gradient, moved)))) {
        highStep = step;
        step = shorter(lowStep, highStep, step, here.value, slope, found.value);
        continue;
      }
      next = { at: trial, found: placeOf(found) };
      if (cut || dot(next.found.gradient, direction) >= 0.9 * slope) break;
      lowStep = step;
      step = highStep === Number.POSITIVE_INFINITY ? step * 5 : (lowStep + highStep) / 2;
    }
    if (next === undefined) {
      if (fresh) return ended(true);
      inverse = identity(n);
      fresh = true;
      continue;
    }
    const gain = here.value - next.found.value;
    inverse = updated(
      fresh ? undefined : inverse,
      next.at.map((value, i) => value - at[i]!),
      next.found.gradient.map((value, i) => value - here.gradient[i]!),
    );
    at = next.at;
    here = next.found;
    fresh = false;
    if (gain <= leastGain * Math.max(size, Math.abs(here.value))) return ended(true);
  }
  return ended(false);
}

function placeOf(found: ValueAndGradient): Place {
  return { value: found.value, gradient: found.gradient() };
}

function identity(n: number): Float64Array {
  const m = new Float64Array(n * n);
  for (let i = 0; i < n; i++) m[i * n + i] = 1;
  return m;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function freeVariables(
  at: Float64Array,
  gradient: Float64Array,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
): boolean[] {
  return Array.from(
    at,
    (value, i) => !((value <= low[i]! && gradient[i]! > 0) || (value >= high[i]! && gradient[i]! < 0)),
  );
}

/** Largest component of the step that the slope asks for and the box allows. */
function slopeOf(
  at: Float64Array,
  gradient: Float64Array,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
): number {
  let worst = 0;
  for (let i = 0; i < at.length; i++) {
    const target = Math.min(Math.max(at[i]! - gradient[i]!, low[i]!), high[i]!);
    worst = Math.max(worst, Math.abs(target - at[i]!));
  }
  return worst;
}

/** −H·g over the free variables; the others rest. */
function descent(inverse: Float64Array, gradient: Float64Array, free: boolean[]): Float64Array {
  const n = gradient.length;
  const direction = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (!free[i]) continue;
    for (let j = 0; j < n; j++)
      if (free[j]) direction[i] = direction[i]! - inverse[i * n + j]! * gradient[j]!;
  }
  return direction;
}

/** A step between the two ends: the parabola's lowest point when it is not too near an end, else the middle. */
function shorter(
  low: number,
  high: number,
  step: number,
  value: number,
  slope: number,
  found: number,
): number {
  const guess = Number.isFinite(found) ? (-slope * step * step) / (2 * (found - value - slope * step)) : 0;
  const span = high - low;
  return guess > low + 0.1 * span && guess < high - 0.1 * span ? guess : (low + high) / (low === 0 ? 10 : 2);
}

/** BFGS's new inverse curvature; scaled to the first step when there is none yet, unchanged where curvature is not positive. */
function updated(inverse: Float64Array | undefined, moved: Float64Array, turned: Float64Array): Float64Array {
  const n = moved.length;
  const curvature = dot(moved, turned);
  if (!(curvature > 1e-10 * Math.sqrt(dot(moved, moved) * dot(turned, turned))))
    return inverse ?? identity(n);
  const h = inverse ?? identity(n).map((value) => (value * curvature) / dot(turned, turned));
  const hy = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) hy[i] = hy[i]! + h[i * n + j]! * turned[j]!;
  const factor = (1 + dot(turned, hy) / curvature) / curvature;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      out[i * n + j] =
        h[i * n + j]! +
        factor * moved[i]! * moved[j]! -
        (hy[i]! * moved[j]! + moved[i]! * hy[j]!) / curvature;
  return out;
}
