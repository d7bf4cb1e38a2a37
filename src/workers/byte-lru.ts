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

/** One budget for values of several kinds: whichever kind is used takes what the others leave. */
export interface SharedBudget {
  /** A map of one kind; its budget is the shared one. */
  kind<V>(): ByteLru<V>;
  resize(maxBytes: number): void;
  readonly bytes: number;
}

interface Entry {
  readonly bytes: number;
  readonly evict: () => void;
}

export function byteLru<V>(maxBytes: number): ByteLru<V> {
  return sharedBudget(maxBytes).kind<V>();
}

export function sharedBudget(maxBytes: number): SharedBudget {
  /** Of all kinds, least recently used first. */
  const entries = new Set<Entry>();
  let limit = maxBytes;
  let total = 0;

  const trim = () => {
    for (const entry of entries) {
      if (total <= limit) return;
      entry.evict();
    }
  };
  const resize = (bytes: number) => {
    limit = bytes;
    trim();
  };

  return {
    kind<V>(): ByteLru<V> {
      const kept = new Map<string, Entry & { readonly value: V }>();
      let mine = 0;
      const remove = (key: string) => {
        const entry = kept.get(key);
        if (!entry) return;
        kept.delete(key);
        entries.delete(entry);
        mine -= entry.bytes;
        total -= entry.bytes;
      };
      return {
        get(key) {
          const entry = kept.get(key);
          if (!entry) return undefined;
          entries.delete(entry);
          entries.add(entry);
          return entry.value;
        },
        set(key, value, bytes) {
          remove(key);
          if (bytes > limit) return;
          const entry = { value, bytes, evict: () => remove(key) };
          kept.set(key, entry);
          entries.add(entry);
          mine += bytes;
          total += bytes;
          trim();
        },
        drop(of) {
          for (const key of [...kept.keys()]) if (of(key)) remove(key);
        },
        resize,
        get bytes() {
          return mine;
        },
        get size() {
          return kept.size;
        },
      };
    },
    resize,
    get bytes() {
      return total;
    },
  };
}
