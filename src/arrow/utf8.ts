const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** UTF-8 bytes of `texts` end to end; text `i` is bytes `[offsets[i], offsets[i + 1])`. */
export function encodeTexts(texts: readonly string[]): { offsets: Int32Array; bytes: Uint8Array } {
  const units = texts.reduce((sum, text) => sum + text.length, 0);
  const scratch = new Uint8Array(units * 3);
  const offsets = new Int32Array(texts.length + 1);
  let end = 0;
  for (let i = 0; i < texts.length; i++) {
    end += encoder.encodeInto(texts[i]!, scratch.subarray(end)).written;
    offsets[i + 1] = end;
  }
  return { offsets, bytes: scratch.slice(0, end) };
}

/**
 * The inverse of {@link encodeTexts}, by one decode of everything and slices of it: sixty-five thousand small
 * decodes cost more than the rest of a page.
 */
export function decodeTexts(offsets: Int32Array, bytes: Uint8Array): string[] {
  const count = Math.max(0, offsets.length - 1);
  const start = offsets[0] ?? 0;
  const end = offsets[count] ?? 0;
  const all = decoder.decode(bytes.subarray(start, end));
  const texts = new Array<string>(count);
  let at = start;
  let unit = 0;
  for (let i = 0; i < count; i++) {
    const from = unit;
    for (const stop = offsets[i + 1]!; at < stop; at++) {
      const byte = bytes[at]!;
      if (byte < 0x80 || byte >= 0xc0) unit += byte >= 0xf0 ? 2 : 1;
    }
    texts[i] = all.slice(from, unit);
  }
  if (unit === all.length) return texts;
  // Malformed UTF-8 or a byte order mark: lengths differ from the count above, so decode one by one.
  return texts.map((_, i) => decoder.decode(bytes.subarray(offsets[i]!, offsets[i + 1]!)));
}
