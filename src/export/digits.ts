const zero = 48;

/** Decimal digits of a whole number in `[0, 2^53]`. */
export function digitCount(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1000) return 3;
  if (value < 10_000) return 4;
  if (value < 100_000) return 5;
  if (value < 1_000_000) return 6;
  let count = 7;
  for (let power = 10_000_000; power <= value; power *= 10) count++;
  return count;
}

/** Writes the last `count` digits of a whole number in `[0, 2^53]`, zeros before it; returns where they end. */
export function writeDigits(into: Uint8Array, at: number, value: number, count: number): number {
  let rest = value;
  let i = at + count - 1;
  for (; i >= at && rest >= 2 ** 31; i--) {
    const tens = Math.floor(rest / 10);
    into[i] = zero + (rest - tens * 10);
    rest = tens;
  }
  for (let small = rest | 0; i >= at; i--) {
    const tens = (small / 10) | 0;
    into[i] = zero + (small - tens * 10);
    small = tens;
  }
  return at + count;
}
