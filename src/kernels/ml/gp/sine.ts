// Coefficients of sin and cos in S. L. Moshier's Cephes library (1984–2000), for arguments up to π/4.
const sinP = [
  1.5896230157654656e-10, -2.5050747762857807e-8, 2.7557313621385722e-6, -0.0001984126982958954,
  0.008333333333322118, -0.1666666666666663,
];
const cosP = [
  -1.1358536521387682e-11, 2.087570084197473e-9, -2.755731417929674e-7, 2.4801587288851704e-5,
  -0.0013888888888873056, 0.041666666666666595,
];

function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

/** x = quarter·π/2 + r with |r| ≤ π/4; π/2 in three parts, good for |x| up to 10^9. */
function reduce(x: number): { quarter: number; r: number } {
  const quarter = Math.round(x * 0.6366197723675814);
  const r =
    x - quarter * 1.570796251296997 - quarter * 7.549789415861596e-8 - quarter * 5.390302529957765e-15;
  return { quarter: ((quarter % 4) + 4) % 4, r };
}

function sinOf(r: number): number {
  const z = r * r;
  return r + r * z * polynomial(z, sinP);
}

function cosOf(r: number): number {
  const z = r * r;
  return 1 - z / 2 + z * z * polynomial(z, cosP);
}

/** sin x with the same bits in every engine, |x| up to 10^9; absolute error about 1e-16. */
export function sin(x: number): number {
  const { quarter, r } = reduce(x);
  const value = quarter % 2 === 0 ? sinOf(r) : cosOf(r);
  return quarter < 2 ? value : -value;
}

/** cos x, like {@link sin}. */
export function cos(x: number): number {
  const { quarter, r } = reduce(x);
  const value = quarter % 2 === 0 ? cosOf(r) : sinOf(r);
  return quarter === 1 || quarter === 2 ? -value : value;
}
