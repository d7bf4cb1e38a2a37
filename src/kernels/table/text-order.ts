const surrogate = /[\ud800-\udfff]/;

/** Order of two texts by their UTF-8 bytes: negative, 0 or positive. UTF-16 order differs above U+D7FF alone. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return weight(x) - weight(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, so they come after U+E000 … U+FFFF. */
function weight(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Sorts in place by UTF-8 bytes. */
export function sortTexts(texts: string[]): string[] {
  return texts.some((text) => surrogate.test(text)) ? texts.sort(compareText) : texts.sort();
}

/** A dictionary in order: `rank[code]` is the place of entry `code` in `sorted`. */
export interface DictionaryOrder {
  readonly sorted: readonly string[];
  /** Left out when the dictionary is in order already. */
  readonly rank?: Int32Array;
}

const orders = new WeakMap<readonly string[], DictionaryOrder>();

/** The order of a dictionary by UTF-8 bytes, remembered as long as the dictionary lives. */
export function dictionaryOrder(dictionary: readonly string[]): DictionaryOrder {
  let order = orders.get(dictionary);
  if (!order) {
    order = orderOf(dictionary);
    orders.set(dictionary, order);
  }
  return order;
}

function orderOf(dictionary: readonly string[]): DictionaryOrder {
  let inOrder = true;
  for (let i = 1; inOrder && i < dictionary.length; i++)
    inOrder = compareText(dictionary[i - 1]!, dictionary[i]!) < 0;
  if (inOrder) return { sorted: dictionary };
  const codeOf = new Map<string, number>();
  for (let code = 0; code < dictionary.length; code++) codeOf.set(dictionary[code]!, code);
  const sorted = sortTexts([...codeOf.keys()]);
  const placeOf = new Map<string, number>();
  for (let place = 0; place < sorted.length; place++) placeOf.set(sorted[place]!, place);
  return { sorted, rank: Int32Array.from(dictionary, (text) => placeOf.get(text)!) };
}
