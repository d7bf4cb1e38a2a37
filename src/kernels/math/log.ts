const ln2High = 6.9314718036912382e-1;
const ln2Low = 1.9082149292705877e-10;

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);

/** Where the high word of a double is among `words` on this machine. */
const high = (() => {
  bits[0] = 1;
  return words[0] === 0 ? 1 : 0;
})();

/** x = m · 2^k with m in [√½, √2), for finite x > 0. */
export function splitPower(x: number): { m: number; k: number } {
  let k = 0;
  bits[0] = x;
  if (words[high]! < 0x00100000) {
    bits[0] = x * 18014398509481984;
    k = -54;
  }
  k += (words[high]! >> 20) - 1023;
  words[high] = (words[high]! & 0x000fffff) | 0x3ff00000;
  let m = bits[0]!;
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  return { m, k };
}

/**
 * Natural logarithm with the same bits in every engine; error below 1 ulp. Negative: NaN; 0: −∞.
 * Method and coefficients: `log` of FDLIBM (Sun Microsystems, 1993): x = 2^k (1 + f), s = f ÷ (2 + f), an even
 * polynomial of degree 14 in s.
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const { m, k } = splitPower(x);
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const r = even + odd;
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + r) + k * ln2Low) - f);
}

/** log(1 + x), exact for small x. Kahan's correction (W. Kahan, HP-15C Advanced Functions, 1982). */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  if (u === Number.POSITIVE_INFINITY) return u;
  return log(u) * (x / (u - 1));
}
