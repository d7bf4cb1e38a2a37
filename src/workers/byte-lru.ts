/** Values by key within a budget of bytes; what was used least recently goes first. */
export interface ByteLru<V> {
  get(key: string): V | undefined;
  /** Keeps `value`, or nothing when it alone is over the budget. */
  set(key: string, value: V, bytes: number): void;
  /** Drops every key that `of` chooses. */
  drop(of: (key: string) => boolean): void;
  /** Changes the budget and evicts down to it. */
  resize(maxBytes: number): void;
  readonly bytes: number;
  readonly size: number;
}

export function byteLru<V>(maxBytes: number): ByteLru<V> {
  const entries = new Map<string, { readonly value: V; readonly bytes: number }>();
  let limit = maxBytes;
  let total = 0;
  const drop = (key: string) => {
    total -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  const evict = () => {
    for (const key of entries.keys()) {
      if (total <= limit) return;
      drop(key);
    }
  };
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, bytes) {
      drop(key);
      if (bytes > limit) return;
      entries.set(key, { value, bytes });
      total += bytes;
      evict();
    },
    drop(of) {
      for (const key of [...entries.keys()]) if (of(key)) drop(key);
    },
    resize(bytes) {
      limit = bytes;
      evict();
    },
    get bytes() {
      return total;
    },
    get size() {
      return entries.size;
    },
  };
}
