/** Texts of a page as UTF-8 bytes, each kept once: an open-addressing table over one growing heap of bytes. */
export class TextInterner {
  #heap = Buffer.allocUnsafe(1 << 14);
  #used = 0;
  #ends = new Int32Array(1 << 10);
  #hashes = new Int32Array(1 << 10);
  #slots = new Int32Array(1 << 11).fill(-1);
  #count = 0;
  #ascii = true;

  /** The code of `bytes[start, start + length)`: its place in {@link dictionary}. */
  codeOf(bytes: Uint8Array, start: number, length: number): number {
    // FNV-1a, 32 bits (Fowler, Noll, Vo); the top half is folded in for the table's low bits.
    let hash = 0x811c9dc5;
    let high = 0;
    for (let i = start, end = start + length; i < end; i++) {
      const byte = bytes[i]!;
      high |= byte;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = this.#slots[slot]!;
      if (code < 0) break;
      if (this.#hashes[code] === hash && this.#same(code, bytes, start, length)) return code;
      slot = (slot + 1) & mask;
    }
    if (high >= 128) this.#ascii = false;
    return this.#add(slot, hash, bytes, start, length);
  }

  /** The texts in order of their codes. */
  dictionary(): string[] {
    const texts = new Array<string>(this.#count);
    const all = this.#ascii ? this.#heap.toString('latin1', 0, this.#used) : undefined;
    for (let code = 0, from = 0; code < this.#count; code++) {
      const to = this.#ends[code]!;
      texts[code] = all === undefined ? this.#heap.toString('utf8', from, to) : all.slice(from, to);
      from = to;
    }
    return texts;
  }

  #same(code: number, bytes: Uint8Array, start: number, length: number): boolean {
    const from = code === 0 ? 0 : this.#ends[code - 1]!;
    if (this.#ends[code]! - from !== length) return false;
    for (let i = 0; i < length; i++) if (this.#heap[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(slot: number, hash: number, bytes: Uint8Array, start: number, length: number): number {
    const code = this.#count++;
    if (this.#used + length > this.#heap.length) {
      const heap = Buffer.allocUnsafe(Math.max(this.#heap.length * 2, this.#used + length));
      heap.set(this.#heap.subarray(0, this.#used));
      this.#heap = heap;
    }
    for (let i = 0; i < length; i++) this.#heap[this.#used + i] = bytes[start + i]!;
    this.#used += length;
    if (code === this.#ends.length) {
      this.#ends = grown(this.#ends);
      this.#hashes = grown(this.#hashes);
    }
    this.#ends[code] = this.#used;
    this.#hashes[code] = hash;
    this.#slots[slot] = code;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 4).fill(-1);
    const mask = this.#slots.length - 1;
    for (let code = 0; code < this.#count; code++) {
      let slot = this.#hashes[code]! & mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = code;
    }
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
