/** One kept thing, as saved in a manifest: its name, bytes, revision and uses since it was queued (at most 3). */
export type Kept = readonly [slot: string, bytes: number, revision: number, uses: number];

/** What {@link S3Fifo} holds, in queue order, oldest first. */
export interface S3FifoState {
  readonly small: readonly Kept[];
  readonly main: readonly Kept[];
}

interface Entry {
  readonly bytes: number;
  readonly revision: number;
  uses: number;
}

/**
 * Which things to keep within a number of bytes: S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need
 * for cache eviction", SOSP 2023), by bytes instead of objects. New things enter a small queue of a tenth of the bytes;
 * those used at least twice by its end go on to the main queue, where each use buys one more round; the names of the
 * others are remembered (up to the main queue's bytes), and one that returns enters the main queue at once.
 */
export class S3Fifo {
  readonly maxBytes: number;
  bytes = 0;
  private smallBytes = 0;
  private ghostBytes = 0;
  // A Map iterates in insertion order: its first key is the queue's head.
  private readonly small = new Map<string, Entry>();
  private readonly main = new Map<string, Entry>();
  private readonly ghost = new Map<string, number>();

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get size(): number {
    return this.small.size + this.main.size;
  }

  /** The thing's entry, the same object until it is put again or gone. */
  find(slot: string): { readonly bytes: number; readonly revision: number } | undefined {
    return this.small.get(slot) ?? this.main.get(slot);
  }

  slots(): string[] {
    return [...this.small.keys(), ...this.main.keys()];
  }

  use(slot: string): void {
    const entry = this.small.get(slot) ?? this.main.get(slot);
    if (entry) entry.uses = Math.min(3, entry.uses + 1);
  }

  /** Keeps `slot` (again) with `bytes`; returns what had to go, `slot` itself when it is larger than everything. */
  put(slot: string, bytes: number, revision: number): string[] {
    if (bytes > this.maxBytes) {
      this.remove(slot);
      return [slot];
    }
    const queue = this.small.has(slot) ? this.small : this.main;
    const old = queue.get(slot);
    if (old) {
      queue.set(slot, { bytes, revision, uses: old.uses });
      this.count(queue, bytes - old.bytes);
    } else {
      const returned = this.ghost.get(slot);
      if (returned !== undefined) {
        this.ghost.delete(slot);
        this.ghostBytes -= returned;
      }
      this.add(returned === undefined ? this.small : this.main, slot, { bytes, revision, uses: 0 });
    }
    return this.shrinkTo(this.maxBytes);
  }

  remove(slot: string): void {
    for (const queue of [this.small, this.main]) {
      const entry = queue.get(slot);
      if (entry) this.drop(queue, slot, entry);
    }
  }

  /** Evicts until at most `bytes` are kept; returns what went, in order. */
  shrinkTo(bytes: number): string[] {
    const evicted: string[] = [];
    while (this.bytes > bytes) {
      const fromSmall = this.main.size === 0 || this.smallBytes > this.maxBytes / 10;
      const slot = fromSmall && this.small.size > 0 ? this.evictSmall() : this.evictMain();
      if (slot !== undefined) evicted.push(slot);
    }
    return evicted;
  }

  state(): S3FifoState {
    const list = (queue: Map<string, Entry>) =>
      [...queue].map(([slot, { bytes, revision, uses }]): Kept => [slot, bytes, revision, uses]);
    return { small: list(this.small), main: list(this.main) };
  }

  /** Puts back what {@link state} told; what does not fit is evicted and returned. */
  restore(state: S3FifoState): string[] {
    for (const [slot, bytes, revision, uses] of state.small)
      this.add(this.small, slot, { bytes, revision, uses });
    for (const [slot, bytes, revision, uses] of state.main)
      if (!this.small.has(slot)) this.add(this.main, slot, { bytes, revision, uses });
    return this.shrinkTo(this.maxBytes);
  }

  /** One step at the small queue's head; undefined when it was promoted instead. */
  private evictSmall(): string | undefined {
    const [slot, entry] = head(this.small);
    this.drop(this.small, slot, entry);
    if (entry.uses >= 2) {
      this.add(this.main, slot, { ...entry, uses: 0 });
      return undefined;
    }
    this.remember(slot, entry.bytes);
    return slot;
  }

  private evictMain(): string | undefined {
    const [slot, entry] = head(this.main);
    this.drop(this.main, slot, entry);
    if (entry.uses === 0) return slot;
    this.add(this.main, slot, { ...entry, uses: entry.uses - 1 });
    return undefined;
  }

  private remember(slot: string, bytes: number): void {
    this.ghost.set(slot, bytes);
    this.ghostBytes += bytes;
    for (const [oldest, size] of this.ghost) {
      if (this.ghostBytes <= this.maxBytes * 0.9) break;
      this.ghost.delete(oldest);
      this.ghostBytes -= size;
    }
  }

  private add(queue: Map<string, Entry>, slot: string, entry: Entry): void {
    queue.set(slot, entry);
    this.count(queue, entry.bytes);
  }

  private drop(queue: Map<string, Entry>, slot: string, entry: Entry): void {
    queue.delete(slot);
    this.count(queue, -entry.bytes);
  }

  private count(queue: Map<string, Entry>, bytes: number): void {
    this.bytes += bytes;
    if (queue === this.small) this.smallBytes += bytes;
  }
}

function head<T>(queue: Map<string, T>): [string, T] {
  for (const entry of queue) return entry;
  throw new Error('The queue is empty.');
}
