/** Independent columns, the others, and for each of those the combination of columns that is zero. */
export interface NullSpace {
  readonly basis: readonly number[];
  readonly dependent: readonly number[];
  readonly relations: readonly Float64Array[];
}

/**
 * Null space of a Gram matrix (row-major `p × p`) of columns of length `scale[j]`, by Cholesky with diagonal pivoting
 * of the unit-diagonal matrix (Higham, Accuracy and Stability of Numerical Algorithms, section 10.3): a column whose
 * remaining share is at most `floor` depends on those taken before it. Of equals the first is taken.
 */
export function nullSpace(xx: Float64Array, scale: Float64Array, p: number, floor: number): NullSpace {
  const rest = Float64Array.from(scale, (s) => (s > 0 ? 1 : 0));
  const rows: Float64Array[] = [];
  const basis: number[] = [];
  for (;;) {
    let pivot = -1;
    for (let j = 0; j < p; j++) if (rest[j]! > floor && (pivot < 0 || rest[j]! > rest[pivot]!)) pivot = j;
    if (pivot < 0) break;
    const root = Math.sqrt(rest[pivot]!);
    const row = new Float64Array(p);
    for (let j = 0; j < p; j++) {
      if (scale[j] === 0 || basis.includes(j)) continue;
      let value = xx[pivot * p + j]! / (scale[pivot]! * scale[j]!);
      for (const before of rows) value -= before[pivot]! * before[j]!;
      row[j] = j === pivot ? root : value / root;
    }
    rows.push(row);
    basis.push(pivot);
    for (let j = 0; j < p; j++) rest[j] = basis.includes(j) ? 0 : rest[j]! - row[j]! * row[j]!;
  }
  const taken = new Set(basis);
  const dependent = Array.from({ length: p }, (_, j) => j).filter((j) => !taken.has(j));
  const relations = dependent.map((d) => {
    const relation = new Float64Array(p);
    if (scale[d] === 0) {
      relation[d] = 1;
      return relation;
    }
    for (let k = basis.length - 1; k >= 0; k--) {
      let value = rows[k]![d]!;
      for (let later = k + 1; later < basis.length; later++)
        value -= rows[k]![basis[later]!]! * -relation[basis[later]!]!;
      relation[basis[k]!] = -value / rows[k]![basis[k]!]!;
    }
    relation[d] = 1;
    for (let j = 0; j < p; j++) if (scale[j]! > 0) relation[j]! /= scale[j]!;
    return relation;
  });
  return { basis, dependent, relations };
}
