/** Four rows of a mask that match. */
export const allFour = 0x01010101;

/**
 * The rows of a mask by fours, one a byte, as far as there are four: a step that settles four takes little more than half of
 * four steps. Empty where the mask does not begin at a multiple of four bytes.
 */
export function foursOf(mask: Uint8Array): Int32Array {
  return mask.byteOffset % 4 === 0
    ? new Int32Array(mask.buffer, mask.byteOffset, mask.length >> 2)
    : new Int32Array(0);
}

/** Whether a mask of 0 and 1 leaves no row out. */
export function matchesAll(mask: Uint8Array): boolean {
  const fours = foursOf(mask);
  for (let f = 0; f < fours.length; f++) if (fours[f] !== allFour) return false;
  for (let i = 4 * fours.length; i < mask.length; i++) if (mask[i] === 0) return false;
  return true;
}
