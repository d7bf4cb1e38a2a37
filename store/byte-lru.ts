/** Values by key, the least recently used dropped when together they pass `maxBytes`. */
export interface ByteLru<T> {
  get(key: string): T | undefined;
  /** A value larger than an eighth of the budget is not kept. */
  set(key: string, value: T, bytes: number): void;
  bytes(): number;
}

/** A least-recently-used cache bounded by the bytes its values weigh. */
export function byteLru<T>(maxBytes: number): ByteLru<T> {
  const entries = new Map<string, { readonly value: T; readonly bytes: number }>();
  let total = 0;
  const drop = (key: string) => {
    total -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
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
      if (bytes > maxBytes / 8) return;
      entries.set(key, { value, bytes });
      total += bytes;
      for (const oldest of entries.keys()) {
        if (total <= maxBytes) break;
        drop(oldest);
      }
    },
    bytes: () => total,
  };
}
