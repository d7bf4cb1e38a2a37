/** What `make` gives, made with the first call and the same for all; after a failure the next call makes it anew. */
export function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    if (made) return made;
    const begun = make();
    made = begun;
    begun.catch(() => {
      made = undefined;
    });
    return begun;
  };
}
