import { raised } from '../exact/index-text.ts';

/** A shape at a glance: `10¹⁸ × 2`; empty for an array without axes. */
export function shapeWords(shape: readonly string[]): string {
  return shape.map(sizeWords).join(' × ');
}

/** A size: exact, in powers of ten where it is round. */
function sizeWords(size: string): string {
  const round = /^(\d)(0{5,})$/.exec(size);
  if (!round) return size.replace(/\B(?=(\d{3})+$)/g, ',');
  const power = `10${raised(round[2]!.length)}`;
  return round[1] === '1' ? power : `${round[1]}·${power}`;
}
