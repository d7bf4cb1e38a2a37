import type { SmallStore } from './small-store.ts';

/** The same store, whose `keys` are read at once: whoever asks for one first need not wait for those before it. */
export function withReadAhead(small: SmallStore, keys: readonly string[]): SmallStore {
  const ahead = new Map(keys.map((key) => [key, small.get(key)]));
  for (const value of ahead.values()) value.catch(() => {});
  return {
    ...small,
    get(key) {
      const early = ahead.get(key);
      ahead.delete(key);
      return early ?? small.get(key);
    },
    set(key, value, options) {
      ahead.delete(key);
      return small.set(key, value, options);
    },
    del(key) {
      ahead.delete(key);
      return small.del(key);
    },
  };
}
