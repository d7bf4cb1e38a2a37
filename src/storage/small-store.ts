/** A small durable map from key to plain JSON: heads, the list of data sets, the last status. */
export interface SmallStore {
  readonly keeps: 'indexeddb' | 'memory';
  /** Undefined when there is nothing; the caller parses what it gets (see `protocol/parse-*`). */
  get(key: string): Promise<unknown>;
  /** `strict` resolves when the value survives a crash of the machine; else the browser may take seconds. */
  set(key: string, value: unknown, options?: { readonly strict?: boolean }): Promise<void>;
  del(key: string): Promise<void>;
  /** Keys that begin with `prefix`, in order. */
  keys(prefix: string): Promise<string[]>;
}

/** A small store that lives as long as this thread. Values are copied on the way in and out. */
export function memorySmallStore(): SmallStore {
  const values = new Map<string, unknown>();
  return {
    keeps: 'memory',
    get: async (key) => structuredClone(values.get(key)),
    set: async (key, value) => void values.set(key, structuredClone(value)),
    del: async (key) => void values.delete(key),
    keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
  };
}
