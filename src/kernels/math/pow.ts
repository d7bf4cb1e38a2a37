import { exp } from './exp.ts';
import { splitPower } from './log.ts';

/** ln 2 = high + low; high has 32 significant bits, so k · high is exact. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** 2^27 + 1: splits a double in two halves of 26 bits (T. J. Dekker, 1971). */
const splitter = 134217729;

/** Exact product as a sum of two doubles. */
function product(a: number, b: number): [number, number] {
  const p = a * b;
  const ta = splitter * a;
  const ah = ta - (ta - a);
  const al = a - ah;
  const tb = splitter * b;
  const bh = tb - (tb - b);
  const bl = b - bh;
  return [p, al * bl - (p - ah * bh - al * bh - ah * bl)];
}

/** ln x as a sum of two doubles, error about 2^-64: 2·artanh(s), s = (m − 1) ÷ (m + 1) in two parts. */
function logPair(x: number): [number, number] {
  const { m, k } = splitPower(x);
  const top = m - 1;
  const bottom = m + 1;
  const bottomRest = m - (bottom - 1);
  const s = top / bottom;
  const [p, e] = product(s, bottom);
  const rest = (top - p - e - s * bottomRest) / bottom;
  const z = s * s;
  let series = 0;
  for (let degree = 23; degree >= 3; degree -= 2) series = series * z + 1 / degree;
  const tail = 2 * (s * z * series + rest);
  const kHigh = k * ln2High;
  const high = kHigh + 2 * s;
  const slip = kHigh - high + 2 * s;
  const low = k === 0 ? tail : slip + tail + k * ln2Low;
  const sum = high + low;
  return [sum, high - sum + low];
}

/**
 * x^y with the same bits in every engine, for x ≥ 0 (a negative x: only whole y, else NaN).
 * Relative error below 1e-15 where the result is a normal number; whole powers up to 64 in magnitude of a whole
 * number are exact where they fit a double.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x < 0) {
    if (!Number.isInteger(y)) return Number.NaN;
    const magnitude = pow(-x, y);
    return y % 2 === 0 ? magnitude : -magnitude;
  }
  if (x === 1) return 1;
  if (y === 0.5) return Math.sqrt(x);
  if (Number.isInteger(y) && y > 0 && y <= 64) {
    let result = 1;
    for (let i = 0; i < y; i++) result *= x;
    if (result <= 2 ** 53 && Number.isInteger(x)) return result;
  }
  if (x === 0) return y > 0 ? 0 : Number.POSITIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return y > 0 ? x : 0;
  const [high, low] = logPair(x);
  if (!Number.isFinite(y) || Math.abs(y * high) > 750) return exp(y * high);
  const [p, e] = product(y, high);
  const small = e + y * low;
  return exp(p) * (1 + small);
}

/** 10^x. */
export function exp10(x: number): number {
  return pow(10, x);
}
