/** Most distinct values followed exactly; beyond, only a strictly increasing column is still known to be unique. */
const maxDistinct = 1 << 21;
/** A column with a repeated value and more distinct ones than this is neither a key nor a dimension. */
const maxRepeated = 1 << 16;

/** What is known of a column's distinct values. */
export interface Distinctness {
  /** Distinct non-null values, or Infinity when there are more than were followed. */
  readonly distinct: number;
  /** False as soon as a value repeats; undefined when too many to tell. */
  readonly unique: boolean | undefined;
  /** Where the first repeat is (1-based), and of what. */
  readonly repeated?: { readonly row: number; readonly value: string };
}

/**
 * Counts distinct values by 53-bit hashes in an open-addressing table. Two values that share a hash (about once in
 * 4·10^9 pairs of a million values) count as one, so a column is never called unique when it is not.
 */
export class ValueCounter {
  #table = new Float64Array(1 << 10);
  #count = 0;
  #full = false;
  #increasing = true;
  #last: string | undefined;
  #repeated: { row: number; value: string } | undefined;
  /** The first value added. */
  first = { row: 1, value: '' };

  /** Adds the value at a 1-based row. */
  add(value: string, row: number): void {
    if (this.#increasing) {
      const last = this.#last;
      if (last === undefined) this.first = { row, value };
      this.#increasing = last === undefined || isAfter(value, last);
      this.#last = value;
    }
    if (this.#full) return;
    if (!this.#insert(hash53(value) + 1)) this.#repeated ??= { row, value };
    if (this.#count > (this.#repeated ? maxRepeated : maxDistinct)) {
      this.#full = true;
      this.#table = new Float64Array(0);
    }
  }

  /** A value has been added twice. */
  get hasRepeat(): boolean {
    return this.#repeated !== undefined;
  }

  result(): Distinctness {
    return {
      distinct: this.#full ? Number.POSITIVE_INFINITY : this.#count,
      unique: this.#repeated ? false : this.#increasing || !this.#full ? true : undefined,
      ...(this.#repeated ? { repeated: this.#repeated } : {}),
    };
  }

  #insert(key: number): boolean {
    const mask = this.#table.length - 1;
    let at = key % this.#table.length;
    for (let held = this.#table[at]!; held !== 0; held = this.#table[at]!) {
      if (held === key) return false;
      at = (at + 1) & mask;
    }
    this.#table[at] = key;
    if (++this.#count * 2 > this.#table.length) this.#grow();
    return true;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Float64Array(old.length * 4);
    const mask = this.#table.length - 1;
    for (const key of old) {
      if (key === 0) continue;
      let at = key % this.#table.length;
      while (this.#table[at] !== 0) at = (at + 1) & mask;
      this.#table[at] = key;
    }
  }
}

/** A total order in which growing ids grow: by length, then by UTF-16 units. */
function isAfter(value: string, last: string): boolean {
  return value.length === last.length ? value > last : value.length > last.length;
}

/** A 53-bit hash of a text: two multiply-xorshift lanes ended by MurmurHash3's finaliser (Austin Appleby). */
function hash53(text: string): number {
  let a = 0x9e3779b9 ^ text.length;
  let b = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul((b ^ code) + (b << 6), 0x5bd1e995);
  }
  a = finish(a ^ (b >>> 15));
  b = finish(b ^ (a >>> 13));
  return (a >>> 11) * 4_294_967_296 + (b >>> 0);
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
