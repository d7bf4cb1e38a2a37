import { lineSearch } from './line-search.ts';

/** Value and gradient at a point. */
export interface Slope {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Where a minimisation ended. */
export interface Minimum {
  readonly point: Float64Array;
  readonly iterations: number;
  /** False when `maxIter` or a failed line search ended it. */
  readonly converged: boolean;
}

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly sy: number;
  readonly yy: number;
}

const memory = 10;
const eps = 2.220446049250313e-16;

/**
 * Minimises a smooth function by L-BFGS (Liu and Nocedal 1989) with ten pairs: yields points, is answered with value
 * and gradient. First step, line search and both rules to stop (largest gradient entry at most `gradientTol`; value
 * falling by at most 1e7 · 2.2e-16 of max(|f|, 1)) are those of L-BFGS-B 3.0 (Byrd, Lu, Nocedal and Zhu 1995; Morales
 * and Nocedal 2011) without bounds, as scipy runs it, so that it ends where scipy does.
 */
export function* lbfgs(
  start: Float64Array,
  { gradientTol, maxIter }: { readonly gradientTol: number; readonly maxIter: number },
): Generator<Float64Array, Minimum, Slope> {
  let point = start;
  let at = yield point;
  let pairs: Pair[] = [];
  for (let iterations = 0; ; iterations++) {
    if (largest(at.gradient) <= gradientTol) return { point, iterations, converged: true };
    if (iterations >= maxIter) return { point, iterations, converged: false };
    const direction = descent(at.gradient, pairs);
    const slope = dot(direction, at.gradient);
    if (slope >= 0) {
      if (pairs.length === 0) return { point, iterations, converged: false };
      pairs = [];
      iterations--;
      continue;
    }
    const first = iterations === 0 ? Math.min(1 / Math.sqrt(dot(direction, direction)), 1e10) : 1;
    const found = yield* along(point, direction, at.value, slope, first);
    if (!found) {
      if (pairs.length === 0) return { point, iterations, converged: false };
      pairs = [];
      iterations--;
      continue;
    }
    const fall = at.value - found.at.value;
    const scale = Math.max(Math.abs(at.value), Math.abs(found.at.value), 1);
    const before = at;
    point = found.point;
    at = found.at;
    if (largest(at.gradient) <= gradientTol || fall <= 1e7 * eps * scale)
      return { point, iterations: iterations + 1, converged: true };
    const y = at.gradient.map((g, i) => g - before.gradient[i]!);
    const sy = (dot(direction, at.gradient) - slope) * found.step;
    if (sy > eps * -slope * found.step) {
      pairs.push({ s: direction.map((d) => d * found.step), y, sy, yy: dot(y, y) });
      if (pairs.length > memory) pairs.shift();
    }
  }
}

function* along(
  point: Float64Array,
  direction: Float64Array,
  value: number,
  slope: number,
  first: number,
): Generator<Float64Array, { step: number; point: Float64Array; at: Slope } | undefined, Slope> {
  const search = lineSearch(value, slope, first, 1e10);
  let next = search.next();
  let found: { step: number; point: Float64Array; at: Slope } | undefined;
  while (!next.done) {
    const step = next.value;
    const to = point.map((x, i) => x + step * direction[i]!);
    const at = yield to;
    found = { step, point: to, at };
    next = search.next({ value: at.value, slope: dot(at.gradient, direction) });
  }
  return next.value ? found : undefined;
}

/** −H·g by the two-loop recursion, H₀ = sᵀy ÷ yᵀy of the latest pair. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = gradient.slice();
  const shares = pairs.map(() => 0);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, sy } = pairs[k]!;
    const share = dot(s, q) / sy;
    shares[k] = share;
    for (let i = 0; i < q.length; i++) q[i]! -= share * y[i]!;
  }
  const latest = pairs.at(-1);
  if (latest) for (let i = 0; i < q.length; i++) q[i]! *= latest.sy / latest.yy;
  pairs.forEach(({ s, y, sy }, k) => {
    const share = shares[k]! - dot(y, q) / sy;
    for (let i = 0; i < q.length; i++) q[i]! += share * s[i]!;
  });
  return q.map((value) => -value);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
