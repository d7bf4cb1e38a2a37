import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';

/** Lanczos's approximation with g = 7 and nine terms (coefficients by P. Godfrey, 2001); relative error about 1e-15. */
const lanczos = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** ½ ln 2π. */
const halfLogTwoPi = 0.9189385332046727;

/** ln Γ(x), x ≥ ½. */
function logGamma(x: number): number {
  const z = x - 1;
  let sum = lanczos[0]!;
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i]! / (z + i);
  const t = z + 7.5;
  return halfLogTwoPi + (z + 0.5) * log(t) - t + log(sum);
}

/** P(a, x), the regularised lower incomplete gamma function: its series below a + 1, Lentz's continued fraction above. */
function incompleteGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  const front = exp(a * log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return front * sum;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return 1 - front * h;
}

/** Probability that a χ² variable of `degrees` degrees of freedom is at most `x`. */
export function chiSquaredCdf(x: number, degrees: number): number {
  return incompleteGamma(degrees / 2, x / 2);
}

/** The value a χ² variable of `degrees` (1 or more) exceeds with probability `tail`, in (0, 1); error about 1e-13. */
export function chiSquaredQuantileAbove(tail: number, degrees: number): number {
  let low = 0;
  let high = Math.max(degrees, 1);
  while (1 - chiSquaredCdf(high, degrees) > tail) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2;
    if (1 - chiSquaredCdf(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
