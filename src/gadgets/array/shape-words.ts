/** A shape at a glance: `10¹⁸ × 2`; empty for an array without axes. */
export function shapeWords(shape: readonly string[]): string {
  return shape.map(sizeWords).join(' × ');
}

/** A size: exact, in powers of ten where it is round. */
function sizeWords(size: string): string {
  const round = /^(\d)(0{5,})$/.exec(size);
  if (!round) return size.replace(/\B(?=(\d{3})+$)/g, ',');
  const power = `10${String(round[2]!.length).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!)}`;
  return round[1] === '1' ? power : `${round[1]}·${power}`;
}
