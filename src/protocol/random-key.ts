/** 128 random bits, hexadecimal. `crypto.randomUUID` exists only in secure contexts; a portal over http is none. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
