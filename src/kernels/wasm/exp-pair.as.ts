// e^x of two doubles. Same steps, in the same order, as math/exp.ts.

function polynomialP(z: v128): v128 {
  let sum = f64x2.splat(1.2617719307481058e-4);
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(3.0299440770744195e-2));
  return f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0));
}

function polynomialQ(z: v128): v128 {
  let sum = f64x2.splat(3.0019850513866446e-6);
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(2.524483403496841e-3));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(2.2726554820815503e-1));
  return f64x2.add(f64x2.mul(sum, z), f64x2.splat(2.0));
}

function powerOfTwo(n: v128): v128 {
  return i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(n), i64x2.splat(1023)), 52);
}

export function expPair(given: v128): v128 {
  const x = f64x2.min(f64x2.max(given, f64x2.splat(-746.0)), f64x2.splat(710.0));
  const n = f64x2.floor(f64x2.add(f64x2.mul(x, f64x2.splat(Math.LOG2E)), f64x2.splat(0.5)));
  let r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93145751953125e-1)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.4286068203094173e-6)));
  const z = f64x2.mul(r, r);
  const p = f64x2.mul(r, polynomialP(z));
  const quotient = f64x2.div(p, f64x2.sub(polynomialQ(z), p));
  const m = f64x2.add(f64x2.splat(1.0), f64x2.add(quotient, quotient));
  const whole = i32x4.trunc_sat_f64x2_s_zero(n);
  const half = i32x4.shr_s(whole, 1);
  return f64x2.mul(f64x2.mul(m, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}
